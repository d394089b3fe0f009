"""Which corrections can grade old answers: pure rules."""

from copy import deepcopy
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.quizzes import corrections, fitting
from tests.quizzes.question_strategies import every_question
from tests.support import quizzes


def _lists(content: dict) -> list[list[dict]]:
    found = [value for value in content.values() if isinstance(value, list) and value]
    return found + [item["options"] for items in found for item in items if item.get("options")]


@settings(max_examples=80)
@given(every_question)
def test_a_question_fits_itself_and_itself_with_corrected_words(question) -> None:
    seen = question[0].to_json()
    assert fitting.fits(seen, seen)
    new = deepcopy(seen)
    new["text"] = "Corrected: " + new["text"]
    for items in _lists(new):
        if "text" in items[0]:
            items[0]["text"] = "words that stood nowhere"
    assert fitting.fits(seen, new) and fitting.fits(new, seen)


@settings(max_examples=80)
@given(every_question)
def test_one_option_more_or_less_is_another_question(question) -> None:
    seen = question[0].to_json()
    for number in range(len(_lists(seen))):
        new = deepcopy(seen)
        _lists(new)[number].pop()
        assert not fitting.fits(seen, new) and not fitting.fits(new, seen)


def test_words_that_moved_to_another_id_are_another_question() -> None:
    seen = quizzes.single()[0].to_json()
    new = deepcopy(seen)
    first, second, _ = new["options"]
    first["text"], second["text"] = second["text"], first["text"]
    assert not fitting.fits(seen, new)
    new["options"].reverse()
    assert not fitting.fits(seen, new)
    same = deepcopy(seen)
    same["options"].reverse()
    assert fitting.fits(seen, same)


@pytest.mark.parametrize(
    ("one", "other"), [(quizzes.single, quizzes.multiple), (quizzes.numeric, quizzes.essay)]
)
def test_another_type_is_another_question(one, other) -> None:
    assert not fitting.fits(one()[0].to_json(), other()[0].to_json())


@settings(max_examples=80)
@given(every_question)
def test_what_a_key_says_decides_no_grade(question) -> None:
    key = question[1].to_json()
    assert fitting.judged(key) == fitting.judged(key | {"general": {"text": "x", "format": "plain"}})


parts = st.decimals(0, 1, places=6)


@settings(max_examples=80)
@given(old=parts, new_is_right=st.booleans(), others=st.lists(parts, max_size=4), pass_at=st.integers(0, 100))
def test_only_raise_never_lowers_points_or_takes_a_pass_away(old, new_is_right, others, pass_at) -> None:
    content, key = quizzes.true_false()
    slots = [
        {"slot": n, "points": "1.00", "seen": n + 10, "key": None, "kept": None, "fraction": str(part),
         "state": "partial", "response": {"option": "true" if new_is_right else "false"},
         "draw": None, "aside": None, "how": None, "declined": None}
        for n, part in enumerate([old, *others])
    ]  # fmt: skip
    before = corrections.result_of(slots, Decimal(pass_at))
    row = SimpleNamespace(
        id=1, user_id=1, name="", number=1, points=len(slots), state=before.state, score=before.score,
        percent=before.percent, passed=before.passed, passing_percent=Decimal(pass_at), slots=slots, others=None,
    )  # fmt: skip
    correction = corrections.Correction(1, "", 10, 10, 99, content, key, (1,), True)
    change = corrections._change(row, {(10, 10): correction}, {}, "raise")
    assert change.after.score >= before.score and (change.after.passed or not before.passed)
    was, now = change.slots[0]
    assert was.key is None and now.key == 99
    assert Decimal(now.fraction) == max(old, Decimal(new_is_right))
    everyone = corrections._change(row, {(10, 10): correction}, {}, "all")
    assert Decimal(everyone.slots[0][1].fraction) == Decimal(new_is_right)
