"""What the levels of a rubric are worth. Criteria weigh alike; levels stand best first."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
_NUMBER = re.compile(r"\(\s*(\d{1,6}(?:[.,]\d{1,2})?)\b[^()]*\)")


def of_version(version: Any, assignment: Any) -> tuple[dict[str, Any] | None, Decimal]:
    """The rubric and the most points of one submission: those that it was graded or returned by, and before that the
    assignment's own."""
    if version.out_of is not None:
        return version.rubric, version.out_of
    return assignment.rubric, assignment.max_points


def percents(rubric: Mapping[str, Any]) -> list[Decimal]:
    """What each level is worth of a criterion's points: as its author set it, or as the names of the levels say it
    ("Good (18 points)"), else in equal steps from 100 down; the last of three is worth a third."""
    levels = len(rubric["levels"])
    said = rubric.get("percents")
    if isinstance(said, list) and len(said) == levels:
        return [min(max(Decimal(str(percent)), Decimal(0)), Decimal(100)) for percent in said]
    named = [_NUMBER.search(level) for level in rubric["levels"]]
    if all(named):
        numbers = [Decimal(found[1].replace(",", ".")) for found in named if found]
        most = max(numbers)
        return [100 * number / most if most else Decimal(100) for number in numbers]
    return [Decimal(100) * (levels - place) / levels for place in range(levels)]


def level_points(rubric: Mapping[str, Any], max_points: Decimal) -> list[Decimal]:
    """The points of each level, for one criterion; rounded to cents for people."""
    return [points.quantize(CENT, ROUND_HALF_UP) for points in exact(rubric, max_points)]


def exact(rubric: Mapping[str, Any], max_points: Decimal) -> list[Decimal]:
    """`level_points` before they are rounded."""
    share = max_points / len(rubric["criteria"])
    return [share * percent / 100 for percent in percents(rubric)]


def total(rubric: Mapping[str, Any], max_points: Decimal, chosen: Mapping[str, int]) -> Decimal | None:
    """The points of the chosen levels together, added before they are rounded; None until every criterion has one."""
    count = len(rubric["criteria"])
    if set(chosen) != {str(place) for place in range(count)}:
        return None
    worth = percents(rubric)
    whole = sum((worth[level] for level in chosen.values()), Decimal(0))
    return (max_points * whole / (100 * count)).quantize(CENT, ROUND_HALF_UP)


def known(rubric: Mapping[str, Any] | None, chosen: Mapping[str, Any]) -> dict[str, int]:
    """The choices that the rubric has; it may have changed since they were made."""
    if not rubric:
        return {}
    criteria, levels = len(rubric["criteria"]), len(rubric["levels"])
    return {
        place: level
        for place, level in sorted(chosen.items())
        if place.isdecimal() and int(place) < criteria and isinstance(level, int) and 0 <= level < levels
    }
