"""The table: what was measured, what it should be, whether it is so."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.client import Load
from benchmarks.measure import Cost

MOST_STATEMENTS, MOST_STATEMENTS_OF_FRAGMENT = 5, 4
MOST_HTML, MOST_CSS, MOST_JS = 20_000, 15_000, 25_000
MOST_REQUESTS = 8
LEAST_SHARE = 0.8
MOST_SECONDS = 0.1
WITH_GOAL = ("catalogue", "course page", "lesson", "dashboard", "save answer")
"""The pages that are compared with a floor; the others only have the limits of PRODUCT.md."""

FLOORS = {
    "a": "(a) a constant string",
    "b": "(b) a page, one query",
    "c": "(c) session, user, 20 entities",
    "d": "(d) an answer through the ORM",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One page or floor. `rate` is the median of the rounds, `load` the round it came from."""

    name: str
    load: Load
    rates: Sequence[float]
    shares: Sequence[float] = ()
    floor: str = ""
    cost: Cost | None = None
    is_fragment: bool = False

    @property
    def rate(self) -> float:
        return middle(self.rates)

    @property
    def share(self) -> float:
        """The median of what each round's rate was of its own floor's."""
        return middle(self.shares)


def middle(values: Sequence[float]) -> float:
    """The median, the lower one of two."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0.0


def misses(line: Line) -> list[str]:
    """Which goals a page does not reach."""
    cost, missed = line.cost, list[str]()
    if cost is None:
        return missed
    limit = MOST_STATEMENTS_OF_FRAGMENT if line.is_fragment else MOST_STATEMENTS
    if cost.statements > limit:
        missed.append(f"{cost.statements} statements, at most {limit}")
    for name, size, most in (
        ("HTML", cost.html, MOST_HTML),
        ("CSS", cost.css, MOST_CSS),
        ("JS", cost.js, MOST_JS),
    ):
        if size > most:
            missed.append(f"{size} bytes of {name}, at most {most}")
    if cost.requests > MOST_REQUESTS:
        missed.append(f"{cost.requests} requests, at most {MOST_REQUESTS}")
    if line.name in WITH_GOAL and line.share < LEAST_SHARE:
        missed.append(f"{line.share:.2f} of the floor, at least {LEAST_SHARE}")
    if line.load.percentile(0.99) >= MOST_SECONDS:
        missed.append(f"p99 {line.load.percentile(0.99) * 1000:.0f} ms, under {MOST_SECONDS * 1000:.0f}")
    if line.load.failures:
        missed.append(f"{line.load.failures} failed answers")
    return missed


def table(lines: Sequence[Line]) -> str:
    """All of it as text for a terminal."""
    columns = (
        ("SQL", 4),
        ("HTML", 7),
        ("CSS", 7),
        ("JS", 7),
        ("first", 6),
        ("req/s", 8),
        ("p50", 7),
        ("p95", 7),
        ("p99", 7),
    )
    head = f"{'':31}{''.join(f'{name:>{width}}' for name, width in columns)}  {'of floor':<10}goal"
    rows = [head, f"{'':35}{'bytes, compressed':>21}{'visit':>6}{'':8}{'milliseconds':>21}"]
    for line in lines:
        rows.append(_row(line))
    return "\n".join(rows)


def _row(line: Line) -> str:
    cost = line.cost
    sizes = (
        (cost.statements, cost.html, cost.css or "", cost.js or "", cost.requests or "")
        if cost
        else ("",) * 5
    )
    columns = "".join(f"{value:>{width}}" for value, width in zip(sizes, (4, 7, 7, 7, 6), strict=True))
    times = "".join(f"{line.load.percentile(share) * 1000:>7.1f}" for share in (0.5, 0.95, 0.99))
    share = f"{line.share:.2f} of {line.floor}" if line.shares else ""
    missed = misses(line)
    verdict = "" if cost is None else ("met" if not missed else "NOT MET: " + "; ".join(missed))
    return f"{FLOORS.get(line.name, line.name):31}{columns}{line.rate:>8.0f}{times}  {share:<10}{verdict}".rstrip()
