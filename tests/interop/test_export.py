"""A course goes out as a folder and comes back as itself."""

import zipfile

import pytest
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course
from lms.interop import actions, export
from tests.conftest import ROOT
from tests.factories import NOW

EXAMPLES = [ROOT / "examples" / name for name in ("first-day", "reading-maps")]


@pytest.fixture
def bring(app, alice):
    def bring(path, owner=alice, **how):
        with app.app_context(), work.unit():
            return actions.import_course(path, owner, NOW, **how)

    return bring


@pytest.fixture
def take_out(app, tmp_path):
    def take_out(name="course.zip"):
        with app.app_context(), work.unit():
            course = db.session.scalars(select(Course)).one()
            return tmp_path / name, export.export_course(course, tmp_path / name, NOW)

    return take_out


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_an_exported_course_is_the_course(app, bring, take_out, folder):
    bring(folder)
    file, report = take_out()
    assert report.is_whole, report
    assert bring(file).changes.is_empty
    again, _ = take_out("again.zip")
    assert again.read_bytes() == file.read_bytes()


def test_the_real_course_goes_out_whole(bring, take_out, shared):
    folder = shared / "courses" / "iot-for-beginners"
    bring(folder)
    file, report = take_out()
    assert report.is_whole, report
    with zipfile.ZipFile(file) as archive:
        names = {name.removeprefix("iot-for-beginners/") for name in archive.namelist()}
    assert names == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
