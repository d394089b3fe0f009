"""An admin who looks at the site as somebody gets to know nothing by which they could act as that person later."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from lms.accounts import gate, invitations, second_factor, tokens
from lms.accounts.models import AccountToken, Invitation, User
from lms.calendars import actions as calendars
from lms.calendars.models import CalendarFeed
from lms.core import clock, work
from lms.core.db import db
from lms.notifications import unsubscribing
from tests.architecture import rights
from tests.architecture.test_rights import address, is_for_programs, parameters
from tests.support import forms, school
from tests.support.school import School

OF_ONESELF = gate.PRIVATE | {"membership.privacy", "membership.download_export", "membership.erase"}
LEADS_AWAY = {"membership.end_view_as"}


@pytest.fixture(scope="module")
def guarded_school(application: Flask) -> Iterator[School]:
    """Everybody has whatever can be kept secret."""
    place = school.built(application)
    with application.app_context(), work.unit():
        for person in db.session.scalars(select(User)).all():
            calendars.renew(person.id, clock.now())
            second_factor.begin_setup(person)
            tokens.issue(person, "reset_password", clock.now())
    yield place


def secrets(place: School, name: str) -> dict[str, str]:
    """What each secret is for, and the secret."""
    with place.app.test_request_context():
        person = db.session.get_one(User, place.people[name].id)
        feed = db.session.scalars(select(CalendarFeed.id).where(CalendarFeed.user_id == person.id)).one()
        links = db.session.scalars(select(AccountToken).where(AccountToken.user_id == person.id)).all()
        return {
            "calendar": calendars.token(feed),
            "second factor": second_factor.key_for(person),
            "password": person.password_hash,
            **{
                f"unsubscribing {kind}": unsubscribing.address(person.id, kind)
                for kind in ("enrolled", "digest")
            },
            **{f"link {link.purpose}": tokens.secret(link.id, link.purpose) for link in links},
            **{
                f"invitation {row}": invitations.secret(row)
                for row in db.session.scalars(select(Invitation.id))
            },
        }


def pages(place: School) -> dict[str, str]:
    """The address of every route that can be looked at, about everything that the table of rights knows."""
    return {
        str(row): address(place.app, row.endpoint, parameters(place, row.on))
        for row in rights.ROWS
        if row.method == "GET" and not is_for_programs(row.endpoint) and row.endpoint not in LEADS_AWAY
    }


@pytest.mark.parametrize("name", ["bob", "alice"])
def test_no_page_shows_a_lasting_secret_to_who_looks(guarded_school: School, name: str) -> None:
    place, person = guarded_school, guarded_school.people[name]
    hidden = secrets(place, name)
    assert hidden["calendar"] in place.client(name).get("/calendar").text, "its owner reads it"
    dana = place.client("dana")
    there = f"/admin/users/{person.id}"
    assert forms.post(dana, f"{there}/view-as", form_at=there).status_code == 303
    shown = {}
    for row, path in pages(place).items():
        answer = dana.get(path)
        text = answer.data.decode(errors="replace") + str(answer.headers)
        shown |= {f"{row}: {what}": path for what, secret in hidden.items() if secret in text}
    assert shown == {}


@pytest.mark.parametrize("endpoint", sorted(OF_ONESELF))
def test_what_is_private_is_not_even_opened(guarded_school: School, endpoint: str) -> None:
    place, bob = guarded_school, guarded_school.people["bob"]
    dana = place.client("dana")
    forms.post(dana, f"/admin/users/{bob.id}/view-as", form_at=f"/admin/users/{bob.id}")
    path = address(place.app, endpoint, parameters(place, "tea"))
    assert dana.get(path).status_code in (403, 404)
