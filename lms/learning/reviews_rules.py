"""Decisions about reviews."""

LEAST_PERCENT = 20
"""Progress from which a learner may say what they think of a course."""

Refusal = str


def refusal(*, is_learner: bool, is_teacher: bool, percent: int) -> Refusal | None:
    """Why somebody may not review a course: `enrollment`, `teacher` (nobody rates their own), `progress`; else None."""
    if is_teacher:
        return "teacher"
    if not is_learner:
        return "enrollment"
    return "progress" if percent < LEAST_PERCENT else None


def shares(counts: list[int]) -> tuple[tuple[int, int, int], ...]:
    """(stars, ratings, percent of all ratings) from five stars to one; percent is rounded, 0 without ratings."""
    total = sum(counts)
    return tuple(
        (n, counts[n - 1], round(counts[n - 1] * 100 / total) if total else 0) for n in range(5, 0, -1)
    )
