"""What holds of grading for every question and every response."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.quizzes.content import (
    ChoiceContent,
    ClozeContent,
    MatchingContent,
    OrderingContent,
    content_from_json,
)
from lms.quizzes.grading import grade
from lms.quizzes.keys import (
    ChoiceKey,
    ClozeKey,
    MatchingKey,
    NumericKey,
    OrderingKey,
    ShortAnswerKey,
    key_from_json,
)
from tests.quizzes.question_strategies import (
    Question,
    clozes,
    every_question,
    matchings,
    multiples,
    orderings,
    short_answers,
    singles,
)

MICRO = Decimal("0.000001")


@st.composite
def responses(draw: st.DrawFn, content: Any) -> dict[str, Any] | None:
    match content:
        case ChoiceContent(type="multiple"):
            ids = st.sampled_from([option.id for option in content.options])
            return {"options": draw(st.lists(ids, unique=True))}
        case ChoiceContent():
            return {"option": draw(st.sampled_from([option.id for option in content.options]))}
        case MatchingContent():
            prompts = st.sampled_from([prompt.id for prompt in content.prompts])
            choices = st.sampled_from([choice.id for choice in content.choices])
            return {"pairs": draw(st.dictionaries(prompts, choices))}
        case OrderingContent():
            items = st.sampled_from([item.id for item in content.items])
            return {"places": draw(st.dictionaries(items, st.integers(1, len(content.items))))}
        case ClozeContent():
            said = {gap.id: draw(gap_answers(gap)) for gap in content.gaps if draw(st.booleans())}
            return {"gaps": said}
    return draw(st.none() | st.builds(lambda text: {"text": text}, st.text(max_size=20)))


def gap_answers(gap: Any) -> st.SearchStrategy[str]:
    if gap.type == "single":
        return st.sampled_from([option.id for option in gap.options])
    return st.text(max_size=10)


def right_response(question: Question) -> dict[str, Any]:
    _, key = question
    match key:
        case ChoiceKey(type="multiple"):
            return {"options": [mark.id for mark in key.options if mark.weight > 0]}
        case ChoiceKey():
            return {"option": next(mark.id for mark in key.options if mark.weight == 100)}
        case MatchingKey():
            return {"pairs": dict(key.pairs)}
        case ShortAnswerKey():
            return {"text": key.accepted[0].text}
        case NumericKey():
            first = key.accepted[0]
            return {"text": str(first.value)}
        case OrderingKey():
            return {"places": {id: place for place, id in enumerate(key.order, 1)}}
        case ClozeKey():
            said = {gap.id: right_response((question[0], gap.key)) for gap in key.gaps}
            return {"gaps": {id: next(iter(found.values())) for id, found in said.items()}}
    return {}


@given(every_question, st.data())
@settings(max_examples=150)
def test_a_fraction_is_a_number_from_0_to_1_and_the_state_says_so(
    question: Question, data: st.DataObject
) -> None:
    response = data.draw(responses(question[0]))
    found = grade(*question, response)
    assert found.fraction.is_finite()
    assert 0 <= found.fraction <= 1
    assert found.fraction == found.fraction.quantize(MICRO)
    assert (found.fraction == 1) == (found.state == "correct")
    assert (0 < found.fraction < 1) == (found.state == "partial")


@given(every_question)
@settings(max_examples=100)
def test_no_answer_gives_nothing_and_is_called_unanswered(question: Question) -> None:
    found = grade(*question, None)
    assert (found.fraction, found.state) == (0, "unanswered")


@given(every_question.filter(lambda question: question[0].type not in ("essay", "description")))
@settings(max_examples=150)
def test_answering_exactly_the_key_gives_everything(question: Question) -> None:
    content, key = question
    keys = [gap.key for gap in key.gaps] if isinstance(key, ClozeKey) else [key]
    assume(not any(isinstance(k, ShortAnswerKey) and "\\" in k.accepted[0].text for k in keys))
    found = grade(content, key, right_response(question))
    assert (found.fraction, found.state) == (1, "correct")


@given(multiples(), st.data())
@settings(max_examples=100)
def test_one_more_right_option_never_lowers_and_one_more_wrong_never_raises(
    question: Question, data: st.DataObject
) -> None:
    content, key = question
    chosen = data.draw(responses(content))["options"]
    more = data.draw(st.sampled_from(key.options))
    before = grade(content, key, {"options": chosen}).fraction
    after = grade(content, key, {"options": [*chosen, more.id]}).fraction
    if more.id in chosen:
        assert after == before
    elif more.weight <= 0:
        assert after <= before
    elif key.partial_credit or all(mark.weight > 0 for mark in key.options if mark.id in chosen):
        assert after >= before


@given(multiples() | matchings(), st.data())
@settings(max_examples=100)
def test_the_order_of_answering_and_of_the_key_does_not_matter(
    question: Question, data: st.DataObject
) -> None:
    content, key = question
    response = data.draw(responses(content))
    field, chosen = next(iter(response.items()))
    turned = chosen[::-1] if isinstance(chosen, list) else dict(reversed(chosen.items()))
    other = (
        ChoiceKey(key.type, key.options[::-1], key.general, key.partial_credit)
        if isinstance(key, ChoiceKey)
        else MatchingKey(key.pairs[::-1], key.general)
    )
    assert grade(content, other, {field: turned}).fraction == grade(content, key, response).fraction


@given(every_question)
@settings(max_examples=150)
def test_a_question_comes_back_from_json_as_it_was(question: Question) -> None:
    content, key = question
    assert content_from_json(json.loads(json.dumps(content.to_json()))) == content
    assert key_from_json(json.loads(json.dumps(key.to_json(), sort_keys=True))) == key


@given(singles() | multiples() | matchings() | short_answers() | orderings() | clozes())
@settings(max_examples=80)
def test_what_a_learner_may_see_says_nothing_of_the_key(question: Question) -> None:
    content, _ = question
    stored = content.to_json()
    assert set(stored) <= {"type", "text", "format", "options", "prompts", "choices", "items", "gaps"}
    for gap in stored.get("gaps", []):
        assert set(gap) <= {"id", "type", "options"}
        assert all(set(option) == {"id", "text", "format"} for option in gap.get("options", []))
    for name in ("options", "prompts", "choices", "items"):
        assert all(set(option) == {"id", "text", "format"} for option in stored.get(name, []))
