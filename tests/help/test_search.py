"""Whoever looks for words in the help finds them although they slipped on the keys, and sees where they stand."""

import html
import re

import pytest

from lms.courses.spelling import likest


def found(browser, words, **how):
    """What the page shows of a search."""
    page = browser.get("/help", query_string={"q": words}, **how).text
    return html.unescape(page.partition("<main")[2].partition("</main>")[0])


def test_the_search_names_headings_before_mere_mentions(as_user, alice):
    page = found(as_user(alice), "Regrading")
    assert page.index("/help/instructors/sittings#s-regrading") < page.index(
        "/help/instructors/quizzes#s-questions"
    )


def test_the_search_finds_only_what_one_may_read(client):
    assert "/help/admins/" not in client.get("/help?q=webhooks").text
    assert "says nothing about these words" in client.get("/help?q=zzzz").text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("regradng", "regrading"),
        ("Regraidng", "regrading"),
        ("acommodatoins", "accommodations"),
        ("quiz regradng", "quiz regrading"),
    ],
)
def test_one_or_two_wrong_letters_are_forgiven_and_said(as_user, alice, typed, meant):
    page = found(as_user(alice), typed)
    assert f"Nothing has “{typed}”." in page
    assert f"with “{meant}”:" in page
    assert "/help/instructors/sittings#" in page


def test_a_table_is_told_by_its_words_alone(as_user, alice):
    page = found(as_user(alice), "portrait")
    assert "page what it is for Profile" in re.sub("<[^>]+>", "", page)


def test_words_that_are_there_are_taken_as_they_stand(as_user, alice):
    assert "Nothing has" not in found(as_user(alice), "Regrading")
    assert "Nothing has" not in found(as_user(alice), "regrad")


def test_what_is_too_far_from_every_word_finds_nothing(as_user, alice):
    assert "says nothing about these words" in found(as_user(alice), "rxgrxdxng")


def test_nobody_is_led_to_words_that_they_may_not_read(client, as_user, dana):
    assert "webhooks" in found(as_user(dana), "webhoks")
    assert "webhooks" not in found(client, "webhoks")


def test_a_question_may_end_with_its_mark(client):
    assert "/help/learners/" in found(client, "Password?")
    assert "with “password”:" in found(client, "“Pasword”?")


def test_the_words_are_marked_where_they_stand(as_user, alice):
    page = found(as_user(alice), "regradng")
    (heading,) = re.findall(r'<a href="/help/instructors/sittings#s-regrading">(.*?)</a>', page)
    assert heading == "<mark>Regrading</mark>"
    assert all("<mark>" in each for each in re.findall("<li>(.*?)</li>", page, re.DOTALL))


def test_the_excerpt_of_a_list_has_no_dashes_of_it(as_user, alice):
    assert "; - " not in found(as_user(alice), "Accommodations")


def test_what_was_typed_is_never_markup(client):
    page = client.get("/help", query_string={"q": "<b>pasword</b>"}).text
    assert "<b>" not in page.partition("<main")[2]


def test_the_likelier_spelling_is_said_in_the_language_of_the_page(client):
    page = found(client, "pasword", headers={"Accept-Language": "ar"})
    assert "لا شيء فيه «\u2068pasword\u2069»" in page and "\u2068password\u2069" in page


def test_the_likest_words_share_most_of_their_letters():
    known = ["regrading", "grading", "reading", "regard", "upgrading", "webhook", "regradings"]
    assert likest("regradng", known)[0] == "regrading"
    assert "webhook" in likest("webhok", known) and "webhook" not in likest("web-hook-url", known)
