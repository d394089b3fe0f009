"""Grading one response: pure, never raises on an odd response, and never leaves 0 to 1.

A response is what `responses.clean_response` made. Ids it names that the question does not know (a regrade
against a corrected version) earn nothing and never stop the grading of an attempt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal

from lms.quizzes.content import Content, Text
from lms.quizzes.keys import (
    FULL,
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    Key,
    MatchingKey,
    NumericKey,
    ShortAnswerKey,
)
from lms.quizzes.numbers import read_number
from lms.quizzes.short_answers import matches
from lms.quizzes.validation import ROUNDING_LEEWAY

State = Literal["correct", "partial", "incorrect", "unanswered", "needs_grading"]
Response = Mapping[str, Any] | None

MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Grade:
    """`fraction` of the question's points, 0 to 1 in steps of a millionth.

    `feedback` is what to say about the answer as a whole: first on the accepted answer it matched, then in
    general. `option_feedback` is what to say beside each chosen option. `marks` tells of each chosen
    option, or each prompt of a matching question, whether it was right.
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
    return _graded(Decimal(sum(marks.values())) / max(len(key.pairs), 1), general, marks=marks)


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
