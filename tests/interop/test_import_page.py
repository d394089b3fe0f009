"""The page on which instructors bring a course: what is wrong is said there, and nothing is half done."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.core.models import Task
from lms.courses.models import Course
from tests import factories
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


@pytest.fixture
def command(app, alice, tmp_path):
    """Write a folder and import it as alice, at the command line."""

    def command(files, *options):
        for name, text in files.items():
            path = tmp_path / "knots" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        arguments = ["interop", "import-course", str(tmp_path / "knots"), "--owner", alice.email, *options]
        return app.test_cli_runner().invoke(args=arguments)

    return command


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
    assert page.index("the Rubric section should hold") < page.index(">colour</code> is not known")
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


def test_the_line_of_progress_and_its_figure_say_the_same(app, as_user, alice):
    with app.app_context(), work.unit():
        started = Task(
            kind="interop.import_course", owner_id=alice.id, created_at=factories.NOW, state="running"
        )
        started.arguments, started.done, started.total, started.step = {"name": "knots.zip"}, 1, 4, "checking"
        db.session.add(started)
        db.session.flush()
        task = started.id
    page = as_user(alice).get(f"/teaching/imports/{task}").text
    assert '<progress max="4" value="1"' in page
    assert ">25%</span>" in page


def test_a_report_names_its_file_and_leads_to_what_was_not_taken(report):
    half = "Two? {=2 ~3}\n\nThree? {=3 ~4\n"
    page = report(packed(GOOD | {"start/bowline/q.gift": half}), "knots v2.zip")
    assert "The course is imported" in page and "<bdi>knots v2.zip</bdi>" in page
    assert '<a href="#problems-title">Not everything is as the folder says: 1 note</a>' in page
    assert "Extra pages</th>" not in page, "what the course has none of needs no row of noughts"


def test_names_in_a_report_are_set_as_code(report):
    page = report(packed(GOOD | {"start/bowline/lesson.md": "---\nduration: <b>soon</b>\n---\n# A\n"}))
    assert '<code dir="ltr">duration</code> must be minutes' in page


def test_a_lesson_that_cannot_be_read_is_not_called_missing(app, command):
    result = command(GOOD | {"start/bowline/lesson.md": b"# A\n\n\xff\xfe\n"})
    assert "start/bowline/lesson.md:3: is not UTF-8 text" in result.output
    assert "no lessons" not in result.output
    assert courses(app) == 0


def test_the_command_names_a_folder_that_is_wrong_as_a_whole(command):
    assert "error: knots: has no lessons" in command({"course.md": GOOD["course.md"]}).output


def test_the_command_says_what_it_did_and_what_it_did_not(command):
    assert command(GOOD).output.endswith("Imported knots.\n")
    again = command(GOOD, "--publish").output
    assert again.endswith("nothing to change\nknots is published.\n")


def test_the_command_does_not_import_what_it_cannot_publish(app, command):
    result = command(GOOD | {"start/bowline/q.gift": "[html]<p>Only read this.</p>\n"}, "--publish")
    assert result.exit_code == 1
    assert "can't be published" in result.output
    assert courses(app) == 0
