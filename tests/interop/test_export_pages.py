"""Courses in and out in the browser: look first, then apply; pack, then download."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.interop import actions
from tests.conftest import ROOT
from tests.factories import NOW
from tests.support.forms import post

SAMPLE = ROOT / "examples" / "reading-maps"


@pytest.fixture
def folder(app, alice, tmp_path):
    made = shutil.copytree(SAMPLE, tmp_path / "course")
    with app.app_context(), work.unit():
        actions.import_course(made, alice, NOW)
    return made


def upload(browser, folder, **fields):
    packed = shutil.make_archive(str(folder.parent / "packed"), "zip", folder)
    data = {"archive": (io.BytesIO(Path(packed).read_bytes()), "course.zip"), **fields}
    answer = post(browser, "/teaching/import", data, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def rewrite(folder):
    lesson = next(folder.glob("01-*/01-*/lesson.md"))
    lesson.write_text(lesson.read_text() + "\nOne <b>more</b> paragraph.\n")
    shutil.rmtree(next(folder.glob("01-*/03-*")))
    for text in folder.rglob("*.md"):
        text.write_text(re.sub(r"\]\([^)]*03-where-exactly[^)]*\)", "](#)", text.read_text()))


def lessons(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Lesson).where(Lesson.removed_at.is_(None)))


def test_a_look_shows_names_and_lines_and_applies_the_very_same_file(app, as_user, alice, folder, run_jobs):
    rewrite(folder)
    browser = as_user(alice)
    look = upload(browser, folder, dry_run="y")
    run_jobs()
    page = browser.get(look).text
    assert "Nothing was changed" in page
    assert "Lessons: Where, exactly?" in page
    assert lessons(app) == 8
    difference = browser.get(f"{look}/differences/1").text
    added = '<ins><span class="visually-hidden">Added: </span>One &lt;b&gt;more&lt;/b&gt; paragraph.</ins>'
    assert added in difference and "@@" not in difference
    part = browser.get(f"{look}/differences/1", headers={"HX-Request": "true"}).text
    assert "autofocus" in part and added in part, "below a long report it comes into view"
    shutil.rmtree(folder)
    applied = post(browser, f"{look}/application", {}, form_at="/teaching/import")
    assert applied.status_code == 303
    run_jobs()
    assert "The course is imported" in browser.get(applied.headers["Location"]).text
    assert lessons(app) == 7


def test_what_a_look_refused_can_not_be_applied(app, as_user, alice, folder, run_jobs):
    (folder / "course.md").unlink()
    browser = as_user(alice)
    look = upload(browser, folder, dry_run="y")
    assert post(browser, f"{look}/application", {}, form_at="/teaching/import").status_code == 404
    run_jobs()
    assert "Apply this import" not in browser.get(look).text
    assert post(browser, f"{look}/application", {}, form_at="/teaching/import").status_code == 404


def test_alice_packs_her_course_and_gets_it(app, as_user, alice, charlie, folder, run_jobs):
    browser = as_user(alice)
    with app.app_context():
        slug = db.session.scalar(select(Course.slug))
    started = post(browser, f"/teaching/{slug}/export", {}).headers["Location"]
    assert browser.get(f"{started}/file").status_code == 404
    run_jobs()
    assert "whole course" in browser.get(started).text
    answer = browser.get(f"{started}/file")
    assert f"{slug}.zip" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert f"{slug}/course.md" in archive.namelist()


def test_only_its_teachers_take_a_course_out(app, as_user, bob, dana, folder):
    from tests.factories import person

    erin = person(app, "Erin", "erin@example.org", role="instructor")
    with app.app_context():
        slug = db.session.scalar(select(Course.slug))
    answers = [as_user(who).get(f"/teaching/{slug}/export").status_code for who in (bob, erin, dana)]
    assert answers == [403, 404, 200]


def test_the_command_writes_a_file_that_the_command_reads(app, alice, folder, tmp_path):
    runner, file = app.test_cli_runner(), tmp_path / "out.zip"
    with app.app_context():
        slug = db.session.scalar(select(Course.slug))
    out = runner.invoke(args=["interop", "export-course", slug, str(file)])
    assert out.exit_code == 0, out.output
    assert "not everything" not in out.output
    back = runner.invoke(args=["interop", "import-course", str(file), "--owner", alice.email])
    assert "nothing to change" in back.output
    none = runner.invoke(args=["interop", "export-course", "none", str(file)])
    assert none.exit_code == 1
    assert "no course" in none.output
