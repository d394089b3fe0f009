"""One's own data: the copy, and being forgotten."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.accounts.models import AuditEntry, User, UserSession
from lms.admin.actions import privacy
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.core.models import Task
from lms.files import actions as files
from lms.files import storage
from lms.files.models import StoredFile
from lms.learning.models import Enrollment
from lms.notifications.models import Email
from lms.quizzes.models import Answer, Attempt
from tests.factories import PASSWORD, course, person
from tests.support import school
from tests.support.forms import post

SURE = {"password": PASSWORD, "sure": "y"}


@pytest.fixture
def place(app):
    """Bob is enrolled, has attempts and a certificate with a PDF."""
    built = school.built(app)
    with app.app_context(), work.unit():
        attempt = built.values["tea closed"]
        stored = files.keep(b"%PDF-1.4 for bob alone", "application/pdf")
        db.session.execute(update(Certificate).values(file_id=stored.id))
        db.session.merge(
            Answer(attempt_id=attempt, slot=0, response={"option": "2"}, seq=1, saved_at=clock.now())
        )
    return built


def copy_of(client, run_jobs):
    assert post(client, "/privacy/exports", form_at="/privacy").status_code == 303
    assert "progress" in client.get("/privacy").text
    run_jobs()
    return re.search(r"/privacy/exports/\d+", client.get("/privacy").text)[0]


def unpacked(client, path):
    answer = client.get(path)
    assert answer.mimetype == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_the_copy_holds_everything_to_read_and_as_json(place, run_jobs):
    client = place.client("bob")
    archive = unpacked(client, copy_of(client, run_jobs))
    names = set(archive.namelist())
    attempt = place.values["tea closed"]
    assert {"index.html", "data.json", "style.css", f"receipts/attempt-{attempt}.html"} <= names
    assert f"certificates/{school.NUMBER}.pdf" in names
    data = json.loads(archive.read("data.json"))
    assert data["profile"][0]["email"] == "bob@example.org"
    assert {row["course"] for row in data["enrollments"]} == {"The book of tea", "The book of attic"}
    closed = next(row for row in data["attempts"] if row["id"] == attempt)
    assert closed["answers"][0]["answer"] == "After four"
    page = archive.read("index.html").decode()
    assert "Bob" in page and school.NUMBER in page and "The book of tea" in page
    assert "After four" in archive.read(f"receipts/attempt-{attempt}.html").decode()


def test_no_secret_and_nobody_else_is_in_the_copy(place, run_jobs):
    client = place.client("bob")
    archive = unpacked(client, copy_of(client, run_jobs))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    for secret in ("password_hash", "token_hash", "$2b$", "charlie@example.org", "weight"):
        assert secret not in everything


def test_the_copy_says_what_was_done_to_somebody_and_not_from_where(place, run_jobs):
    bob, dana = place.client("bob"), place.client("dana")
    away = {"REMOTE_ADDR": "192.0.2.77"}
    at = f"/admin/users/{place.people['bob'].id}"
    assert post(dana, f"{at}/view-as", form_at=at, environ_base=away).status_code == 303
    archive = unpacked(bob, copy_of(bob, run_jobs))
    log = {row["action"]: row["address"] for row in json.loads(archive.read("data.json"))["log"]}
    assert log["view_as.started"] == "" and "192.0.2.77" not in archive.read("index.html").decode()
    assert "began to view as" in archive.read("index.html").decode()


def test_the_portrait_is_in_the_copy(place, run_jobs):
    client = place.client("bob")
    assert unpacked(client, copy_of(client, run_jobs)).read("portrait.webp")[8:12] == b"WEBP"


def test_the_copy_is_its_owners_alone_and_for_seven_days(place, run_jobs):
    client = place.client("bob")
    path = copy_of(client, run_jobs)
    assert place.client("charlie").get(path).status_code == 404
    assert place.client("dana").get(path).status_code == 404
    with clock.stopped_at(clock.now() + timedelta(days=8)):
        assert client.get(path).status_code == 404
        with place.app.app_context(), work.unit():
            key = db.session.scalar(
                select(Task.result["key"].astext).where(Task.kind == "admin.export_personal")
            )
            assert privacy.clean_up(clock.now()) == 1
        with place.app.app_context(), pytest.raises(FileNotFoundError):
            storage.read(key)


def test_pressing_twice_makes_one_copy(place):
    client = place.client("bob")
    for _ in range(2):
        post(client, "/privacy/exports", form_at="/privacy")
    with place.app.app_context():
        assert (
            db.session.scalar(
                select(func.count()).select_from(Task).where(Task.kind == "admin.export_personal")
            )
            == 1
        )


def test_the_dry_run_shows_what_goes_and_changes_nothing(place):
    client = place.client("bob")
    text = client.get("/privacy/erasure").text
    assert "so that it can be verified" in text
    assert "Erase my account" in text
    with place.app.app_context():
        assert db.session.get_one(User, place.people["bob"].id).is_active


def test_it_takes_the_password_and_a_tick(place):
    client = place.client("bob")
    for fields in ({}, {"password": PASSWORD}, {**SURE, "password": "a guess of mine"}):
        assert post(client, "/privacy/erasure", fields).status_code == 422
    assert client.get("/profile").status_code == 200


def test_after_erasure_nobody_is_left_but_the_certificate_is_verified(place, run_jobs):
    app, client, elsewhere, bob = place.app, place.client("bob"), place.client("bob"), place.people["bob"]
    with app.app_context():
        key = db.session.scalar(
            select(StoredFile.key).join(Certificate, Certificate.file_id == StoredFile.id)
        )
    answer = post(client, "/privacy/erasure", SURE)
    assert answer.status_code == 303
    assert client.get("/profile").status_code == elsewhere.get("/profile").status_code == 303, (
        "signed out at once"
    )
    assert "being erased" in client.get(answer.location).text
    run_jobs()
    assert "is erased" in client.get(answer.location).text
    assert (
        post(app.test_client(), "/sign-in", {"email": "bob@example.org", "password": PASSWORD}).status_code
        == 422
    )
    page = app.test_client().get(f"/verify/{school.NUMBER}").text
    assert "Name removed" in page and "Bob" not in page and "valid" in page
    with app.app_context():
        user = db.session.get_one(User, bob.id)
        assert user.erased_at and not user.is_active and "bob" not in f"{user.name}{user.email}".lower()
        assert db.session.scalars(
            select(Answer.response).join(Attempt).where(Attempt.user_id == bob.id)
        ).all() == [None]
        assert set(db.session.scalars(select(Attempt.state).where(Attempt.user_id == bob.id))) == {"graded"}
        assert set(db.session.scalars(select(Enrollment.state).where(Enrollment.user_id == bob.id))) == {
            "dropped"
        }
        for table, column in ((UserSession, UserSession.user_id), (Email, Email.user_id)):
            assert db.session.scalar(select(func.count()).select_from(table).where(column == bob.id)) == 0
        with pytest.raises(FileNotFoundError):
            storage.read(key)
        assert "privacy.erased" in db.session.scalars(select(AuditEntry.action)).all()


def test_doing_the_erasure_again_changes_nothing(place, run_jobs):
    client = place.client("bob")
    post(client, "/privacy/erasure", SURE)
    run_jobs()
    with place.app.app_context(), work.unit():
        assert privacy.erase(place.people["bob"].id, 0, clock.now(), lambda *_: None) == {"remove": []}


def test_who_owns_courses_hands_them_over_first(place):
    client = place.client("alice")
    assert "You own courses" in client.get("/privacy/erasure").text
    assert post(client, "/privacy/erasure", SURE, form_at="/profile").status_code == 422
    assert client.get("/profile").status_code == 200


def test_the_last_admin_stays(place):
    client = place.client("dana")
    assert "last administrator" in client.get("/privacy/erasure").text
    assert post(client, "/privacy/erasure", SURE, form_at="/profile").status_code == 422


def test_an_erased_account_stays_erased(place, run_jobs):
    post(place.client("bob"), "/privacy/erasure", SURE)
    run_jobs()
    admin, bob = place.client("dana"), place.people["bob"]
    assert "Erased account" in admin.get(f"/admin/users/{bob.id}").text
    answer = post(admin, f"/admin/users/{bob.id}/activation", {"active": "yes"}, form_at="/admin/users/new")
    assert answer.status_code == 404
    person(place.app, "Bob", "bob@example.org")
    course(place.app, place.people["alice"], slug="again")


def test_a_made_up_ticket_is_not_found(client):
    assert client.get("/privacy/erasures/1").status_code == 404
    assert client.get("/privacy/erasures/MQ.forged").status_code == 404
