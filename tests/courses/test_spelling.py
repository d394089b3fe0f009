"""What somebody meant who wrote a word that no course has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.courses.spelling import corrected, distance

WORDS = st.text(alphabet="abcd", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("", "", 0),
        ("tea", "tea", 0),
        ("tea", "te", 1),
        ("braed", "bread", 1),
        ("pyhton", "python", 1),
        ("a", "xyz", 3),
    ],
)
def test_steps_from_one_word_to_another(one, other, steps):
    assert distance(one, other) == steps


@given(WORDS, WORDS)
@settings(max_examples=60)
def test_it_is_as_far_back_and_never_farther_than_the_longer_word(one, other):
    assert distance(one, other) == distance(other, one) <= max(len(one), len(other))
    assert (distance(one, other) == 0) == (one == other)


def test_only_unknown_words_are_replaced_and_only_by_near_ones():
    guesses = [("pythn", "pathos"), ("pythn", "python"), ("cook", "cooking"), ("quux", "queue")]
    assert corrected(["pythn", "cook"], guesses) == ["python", "cook"]
    assert corrected(["cook", "quux"], guesses) is None
    assert corrected(["abc"], [("abc", "abd")]) is None


def test_what_two_words_mean_is_said_once():
    guesses = [("scale", "scale"), ("scael", "scale")]
    assert corrected(["scale", "scael"], guesses) == ["scale"]
