"""Grading one response: pure, never raises on an odd response, and never leaves 0 to 1.

A response is what `responses.clean_response` made. Ids it names that the question does not know (a regrade
against a corrected version) earn nothing and never stop the grading of an attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

from lms.core.numbers import read_number
from lms.quizzes.content import ClozeContent, Content, Gap, Text
from lms.quizzes.keys import (
    FULL,
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    Key,
    MatchingKey,
    NumericKey,
    OrderingKey,
    ShortAnswerKey,
)
from lms.quizzes.short_answers import matches
from lms.quizzes.validation import ROUNDING_LEEWAY

State = Literal["correct", "partial", "incorrect", "unanswered", "needs_grading"]
Response = Mapping[str, Any] | None

MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Grade:
    """`fraction` of the question's points, 0 to 1 in steps of a millionth.

    `feedback` is what to say about the answer as a whole: first on the accepted answer it matched, then in
    general. `option_feedback` is what to say beside each chosen option, matched prompt or placed item.
    `marks` tells of each of them, and of each filled gap, whether it was right.
    """

    fraction: Decimal
    state: State
    feedback: tuple[Text, ...] = ()
    option_feedback: Mapping[str, Text] = field(default_factory=dict)
    marks: Mapping[str, bool] = field(default_factory=dict)


def grade(content: Content, key: Key, response: Response) -> Grade:
    """The grade of `response` (None: unanswered). An essay needs a person; a description is never answered.

    Raises ValueError only when content and key are of different types.
    """
    if content.type != key.type:
        raise ValueError(f"a {content.type} question cannot be graded with the key of a {key.type} question")
    general = (key.general,) if key.general else ()
    if not response or content.type == "description":
        return Grade(Decimal(0).quantize(MICRO), "unanswered", general)
    match key:
        case ClozeKey() if isinstance(content, ClozeContent):
            return _grade_cloze(content, key, response.get("gaps"), general)
        case OrderingKey():
            return _grade_ordering(key, response.get("places"), general)
        case ChoiceKey(type="multiple"):
            return _grade_multiple(key, _texts(response.get("options")), general)
        case ChoiceKey():
            return _grade_choice(key, response.get("option"), general)
        case MatchingKey():
            return _grade_matching(key, response.get("pairs"), general)
        case ShortAnswerKey():
            return _accepted(_find_text(key, str(response.get("text", ""))), general)
        case NumericKey():
            return _accepted(_find_number(key, str(response.get("text", ""))), general)
    return Grade(Decimal(0).quantize(MICRO), "needs_grading", general)


def grade_gap(gap: Gap, key: GapKey, said: object) -> Grade:
    """The grade of what was `said` at one gap: the id of an option, or typed text."""
    if not isinstance(said, str) or gap.type != key.key.type:
        return Grade(Decimal(0).quantize(MICRO), "unanswered")
    return grade(gap.question(), key.key, {"option" if gap.type == "single" else "text": said})


def _graded(fraction: Decimal, feedback: tuple[Text, ...], **beside: Any) -> Grade:
    fraction = min(max(fraction, Decimal(0)), Decimal(1)).quantize(MICRO, ROUND_HALF_UP)
    state: State = "correct" if fraction == 1 else "partial" if fraction else "incorrect"
    return Grade(fraction, state, feedback, **beside)


def _grade_choice(key: ChoiceKey, chosen: object, general: tuple[Text, ...]) -> Grade:
    mark = next((mark for mark in key.options if mark.id == chosen), None)
    if mark is None:
        return _graded(Decimal(0), general)
    beside = {mark.id: mark.feedback} if mark.feedback else {}
    return _graded(mark.weight / FULL, general, option_feedback=beside, marks={mark.id: mark.weight > 0})


def _grade_multiple(key: ChoiceKey, chosen: frozenset[str], general: tuple[Text, ...]) -> Grade:
    """With partial credit the weights of the chosen add up; without it only exactly the right set counts."""
    right = {mark.id: mark.weight for mark in key.options if mark.weight > 0}
    if key.partial_credit:
        total = sum(right.values(), Decimal(0))
        # Three weights of 33.333 are meant to be all of it.
        whole = total if abs(total - FULL) <= ROUNDING_LEEWAY else FULL
        fraction = sum((mark.weight for mark in key.options if mark.id in chosen), Decimal(0)) / whole
    else:
        fraction = Decimal(bool(right) and chosen == right.keys())
    return _graded(
        fraction,
        general,
        option_feedback={
            mark.id: mark.feedback for mark in key.options if mark.id in chosen and mark.feedback
        },
        marks={mark.id: mark.id in right for mark in key.options if mark.id in chosen},
    )


def _grade_matching(key: MatchingKey, pairs: object, general: tuple[Text, ...]) -> Grade:
    given = pairs if isinstance(pairs, Mapping) else {}
    marks = {prompt: given[prompt] == choice for prompt, choice in key.pairs if prompt in given}
    return _shared(marks, len(key.pairs), key, general)


def _grade_ordering(key: OrderingKey, places: object, general: tuple[Text, ...]) -> Grade:
    """An item is right alone at its right place: of two at the same place neither is."""
    given = places if isinstance(places, Mapping) else {}
    taken = list(given.values())
    marks = {
        id: given[id] == place and taken.count(place) == 1
        for place, id in enumerate(key.order, 1)
        if id in given
    }
    return _shared(marks, len(key.order), key, general)


def _shared(
    marks: Mapping[str, bool], count: int, key: MatchingKey | OrderingKey, general: tuple[Text, ...]
) -> Grade:
    """Each of `count` parts earns the same, or nothing earns unless all are right."""
    right = sum(marks.values())
    fraction = Decimal(right) / max(count, 1) if key.partial_credit else Decimal(0 < right == count)
    beside = {id: text for id, text in key.feedback if id in marks}
    return _graded(fraction, general, option_feedback=beside, marks=marks)


def _grade_cloze(content: ClozeContent, key: ClozeKey, said: object, general: tuple[Text, ...]) -> Grade:
    """The gaps' own fractions by their weights. What is said of each gap is `grade_gap`'s to tell."""
    given = said if isinstance(said, Mapping) else {}
    keys = {gap.id: gap for gap in key.gaps}
    grades = {
        gap.id: grade_gap(gap, keys[gap.id], given.get(gap.id)) for gap in content.gaps if gap.id in keys
    }
    earned = sum((keys[id].weight * found.fraction for id, found in grades.items()), Decimal(0))
    whole = sum((gap.weight for gap in key.gaps), Decimal(0))
    fraction = earned / whole if whole > 0 else Decimal(0)
    if not key.partial_credit:
        fraction = Decimal(whole > 0 and earned == whole)
    marks = {id: found.fraction == 1 for id, found in grades.items() if id in given}
    return _graded(fraction, general, marks=marks)


def _accepted(found: AcceptedText | AcceptedNumber | None, general: tuple[Text, ...]) -> Grade:
    if found is None:
        return _graded(Decimal(0), general)
    return _graded(found.weight / FULL, ((found.feedback,) if found.feedback else ()) + general)


def _find_text(key: ShortAnswerKey, answer: str) -> AcceptedText | None:
    return next((a for a in key.accepted if matches(a.text, answer, key.case_sensitive)), None)


def _find_number(key: NumericKey, answer: str) -> AcceptedNumber | None:
    number = read_number(answer)
    return next((a for a in key.accepted if _takes(a, number)), None)


def _takes(accepted: AcceptedNumber, number: Decimal | None) -> bool:
    """What is not a number is taken by a worthless "anything else" alone, so that its feedback is shown."""
    if number is None:
        return accepted.is_any and accepted.weight <= 0
    if accepted.value is not None:
        with localcontext() as context:
            context.prec = 250
            return accepted.value - accepted.tolerance <= number <= accepted.value + accepted.tolerance
    if accepted.low is not None and accepted.high is not None:
        return accepted.low <= number <= accepted.high
    return True


def _texts(found: object) -> frozenset[str]:
    return (
        frozenset(item for item in found if isinstance(item, str)) if isinstance(found, list) else frozenset()
    )
