"""Files of a course: for whom, and how they are delivered."""

import pytest
from sqlalchemy import update

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CourseAsset, Lesson
from lms.files import actions as files
from lms.learning import actions as learning
from tests import factories

FILES = {
    "assets/leaf.png": ("image/png", b"\x89PNG a leaf"),
    "assets/cover.png": ("image/png", b"\x89PNG a cover"),
    "assets/drawing.svg": (
        "image/svg+xml",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ),
    "assets/notes.zip": ("application/zip", b"PK notes"),
    "assets/page.html": ("text/html", b"<script>alert(1)</script>"),
    "assets/long.mp4": ("video/mp4", bytes(range(256)) * 8),
    "assets/Tee für Übermorgen.pdf": ("application/pdf", b"%PDF-1.4"),
}
LEAF = "/courses/tea/assets/assets/leaf.png"


@pytest.fixture
def tea(app, alice, bob):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        for path, (kind, data) in FILES.items():
            db.session.add(CourseAsset(course_id=course.id, path=path, file_id=files.keep(data, kind).id))
        db.session.execute(update(Course).values(cover_path="assets/cover.png"))
        learning.enroll(course.id, bob.id, factories.NOW)
    return course


def change(app, statement):
    with app.app_context(), work.unit():
        db.session.execute(statement)


def test_who_reads_the_course_gets_its_files(as_user, alice, bob, dana, tea):
    for person in (alice, bob, dana):
        answer = as_user(person).get(LEAF)
        assert answer.status_code == 200
        assert answer.data == b"\x89PNG a leaf"
        assert answer.headers["Cache-Control"] == "private, max-age=86400"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_stranger_sees_the_cover_and_nothing_else(client, as_user, charlie, tea):
    for browser in (client, as_user(charlie)):
        assert browser.get(LEAF).status_code == 403
        assert browser.get("/courses/tea/assets/assets/cover.png").status_code == 200


def test_what_a_preview_lesson_shows_is_for_everyone(app, client, tea):
    shows = {"body_html": f'<img src="{LEAF}">'}
    change(app, update(Lesson).where(Lesson.slug == "lesson-1").values(**shows))
    assert client.get(LEAF).status_code == 403
    change(app, update(Lesson).where(Lesson.slug == "lesson-1").values(is_preview=True))
    assert client.get(LEAF).status_code == 200
    assert client.get("/courses/tea/assets/assets/notes.zip").status_code == 403


def test_what_the_description_shows_is_for_everyone(app, client, tea):
    change(app, update(Course).values(description_html=f'<img src="{LEAF}">'))
    assert client.get(LEAF).status_code == 200


def test_files_of_a_draft_are_its_staffs_alone(app, client, as_user, alice, bob, tea):
    change(app, update(Course).values(state="draft"))
    assert client.get("/courses/tea/assets/assets/cover.png").status_code == 404
    assert as_user(bob).get(LEAF).status_code == 404
    assert as_user(alice).get(LEAF).status_code == 200


@pytest.mark.parametrize("path", ["none.png", "../../etc/passwd", "assets", "assets/", "%2e%2e/secret"])
def test_what_is_not_a_file_of_the_course_is_not_there(as_user, bob, tea, path):
    assert as_user(bob).get(f"/courses/tea/assets/{path}").status_code == 404


def test_a_file_that_did_not_change_is_not_sent_again(as_user, bob, tea):
    browser = as_user(bob)
    first = browser.get(LEAF)
    for condition in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'W/{first.headers["ETag"]}, "x"'},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        answer = browser.get(LEAF, headers=condition)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == first.headers["ETag"]
    assert browser.get(LEAF, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "part", "said"),
    [
        ("bytes=0-3", slice(0, 4), "bytes 0-3/2048"),
        ("bytes=2000-", slice(2000, 2048), "bytes 2000-2047/2048"),
        ("bytes=-10", slice(2038, 2048), "bytes 2038-2047/2048"),
        ("bytes=0-99999", slice(0, 2048), "bytes 0-2047/2048"),
    ],
)
def test_a_recording_is_sent_in_parts(as_user, bob, tea, wanted, part, said):
    answer = as_user(bob).get("/courses/tea/assets/assets/long.mp4", headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.data == FILES["assets/long.mp4"][1][part]
    assert answer.headers["Content-Range"] == said
    assert answer.content_length == len(answer.data)


def test_a_part_beyond_the_end_is_refused(as_user, bob, tea):
    answer = as_user(bob).get("/courses/tea/assets/assets/long.mp4", headers={"Range": "bytes=5000-"})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */2048"


def test_a_part_of_a_file_that_changed_since_is_the_whole_file(as_user, bob, tea):
    headers = {"Range": "bytes=0-3", "If-Range": '"other"'}
    assert as_user(bob).get("/courses/tea/assets/assets/long.mp4", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("leaf.png", "inline"),
        ("long.mp4", "inline"),
        ("notes.zip", "attachment"),
        ("page.html", "attachment"),
    ],
)
def test_pictures_are_shown_and_the_rest_is_downloaded(as_user, bob, tea, name, way):
    assert (
        as_user(bob).get(f"/courses/tea/assets/assets/{name}").headers["Content-Disposition"].startswith(way)
    )


def test_a_drawing_can_not_run_scripts(as_user, bob, tea):
    answer = as_user(bob).get("/courses/tea/assets/assets/drawing.svg")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "sandbox" in policy
    assert "default-src 'none'" in policy


def test_names_in_any_script_survive(as_user, bob, tea):
    answer = as_user(bob).get("/courses/tea/assets/assets/Tee für Übermorgen.pdf")
    assert answer.status_code == 200
    assert "Tee%20f%C3%BCr%20%C3%9Cbermorgen.pdf" in answer.headers["Content-Disposition"]
