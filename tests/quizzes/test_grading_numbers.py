"""Which number is meant by what a learner typed."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.numbers import read_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3.14", "3.14"),
        ("3,14", "3.14"),
        (" 3.14 ", "3.14"),
        ("1e3", "1000"),
        ("1,5E-2", "0.015"),
        ("\u22125", "-5"),
        ("\u20135", "-5"),
        ("- 5", "-5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,000", "1"),
        ("1.000", "1"),
        ("1,000,000", "1000000"),
        ("1.000.000", "1000000"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("12,34,567", "1234567"),
        ("1 000 000", "1000000"),
        ("1\u202f000,5", "1000.5"),
        ("1'000.5", "1000.5"),
        ("\u0663\u066b\u0661\u0664", "3.14"),
        ("\u0661\u066c\u0660\u0660\u0660", "1000"),
        ("\u200e-5", "-5"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


NONSENSE = [
    "",
    " ",
    "abc",
    "5 kg",
    "1/2",
    "--5",
    "1.2.3",
    "1,2,3",
    "10,00,00",
    "1 00",
    "1,000.000,5",
    "1.5 000",
    "e3",
]
NONSENSE += [".", "nan", "inf", "Infinity", "1e9999", "0x10", "1_000", "3" * 101, "\u00b2", "1 000,000.5"]


@pytest.mark.parametrize("typed", NONSENSE)
def test_nonsense_is_no_number(typed: str) -> None:
    assert read_number(typed) is None


@given(st.text(st.sampled_from("0123456789.,' eE+-\u2212\u0663\u066b")) | st.text())
@settings(max_examples=200)
def test_any_text_is_a_finite_number_or_none(typed: str) -> None:
    number = read_number(typed)
    assert number is None or number.is_finite()


@given(st.decimals(-(10**12), 10**12, places=3))
@settings(max_examples=100)
def test_both_european_and_american_spelling_give_the_number_back(number: Decimal) -> None:
    american = f"{number:,.3f}"
    european = american.translate(str.maketrans(",.", ".,"))
    assert read_number(american) == read_number(european) == number
