"""Finding words in a course: what is found, by whom, and where the link leads."""

import html
import re
from urllib.parse import unquote

import pytest
from sqlalchemy import delete, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses import editing, revisions
from lms.courses.models import Course, Lesson, LessonPage
from lms.learning.models import Enrollment
from tests import factories
from tests.learning.conftest import Class
from tests.support import quizzes, sql

SEARCH = "/courses/tea/search"
BREWING = """
<p>Steep it <em>slow</em>ly.</p>
<h2 id="s-water">The <code>water</code></h2>
<p>Soft water &amp; a kettle.</p><p>Never boil oolong twice.</p>
<h3 id="s-leaves">The leaves</h3>
<p>See <a href="/courses/tea/assets/files/harvest%20dates.csv">the table</a>.
<img src="/courses/tea/assets/leaf.png" alt="A withered leaf"></p>
<p>Assam.</p>
"""


def found(browser, q, **headers):
    """(href, words of the result) of each result."""
    text = browser.get(SEARCH, query_string={"q": q}, headers=headers).text
    results = re.findall(r"<li><svg.*?<a href=\"([^\"]+)\"[^>]*>(.*?)</li>", text, re.DOTALL)
    return [(html.unescape(href), html.unescape(re.sub("<[^>]+>", "", shown))) for href, shown in results]


def paths(browser, q):
    return {href.split("#")[0].removeprefix("/courses/tea/lessons/") for href, _ in found(browser, q)}


@pytest.fixture
def brewing(tea):
    tea.write("lesson-1", BREWING, title="Brewing oolong")
    return tea


def test_a_learner_finds_a_word_and_is_led_to_its_section(brewing, as_user, bob):
    ((href, shown),) = found(as_user(bob), "kettles")
    assert href == "/courses/tea/lessons/lesson-1#s-water:~:text=a-,kettle"
    assert "Brewing oolong" in shown and "The water" in shown
    assert "Soft water & a kettle.\nNever boil" in shown


def test_what_was_found_is_marked_and_nothing_of_an_authors_is_a_tag(brewing, as_user, bob):
    brewing.write("lesson-2", "<p>&lt;b&gt;saucer&lt;/b&gt;</p>")
    page = as_user(bob).get(f"{SEARCH}?q=saucer").text
    assert "&lt;b&gt;<mark>saucer</mark>&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("q", "why"),
    [
        ("brewing", "its title"),
        ("leav", "the beginning of a word of a heading"),
        ("boiling", "another form"),
        ("slowly", "a word with markup in the middle"),
        ("steep leaves", "words of two sections"),
        ("the kettle", "a word that says nothing does not narrow"),
        ("withered", "the description of a picture"),
        ('"soft water"', "a phrase"),
        ("kettel", "a typing error"),
    ],
)
def test_a_lesson_is_found_by(brewing, as_user, bob, q, why):
    assert paths(as_user(bob), q) == {"lesson-1"}, why


def test_a_typing_error_is_told(brewing, as_user, bob):
    page = as_user(bob).get(f"{SEARCH}?q=kettel").text
    assert "Nothing has “kettel”" in page and "with “kettle”" in page


def test_a_file_is_found_by_its_name(brewing, as_user, bob):
    for q in ("harvest", "dates.csv", "harvest dates"):
        ((href, shown),) = found(as_user(bob), q)
        assert href.split(":~:")[0].endswith("lesson-1#s-leaves")
        assert "harvest dates.csv" in shown and "leaf.png" not in shown


def test_pages_and_briefs_are_found_and_lead_there(brewing, as_user, bob):
    brewing.add_page("gaiwan", "<p>A lidded bowl.</p>", title="The gaiwan")
    brewing.add_brief("Write about a bowl", "<p>Two pages.</p>")
    browser = as_user(bob)
    assert paths(browser, "bowl") == {"lesson-2/gaiwan", "lesson-2/assignments/essay"}
    for href, _ in found(browser, "bowl"):
        assert browser.get(href.split("#")[0]).status_code == 200


def test_titles_questions_and_keys_of_quizzes_are_never_found(brewing, as_user, alice, bob):
    quizzes.quiz(brewing.app, brewing.course, title="Porcelain")
    for q in ("porcelain", "darjeeling", "degrees", quizzes.SECRET):
        assert found(as_user(bob), q) == found(as_user(alice), q) == [], q


def test_nothing_of_lessons_that_are_not_open_is_found_or_guessed(brewing, as_user, alice, bob):
    brewing.write("lesson-2", "<p>A samovar.</p>", release={"after": "lesson-1"})
    brewing.write("lesson-3", "<p>A samovar.</p>", is_published=False)
    browser = as_user(bob)
    for q in ("samovar", "samovra"):
        page = browser.get(f"{SEARCH}?q={q}").text
        assert "Nothing that you can read here" in page and "“samovar”:" not in page
    assert paths(as_user(alice), "samovra") == {"lesson-2", "lesson-3"}
    brewing.complete("lesson-1")
    assert paths(browser, "samovar") == {"lesson-2"}


def test_a_lesson_with_a_date_is_found_from_then_on(brewing, as_user, bob):
    brewing.change(update(Lesson).where(Lesson.slug == "lesson-1").values(release={"date": "2026-05-01"}))
    with clock.stopped_at(factories.NOW):
        assert paths(as_user(bob), "kettle") == set()


def test_who_is_not_enrolled_finds_preview_lessons_alone(brewing, client, as_user, charlie):
    brewing.write("lesson-2", "<p>A kettle.</p>", is_preview=True)
    brewing.add_brief("Your kettle")
    for browser in (client, as_user(charlie)):
        assert paths(browser, "kettle") == {"lesson-2"}
        assert "Search this course" in browser.get("/courses/tea").text


def test_without_a_preview_there_is_nothing_to_search(brewing, client):
    assert "Search this course" not in client.get("/courses/tea").text
    assert "Nothing of this course is open to you yet" in client.get(f"{SEARCH}?q=kettle").text


def test_a_draft_is_searched_by_its_staff_alone(brewing, as_user, alice, bob, charlie):
    brewing.change(update(Course).values(state="draft"))
    assert paths(as_user(alice), "kettle") == {"lesson-1"}
    for person in (bob, charlie):
        assert as_user(person).get(f"{SEARCH}?q=kettle").status_code == 404


def test_who_left_finds_nothing(brewing, as_user, bob):
    brewing.change(update(Enrollment).values(state="dropped"))
    assert paths(as_user(bob), "kettle") == set()


def test_words_follow_an_edit_a_revision_a_removal_and_its_undoing(brewing, as_user, alice):
    browser, tea = as_user(alice), brewing

    def write(title, body):
        lesson = editing.lesson_of(course(), "lesson-1")
        base = revisions.fingerprint(lesson.title, lesson.body)
        written = revisions.Written(title, body, base)
        revisions.save(
            "lesson",
            lesson,
            written,
            f"<p>{body}</p>",
            course_id=tea.course.id,
            author_id=alice.id,
            at=factories.NOW,
        )

    def course():
        return db.session.get_one(Course, tea.course.id)

    def does(deed):
        with tea.app.app_context(), work.unit():
            return deed()

    does(lambda: write("Cups", "A tumbler."))
    assert paths(browser, "kettle") == set() and paths(browser, "tumbler") == {"lesson-1"}
    does(lambda: write("Brewing", "A kettle."))
    assert paths(browser, "kettle") == {"lesson-1"} and paths(browser, "tumbler") == set()
    removed = does(lambda: editing.remove_lesson(course(), "lesson-1", factories.NOW)).id
    assert paths(browser, "kettle") == set()
    does(lambda: editing.restore_lesson(course(), removed, factories.NOW))
    assert paths(browser, "kettle") == {"lesson-1"}
    does(lambda: editing.copy_lesson(course(), "lesson-1", "Again", factories.NOW))
    assert len(paths(browser, "kettle")) == 2


def test_pages_that_are_removed_or_deleted_are_no_longer_found(brewing, as_user, bob):
    for slug in ("one", "two"):
        brewing.add_page(slug, "<p>Bergamot.</p>")
    browser = as_user(bob)
    assert paths(browser, "bergamot") == {"lesson-2/one", "lesson-2/two"}
    brewing.change(update(LessonPage).where(LessonPage.slug == "one").values(removed_at=factories.NOW))
    assert paths(browser, "bergamot") == {"lesson-2/two"}
    brewing.change(delete(LessonPage).where(LessonPage.slug == "two"))
    assert paths(browser, "bergamot") == set()


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("ar", "يُغلى الماءُ في الإبريق ثم تُضاف الأوراق.", "الاوراق"),
        ("ar", "يُغلى الماءُ في الإبريق.", "ماء"),
        ("ja", "茶葉は摘んだ直後に蒸します。", "摘んだ直後"),
        ("zh", "绿茶不经过发酵,红茶经过发酵。", "红茶"),
        ("ko", "녹차는 발효하지 않습니다.", "녹차"),
        ("th", "ชาเขียวไม่ผ่านการหมัก", "การหมัก"),
        ("de", "Grüner Tee wird gedämpft, Schwarztee nicht.", "gruner"),
        ("ru", "Чайники согревают заранее.", "чайник"),
    ],
)
def test_courses_in_other_languages_are_searched_by_their_words(tea, as_user, bob, language, text, q):
    tea.change(update(Course).values(language=language))
    tea.write("lesson-1", f"<p>{text}</p>")
    ((href, shown),) = found(as_user(bob), q)
    assert href.startswith("/courses/tea/lessons/lesson-1#main")
    assert text[:12] in shown
    assert "<mark>" in as_user(bob).get(SEARCH, query_string={"q": q}).text


def test_texts_that_were_written_before_the_course_changed_its_language_follow(tea, as_user, bob):
    tea.write("lesson-1", "<p>Die Häuser.</p>")
    tea.change(update(Course).values(language="de"))
    assert paths(as_user(bob), "Haus") == {"lesson-1"}


@pytest.mark.parametrize(
    "q", ["'", "a & | !", ":*", "<->", "\\", '"', "-", "()", "茶 -x", "%", "x" * 5000, ""]
)
def test_no_sign_breaks_the_search(brewing, as_user, bob, q):
    assert as_user(bob).get(SEARCH, query_string={"q": q}).status_code == 200


def test_typing_gets_the_results_alone(brewing, as_user, bob):
    answer = as_user(bob).get(
        f"{SEARCH}?q=kettle", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
    )
    assert answer.text.lstrip().startswith('<section class="course-found" id="course-found"')
    assert "HX-Request-Type" in answer.headers["Vary"]


def test_the_field_stands_beside_lessons_and_on_the_course_page(brewing, as_user, bob):
    browser = as_user(bob)
    for page in ("/courses/tea", "/courses/tea/lessons/lesson-2", SEARCH):
        text = browser.get(page).text
        assert f'action="{SEARCH}"' in text and text.count('id="course-found"') == 1


@pytest.mark.parametrize("lessons", [2, 60])
def test_it_costs_at_most_four_statements_whatever_the_number_of_lessons(app, as_user, alice, bob, lessons):
    Class(app, alice, bob, lessons)
    browser = as_user(bob)
    for q, headers in [("words", {}), ("wrods", {}), ("wrods", {"HX-Request": "true"}), ("qqqq", {})]:
        with sql.count(app) as statements:
            browser.get(f"{SEARCH}?q={q}", headers=headers)
        assert len(statements) <= 4, (q, statements)


def test_a_fragment_of_text_leads_to_words_that_stand_there(brewing, as_user, bob):
    ((href, _),) = found(as_user(bob), "oolong twice")
    assert unquote(href).endswith("#s-water:~:text=boil-,oolong twice")
    # A word alone in its line may stand earlier on the page, in the outline for one.
    ((href, _),) = found(as_user(bob), "assam")
    assert href.endswith("#s-leaves")
