"""The page on which instructors bring a course: what is wrong is said there, and nothing is half done."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from lms.core.db import db
from lms.courses.models import Course
from tests.support.forms import post

PAGE = "/teaching/import"
GOOD = {
    "course.md": "---\ntitle: Knots\n---\n\nTie them.\n",
    "start/module.md": "# Start\n",
    "start/bowline/lesson.md": "# Bowline\n\nText.\n",
}


def packed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


@pytest.fixture
def report(as_user, alice, run_jobs):
    """Send a file as alice and read the report of its import."""
    browser = as_user(alice)

    def report(data, name="knots.zip"):
        answer = post(browser, PAGE, {"archive": (io.BytesIO(data), name)})
        assert answer.status_code == 303, answer.text
        run_jobs()
        return browser.get(answer.location).text

    return report


def courses(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Course))


def test_a_good_course_is_there_afterwards(app, report):
    assert "The course is imported" in report(packed(GOOD))
    assert courses(app) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"start/bowline/lesson.md": "---\ntitle: [oops\n---\n"}, "start/bowline/lesson.md:3"),
        ({"start/bowline/lesson.md": "# A\n\n![x](gone.png)\n"}, "the image gone.png is not in the course"),
        ({"start/bowline/q.gift": "![x](gone.png) {=a ~b"}, "has no question that can be used"),
        ({"../../evil.md": "x"}, "leads outside the course folder"),
        ({"assets/big.svg": "0" * 20_000_000}, "zip bomb"),
    ],
)
def test_a_broken_course_is_refused_with_its_place_and_nothing_is_kept(app, report, files, said):
    page = report(packed(GOOD | files))
    assert "Nothing was imported" in page
    assert said in page
    assert courses(app) == 0


def test_what_is_said_of_a_whole_file_stands_beside_what_is_said_of_its_lines(app, report):
    brief = "---\ncolour: red\n---\n# Tie one\n\n## Rubric\n\nNo table.\n"
    page = report(packed(GOOD | {"start/bowline/assignment.md": brief}))
    assert page.index("the Rubric section should hold") < page.index("the field `colour` is not known")
    assert courses(app) == 1


def test_a_damaged_file_is_called_by_its_name(app, report):
    page = report(packed(GOOD)[:-40], "knots v2.zip")
    assert ">knots v2.zip</code>" in page and "is not a zip file, or is damaged" in page
    assert courses(app) == 0


def test_what_is_not_a_zip_is_said_beside_the_field(as_user, alice):
    answer = post(as_user(alice), PAGE, {"archive": (io.BytesIO(b"hello"), "knots.zip")})
    assert answer.status_code == 422
    assert "This is not a .zip file" in answer.text


def test_a_file_that_is_too_large_is_said_beside_the_field(app, as_user, alice, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1000)
    answer = post(as_user(alice), PAGE, {"archive": (io.BytesIO(b"PK\x03\x04" + bytes(2000)), "knots.zip")})
    assert answer.status_code == 413
    assert "larger than 100 MB" in answer.text
    assert 'type="file"' in answer.text


def test_the_command_does_not_import_what_it_cannot_publish(app, alice, tmp_path):
    for name, text in (GOOD | {"start/bowline/q.gift": "[html]<p>Only read this.</p>\n"}).items():
        path = tmp_path / "knots" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    result = app.test_cli_runner().invoke(
        args=["interop", "import-course", str(tmp_path / "knots"), "--owner", alice.email, "--publish"]
    )
    assert result.exit_code == 1
    assert "can't be published" in result.output
    assert courses(app) == 0
