"""`make bench`: a school of a given size, the production server, its figures beside the floors of this machine.

    make bench ARGS="--courses 50 --learners 1000 --enrollments 10000 --seconds 3"
    make bench ARGS="--part catalogue"
    make bench ARGS="--command 'gunicorn --threads 2 wsgi:app'"

Numbers mean something beside the floors of the same run only: client, web server and database share the machine.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import analytics, catalogue, client, dataset, exam, installation, measure, report, workload
from config import Settings
from lms.app import create_app
from lms.core.assets import BUILD

CONNECTIONS = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print. Returns 1 with --strict when a goal is not met."""
    options = _parser().parse_args(arguments)
    missed = []
    if options.part in ("", "pages"):
        missed += _pages(options)
    if options.part in ("", "exam") and not options.only:
        print(*exam.run(options.command), sep="\n", end="\n\n")
    if options.part in ("", "catalogue") and not options.only:
        with _quiet():
            slow = catalogue.run(options.catalogue)
        missed += [f"{slow} kinds of search"] if slow else []
    if options.part == "analytics":  # takes some minutes
        with _quiet():
            slow = analytics.run(options.enrollments_counted)
        missed += [f"{slow} dashboards"] if slow else []
    print("Every goal is met." if not missed else "Not met: " + ", ".join(map(str, missed)) + ".")
    return 1 if missed and options.strict else 0


def _pages(options: argparse.Namespace) -> list[str]:
    """Load a school, measure its pages, print the table. Returns the names of those that miss a goal."""
    size = dataset.Size(options.courses, options.learners, options.enrollments)
    with installation.installed() as servers:
        began = time.perf_counter()
        counts = dataset.load(servers.database_url, size)
        loaded = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
        print(f"loaded in {time.perf_counter() - began:.1f} s: {loaded}")
        lines = _measured(options, servers)
    _print_setting(options)
    print(report.table(lines))
    print()
    return [line.name for line in lines if report.misses(line)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--courses", type=int, default=200)
    parser.add_argument("--learners", type=int, default=5_000)
    parser.add_argument("--enrollments", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement (4)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="times each page is measured; the median counts (3)"
    )
    parser.add_argument("--connections", type=int, default=CONNECTIONS)
    parser.add_argument("--only", default="", help="pages to measure, by comma; their floors come along")
    parser.add_argument(
        "--command", default=installation.procfile_command(), help="the web server (the Procfile's)"
    )
    parser.add_argument("--log", type=Path, help="where the web server's messages go")
    parser.add_argument(
        "--catalogue",
        type=int,
        default=100_000,
        metavar="COURSES",
        help="courses in the large catalogue (100000)",
    )
    parser.add_argument(
        "--enrollments-counted",
        type=int,
        default=100_000,
        metavar="ENROLLMENTS",
        help="enrollments behind the dashboards, with twenty lessons each (100000)",
    )
    parser.add_argument(
        "--part", choices=("", "pages", "exam", "catalogue", "analytics"), default="", help="only this one"
    )
    parser.add_argument("--strict", action="store_true", help="fail when a goal is not met")
    return parser


def _measured(options: argparse.Namespace, servers: installation.Installation) -> list[report.Line]:
    app = create_app(Settings.from_env(servers.environment))
    learners = workload.Learners(app)
    pages, sittings = workload.pages(learners, servers.database_url)
    floors = workload.floors(learners, sittings)
    if wanted := {name.strip() for name in options.only.split(",") if name.strip()}:
        pages = [page for page in pages if page.name in wanted]
        floors = [floor for floor in floors if floor.name in {page.floor for page in pages}]
    with _quiet():
        costs = {page.name: measure.cost(app, page) for page in pages}
    floor_command = options.command.replace("wsgi:app", "'benchmarks.floors:create_app()'")
    floor_environment = servers.environment | {"DATABASE_URL": servers.database_url}
    with ExitStack() as stack:
        web = stack.enter_context(installation.serving(options.command, servers.environment, options.log))
        floor = stack.enter_context(installation.serving(floor_command, floor_environment, options.log))
        loads = _rounds([(page, floor) for page in floors] + [(page, web) for page in pages], options)
    rates = {name: [load.rate for load in found] for name, found in loads.items()}
    return [
        report.Line(
            page.name,
            _typical(loads[page.name]),
            rates[page.name],
            [
                mine / its
                for mine, its in zip(rates[page.name], rates.get(page.floor, ()), strict=False)
                if its
            ],
            page.floor,
            costs.get(page.name),
            page.is_fragment,
        )
        for page in [*floors, *pages]
    ]


def _rounds(
    targets: Sequence[tuple[workload.Page, tuple[str, int]]], options: argparse.Namespace
) -> dict[str, list[client.Load]]:
    """Round after round over everything, so that a busy moment of the machine does not hit one page alone."""
    streams = {page.name: _raw(page) for page, _ in targets}
    loads: dict[str, list[client.Load]] = {page.name: [] for page, _ in targets}
    for number in range(options.rounds):
        for page, address in targets:
            if sys.stderr.isatty():
                print(f"\r\x1b[Kround {number + 1}: {page.name}", end="", file=sys.stderr, flush=True)
            warm_up = 1.0 if number == 0 else 0.3
            client.generate(address, streams[page.name], seconds=warm_up, connections=options.connections)
            load = client.generate(
                address, streams[page.name], seconds=options.seconds, connections=options.connections
            )
            loads[page.name].append(load)
            if load.failures:
                print(
                    f"{page.name}: {load.statuses}\n{load.sample[:1500].decode(errors='replace')}",
                    file=sys.stderr,
                )
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return loads


def _raw(page: workload.Page) -> Iterator[bytes]:
    return (request.raw() for request in page.requests())


def _typical(loads: Sequence[client.Load]) -> client.Load:
    """The round with the median rate."""
    middle = report.middle([load.rate for load in loads])
    return next(load for load in loads if load.rate == middle)


class _quiet:
    """Away with the log lines of requests asked in this process."""

    def __enter__(self) -> None:
        sys.stderr.flush()
        self._kept = os.dup(2)
        self._lines = tempfile.TemporaryFile()
        os.dup2(self._lines.fileno(), 2)

    def __exit__(self, *_: object) -> None:
        sys.stderr.flush()
        os.dup2(self._kept, 2)
        os.close(self._kept)
        self._lines.close()


def _print_setting(options: argparse.Namespace) -> None:
    built = measure.built_sizes(BUILD)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores shared by client, web server and database; "
        f"Python {platform.python_version()}; {options.connections} connections; "
        f"median of {options.rounds} rounds of {options.seconds:g} s"
    )
    print(
        f"web server: {options.command} (gunicorn.conf.py); LECTERN_ENV=production; "
        "PostgreSQL with fsync, Redis with append-only file"
    )
    print(f"largest style sheet {built['css']:,} bytes, largest script {built['js']:,} bytes (Brotli)\n")


if __name__ == "__main__":
    sys.exit(main())
