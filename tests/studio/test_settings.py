"""What a course is, for whom, and who teaches it."""

import html
import io
import re
from datetime import UTC, datetime, timedelta

from lms.accounts.models import AuditEntry, User
from lms.core import clock
from lms.courses.models import Course, CourseInstructor, Lesson
from tests import factories
from tests.support.forms import post

FIELDS = {
    "title": "The book of tea",
    "slug": "tea",
    "level": "beginner",
    "language": "en",
    "access": "open",
    "certificate": "y",
}


def test_settings_are_shown_and_saved(tea):
    answer = tea.post(
        "/settings",
        FIELDS
        | {
            "summary": "A good cup.",
            "description": "You **will**.",
            "tags": "tea, leaf,tea",
            "capacity": "20",
        },
    )
    assert answer.status_code == 303
    course = tea.row(Course)
    assert (course.summary, course.tags, course.capacity) == ("A good cup.", ["tea", "leaf"], 20)
    assert "<strong>will</strong>" in tea.browser.get("/courses/tea").text
    assert "tea, leaf" in tea.page("/settings")


def test_times_are_typed_in_the_authors_zone(tea):
    tea.change(User.__table__.update().values(time_zone="America/New_York"))
    tea.post("/settings", FIELDS | {"starts_at": "2026-07-01T08:00", "ends_at": "2026-08-01T08:00"})
    assert tea.row(Course).starts_at == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert 'value="2026-07-01T08:00"' in tea.page("/settings")
    wrong = tea.post("/settings", FIELDS | {"starts_at": "2026-07-01T08:00", "ends_at": "2026-06-01T08:00"})
    assert wrong.status_code == 422 and "The end must come after the beginning" in wrong.text


def test_wrong_settings_are_marked_and_kept(tea):
    answer = tea.post("/settings", FIELDS | {"slug": "Tea Time!", "access": "code", "summary": "Typed"})
    assert answer.status_code == 422
    for words in ("Use small letters a to z", "Give the code that learners will type", "Typed", "Tea Time!"):
        assert words in answer.text


def test_another_address_takes_the_links_of_the_texts_along(tea, app, alice):
    factories.course(app, alice, slug="coffee")
    html = '<p><a href="/courses/tea/lessons/lesson-2">2</a> <a href="/courses/tea-2/x">other</a></p>'
    tea.change(Lesson.__table__.update().where(Lesson.slug == "lesson-1").values(body_html=html))
    taken = tea.post("/settings", FIELDS | {"slug": "coffee"})
    assert taken.status_code == 422 and "Another course has this address" in taken.text
    assert tea.post("/settings", FIELDS | {"slug": "import"}).status_code == 422
    answer = tea.post("/settings", FIELDS | {"slug": "chai"})
    assert answer.location == "/teaching/chai/settings"
    read = tea.browser.get("/courses/chai/lessons/lesson-1").text
    assert 'href="/courses/chai/lessons/lesson-2"' in read and 'href="/courses/tea-2/x"' in read


def test_a_cover_is_uploaded_and_taken_away(tea, client):
    tea.post("/cover", {"cover": (io.BytesIO(factories.picture()), "cover.png")})
    assert tea.row(Course).cover_path == "assets/cover.png"
    tea.post("/cover", {"cover": (io.BytesIO(b"%PDF-1.4"), "cover.pdf")})
    assert "can’t be the cover" in tea.page("/settings")
    tea.post("/cover", {"remove": "1"})
    assert tea.row(Course).cover_path is None


def test_the_owner_brings_a_second_instructor_in_and_lets_them_go(tea, app, as_user, bob):
    erin = factories.person(app, "Erin Elm", "erin@example.org", role="instructor")
    assert as_user(erin).get("/teaching/tea").status_code == 404
    nobody = tea.post("/instructors", {"email": bob.email})
    assert nobody.status_code == 422 and "No instructor has this address" in nobody.text
    tea.post("/instructors", {"email": "ERIN@example.org"})
    browser = as_user(erin)
    assert browser.get("/teaching/tea").status_code == 200
    assert browser.get("/teaching/tea/instructors").status_code == 403
    assert "Delete the course" not in browser.get("/teaching/tea/settings").text
    assert post(browser, "/teaching/tea/removal", form_at="/teaching/tea").status_code == 403
    tea.post(f"/instructors/{erin.id}/removal")
    assert tea.row(CourseInstructor) is None
    with app.app_context():
        actions = [entry.action for entry in AuditEntry.query.order_by(AuditEntry.id)]
    assert actions == ["course.instructor_added", "course.instructor_removed"]


def test_the_checklist_says_what_is_missing_and_lets_nothing_half_done_out(tea):
    for lesson in ("lesson-1", "lesson-2", "lesson-3"):
        tea.post(f"/lessons/{lesson}/removal")
    page = tea.page()
    assert "Add a lesson that learners see." in page and ">Publish<" not in page
    assert tea.post("/publication").status_code == 303
    assert tea.row(Course).state == "draft" and "can’t be published yet" in tea.page()
    tea.post(f"/modules/{tea.module()}/lessons", {"title": "Water"})
    tea.post("/publication")
    assert tea.row(Course).state == "published"
    tea.post("/publication/end")
    assert tea.row(Course).state == "draft"


def test_an_archived_course_takes_nobody_new(tea, as_user, bob):
    tea.post("/publication")
    tea.post("/archive")
    assert tea.row(Course).state == "archived"
    assert as_user(bob).get("/courses/tea").status_code == 404
    tea.post("/archive/end")
    assert tea.row(Course).state == "draft"


def test_a_deleted_course_comes_back_within_thirty_days(tea, app, client, alice, as_user):
    tea.post("/publication")
    assert tea.post("/removal").location == "/teaching/removed"
    assert client.get("/courses/tea").status_code == 404
    assert tea.browser.get("/teaching/tea").status_code == 404
    assert "The book of tea" in tea.browser.get("/teaching/removed").text
    assert 'href="/courses/tea"' not in tea.browser.get("/teaching").text
    erin = factories.person(app, "Erin Elm", "erin@example.org", role="instructor")
    assert post(as_user(erin), "/teaching/tea/removal/end", form_at="/teaching/new").status_code == 404
    assert tea.post("/removal/end").location == "/teaching/tea"
    assert tea.row(Course).state == "draft"


def test_after_thirty_days_a_deleted_course_stays_away(tea):
    tea.post("/removal")
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        assert "Bring it back" not in tea.browser.get("/teaching/removed").text
        tea.post("/removal/end")
    assert tea.browser.get("/teaching/tea").status_code == 404


def test_students_have_no_studio(tea, client, as_user, bob, charlie):
    assert client.get("/teaching/tea").status_code == 303
    assert as_user(bob).get("/teaching/tea").status_code == 403
    assert as_user(charlie).get("/teaching/new").status_code == 403


def test_the_address_of_a_long_title_ends_with_a_whole_word(tea):
    title = "Beekeeping for the very first year: how to keep two hives alive through a whole winter in a city"
    data = {"csrf_token": tea.token, "title": title, "level": "beginner", "language": "en"}
    answer = tea.browser.post("/teaching/new", data=data)
    assert answer.location.endswith("-two-hives-alive-through-a-whole")
    assert "Every lesson has a text." not in tea.browser.get(answer.location).text


def said(page):
    """What a page of the settings says it showed."""
    return html.unescape(re.search(r'name="shown"[^>]*value="([^"]*)"', page)[1])


def test_what_another_author_set_meanwhile_stays(tea, as_user, dana):
    tea.post("/settings", FIELDS | {"summary": "Before"})
    shown = said(tea.page("/settings"))
    tea.post("/settings", FIELDS | {"summary": "Theirs", "certificate": "", "tags": "leaf"})
    mine = FIELDS | {"summary": "Before", "capacity": "20", "shown": shown}
    assert tea.post("/settings", mine).status_code == 303
    course = tea.row(Course)
    assert (course.summary, course.certificate, course.tags, course.capacity) == (
        "Theirs",
        False,
        ["leaf"],
        20,
    )


def test_a_setting_that_two_authors_changed_is_asked_about(tea):
    shown = said(tea.page("/settings"))
    tea.post("/settings", FIELDS | {"summary": "Theirs", "level": "advanced"})
    answer = tea.post("/settings", FIELDS | {"summary": "Mine", "shown": shown})
    assert answer.status_code == 409
    assert "It says now: Theirs" in answer.text and "Mine</textarea>" in answer.text
    assert (tea.row(Course).summary, tea.row(Course).level) == ("Theirs", "advanced")
    again = FIELDS | {"summary": "Mine", "level": "advanced", "shown": said(answer.text)}
    assert tea.post("/settings", again).status_code == 303
    assert tea.row(Course).summary == "Mine"


def test_dates_are_one_setting_so_that_two_authors_cannot_make_a_course_end_before_it_begins(tea):
    july = {"starts_at": "2026-07-01T08:00", "ends_at": "2026-07-31T08:00"}
    tea.post("/settings", FIELDS | july)
    shown = said(tea.page("/settings"))
    tea.post("/settings", FIELDS | july | {"ends_at": "2026-07-10T08:00"})
    answer = tea.post("/settings", FIELDS | july | {"starts_at": "2026-07-20T08:00", "shown": shown})
    assert answer.status_code == 409
    assert "2026-07-01 08:00; Ends: 2026-07-10 08:00" in answer.text
    taken = (
        FIELDS | july | {"starts_at": "2026-07-20T08:00", "shown": said(answer.text), "theirs": "starts_at"}
    )
    assert tea.post("/settings", taken).status_code == 303
    course = tea.row(Course)
    assert (course.starts_at.day, course.ends_at.day) == (1, 10)


def test_all_that_the_other_wrote_can_be_read_before_it_is_replaced(tea):
    shown = said(tea.page("/settings"))
    theirs = "First line.\n\n" + "Many words. " * 50 + "The very last."
    tea.post("/settings", FIELDS | {"description": theirs})
    answer = tea.post("/settings", FIELDS | {"description": "Mine", "shown": shown})
    assert answer.status_code == 409
    assert re.search(
        r"readonly[^>]*>\nFirst line\.\n\nMany.*The very last\.</textarea>", answer.text, re.DOTALL
    )
    box = re.search(r'<input type="checkbox"[^>]*value="description"[^>]*>', answer.text)[0]
    assert "autofocus" in box, "the first thing to decide has the keyboard"
    taken = FIELDS | {"description": "Mine", "shown": said(answer.text), "theirs": "description"}
    assert tea.post("/settings", taken).status_code == 303
    assert tea.row(Course).description == theirs


def test_what_is_typed_wrong_is_said_though_somebody_else_changed_the_rest(tea):
    shown = said(tea.page("/settings"))
    tea.post("/settings", FIELDS | {"summary": "Theirs"})
    answer = tea.post("/settings", FIELDS | {"capacity": "many", "shown": shown})
    assert answer.status_code == 422 and 'value="many"' in answer.text
