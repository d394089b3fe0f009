"""How well a quiz and its questions measure: the statistics of classical test theory, from marks alone.

Definitions are those of Moodle's quiz statistics report ("Quiz statistics calculations" in its developer
documentation), so that the figures of both can be compared. Variances and covariances are of a sample (n - 1).
What cannot be known from so few or so equal marks is None; nothing is ever NaN or infinite.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

NOTHING = 1e-12
"""Of two variances with this ratio, the smaller is the rounding error of equal marks."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the mark of each attempt that was asked it, of `points` at most (0 at least). One that was set aside
    does not count: its figures are told, but the totals are without it."""

    marks: Mapping[int, float]
    points: float
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """What the marks say of one question.

    facility: mean mark / points, 0 to 1: 1 is a question that everyone gets right.
    sd: standard deviation of the mark / points.
    discrimination: correlation of the mark with the mark for all other questions, -1 to 1; for right-or-wrong
        questions this is the point-biserial correlation, corrected for the question's own part in the total.
    efficiency: discrimination as a share of the highest that was possible with these marks, at most 1.
    effective_weight: the share of the differences between totals that comes from this question, 0 to 1.
    """

    attempts: int
    facility: float | None
    sd: float | None
    discrimination: float | None
    efficiency: float | None
    effective_weight: float | None


@dataclass(frozen=True, slots=True)
class QuizStatistics:
    """What the totals say, in their own unit (points or percent) but for those without one.

    skewness: below 0 when a tail reaches to low totals; kurtosis: 0 for a bell curve, above when totals are
    either close to the mean or far out (both by k-statistics). consistency: coefficient of internal consistency
    (Cronbach's alpha), at most 1. error_ratio: the share of the standard deviation that is chance.
    standard_error: how far a total may lie from what the learner deserves, by chance.
    """

    attempts: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None


def of_items(items: Sequence[Item]) -> list[ItemStatistics]:
    """The statistics of each item; an attempt's total is the sum of its marks for all that count."""
    totals = _totals(items)
    shared = [_shared_with_total(item, totals) if item.counts else None for item in items]
    roots = [math.sqrt(value) if value is not None and value >= 0 else None for value in shared]
    whole = sum(root for root in roots if root is not None)
    return [
        _of_item(item, totals, root / whole if root is not None and whole else None)
        for item, root in zip(items, roots, strict=True)
    ]


def of_quiz(totals: Sequence[float], item_variances: Sequence[float] | None = None) -> QuizStatistics:
    """The statistics of the totals. `item_variances`, in the square of their unit, are those of the questions
    when every attempt was asked the same ones, else None: then nothing is said of consistency."""
    count = len(totals)
    mean = fmean(totals) if totals else None
    middle = median(totals) if totals else None
    spread = _sample_variance(totals)
    sd = math.sqrt(spread) if spread is not None else None
    skewness = kurtosis = consistency = error_ratio = None
    if spread:
        skewness, kurtosis = _shape(totals, spread)
        consistency = _consistency(item_variances, spread)
    if consistency is not None:
        error_ratio = math.sqrt(max(1 - consistency, 0.0))
    error = error_ratio * sd if error_ratio is not None and sd is not None else None
    return QuizStatistics(count, mean, middle, sd, skewness, kurtosis, consistency, error_ratio, error)


def variance(marks: Iterable[float]) -> float | None:
    """The variance of a sample; None of fewer than two, 0 of marks that differ by rounding only."""
    return _sample_variance(list(marks))


def _totals(items: Iterable[Item]) -> dict[int, float]:
    totals: dict[int, float] = {}
    for item in items:
        for attempt, mark in item.marks.items() if item.counts else ():
            totals[attempt] = totals.get(attempt, 0.0) + mark
    return totals


def _of_item(item: Item, totals: Mapping[int, float], weight: float | None) -> ItemStatistics:
    marks = list(item.marks.values())
    own = 1 if item.counts else 0
    others = [totals.get(attempt, 0.0) - own * mark for attempt, mark in item.marks.items()]
    spread, spread_of_others = _sample_variance(marks), _sample_variance(others)
    sd = math.sqrt(spread) / item.points if spread is not None and item.points else None
    discrimination = efficiency = None
    if spread and spread_of_others:
        together = _covariance(marks, others)
        highest = _covariance(sorted(marks), sorted(others))
        discrimination = _within(together / math.sqrt(spread * spread_of_others))
        if highest > NOTHING * math.sqrt(spread * spread_of_others):
            efficiency = min(together / highest, 1.0)
    facility = min(max(fmean(marks) / item.points, 0.0), 1.0) if marks and item.points else None
    return ItemStatistics(len(marks), facility, sd, discrimination, efficiency, weight)


def _shared_with_total(item: Item, totals: Mapping[int, float]) -> float | None:
    """The covariance of mark and total; below 0 the question works against the quiz and has no weight."""
    if len(item.marks) < 2:
        return None
    marks, whole = list(item.marks.values()), [totals[attempt] for attempt in item.marks]
    shared = _covariance(marks, whole)
    scale = math.sqrt((_sample_variance(marks) or 0) * (_sample_variance(whole) or 0))
    return 0.0 if abs(shared) <= NOTHING * max(scale, 1) else shared


def _consistency(item_variances: Sequence[float] | None, spread: float) -> float | None:
    if item_variances is None or len(item_variances) < 2:
        return None
    count = len(item_variances)
    return count / (count - 1) * (1 - sum(item_variances) / spread)


def _shape(totals: Sequence[float], spread: float) -> tuple[float | None, float | None]:
    """Skewness of three totals or more, kurtosis of four or more."""
    count, mean = len(totals), fmean(totals)
    # Deviations in units of the standard deviation: the powers of large totals would lose their last digits.
    deviations = [(total - mean) / math.sqrt(spread) for total in totals]
    second, third, fourth = (fmean(d**power for d in deviations) for power in (2, 3, 4))
    skewness = kurtosis = None
    if count > 2:
        skewness = count**2 * third / ((count - 1) * (count - 2))
    if count > 3:
        fourth_cumulant = count**2 * ((count + 1) * fourth - 3 * (count - 1) * second**2)
        kurtosis = fourth_cumulant / ((count - 1) * (count - 2) * (count - 3))
    return skewness, kurtosis


def _sample_variance(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = fmean(values)
    found = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    largest = max(abs(value) for value in values)
    return 0.0 if found <= NOTHING * largest * largest else found


def _covariance(left: Sequence[float], right: Sequence[float]) -> float:
    """Of two samples of at least two."""
    mean_left, mean_right = fmean(left), fmean(right)
    products = ((one - mean_left) * (other - mean_right) for one, other in zip(left, right, strict=True))
    return math.fsum(products) / (len(left) - 1)


def _within(correlation: float) -> float:
    return min(max(correlation, -1.0), 1.0)
