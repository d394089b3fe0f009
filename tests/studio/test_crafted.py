"""What only the system decides is decided by no form: publication, owner, counts and ratings."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.interop import actions
from tests.factories import NOW
from tests.studio.test_settings import FIELDS
from tests.studio.test_texts import save

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "reading-maps"
CRAFTED = {
    "state": "published",
    "published_at": "2020-01-01T00:00",
    "enrollment_count": "9999",
    "completion_count": "9999",
    "rating_count": "9999",
    "rating_average": "5",
    "rating_score": "5",
    "owner_id": "1",
    "is_featured": "y",
}


def decided(tea):
    """Everything about the course that no form of the studio says."""
    row = tea.row(Course)
    names = [name for name in CRAFTED if hasattr(row, name)]
    assert len(names) >= 6
    return {name: getattr(row, name) for name in names}


@pytest.fixture
def draft(tea):
    tea.change(Course.__table__.update().values(state="draft", published_at=None))
    return tea


def test_the_settings_of_a_course_set_nothing_else(draft):
    before = decided(draft)
    assert draft.post("/settings", FIELDS | CRAFTED | {"summary": "Saved."}).status_code == 303
    assert draft.row(Course).summary == "Saved."
    assert decided(draft) == before


def test_a_lesson_publishes_nothing(draft):
    before, course_id = decided(draft), draft.row(Course).id
    crafted = CRAFTED | {"course_id": "1", "position": "9"}
    assert save(draft, body="New words.", **crafted).status_code == 303
    lesson = draft.row(Lesson, slug="lesson-1")
    assert "New words." in lesson.body
    assert (lesson.course_id, lesson.position) == (course_id, 1)
    assert decided(draft) == before


def test_the_front_matter_of_an_import_publishes_and_counts_nothing(app, alice, tmp_path):
    folder = shutil.copytree(SAMPLE, tmp_path / "course")
    readme = next(path for path in (folder / "course.md", folder / "README.md") if path.exists())
    crafted = "".join(f"{name}: {value}\n" for name, value in CRAFTED.items())
    readme.write_text(readme.read_text().replace("---\n", f"---\n{crafted}", 1))
    with app.app_context(), work.unit():
        actions.import_course(folder, alice, NOW)
    with app.app_context():
        for course in db.session.scalars(select(Course)):
            assert (course.state, course.published_at, course.owner_id) == ("draft", None, alice.id)
            assert (course.enrollment_count, course.rating_count) == (0, 0)
