"""The catalogue: search, filters, order, pages."""

import pytest
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from tests import factories
from tests.support import sql

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def shelf(app, alice):
    """Four published courses and a draft."""
    facts = [
        {
            "slug": "electronics",
            "title": "Electronics for the curious",
            "category": "Making",
            "level": "beginner",
        },
        {"slug": "bread", "title": "Bread, slowly", "category": "Cooking", "level": "advanced"},
        {"slug": "sky", "title": "السماء ليلًا", "category": "Science", "language": "ar"},
        {"slug": "stars", "title": "Stars and planets", "category": "Science", "enrollment_count": 9},
        {"slug": "secret", "title": "Secret bread", "category": "Cooking"},
    ]
    for fact in facts:
        course = factories.course(app, alice, slug=fact["slug"], published=fact["slug"] != "secret")
        with app.app_context(), work.unit():
            db.session.execute(update(Course).where(Course.id == course.id).values(**fact))


def titles(client, query):
    text = client.get(f"/courses{query}").text
    every = [
        "Electronics for the curious",
        "Bread, slowly",
        "السماء ليلًا",
        "Stars and planets",
        "Secret bread",
    ]
    return {title for title in every if f">{title}</a>" in text}


def test_a_visitor_finds_published_courses_and_no_drafts(client, shelf):
    assert titles(client, "") == {
        "Electronics for the curious",
        "Bread, slowly",
        "السماء ليلًا",
        "Stars and planets",
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bread", "Bread, slowly"),
        ("Elec", "Electronics for the curious"),
        ("curious electr", "Electronics for the curious"),
        ("cooking", "Bread, slowly"),
        ("السماء", "السماء ليلًا"),
        ('"stars and planets"', "Stars and planets"),
        ("science -stars", "السماء ليلًا"),
    ],
)
def test_words_and_their_beginnings_are_found(client, shelf, words, found):
    assert titles(client, f"?q={words}") == {found}


@pytest.mark.parametrize(
    ("typed", "found"), [("electroncs", "Electronics for the curious"), ("braed", "Bread, slowly")]
)
def test_a_misspelt_title_is_found_and_said_to_be_merely_alike(client, shelf, typed, found):
    assert titles(client, f"?q={typed}") == {found}
    assert "look alike" in client.get(f"/courses?q={typed}").text


@pytest.mark.parametrize(
    "typed", ["'", "a & | !", ":*", "<->", "%00".replace("%00", "\\"), '"', "-", "()", "x" * 5000]
)
def test_no_sign_breaks_the_search(client, shelf, typed):
    assert client.get("/courses", query_string={"q": typed}).status_code == 200


def test_filters_narrow_and_combine(client, shelf):
    assert titles(client, "?category=Science") == {"السماء ليلًا", "Stars and planets"}
    assert titles(client, "?category=Science&language=ar") == {"السماء ليلًا"}
    assert titles(client, "?level=advanced") == {"Bread, slowly"}


def test_what_does_not_exist_counts_as_not_asked_for(client, shelf):
    assert len(titles(client, "?level=wizard&sort=random&page=minus")) == 4


def test_the_order_can_be_chosen(client, shelf):
    by_learners = client.get("/courses?sort=learners").text
    assert by_learners.index("Stars and planets") < by_learners.index("Bread, slowly")
    by_title = client.get("/courses?sort=title").text
    assert (
        by_title.index("Bread, slowly") < by_title.index("Electronics") < by_title.index("Stars and planets")
    )


def test_nothing_found_offers_a_way_on(client, shelf):
    text = client.get("/courses?q=zzzzqqq").text
    assert "Nothing matches" in text
    assert "Show every course" in text


def test_typing_gets_the_results_alone_and_a_clean_address(client, shelf):
    answer = client.get("/courses?q=bread&category=&level=", headers=HTMX)
    assert "<html" not in answer.text
    assert 'id="results"' in answer.text
    assert answer.headers["HX-Replace-Url"] == "/courses?q=bread"
    assert "HX-Request" in answer.headers["Vary"]


def test_twenty_a_page_and_at_most_four_statements(app, alice, as_user, bob):
    for number in range(23):
        factories.course(app, alice, slug=f"tea-{number}", lessons=1)
    browser = as_user(bob)
    with sql.count(app) as statements:
        first = browser.get("/courses")
    assert len(statements) <= 4
    assert first.text.count('class="card"') == 20
    assert browser.get("/courses?page=2").text.count('class="card"') == 3
    assert browser.get("/courses?page=3").status_code == 404


def test_live_search_costs_two_statements(app, shelf, as_user, bob):
    browser = as_user(bob)
    with sql.count(app) as statements:
        browser.get("/courses?q=bread", headers=HTMX)
    assert len(statements) <= 2


def test_an_empty_catalogue_says_so(client):
    assert "still empty" in client.get("/courses").text
