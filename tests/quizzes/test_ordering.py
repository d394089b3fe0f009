"""Putting things in order: written, answered, graded."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes.content import Text
from lms.quizzes.grading import grade
from lms.quizzes.keys import OrderingKey, put_in_order
from lms.quizzes.responses import Unfit, clean_response, display_response
from lms.quizzes.rules import Asked, lay_out
from lms.quizzes.validation import validate
from tests.quizzes import taking
from tests.quizzes.question_strategies import Question, orderings

STEPS = [Text("Warm the pot"), Text("Boil water"), Text("Pour"), Text("Wait")]
MADE, KEY = put_in_order(Text("How is tea made?"), STEPS, Text("Pour on the leaves."))


def test_the_ids_of_the_items_do_not_tell_their_order() -> None:
    assert [(item.id, item.text) for item in MADE.items] == [
        ("1", "Boil water"),
        ("2", "Pour"),
        ("3", "Wait"),
        ("4", "Warm the pot"),
    ]
    assert KEY.order == ("4", "1", "2", "3")


@pytest.mark.parametrize(
    ("places", "fraction", "state"),
    [
        ({"4": 1, "1": 2, "2": 3, "3": 4}, "1", "correct"),
        ({"4": 1, "1": 2, "2": 4, "3": 3}, "0.5", "partial"),
        ({"4": 1}, "0.25", "partial"),
        ({"4": 4, "1": 3, "2": 1, "3": 2}, "0", "incorrect"),
    ],
)
def test_each_item_at_its_place_earns_its_share(places: dict[str, int], fraction: str, state: str) -> None:
    found = grade(MADE, KEY, {"places": places})
    assert (found.fraction, found.state) == (Decimal(fraction), state)


def test_of_two_items_at_one_place_neither_is_right() -> None:
    found = grade(MADE, KEY, {"places": {"4": 1, "1": 1, "2": 1, "3": 1}})
    assert found.fraction == 0
    assert not any(found.marks.values())


def test_without_partial_credit_only_the_whole_order_counts() -> None:
    key = replace(KEY, partial_credit=False)
    assert grade(MADE, key, {"places": {"4": 1, "1": 2, "2": 4, "3": 3}}).fraction == 0
    assert grade(MADE, key, {"places": {"4": 1, "1": 2, "2": 3, "3": 4}}).fraction == 1


def test_what_is_said_of_an_item_is_said_only_when_it_was_placed() -> None:
    key = replace(KEY, feedback=(("1", Text("Fresh water.")), ("2", Text("Slowly."))))
    found = grade(MADE, key, {"places": {"2": 3}})
    assert found.option_feedback == {"2": Text("Slowly.")}
    assert found.feedback == (Text("Pour on the leaves."),)


def test_half_an_order_is_kept_and_read_out_by_places() -> None:
    given = clean_response(MADE, {"place-1": ["2"], "place-4": ["1"], "place-2": [""]})
    assert given == {"places": {"1": 2, "4": 1}}
    assert display_response(MADE, given) == "1. Warm the pot; 2. Boil water"
    assert clean_response(MADE, {"place-1": [""]}) is None


@pytest.mark.parametrize("place", ["0", "5", "-1", "first", "²", "1" * 5000])
def test_a_place_that_is_not_there_is_refused_in_words(place: str) -> None:
    with pytest.raises(Unfit, match="A place is a number from 1 to 4"):
        clean_response(MADE, {"place-1": [place]})


def test_an_item_of_another_question_is_refused() -> None:
    with pytest.raises(Unfit, match="not one of those offered"):
        clean_response(MADE, {"place-9": ["1"]})


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        (["Boil"], "there is nothing to put in order"),
        (["Boil", "Boil"], "two items have the same text"),
        (["Boil", " "], "item 1 has no text"),
    ],
)
def test_what_is_wrong_is_told_in_words(items: list[str], problem: str) -> None:
    assert validate(*put_in_order(Text("?"), map(Text, items))) == [problem]


def test_a_key_that_forgets_an_item_is_told() -> None:
    assert validate(MADE, OrderingKey(("4", "1", "2"))) == ["the right order does not name every item once"]


@given(st.text(max_size=8), st.booleans())
def test_items_are_shuffled_once_and_always(seed: str, shuffle: bool) -> None:
    asked = [Asked(1, 1, Decimal(1), MADE)]
    first = lay_out(asked, seed, shuffle_questions=False, shuffle_options=shuffle)
    again = lay_out(asked, seed, shuffle_questions=False, shuffle_options=shuffle)
    assert first == again
    assert sorted(first[0]["options"]) == ["1", "2", "3", "4"]


def test_not_everyone_gets_the_same_order_even_where_options_keep_theirs() -> None:
    asked = [Asked(1, 1, Decimal(1), MADE)]
    orders = {
        tuple(lay_out(asked, str(seed), shuffle_questions=False, shuffle_options=False)[0]["options"])
        for seed in range(20)
    }
    assert len(orders) > 5


@given(orderings(), st.randoms())
@settings(max_examples=60)
def test_any_order_of_all_items_earns_the_share_of_those_at_their_places(
    question: Question, chance: object
) -> None:
    content, key = question
    order = chance.sample(key.order, len(key.order))  # type: ignore[attr-defined]
    right = sum(one == other for one, other in zip(order, key.order, strict=True))
    found = grade(content, key, {"places": {id: place for place, id in enumerate(order, 1)}})
    share = Decimal(right) / len(order) if key.partial_credit else Decimal(right == len(order))
    assert abs(found.fraction - share) <= Decimal("0.000001")
    assert validate(content, key) == []


def test_without_scripts_an_order_is_given_by_numbers_and_shown_as_said(make_quiz, as_user, bob) -> None:
    make_quiz([(MADE, replace(KEY, feedback=(("1", Text("Fresh water.")),)))])
    browser = as_user(bob)
    attempt = taking.start(browser)
    page = browser.get(f"/attempts/{attempt}").text
    assert 'name="q0-place-4"' in page and "Fresh water." not in page and "Pour on the leaves." not in page
    said = {"q0-seq": "0", "q0-place-4": "1", "q0-place-1": "2", "q0-place-2": "4", "q0-place-3": "3"}
    taking.submit(browser, attempt, {**said, "q0-place-2": "3", "then": "save"})
    assert "Two lines have the same place" in browser.get(f"/attempts/{attempt}").text
    taking.submit(browser, attempt, {**said, "q0-seq": "1", "then": "save"})
    assert "Two lines have the same place" not in browser.get(f"/attempts/{attempt}").text
    kept = re.findall(r'name="q0-place-(\d)"|value="(\d)" selected', browser.get(f"/attempts/{attempt}").text)
    assert [item or place for item, place in kept] == ["4", "1", "1", "2", "3", "3", "2", "4"]
    taking.submit(browser, attempt)
    result = browser.get(f"/attempts/{attempt}/result").text
    assert "0.5 / 1" in result and "Correct order:" in result
    assert "Fresh water." in result and "Pour on the leaves." in result
    assert "1. Warm the pot; 2. Boil water; 3. Wait; 4. Pour" in result


def test_the_script_of_the_page_saves_an_order_and_is_told_what_cannot_be_kept(
    make_quiz, as_user, bob
) -> None:
    make_quiz([(MADE, KEY)])
    browser = as_user(bob)
    attempt = taking.start(browser)
    assert taking.save(browser, attempt, 0, 1, place_4="1").json["outcome"] == "saved"
    refused = taking.save(browser, attempt, 0, 2, place_4="9")
    assert (refused.status_code, refused.json["message"]) == (422, "A place is a number from 1 to 4.")
