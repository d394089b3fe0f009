"""Who is meant by an @."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.discussions.rules import mentioned

PEOPLE = [(1, "Ann Lee"), (2, "Ann"), (3, "Bob Brook"), (4, "Åsa Öberg"), (5, "نور"), (6, "Bo")]


@pytest.mark.parametrize(
    ("body", "who"),
    [
        ("@Bob Brook, look", {3}),
        ("@bob brook look", {3}),
        ("@Bob look", {3}),
        ("@Bo look", {6}),
        ("@Bobby look", set()),
        ("write to me@Bob", set()),
        ("@Ann Lee and @Ann.", {1, 2}),
        ("@åsa: yes", {4}),
        ("شكرا @نور!", {5}),
        ("`@Bob` and\n```\n@Bob\n```", set()),
        ("@ Bob", set()),
        ("(@Bob)", {3}),
    ],
)
def test_who_is_named(body, who):
    assert mentioned(body, PEOPLE) == who


def test_a_first_name_that_two_have_means_neither():
    assert mentioned("@Kim look", [(1, "Kim Roe"), (2, "Kim Park")]) == set()
    assert mentioned("@Kim Park look", [(1, "Kim Roe"), (2, "Kim Park")]) == {2}


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(1, 9), st.text(max_size=12)), max_size=5))
def test_any_text_names_only_people_that_there_are(body, people):
    assert mentioned(body, people) <= {number for number, _ in people}
