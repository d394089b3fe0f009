"""From stored questions to what an author types and back: nothing gets lost on the way."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.content import ClozeContent, Gap, MatchingContent, OrderingContent, Text, numbered
from lms.quizzes.grading import grade
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    NumericKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
    put_in_order,
)
from lms.quizzes.validation import validate
from lms.studio import typed_questions
from tests.support import quizzes

WORDS = st.text("abcXYZ ~%#=:\\*1[]", min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(bool)
WEIGHTS = st.sampled_from([Decimal(100), Decimal(50), Decimal("33.33333"), Decimal(0)])


def again(content, key):
    """The question after its author opened and saved it."""
    return typed_questions.built(typed_questions.written(content, key), content)


@pytest.mark.parametrize("pair", [*quizzes.one_of_each(), quizzes.essay()], ids=lambda pair: pair[0].type)
def test_opening_and_saving_changes_nothing(pair):
    assert again(*pair) == (*pair, [])


@settings(max_examples=60)
@given(st.lists(st.tuples(WORDS, WEIGHTS, st.none() | WORDS), min_size=1, max_size=4))
def test_the_answers_of_gaps_survive_whatever_signs_they_hold(answers):
    options = numbered(Text(text) for text, _, _ in answers)
    marks = tuple(
        OptionMark(o.id, weight, Text(said, "markdown") if said else None)
        for o, (_, weight, said) in zip(options, answers, strict=True)
    )
    accepted = tuple(
        AcceptedText(text, weight, Text(said, "markdown") if said else None) for text, weight, said in answers
    )
    content = ClozeContent("[[a]] [[b]]", (Gap("a", "single", options), Gap("b", "short_answer")), "markdown")
    key = ClozeKey(
        (GapKey("a", ChoiceKey("single", marks)), GapKey("b", ShortAnswerKey(accepted), Decimal(2)))
    )
    assert again(content, key) == (content, key, [])


def test_numbers_of_gaps_keep_tolerance_and_range():
    numbers = (
        AcceptedNumber(Decimal("3.5"), Decimal("0.1")),
        AcceptedNumber(low=Decimal(1), high=Decimal(2), weight=Decimal(50)),
        AcceptedNumber(weight=Decimal(0), feedback=Text("Not near.", "markdown")),
    )
    content = ClozeContent("[[1]]", (Gap("1", "numeric"),), "markdown")
    key = ClozeKey((GapKey("1", NumericKey(numbers)),))
    assert again(content, key) == (content, key, [])


@settings(max_examples=40)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=5, unique_by=lambda pair: pair[0]), st.data())
def test_ids_of_pairs_stay_when_rows_are_put_in_another_order(pairs, data):
    content, key = match_up(Text("Which?"), [(Text(left), right) for left, right in pairs])
    typed = typed_questions.written(content, key)
    typed.rows = data.draw(st.permutations(typed.rows))
    changed, changed_key, _ = typed_questions.built(typed, content)
    assert isinstance(changed, MatchingContent)
    assert {(p.id, p.text) for p in changed.prompts} == {(p.id, p.text) for p in content.prompts}
    assert changed.choices == content.choices and changed_key.pairs == key.pairs


def test_items_keep_their_ids_and_a_new_one_gets_a_new_id():
    content, key = put_in_order(Text("Order?"), [Text("warm"), Text("add"), Text("pour")])
    typed = typed_questions.written(content, key)
    typed.rows[1].text = "add the leaves"
    typed.rows.insert(2, typed_questions.Row("wait"))
    changed, changed_key, _ = typed_questions.built(typed, content)
    assert isinstance(changed, OrderingContent)
    ids = {item.text: item.id for item in changed.items}
    assert (ids["warm"], ids["add the leaves"], ids["pour"], ids["wait"]) == ("3", "1", "2", "4")
    assert changed_key.order == ("3", "1", "4", "2")
    right = {"places": {id: place for place, id in enumerate(changed_key.order, 1)}}
    assert grade(changed, changed_key, right).fraction == 1


@pytest.mark.parametrize("right", [1, 2, 3])
def test_empty_percents_mean_equal_shares_and_ticking_everything_earns_nothing(right):
    rows = [typed_questions.Row(str(n), right=n < right, place=n) for n in range(right + 1)]
    typed = typed_questions.Typed("multiple", "Which?", rows=rows)
    content, key, wrong = typed_questions.built(typed)
    assert (validate(content, key), wrong) == ([], [])
    chosen = [str(n + 1) for n in range(right)]
    assert grade(content, key, {"options": chosen}).fraction == 1
    everything = grade(content, key, {"options": [*chosen, str(right + 1)]}).fraction
    assert everything == 1 - Decimal(1) / right or abs(everything - (1 - Decimal(1) / right)) < Decimal(
        "0.0001"
    )
