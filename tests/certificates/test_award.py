"""Awarding by hand, revoking, and the number itself."""

import re
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.accounts.models import AuditEntry, User
from lms.certificates import actions, queries, rules
from lms.certificates.models import Certificate
from lms.core import work
from lms.core.access import Viewer
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import Course, CourseInstructor
from tests import factories

LATER = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)


def viewer(user: User) -> Viewer:
    return Viewer(user.id, 0, "", user.name, user.email, user.role, "en", "UTC", True, True)


def award(app: Flask, enrollment_id: int, by: User) -> Certificate | None:
    with app.app_context(), work.unit():
        enrollment = queries.basis_for_staff(enrollment_id, viewer(by))
        certificate_id = (
            actions.award(enrollment, by=by.id, reason="Shown in the workshop", at=LATER)
            if enrollment
            else None
        )
        return db.session.get_one(Certificate, certificate_id) if certificate_id else None


def test_staff_award_by_hand_before_the_course_is_completed(
    app: Flask, alice: User, bob: User, tea: Course, enrol: Callable[..., int]
) -> None:
    with app.app_context(), work.unit():
        db.session.get_one(User, bob.id).time_zone = "Asia/Tokyo"
    certificate = award(app, enrol(bob, tea, completed_at=None), alice)
    assert certificate and certificate.completed_on == date(2026, 5, 2)
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.name == "certificate.issued")).one()
        assert event.payload == {"certificate_id": certificate.id, "awarded_by": alice.id}


def test_co_instructors_and_admins_are_staff(
    app: Flask, charlie: User, bob: User, dana: User, tea: Course, enrol: Callable[..., int]
) -> None:
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=tea.id, user_id=charlie.id))
    assert award(app, enrol(bob, tea, completed_at=None), charlie)
    assert award(app, enrol(charlie, tea, completed_at=None), dana)


def test_others_award_nothing(app: Flask, bob: User, tea: Course, enrol: Callable[..., int]) -> None:
    enrollment_id = enrol(bob, tea, completed_at=None)
    rival = factories.person(app, "Rita Rival", "rita@example.org", role="instructor")
    assert award(app, enrollment_id, rival) is None
    assert award(app, enrollment_id, bob) is None


def test_an_award_is_no_second_certificate(
    app: Flask, alice: User, bob: User, tea: Course, enrol: Callable[..., int], run_jobs: Callable[[], None]
) -> None:
    enrollment_id = enrol(bob, tea)
    run_jobs()
    assert award(app, enrollment_id, alice) is None


def test_the_first_reason_of_a_revocation_stays(
    app: Flask, alice: User, bob: User, dana: User, tea: Course, enrol: Callable[..., int]
) -> None:
    certificate = award(app, enrol(bob, tea, completed_at=None), alice)
    assert certificate
    with app.app_context(), work.unit():
        assert actions.revoke(certificate.id, by=dana.id, reason="Copied work", at=LATER)
        assert not actions.revoke(certificate.id, by=dana.id, reason="Another", at=LATER)
        row = queries.by_number(certificate.number)
        assert row and row.revoked_reason == "Copied work"
        assert db.session.scalars(select(Event.name).where(Event.name == "certificate.revoked")).all() == [
            "certificate.revoked"
        ]


@settings(max_examples=50)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_number_survives_how_people_write_it(at: datetime) -> None:
    number = rules.number(at, secrets.choice)
    assert re.fullmatch(r"CERT-\d{8}-[0-9A-HJKMNP-TV-Z]{10}", number)
    for typed in (
        number.lower(),
        number.replace("-", " "),
        number.replace("-", "–"),
        number.removeprefix("CERT-"),
        f" https://learn.example.org/verify/{number}/ ",
        number.replace("0", "O").replace("1", "l"),
        number.replace("0", "o").replace("1", "I"),
        number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ):
        assert rules.normalised(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "CERT", "CERT-20260314", "CERT-20260314-7KQ2M9XW4U", "CERT-20260314-7KQ2M9XW4PP", "' or 1=1 --"],
)
def test_what_is_no_number_is_told_apart(typed: str) -> None:
    assert rules.normalised(typed) is None


@given(st.text(max_size=60))
def test_any_text_may_be_typed_as_a_number(typed: str) -> None:
    meant = rules.normalised(typed)
    assert meant is None or rules.normalised(meant) == meant


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_file_name_is_safe_whatever_the_course_is_called(title: str, name: str) -> None:
    made = rules.file_name(title, name)
    assert made.endswith(".pdf") and len(made) <= 170 and not re.search(r'[\x00-\x1f/\\:*?"<>|]', made)
    assert made.removesuffix(".pdf").strip(". ")


@pytest.mark.parametrize(("minutes", "hours"), [(0, None), (29, None), (30, 1), (60, 1), (89, 1), (90, 2)])
def test_workload_in_hours(minutes: int, hours: int | None) -> None:
    assert rules.hours(minutes) == hours


def test_awarding_and_revoking_stand_in_the_audit_log(
    app: Flask, alice: User, bob: User, dana: User, tea: Course, enrol: Callable[..., int]
) -> None:
    made = award(app, enrol(bob, tea), alice)
    assert made is not None
    with app.app_context(), work.unit():
        actions.revoke(made.id, by=dana.id, reason="Copied work", at=LATER)
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        noted = [(entry.action, entry.actor_id, entry.subject_name) for entry in entries]
        reasons = [entry.details["reason"] for entry in entries]
    assert noted == [
        ("certificate.awarded", alice.id, "Bob Brook"),
        ("certificate.revoked", dana.id, "Bob Brook"),
    ]
    assert reasons == ["Shown in the workshop", "Copied work"]
