"""What an author wrote belongs to the copy of their data; the texts outlive their account."""

from sqlalchemy import func, select

from lms.core import work
from lms.core.db import db
from lms.courses import personal
from lms.courses.models import TextDraft, TextRevision
from tests import factories


def test_revisions_and_drafts_are_taken_along_and_forgotten(app, alice):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        facts = {"course_id": course.id, "kind": "lesson", "text_id": 1, "title": "Steam"}
        db.session.add(
            TextRevision(number=1, body="It rises.", author_id=alice.id, created_at=factories.NOW, **facts)
        )
        db.session.add(TextDraft(user_id=alice.id, body="It ri", base="", saved_at=factories.NOW, **facts))
        db.session.flush()
        data = personal.export(alice.id)
        assert [row["body"] for row in data["revisions"]] == ["It rises."]
        assert [(row["course"], row["body"]) for row in data["drafts"]] == [("The book of tea", "It ri")]
        personal.erase(alice.id, factories.NOW)
        assert personal.export(alice.id) == {"revisions": [], "drafts": []}
        assert db.session.scalar(select(func.count()).select_from(TextRevision)) == 1
