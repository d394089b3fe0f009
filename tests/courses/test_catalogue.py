"""The catalogue: search, filters, order, pages."""

import re

import psycopg
import pytest
from sqlalchemy import event, text, update

from lms.accounts.models import User
from lms.core import work
from lms.core.db import db
from lms.courses import catalogue
from lms.courses.models import Course, CourseInstructor
from tests import factories
from tests.support import sql

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def plain(html):
    """Without the marks around what was found."""
    return html.replace("<mark>", "").replace("</mark>", "")


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
    text = plain(client.get(f"/courses{query}").text)
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
    ("typed", "meant", "found"),
    [
        ("electroncs", "electronics", "Electronics for the curious"),
        ("braed", "bread", "Bread, slowly"),
        ("bred slowly", "bread slowly", "Bread, slowly"),
        ("plantes stars", "planets stars", "Stars and planets"),
    ],
)
def test_a_misspelt_word_finds_what_was_meant_and_says_so(client, shelf, typed, meant, found):
    assert titles(client, f"?q={typed}") == {found}
    text = client.get(f"/courses?q={typed}").text
    assert f"No course has “{typed}”" in text
    assert f"“{meant}”" in text


def test_a_word_that_few_courses_have_asks_whether_another_was_meant(app, client, shelf, alice):
    published(app, alice, "breed", title="Breed of horses")
    text = client.get("/courses?q=breed").text
    assert "Breed</mark> of horses" in text
    assert "Did you mean" not in text
    text = client.get("/courses?q=hores").text
    assert "“horses”" in text


@pytest.mark.parametrize(
    "typed", ["'", "a & | !", ":*", "<->", "%00".replace("%00", "\\"), '"', "-", "()", "x" * 5000]
)
def test_no_sign_breaks_the_search(client, shelf, typed):
    assert client.get("/courses", query_string={"q": typed}).status_code == 200


def published(app, teacher, slug, **facts):
    course = factories.course(app, teacher, slug=slug)
    with app.app_context(), work.unit():
        db.session.execute(update(Course).where(Course.id == course.id).values(**facts))


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("kneading", "a word of its description"),
        ("sourdough", "its tag"),
        ("arden", "its instructor"),
        ("knead", "another form of a word"),
        ("the bread of arden", "words that say nothing do not narrow"),
    ],
)
def test_a_course_is_found_by(app, client, shelf, alice, query, why):
    published(
        app, alice, "dough", title="Loaves", tags=["sourdough"], description="Long **kneading**, then bread."
    )
    assert "/courses/dough" in client.get("/courses", query_string={"q": query}).text, why


def test_words_are_found_in_the_forms_of_the_courses_language(app, client, alice):
    published(app, alice, "haus", title="Häuser bauen", language="de")
    published(app, alice, "kitab", title="قراءة الكتب القديمة", language="ar")
    assert "/courses/haus" in client.get("/courses?q=haus").text
    assert "/courses/kitab" in client.get("/courses", query_string={"q": "الكتب قراءة"}).text


@pytest.mark.parametrize(
    ("title", "q"), [("Crème brûlée", "creme BRULEE"), ("Creme", "crème"), ("Ёлки", "елк")]
)
def test_accents_make_no_difference(app, client, alice, title, q):
    published(app, alice, "sweet", title=title)
    assert "/courses/sweet" in client.get("/courses", query_string={"q": q}).text


def test_who_is_renamed_or_joins_is_found_by_the_name_of_today(app, client, alice, bob):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=course.id, user_id=bob.id))
        db.session.execute(update(User).where(User.id == alice.id).values(name="Alice Zimmer"))
    assert "/courses/tea" in client.get("/courses?q=zimmer").text
    assert "/courses/tea" in client.get("/courses?q=brook").text
    assert "/courses/tea" not in client.get("/courses?q=arden").text


def test_what_was_found_is_marked_and_nothing_of_an_authors_becomes_a_tag(app, client, alice):
    published(
        app, alice, "evil", title="Bread <script>alert(1)</script>", summary="<b>Bread</b> \ue000 again"
    )
    text = client.get("/courses?q=bread").text
    assert "<mark>Bread</mark> &lt;script&gt;" in text
    assert "&lt;b&gt;<mark>Bread</mark>&lt;/b&gt;" in text
    assert "<script>alert" not in text


def test_words_that_stand_only_in_the_description_are_shown_there(app, client, alice):
    published(app, alice, "dough", description="Much depends on [kneading](x.md) and on patience.")
    text = client.get("/courses?q=patience").text
    assert "<mark>patience</mark>" in text
    assert "x.md" not in text


def options(text, name):
    """The choices of a filter, as they read."""
    inside = re.search(rf'name="{name}".*?</select>', text, re.DOTALL)[0]
    return re.findall(r"<option[^>]*>([^<]+)</option>", inside)


def test_each_filter_says_what_it_would_leave(client, shelf):
    text = client.get("/courses?category=Science").text
    assert options(text, "category") == ["Every subject", "Science (2)", "Cooking (1)", "Making (1)"]
    assert options(text, "language") == ["Every language", "Arabic (1)", "English (1)"]
    answer = client.get("/courses?q=stars", headers=HTMX).text
    assert options(answer, "level") == ["Every level", "Beginner (1)", "Intermediate (0)", "Advanced (0)"]


def test_filters_can_be_taken_off_also_when_nothing_is_left(client, shelf):
    text = client.get("/courses?q=stars&category=Science").text
    assert 'href="/courses?q=stars"' in text
    text = client.get("/courses?q=stars&level=advanced&language=ar").text
    assert "Nothing with all of these choices" in text
    assert "1 course would fit without them" in text
    assert 'href="/courses?q=stars&amp;language=ar"' in text


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


def test_the_order_is_named_for_what_it_is(client, shelf):
    assert options(client.get("/courses").text, "sort")[0] == "Newest first"
    assert options(client.get("/courses?q=bread").text, "sort")[:2] == ["Best match", "Newest first"]


def test_one_happy_learner_does_not_outdo_a_hundred(app, client, shelf):
    with app.app_context(), work.unit():
        for slug, count, average in (("bread", 1, 5.0), ("sky", 100, 4.6), ("stars", 3, 1.0)):
            values = {"rating_count": count, "rating_average": average}
            db.session.execute(update(Course).where(Course.slug == slug).values(**values))
    text = client.get("/courses?sort=rating").text
    places = [text.index(name) for name in ("السماء", "Bread, slowly", "Stars and planets", "Electronics")]
    assert places == sorted(places)


def test_a_word_in_the_title_weighs_more_than_in_the_description(app, client, alice):
    published(app, alice, "one", title="Of gardens", description="bread " * 5, enrollment_count=900)
    published(app, alice, "two", title="Bread and more")
    text = client.get("/courses?q=bread").text
    assert text.index("/courses/two") < text.index("/courses/one")


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


def test_twenty_a_page_in_two_statements(app, alice, as_user, bob):
    for number in range(23):
        factories.course(app, alice, slug=f"tea-{number}", lessons=1)
    browser = as_user(bob)
    with sql.count(app) as statements:
        first = browser.get("/courses")
    assert len(statements) <= 2
    assert first.text.count('class="card"') == 20
    assert browser.get("/courses?page=2").text.count('class="card"') == 3
    assert browser.get("/courses?page=3").status_code == 404


def test_live_search_costs_two_statements(app, shelf, as_user, bob):
    browser = as_user(bob)
    with sql.count(app) as statements:
        browser.get("/courses?q=bread", headers=HTMX)
    assert len(statements) <= 2
    with sql.count(app) as statements:
        browser.get("/courses?q=braed", headers=HTMX)
    assert len(statements) <= 3


def test_an_empty_catalogue_says_so(client):
    assert "still empty" in client.get("/courses").text


MANY = """
    insert into courses (slug, title, summary, description, description_html, category, level, language, license,
                         source_url, authors, tags, access, certificate, state, published_at, owner_id, lesson_count,
                         minutes, enrollment_count, rating_count, rating_average)
    select 'c' || n, 'Course ' || n, repeat('tea and bread ', 3), repeat('leaf cup water ', 60), '', 'Art', 'beginner',
           'en', '', '', '{}', '{}', 'open', true, 'published', now() - n * interval '1 minute', :owner, 1, 1, n, 0, 0
      from generate_series(1, 3000) n
"""


@pytest.fixture
def many(app, alice):
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(MANY), {"owner": alice.id})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze courses"))


def explained(wish):
    """The plan of the statement that a look-up sends."""
    sent = []

    def note(connection, cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        catalogue.look_up(wish, 2)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    statement, parameters = sent[0]
    with psycopg.RawCursor(db.session.connection().connection.dbapi_connection) as cursor:
        return "\n".join(row[0] for row in cursor.execute(f"explain {statement}", parameters))


@pytest.mark.parametrize(
    ("wish", "index"),
    [
        (catalogue.Wish(q="bread"), "ix_courses_search"),
        (catalogue.Wish(q="course 77"), "ix_courses_search"),
        (catalogue.Wish(), "ix_courses_state_published_at"),
        (catalogue.Wish(sort="learners"), "ix_courses_learners"),
        (catalogue.Wish(sort="rating"), "ix_courses_rating"),
        (catalogue.Wish(sort="title"), "ix_courses_by_title"),
    ],
)
def test_searching_and_sorting_use_their_index(app, many, wish, index):
    with app.test_request_context():
        plan = explained(wish)
    assert index in plan
    if wish.q:
        assert "Seq Scan on courses" not in plan


def test_the_end_of_a_long_list_can_be_reached(client, many):
    assert client.get("/courses?page=150").text.count('class="card"') == 20
    assert client.get("/courses?page=151").status_code == 404
    seen = re.findall(
        r'href="/courses/(c\d+)"',
        "".join(client.get(f"/courses?q=bread&page={page}").text for page in (1, 2, 25, 26, 27)),
    )
    assert len(seen) == len(set(seen)) == 100


@pytest.fixture
def tagged(app, alice):
    """Three courses of the tag `slow food`, one of them in German, and one of another."""
    for slug, facts in {
        "rye": {"title": "Bread of rye", "tags": ["slow food", "grain"]},
        "brot": {"title": "Bread of the Germans", "tags": ["slow food"], "language": "de"},
        "soup": {"title": "A pot of soup", "tags": ["slow food"]},
        "toast": {"title": "Bread in a minute", "tags": ["food"]},
    }.items():
        published(app, alice, slug, **facts)


def cards(text):
    return set(re.findall(r'class="card-title"><a href="/courses/(\w+)"', text))


def test_a_tag_of_a_course_leads_to_all_that_carry_it(client, tagged):
    assert 'href="/courses?tag=slow+food"' in client.get("/courses/rye").text
    page = client.get("/courses?tag=slow+food").text
    assert cards(page) == {"rye", "brot", "soup"}
    assert "English (2)" in page and "German (1)" in page
    assert '<span class="visually-hidden">Without </span>slow food' in page


def test_a_tag_goes_with_words_and_filters_and_is_taken_off_alone(client, tagged):
    page = client.get("/courses?tag=slow+food&q=bread&language=en").text
    assert cards(page) == {"rye"}
    assert 'name="tag" value="slow food"' in page
    assert 'href="/courses?q=bread&amp;language=en"' in page
    assert 'href="/courses?q=bread&amp;tag=slow+food"' in page
    assert cards(client.get("/courses?q=bread&language=en").text) == {"rye", "toast"}
    assert cards(client.get("/courses?tag=slow+food&q=braed").text) == {"rye", "brot"}


def test_a_tag_that_no_course_has_leads_back_to_all(client, tagged):
    page = client.get("/courses?tag=no'such").text
    assert "Nothing matches these words and choices" in page and 'href="/courses"' in page
    page = client.get("/courses?tag=grain&language=de").text
    assert "1 course would fit without them" in page and cards(page) == set()
