"""Is a question fit to be asked? Problems are told in words an author understands, all of them at once."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lms.quizzes.content import TRUE_FALSE_OPTIONS, ChoiceContent, Content, MatchingContent, Option
from lms.quizzes.fields import decimal_text
from lms.quizzes.keys import FULL, ChoiceKey, Key, MatchingKey, NumericKey, ShortAnswerKey

TRUE_FALSE_IDS = tuple(option.id for option in TRUE_FALSE_OPTIONS)

ROUNDING_LEEWAY = Decimal(1)
"""Percent by which rounded weights (three times 33 or 33.33) may miss 100 and still mean all of it."""


def validate(content: Content, key: Key) -> list[str]:
    """What keeps this question from being asked and graded fairly; an empty list when nothing does."""
    if content.type != key.type:
        return [f"the question is of type {content.type} but its key of type {key.type}"]
    problems = [] if content.text.strip() else ["the question has no text"]
    match content, key:
        case ChoiceContent(), ChoiceKey():
            problems += _choice(content, key)
        case MatchingContent(), MatchingKey():
            problems += _matching(content, key)
        case _, ShortAnswerKey() | NumericKey():
            problems += _accepted(key)
    return problems


def _choice(content: ChoiceContent, key: ChoiceKey) -> Iterator[str]:
    yield from _empty("answer", content.options)
    offered = tuple(option.id for option in content.options)
    if content.type == "true_false" and offered != TRUE_FALSE_IDS:
        yield "a true/false question has exactly the answers true and false"
        return
    if sorted(offered) != sorted(mark.id for mark in key.options):
        yield "the answers and the key do not name the same options"
        return
    weights = [mark.weight for mark in key.options]
    yield from _bounds(weights, -FULL)
    if not any(weight > 0 for weight in weights):
        yield "no answer is marked as right"
    elif content.type == "multiple":
        total = sum((weight for weight in weights if weight > 0), Decimal(0))
        if key.partial_credit and total < FULL - ROUNDING_LEEWAY:
            yield f"choosing every right answer earns only {decimal_text(total)} %; they must add up to 100 %"
    elif max(weights) < FULL:
        yield "no answer earns 100 %"
    elif min(weights) >= FULL:
        yield "every answer is marked as right"
    elif content.type == "true_false" and min(weights) != 0:
        yield "the wrong answer of a true/false question earns nothing"


def _matching(content: MatchingContent, key: MatchingKey) -> Iterator[str]:
    yield from _empty("prompt", content.prompts)
    yield from _empty("choice", content.choices)
    if not content.prompts:
        yield "there is nothing to match"
    prompts = [prompt for prompt, _ in key.pairs]
    if sorted(prompts) != sorted(prompt.id for prompt in content.prompts):
        yield "every prompt needs exactly one right choice"
    if not {choice for _, choice in key.pairs} <= {choice.id for choice in content.choices}:
        yield "the key names a choice that is not there"
    if len({choice.text.strip() for choice in content.choices}) < len(content.choices):
        yield "two choices have the same text"
    if len(content.choices) == 1 and len(content.prompts) > 1:
        yield "with a single choice there is nothing to decide"


def _accepted(key: ShortAnswerKey | NumericKey) -> Iterator[str]:
    weights = [accepted.weight for accepted in key.accepted]
    yield from _bounds(weights, Decimal(0))
    if not any(weight > 0 for weight in weights):
        yield "no answer is marked as right"
    elif max(weights) < FULL:
        yield "no answer earns 100 %"
    if isinstance(key, ShortAnswerKey):
        if not all(accepted.text.strip() for accepted in key.accepted):
            yield "an accepted answer has no text"
        return
    for number in key.accepted:
        if number.tolerance < 0:
            yield "a tolerance is below zero"
        if number.low is not None and number.high is not None and number.low > number.high:
            yield f"the range {decimal_text(number.low)} to {decimal_text(number.high)} begins above its end"
        if number.is_any and number.weight > 0:
            yield "an answer that takes any number at all cannot earn points"


def _bounds(weights: Iterable[Decimal], lowest: Decimal) -> Iterator[str]:
    for weight in weights:
        if not lowest <= weight <= FULL:
            yield f"the weight {decimal_text(weight)} % is not between {lowest} and 100 %"


def _empty(what: str, options: tuple[Option, ...]) -> Iterator[str]:
    for number, option in enumerate(options, 1):
        if not option.text.strip():
            yield f"{what} {number} has no text"
