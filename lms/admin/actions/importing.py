"""Bringing people and their enrollments in from a CSV file: first what would happen, then doing it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lms.accounts import audit, bulk, invitations
from lms.accounts.models import User
from lms.core.db import db
from lms.courses.models import Course
from lms.learning import admission, rules
from lms.learning.models import Enrollment
from lms.notifications import inviting

Tell = Callable[[int, int, str], None]

SHOWN = 200
"""New accounts that a report names, and bad rows that its page shows; a file has every bad row."""


def run(data: bytes, *, owner: User, invite: bool, dry_run: bool, at: datetime, tell: Tell) -> dict[str, Any]:
    """Judge the file and, unless it is a dry run, bring its good rows in. Doing it twice changes nothing.

    Returns the report as plain values. Accounts that exist keep their name, role and language.
    """
    tell(0, 3, "reading")
    try:
        reading = bulk.read(data)
    except bulk.Unreadable as error:
        return {"refused": str(error)}
    tell(1, 3, "checking")
    courses = _courses({person.course for person in reading.people if person.course})
    people = [person for person in reading.people if not person.course or person.course in courses]
    bad = reading.bad + [
        bulk.BadRow(person.line, f"{person.name}, {person.email}, {person.course}", _no_course(person.course))
        for person in reading.people
        if person.course and person.course not in courses
    ]
    accounts = bulk.known([person.key for person in people])
    fresh = {person.key: person for person in people if person.key not in accounts}
    report = {
        "rows": len(people),
        "bad_total": len(bad),
        "bad": [asdict(row) for row in sorted(bad, key=lambda row: row.line)],
        "repeated": reading.repeated,
        "new_total": len(fresh),
        "new": [f"{person.name} <{person.email}>" for person in list(fresh.values())[:SHOWN]],
        "known": len({person.key for person in people} & set(accounts)),
    }
    if dry_run:
        return {**report, "enrollments": _missing(people, courses, accounts)}
    accounts |= bulk.create(list(fresh.values()), at)
    enrolled = _enroll(people, courses, accounts, at, tell)
    invited = _invite(list(fresh.values()), owner, at, tell) if invite else 0
    report |= {"enrollments": enrolled, "invited": invited}
    audit.record(
        "people.imported",
        at,
        subject_kind="import",
        actor_id=owner.id,
        actor_name=owner.name,
        created=len(fresh),
        enrolled=enrolled,
        invited=invited,
        left_out=len(bad),
    )
    return report


def _no_course(slug: str) -> str:
    return str(_("There is no course “%(slug)s”; write the last part of its address.", slug=slug[:100]))


def _courses(slugs: set[str]) -> dict[str, int]:
    return {
        row.slug: row.id
        for row in db.session.execute(
            select(Course.slug, Course.id).where(Course.slug.in_(slugs), Course.state != "archived")
        )
    }


def _missing(people: list[bulk.Person], courses: dict[str, int], accounts: dict[str, int]) -> int:
    """How many enrollments would be new."""
    wanted = {(courses[p.course], accounts.get(p.key), p.key) for p in people if p.course}
    there: set[tuple[int, int]] = set()
    for course_id in set(courses.values()):
        there |= {
            (course_id, user_id)
            for user_id in db.session.scalars(
                select(Enrollment.user_id).where(
                    Enrollment.course_id == course_id, Enrollment.state.in_(rules.READERS)
                )
            )
        }
    return sum((course_id, user_id) not in there for course_id, user_id, _person in wanted)


def _enroll(
    people: list[bulk.Person], courses: dict[str, int], accounts: dict[str, int], at: datetime, tell: Tell
) -> int:
    enrolled, done, total = 0, 0, sum(1 for person in people if person.course)
    for slug, course_id in sorted(courses.items()):
        learners = [accounts[person.key] for person in people if person.course == slug]
        for start in range(0, len(learners), bulk.BATCH):
            tell(done, total, "enrolling")
            part = learners[start : start + bulk.BATCH]
            enrolled += admission.admit(course_id, part, at, quiet=True)
            done += len(part)
    return enrolled


def _invite(people: list[bulk.Person], owner: User, at: datetime, tell: Tell) -> int:
    for done, person in enumerate(people):
        if done % 200 == 0:
            tell(done, len(people), "inviting")
        invitation = invitations.invite(
            person.email, name=person.name, role=person.role, by_id=owner.id, at=at
        )
        inviting.mail(invitation, person.language, at)
    return len(people)
