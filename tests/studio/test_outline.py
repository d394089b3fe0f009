"""The outline of a course: every change by a plain form, and the same by htmx."""

from lms.courses.models import Course, Lesson
from tests import factories
from tests.support.forms import post

HTMX = {"HX-Request": "true"}
LESSONS = ["Lesson 1", "Lesson 2", "Lesson 3"]


def test_alice_makes_a_course_and_is_led_to_its_workbench(as_user, alice):
    browser = as_user(alice)
    fields = {"title": "Growing beans", "level": "beginner", "language": "en", "category": "Gardening"}
    answer = post(browser, "/teaching/new", fields)
    assert answer.location == "/teaching/growing-beans"
    assert "Add the first module" in browser.get(answer.location).text
    assert post(browser, "/teaching/new", fields).location == "/teaching/growing-beans-2"


def test_a_course_is_made_with_a_title_of_three_characters_at_least(as_user, alice):
    answer = post(as_user(alice), "/teaching/new", {"title": "ab", "level": "beginner", "language": "en"})
    assert answer.status_code == 422
    assert 'value="ab"' in answer.text and "Use 3 to 255 characters" in answer.text


def test_a_course_in_another_script_gets_an_address_too(as_user, alice):
    fields = {"title": "زراعة الفاصوليا", "level": "beginner", "language": "ar"}
    assert post(as_user(alice), "/teaching/new", fields).location.startswith("/teaching/course-")


def test_an_address_of_the_studio_is_no_courses(as_user, alice):
    fields = {"title": "Import", "level": "beginner", "language": "en"}
    assert post(as_user(alice), "/teaching/new", fields).location == "/teaching/import-2"


def test_modules_and_lessons_are_added_at_the_end(tea):
    assert tea.post("/modules", {"title": "Brewing"}).status_code == 303
    tea.post(f"/modules/{tea.module('Brewing')}/lessons", {"title": "Water"})
    tea.post(f"/modules/{tea.module()}/lessons", {"title": "Leaves"})
    assert tea.outline() == [("Basics", [*LESSONS, "Leaves"]), ("Brewing", ["Water"])]
    assert tea.row(Course).lesson_count == 5
    assert tea.row(Lesson, slug="water").position == 5


def test_an_untitled_line_is_refused_where_it_was_typed(tea):
    answer = tea.post("/modules", {"title": " "})
    assert answer.status_code == 422
    assert "Give it a title" in answer.text and tea.outline() == [("Basics", LESSONS)]
    long = tea.post(f"/modules/{tea.module()}/lessons", {"title": "x" * 256}, headers=HTMX)
    assert long.status_code == 422 and "x" * 256 in long.text


def test_titles_change_in_place_and_addresses_stay(tea):
    tea.post("/lessons/lesson-2/title", {"title": "The second cup"})
    tea.post(f"/modules/{tea.module()}/title", {"title": "First steps"})
    assert tea.outline() == [("First steps", ["Lesson 1", "The second cup", "Lesson 3"])]
    assert tea.row(Lesson, slug="lesson-2").title == "The second cup"
    assert tea.post("/lessons/lesson-2/title", {"title": ""}).status_code == 422


def test_buttons_move_a_lesson_one_place_and_over_the_edge_of_its_module(tea):
    tea.post("/modules", {"title": "Brewing"})
    tea.post("/lessons/lesson-1/position", {"to": "down"})
    assert tea.outline()[0][1] == ["Lesson 2", "Lesson 1", "Lesson 3"]
    tea.post("/lessons/lesson-3/position", {"to": "down"})
    assert tea.outline() == [("Basics", ["Lesson 2", "Lesson 1"]), ("Brewing", ["Lesson 3"])]
    tea.post("/lessons/lesson-3/position", {"to": "up"})
    assert tea.outline() == [("Basics", ["Lesson 2", "Lesson 1", "Lesson 3"]), ("Brewing", [])]
    tea.post("/lessons/lesson-2/position", {"to": "up"})
    assert tea.outline()[0][1][0] == "Lesson 2"


def test_a_lesson_is_put_into_another_module_and_to_a_place_there(tea):
    tea.post("/modules", {"title": "Brewing"})
    brewing = tea.module("Brewing")
    tea.post("/lessons/lesson-1/position", {"module": brewing})
    tea.post("/lessons/lesson-3/position", {"module": brewing, "to": "0"})
    assert tea.outline() == [("Basics", ["Lesson 2"]), ("Brewing", ["Lesson 3", "Lesson 1"])]
    assert tea.post("/lessons/lesson-2/position", {"module": "999999"}).status_code == 404
    assert tea.post("/lessons/lesson-2/position", {"to": "sideways"}).status_code == 400


def test_modules_move_with_their_lessons(tea):
    tea.post("/modules", {"title": "Brewing"})
    tea.post(f"/modules/{tea.module('Brewing')}/lessons", {"title": "Water"})
    tea.post(f"/modules/{tea.module('Brewing')}/position", {"to": "up"})
    assert [title for title, _ in tea.outline()] == ["Brewing", "Basics"]
    assert tea.row(Lesson, slug="water").position == 1
    tea.post(f"/modules/{tea.module('Brewing')}/position", {"to": "1"})
    assert [title for title, _ in tea.outline()] == ["Basics", "Brewing"]


def test_copies_stand_behind_what_they_were_made_from(tea):
    tea.post("/lessons/lesson-1/copy")
    assert tea.outline() == [("Basics", ["Lesson 1", "Lesson 1 (copy)", "Lesson 2", "Lesson 3"])]
    assert tea.row(Lesson, title="Lesson 1 (copy)").body_html == "<p>Words of lesson 1.</p>"
    tea.post("/modules", {"title": "Brewing"})
    tea.post(f"/modules/{tea.module()}/copy")
    assert [title for title, _ in tea.outline()] == ["Basics", "Basics (copy)", "Brewing"]
    assert tea.outline()[1][1] == ["Lesson 1", "Lesson 1 (copy)", "Lesson 2", "Lesson 3"]


def test_a_deleted_lesson_comes_back_to_its_place(tea):
    answer = tea.post("/lessons/lesson-2/removal")
    assert tea.outline() == [("Basics", ["Lesson 1", "Lesson 3"])]
    assert tea.row(Course).lesson_count == 2
    page = tea.browser.get(answer.location).text
    number = tea.row(Lesson, slug="lesson-2").id
    assert "Undo the deletion" in page and f"/lesson/{number}/removal/end" in page
    tea.post(f"/lesson/{number}/removal/end")
    assert tea.outline() == [("Basics", LESSONS)]
    assert tea.row(Course).lesson_count == 3


def test_a_deleted_module_comes_back_with_what_went_with_it_and_no_more(tea):
    basics = tea.module()
    tea.post("/lessons/lesson-2/removal")
    answer = tea.post(f"/modules/{basics}/removal", headers=HTMX)
    assert answer.status_code == 200 and f"/module/{basics}/removal/end" in answer.text
    assert tea.outline() == [] and tea.row(Course).lesson_count == 0
    tea.post(f"/module/{basics}/removal/end")
    assert tea.outline() == [("Basics", ["Lesson 1", "Lesson 3"])]


def test_an_address_that_was_given_away_meanwhile_is_not_taken_back(tea):
    tea.post("/lessons/lesson-2/removal")
    number = tea.row(Lesson, slug="lesson-2").id
    tea.change(Lesson.__table__.update().where(Lesson.slug == "lesson-3").values(slug="lesson-2"))
    tea.post(f"/lesson/{number}/removal/end")
    assert tea.row(Lesson, id=number).slug == "lesson-2-2"


def test_htmx_gets_the_workbench_alone_and_hears_what_happened(tea):
    answer = tea.post("/lessons/lesson-1/position", {"to": "down"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.count("<html") == 0 and 'id="workbench"' in answer.text
    assert "“Lesson 1” is moved." in answer.text


def test_what_is_another_courses_is_not_found_in_this_one(tea, app, alice):
    other = factories.course(app, alice, slug="coffee")
    with app.app_context():
        from lms.courses.models import Module

        number = Module.query.filter_by(course_id=other.id).one().id
    for path in ("title", "position", "copy", "removal", "lessons"):
        assert tea.post(f"/modules/{number}/{path}", {"title": "Mine", "to": "up"}).status_code == 404, path
    assert tea.post(f"/module/{number}/removal/end").status_code == 404
