"""Is a question fit to be asked? Problems are told in words an author understands, all of them at once."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lms.core.phrases import Phrase
from lms.core.plain import decimal_text
from lms.quizzes.content import (
    TRUE_FALSE_OPTIONS,
    ChoiceContent,
    ClozeContent,
    Content,
    MatchingContent,
    Option,
    OrderingContent,
    gap_ids,
)
from lms.quizzes.keys import (
    FULL,
    ChoiceKey,
    ClozeKey,
    Key,
    MatchingKey,
    NumericKey,
    OrderingKey,
    ShortAnswerKey,
)

TRUE_FALSE_IDS = tuple(option.id for option in TRUE_FALSE_OPTIONS)

ROUNDING_LEEWAY = Decimal(1)
"""Percent by which rounded weights (three times 33 or 33.33) may miss 100 and still mean all of it."""


def validate(content: Content, key: Key) -> list[Phrase]:
    """What keeps this question from being asked and graded fairly; an empty list when nothing does."""
    if content.type != key.type:
        return [
            Phrase(
                "the question is of type %(type)s but its key of type %(key)s",
                type=content.type,
                key=key.type,
            )
        ]
    problems = [] if content.text.strip() else [Phrase("the question has no text")]
    match content, key:
        case ChoiceContent(), ChoiceKey():
            problems += _choice(content, key)
        case MatchingContent(), MatchingKey():
            problems += _matching(content, key)
        case OrderingContent(), OrderingKey():
            problems += _ordering(content, key)
        case ClozeContent(), ClozeKey():
            problems += _cloze(content, key)
        case _, ShortAnswerKey() | NumericKey():
            problems += _accepted(key)
    return problems


def _choice(content: ChoiceContent, key: ChoiceKey) -> Iterator[Phrase]:
    for number in _empty(content.options):
        yield Phrase("answer %(number)s has no text", number=number)
    offered = tuple(option.id for option in content.options)
    if content.type == "true_false" and offered != TRUE_FALSE_IDS:
        yield Phrase("a true/false question has exactly the answers true and false")
        return
    if sorted(offered) != sorted(mark.id for mark in key.options):
        yield Phrase("the answers and the key do not name the same options")
        return
    weights = [mark.weight for mark in key.options]
    yield from _bounds(weights, -FULL)
    if not any(weight > 0 for weight in weights):
        yield Phrase("no answer is marked as right")
    elif content.type == "multiple":
        total = sum((weight for weight in weights if weight > 0), Decimal(0))
        if key.partial_credit and total < FULL - ROUNDING_LEEWAY:
            yield Phrase(
                "choosing every right answer earns only %(total)s %%; they must add up to 100 %%",
                total=decimal_text(total),
            )
    elif max(weights) < FULL:
        yield Phrase("no answer earns 100 %")
    elif min(weights) >= FULL:
        yield Phrase("every answer is marked as right")
    elif content.type == "true_false" and min(weights) != 0:
        yield Phrase("the wrong answer of a true/false question earns nothing")


def _matching(content: MatchingContent, key: MatchingKey) -> Iterator[Phrase]:
    for number in _empty(content.prompts):
        yield Phrase("prompt %(number)s has no text", number=number)
    for number in _empty(content.choices):
        yield Phrase("choice %(number)s has no text", number=number)
    if not content.prompts:
        yield Phrase("there is nothing to match")
    prompts = [prompt for prompt, _ in key.pairs]
    if sorted(prompts) != sorted(prompt.id for prompt in content.prompts):
        yield Phrase("every prompt needs exactly one right choice")
    if not {choice for _, choice in key.pairs} <= {choice.id for choice in content.choices}:
        yield Phrase("the key names a choice that is not there")
    if len({choice.text.strip() for choice in content.choices}) < len(content.choices):
        yield Phrase("two choices have the same text")
    if len(content.choices) == 1 and len(content.prompts) > 1:
        yield Phrase("with a single choice there is nothing to decide")


def _ordering(content: OrderingContent, key: OrderingKey) -> Iterator[Phrase]:
    for number in _empty(content.items):
        yield Phrase("item %(number)s has no text", number=number)
    if len(content.items) < 2:
        yield Phrase("there is nothing to put in order")
    if sorted(key.order) != sorted(item.id for item in content.items):
        yield Phrase("the right order does not name every item once")
    if len({item.text.strip() for item in content.items}) < len(content.items):
        yield Phrase("two items have the same text")


def _cloze(content: ClozeContent, key: ClozeKey) -> Iterator[Phrase]:
    marked = gap_ids(content.text)
    if not content.gaps:
        yield Phrase("the text has no gap")
    for id in sorted({id for id in marked if marked.count(id) > 1}):
        yield Phrase("the gap %(gap)s stands more than once in the text", gap=id)
    for id in sorted(set(marked) - {gap.id for gap in content.gaps}):
        yield Phrase("the text marks a gap %(gap)s that is not described", gap=id)
    keys = {gap.id: gap for gap in key.gaps}
    if len(keys) < len(key.gaps) or keys.keys() != {gap.id for gap in content.gaps}:
        yield Phrase("the text and the key do not name the same gaps")
    for gap in content.gaps:
        if gap.id not in marked:
            yield Phrase("the gap %(gap)s is not marked in the text", gap=gap.id)
        if gap.id in keys:
            if keys[gap.id].weight <= 0:
                yield Phrase("the weight of the gap %(gap)s is not above zero", gap=gap.id)
            for flaw in validate(gap.question(), keys[gap.id].key):
                yield Phrase("gap %(gap)s: %(flaw)s", gap=gap.id, flaw=flaw)


def _accepted(key: ShortAnswerKey | NumericKey) -> Iterator[Phrase]:
    weights = [accepted.weight for accepted in key.accepted]
    yield from _bounds(weights, Decimal(0))
    if not any(weight > 0 for weight in weights):
        yield Phrase("no answer is marked as right")
    elif max(weights) < FULL:
        yield Phrase("no answer earns 100 %")
    if isinstance(key, ShortAnswerKey):
        if not all(accepted.text.strip() for accepted in key.accepted):
            yield Phrase("an accepted answer has no text")
        return
    for number in key.accepted:
        if number.tolerance < 0:
            yield Phrase("a tolerance is below zero")
        if number.low is not None and number.high is not None and number.low > number.high:
            yield Phrase(
                "the range %(low)s to %(high)s begins above its end",
                low=decimal_text(number.low),
                high=decimal_text(number.high),
            )
        if number.is_any and number.weight > 0:
            yield Phrase("an answer that takes any number at all cannot earn points")


def _bounds(weights: Iterable[Decimal], lowest: Decimal) -> Iterator[Phrase]:
    for weight in weights:
        if not lowest <= weight <= FULL:
            yield Phrase(
                "the weight %(weight)s %% is not between %(lowest)s and 100 %%",
                weight=decimal_text(weight),
                lowest=lowest,
            )


def _empty(options: Iterable[Option]) -> Iterator[int]:
    return (number for number, option in enumerate(options, 1) if not option.text.strip())
