"""Completing a course: one certificate, one PDF, whoever asks how often."""

import io
import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pypdf
import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lms.accounts.models import User
from lms.certificates import actions, jobs, queries, rules
from lms.certificates.models import Certificate
from lms.core import events, work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course, CourseInstructor
from lms.files import storage
from lms.files.models import StoredFile
from lms.learning.models import Enrollment
from tests import factories

RunJobs = Callable[[], None]


def certificates(app: Flask) -> list[Certificate]:
    with app.app_context():
        return list(db.session.scalars(select(Certificate).order_by(Certificate.id)))


def stored_pdf(app: Flask, certificate: Certificate) -> bytes:
    with app.app_context():
        return storage.read(db.session.get_one(StoredFile, certificate.file_id).key)


def news(app: Flask, name: str) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Event.name == name)) or 0


def change(app: Flask, thing: type, **values: object) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(thing).values(**values))


def test_completing_a_course_makes_a_certificate_with_its_pdf(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrol(bob, tea)
    run_jobs()
    [certificate] = certificates(app)
    assert re.fullmatch(r"CERT-\d{8}-[0-9A-HJKMNP-TV-Z]{10}", certificate.number)
    text = pypdf.PdfReader(io.BytesIO(stored_pdf(app, certificate))).pages[0].extract_text()
    for part in ("Bob Brook", "The book of tea", "Alice Arden", "2 March 2026", certificate.number):
        assert part in text
    assert news(app, "certificate.issued") == news(app, "certificate.ready") == 1


@pytest.mark.parametrize("name", ["محمد علي الأحمد", "प्रिया शर्मा"])
def test_a_name_in_any_script_arrives_on_the_pdf(
    app: Flask, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs, name: str
) -> None:
    enrol(factories.person(app, name, "learner@example.org"), tea)
    run_jobs()
    [certificate] = certificates(app)
    assert name in pypdf.PdfReader(io.BytesIO(stored_pdf(app, certificate))).pages[0].extract_text()


def test_news_that_comes_twice_makes_one_certificate(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrollment_id = enrol(bob, tea, news=2)
    run_jobs()
    with app.app_context(), work.unit():
        events.record("enrollment.completed", factories.NOW, enrollment_id=enrollment_id, more="later")
    run_jobs()
    assert len(certificates(app)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert news(app, "certificate.issued") == news(app, "certificate.ready") == 1


def at_once(app: Flask, work_of_one: Callable[[], None], workers: int = 4) -> None:
    """Run the same job in several threads that begin together; a failure in one is a failure."""
    gate, failures = threading.Barrier(workers), []

    def run() -> None:
        try:
            with app.app_context(), work.unit():
                gate.wait(10)
                work_of_one()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures


def test_workers_at_the_same_moment_make_one_certificate_and_one_pdf(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int]
) -> None:
    enrollment_id = enrol(bob, tea, news=0)
    at_once(app, lambda: jobs.issue.body(enrollment_id=enrollment_id))
    [certificate] = certificates(app)
    at_once(app, lambda: jobs.make_pdf.body(certificate_id=certificate.id), workers=2)
    assert news(app, "certificate.issued") == news(app, "certificate.ready") == 1


def test_nothing_is_issued_before_completion(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    with app.app_context(), work.unit():
        events.record("enrollment.completed", factories.NOW, enrollment_id=enrollment_id)
    run_jobs()
    assert certificates(app) == []


def test_a_course_without_certificates_issues_none(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    change(app, Course, certificate=False)
    enrol(bob, tea)
    run_jobs()
    assert certificates(app) == []


def test_who_leaves_after_completing_keeps_the_certificate_due(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrol(bob, tea)
    change(app, Enrollment, state="dropped", dropped_at=factories.NOW)
    run_jobs()
    assert len(certificates(app)) == 1


def test_the_certificate_keeps_what_was_true_when_it_was_issued(
    app: Flask, bob: User, charlie: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=tea.id, user_id=charlie.id))
    change(app, Course, language="ar", minutes=1470)
    enrol(bob, tea)
    run_jobs()
    change(app, Course, title="Coffee, rather")
    change(app, User, name="Somebody Else")
    [certificate] = certificates(app)
    assert (certificate.recipient, certificate.course_title) == ("Bob Brook", "The book of tea")
    assert rules.listed_names(certificate.instructors) == ("Alice Arden", "Charlie Croft")
    assert (certificate.language, rules.hours(certificate.minutes)) == ("ar", 25)


def test_the_day_is_that_of_the_learner_not_of_the_server(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    change(app, User, time_zone="Pacific/Auckland")
    enrol(bob, tea, completed_at=datetime(2026, 3, 2, 20, 0, tzinfo=UTC))
    run_jobs()
    assert certificates(app)[0].completed_on == date(2026, 3, 3)


def test_the_preview_is_the_real_thing(
    app: Flask, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrol(bob, tea)
    run_jobs()
    [real] = certificates(app)
    columns = ("number", "recipient", "course_title", "instructors", "language", "minutes", "completed_on")
    preview = Certificate(**{name: getattr(real, name) for name in columns})
    with app.app_context():
        assert actions.pdf_of(preview) == stored_pdf(app, real)


def test_a_certificate_revoked_before_its_pdf_was_made_gets_none(
    app: Flask, bob: User, dana: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrollment_id = enrol(bob, tea, news=0)
    with app.app_context(), work.unit():
        certificate_id = actions.issue(enrollment_id, factories.NOW)
        assert certificate_id
        assert actions.revoke(certificate_id, by=dana.id, reason="Copied work", at=factories.NOW)
    run_jobs()
    assert certificates(app)[0].file_id is None
    assert news(app, "certificate.ready") == 0


def test_a_person_sees_their_certificates_newest_first(
    app: Flask, alice: User, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: RunJobs
) -> None:
    enrol(bob, tea)
    enrol(bob, factories.course(app, alice, slug="bread"), completed_at=datetime(2026, 4, 1, tzinfo=UTC))
    run_jobs()
    with app.app_context():
        mine = queries.of_user(bob.id)
        assert [row.course_title for row in mine] == ["The book of bread", "The book of tea"]
        assert all(row.ready and row.revoked_at is None for row in mine)
        assert queries.of_user(alice.id) == []
