"""Which passwords are taken."""

import pytest

from lms.accounts.passwords import hashed, is_about, is_common, matches
from tests.support.forms import post


@pytest.mark.parametrize("word", ["football1", "Password1", "qwertyuiop", "aaaaaaaa", "abababab"])
def test_what_guessers_try_first_is_known(word):
    assert is_common(word)


@pytest.mark.parametrize("word", ["four plain words here", "ثلاث كلمات طويلة", "8 blue kettles"])
def test_words_that_are_ones_own_are_fine(word):
    assert not is_common(word)


@pytest.mark.parametrize("word", ["EveEmber1990", "eve.ember", "lectern2026!"])
def test_the_own_name_and_the_product_are_no_password(client, word):
    fields = {"name": "Eve Ember", "email": "eve.ember@example.org", "password": word}
    answer = post(client, "/register", fields)
    assert answer.status_code == 422 and "first that guessers try" in answer.text


def test_a_word_about_somebody_is_seen_through_figures():
    assert is_about("B-o-b-1-2-3-4", ["Bob"]) and not is_about("bobsleigh run", ["Bob", ""])


def test_every_sign_of_a_long_password_counts():
    long = "x" * 127
    assert matches(long + "a", hashed(long + "a", 4)) and not matches(long + "b", hashed(long + "a", 4))
