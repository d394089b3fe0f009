"""What the figures of a question suggest, for people who never heard of test theory, and what mere guessing earns.

Thresholds are the usual ones of item analysis (Ebel and Frisbie, "Essentials of Educational Measurement"):
below 0 a question works against the quiz, below 0.2 it hardly separates learners.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lms.quizzes.content import Content, MatchingContent
from lms.quizzes.keys import ChoiceKey, Key, MatchingKey, OrderingKey, ShortAnswerKey
from lms.quizzes.statistics import ItemStatistics
from lms.quizzes.statistics_answers import Count, Part

ENOUGH = 5
"""Attempts below which no hint is given but for what everyone did."""
ROUGH_BELOW = 20
"""Attempts below which all figures are rough."""
WEAK = 0.2
Reason = Literal[
    "all_right", "none_right", "best_chose_wrong", "against", "weak", "guessing", "unreached", "never_chosen"
]


@dataclass(frozen=True, slots=True)
class Hint:
    """A reason to look at a question again. `answer` is the one that it is about, if any."""

    reason: Reason
    answer: str = ""
    is_grave: bool = False


def hints(item: ItemStatistics, answered: int, guess: float | None, parts: Sequence[Part]) -> list[Hint]:
    """The hints for a question that `answered` of its attempts answered, gravest first."""
    if item.facility is None or item.attempts < 2:
        return []
    if item.attempts >= ENOUGH and answered < item.attempts / 2:
        return [Hint("unreached")]
    if item.facility == 1:
        return [Hint("all_right")]
    if item.facility == 0:
        return [Hint("none_right", is_grave=True), *_chosen_by_the_best(parts)]
    if item.attempts < ENOUGH:
        return []
    return [*_chosen_by_the_best(parts), *_separation(item, guess), *_never_chosen(item, parts)]


def _separation(item: ItemStatistics, guess: float | None) -> Iterator[Hint]:
    if item.discrimination is not None and item.discrimination < 0:
        yield Hint("against", is_grave=True)
    elif item.discrimination is not None and item.discrimination < WEAK and item.attempts >= ROUGH_BELOW:
        yield Hint("weak")
    if guess and item.facility is not None and item.facility < guess:
        yield Hint("guessing")


def _chosen_by_the_best(parts: Sequence[Part]) -> Iterator[Hint]:
    """A wrong answer that most of the best third gave: the key may be wrong."""
    for part in parts:
        best = sum(count.best for count in part.counts)
        wrong = max((c for c in part.counts if not c.is_right and c.label), key=_of_best, default=None)
        if wrong and best >= 3 and wrong.best > best / 2:
            yield Hint("best_chose_wrong", wrong.label, is_grave=True)


def _of_best(count: Count) -> int:
    return count.best


def _never_chosen(item: ItemStatistics, parts: Sequence[Part]) -> Iterator[Hint]:
    if item.attempts >= ROUGH_BELOW and len(parts) == 1 and not parts[0].label:
        for count in parts[0].counts:
            if count.count == 0:
                yield Hint("never_chosen", count.label)


def random_guess(content: Content, key: Key) -> float | None:
    """The mean share of the points for an answer by chance; None where that can't be said."""
    match key:
        case ChoiceKey(type="multiple"):
            return None
        case ChoiceKey(options=marks) if marks:
            return max(sum(float(mark.weight) for mark in marks) / len(marks) / 100, 0.0)
        case MatchingKey() if isinstance(content, MatchingContent) and content.choices and key.partial_credit:
            return 1 / len(content.choices)
        case OrderingKey(partial_credit=True, order=order) if order:
            return 1 / len(order)
        case ShortAnswerKey():
            return max((float(a.weight) / 100 for a in key.accepted if a.text.strip() == "*"), default=0.0)
    return None
