"""What programs read and change: their owner's own, what their owner teaches, and never more."""

from http import HTTPStatus

import pytest
from sqlalchemy import select, update

from lms.accounts.models import AuditEntry
from lms.certificates.models import Certificate
from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.learning import actions
from lms.learning.models import Enrollment
from lms.quizzes.models import Attempt, Quiz
from tests import factories
from tests.support import quizzes, sql

ROOT = "/api/v1"


@pytest.fixture
def tea(app, alice):
    return factories.course(app, alice, slug="tea", lessons=3)


def enrolled(app, course, user):
    with app.app_context(), work.unit():
        return actions.enroll(course.id, user.id, clock.now()).enrollment_id


def changed(app, course, **values):
    with app.app_context(), work.unit():
        row = db.session.get(Course, course.id)
        for name, value in values.items():
            setattr(row, name, value)


def slugs(client, token, path="/courses", **query):
    return [row["slug"] for row in client.get(ROOT + path, headers=token, query_string=query).json["items"]]


def test_courses_are_those_that_one_may_see(app, client, alice, bob, dana, tea, token_for):
    draft = factories.course(app, alice, slug="attic", published=False)
    assert slugs(client, token_for(bob)) == ["tea"]
    assert slugs(client, token_for(alice)) == ["tea", "attic"]
    assert slugs(client, token_for(dana)) == ["tea", "attic"]
    assert slugs(client, token_for(None, "read:courses", maker=dana)) == ["tea"]
    assert slugs(client, token_for(None, maker=dana)) == ["tea", "attic"]
    assert client.get(f"{ROOT}/courses/attic", headers=token_for(bob)).status_code == 404
    changed(app, draft, state="published", access="code", access_code="sesame")
    assert "sesame" not in client.get(f"{ROOT}/courses/attic", headers=token_for(bob)).text


def test_a_course_comes_with_its_outline_and_without_texts(app, client, alice, bob, tea, token_for):
    with app.app_context(), work.unit():
        db.session.scalars(select(Lesson).where(Lesson.slug == "lesson-3")).one().is_published = False
    answer = client.get(f"{ROOT}/courses/tea", headers=token_for(bob))
    [module] = answer.json["modules"]
    assert [lesson["slug"] for lesson in module["lessons"]] == ["lesson-1", "lesson-2"]
    assert answer.json["url"] == "http://localhost/courses/tea"
    assert "Words of lesson" not in answer.text
    to_alice = client.get(f"{ROOT}/courses/tea", headers=token_for(alice)).json
    assert len(to_alice["modules"][0]["lessons"]) == 3


def test_lists_come_in_pages_that_miss_nothing(app, client, alice, bob, token_for):
    for number in range(5):
        factories.course(app, alice, slug=f"course-{number}")
    token, seen, cursor = token_for(bob), [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"{ROOT}/courses", headers=token, query_string=query).json
        seen += [row["slug"] for row in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == [f"course-{number}" for number in range(5)]


def test_a_cursor_is_of_its_list_and_of_nobodys_making(app, client, alice, bob, tea, token_for):
    factories.course(app, alice, slug="second")
    token = token_for(bob)
    cursor = client.get(f"{ROOT}/courses?limit=1", headers=token).json["next"]
    for path in (f"/grades?cursor={cursor}", f"/courses?cursor={cursor}x", "/courses?cursor=MQ"):
        answer = client.get(ROOT + path, headers=token)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "cursor"


def test_enrolling_and_leaving(app, client, bob, tea, token_for):
    token = token_for(bob)
    first = client.post(f"{ROOT}/enrollments", headers=token, json={"course": "tea"})
    again = client.post(f"{ROOT}/enrollments", headers=token, json={"course": "tea"})
    assert (first.status_code, first.json["new"]) == (201, True)
    assert (again.status_code, again.json["new"]) == (200, False)
    assert first.json["enrollment"] == again.json["enrollment"]
    [mine] = client.get(f"{ROOT}/enrollments", headers=token).json["items"]
    assert (mine["course"], mine["state"], mine["lessons_required"], mine["percent"]) == (
        "tea",
        "active",
        3,
        0,
    )
    assert client.delete(f"{ROOT}/enrollments/tea", headers=token).status_code == 204
    assert client.delete(f"{ROOT}/enrollments/tea", headers=token).status_code == 204, "sent once more"
    assert client.delete(f"{ROOT}/enrollments/none", headers=token).status_code == 404
    assert client.get(f"{ROOT}/enrollments", headers=token).json["items"][0]["state"] == "dropped"


def test_a_course_that_takes_nobody_says_why(app, client, bob, tea, token_for):
    changed(app, tea, access="code", access_code="sesame")
    token = token_for(bob)
    refused = client.post(f"{ROOT}/enrollments", headers=token, json={"course": "tea"})
    assert (refused.status_code, refused.json["reason"]) == (409, "code")
    let_in = client.post(f"{ROOT}/enrollments", headers=token, json={"course": "tea", "code": "sesame"})
    assert let_in.status_code == 201


def test_a_service_enrolls_by_address_whoever_may_not_enroll_alone(app, client, bob, dana, tea, token_for):
    changed(app, tea, access="invitation")
    token = token_for(None, maker=dana)
    order = {"course": "tea", "learner": "BOB@example.org"}
    assert client.post(f"{ROOT}/enrollments", headers=token, json=order).status_code == 201
    assert client.post(f"{ROOT}/enrollments", headers=token, json=order).status_code == 200
    left = client.delete(f"{ROOT}/enrollments/tea?learner=bob@example.org", headers=token)
    assert left.status_code == 204
    own = token_for(bob)
    refused = client.post(f"{ROOT}/enrollments", headers=own, json={"course": "tea"})
    assert (refused.status_code, refused.json["reason"]) == (409, "invitation"), "who was taken out stays out"
    back = client.post(f"{ROOT}/enrollments", headers=token, json=order)
    assert (back.status_code, back.json["new"]) == (201, True)
    assert client.delete(f"{ROOT}/enrollments/tea", headers=own).status_code == 204
    again = client.post(f"{ROOT}/enrollments", headers=own, json={"course": "tea"})
    assert again.status_code == 201, "who left by themselves comes back by themselves"
    unknown = client.post(f"{ROOT}/enrollments", headers=token, json=order | {"learner": "no@example.org"})
    assert unknown.status_code == 404
    nobody = client.post(f"{ROOT}/enrollments", headers=token, json={"course": "tea"})
    assert nobody.json["errors"][0]["field"] == "learner"
    with app.app_context():
        log = db.session.execute(
            select(AuditEntry.actor_name, AuditEntry.action, AuditEntry.subject_id, AuditEntry.details)
            .where(AuditEntry.action.startswith("enrollment."))
            .order_by(AuditEntry.id)
        ).all()
    assert log == [
        ("a program", "enrollment.made", bob.id, {"course": "tea"}),
        ("a program", "enrollment.ended", bob.id, {"course": "tea"}),
        ("a program", "enrollment.made", bob.id, {"course": "tea"}),
    ], "what changed nothing is not in the log"


def test_nobody_enrolls_somebody_else(app, client, bob, charlie, alice, dana, tea, token_for):
    order = {"course": "tea", "learner": "charlie@example.org"}
    for person in (bob, alice, dana):
        assert client.post(f"{ROOT}/enrollments", headers=token_for(person), json=order).status_code == 403
    with app.app_context():
        assert db.session.scalar(select(Enrollment.id)) is None


def test_progress_names_each_lesson(app, client, bob, charlie, tea, token_for):
    number = enrolled(app, tea, bob)
    with app.app_context(), work.unit():
        lesson = db.session.scalars(select(Lesson.id).where(Lesson.slug == "lesson-1")).one()
        actions.complete_lesson(number, lesson, (), clock.now())
    mine = client.get(f"{ROOT}/courses/tea/progress", headers=token_for(bob)).json
    assert (mine["lessons_completed"], mine["lessons_required"], mine["percent"]) == (1, 3, 33)
    assert [lesson["state"] for lesson in mine["lessons"]] == ["completed", "not_started", "not_started"]
    assert client.get(f"{ROOT}/courses/tea/progress", headers=token_for(charlie)).status_code == 404


def test_who_teaches_reads_of_their_learners_and_others_do_not(app, client, alice, bob, dana, tea, token_for):
    erin = factories.person(app, "Erin Elm", "erin@example.org", role="instructor")
    enrolled(app, tea, bob)
    for path in (
        f"/teaching/courses/tea/{name}" for name in ("enrollments", "grades", "gradebook", "certificates")
    ):
        assert client.get(ROOT + path, headers=token_for(alice)).status_code == 200
        assert client.get(ROOT + path, headers=token_for(dana)).status_code == 200
        assert client.get(ROOT + path, headers=token_for(erin)).status_code == 404
        assert client.get(ROOT + path, headers=token_for(bob)).status_code == 403
    [row] = client.get(f"{ROOT}/teaching/courses/tea/enrollments", headers=token_for(alice)).json["items"]
    assert row["learner"] == {"id": bob.id, "name": "Bob Brook", "email": "bob@example.org"}
    assert slugs(client, token_for(erin), "/teaching/courses") == []


def test_a_list_of_learners_costs_the_same_for_one_and_for_many(app, client, alice, tea, token_for):
    token, path = token_for(alice), f"{ROOT}/teaching/courses/tea/enrollments"
    client.get(path, headers=token)
    counts = []
    for amount in (1, 10):
        for number in range(amount):
            enrolled(app, tea, factories.person(app, "A Learner", f"l{amount}-{number}@example.org"))
        with sql.count(app) as seen:
            client.get(path, headers=token)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4


def test_what_has_not_changed_is_not_sent_again(client, bob, tea, token_for):
    token = token_for(bob)
    first = client.get(f"{ROOT}/courses", headers=token)
    again = client.get(f"{ROOT}/courses", headers=token | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("GET", "/courses/nothing", {}, 404),
        ("GET", "/nothing", {}, 404),
        ("DELETE", "/courses", {}, 405),
        ("GET", "/courses?limit=0", {}, 422),
        ("GET", "/courses?limit=many", {}, 422),
        ("GET", "/courses?sort=title", {}, 422),
        ("GET", "/courses?limit=1&limit=2", {}, 422),
        ("POST", "/enrollments", {"data": "course=tea"}, 415),
        ("POST", "/enrollments", {"json": {}}, 422),
        ("POST", "/enrollments", {"json": ["tea"]}, 422),
        ("POST", "/enrollments", {"json": {"course": 7}}, 422),
        ("POST", "/enrollments", {"json": {"course": "tea\x00"}}, 422),
        ("POST", "/enrollments", {"json": {"course": "tea", "code": "\ud800"}}, 422),
        ("POST", "/enrollments", {"json": {"course": "tea", "role": "admin"}}, 422),
        ("POST", "/enrollments", {"data": b"{", "content_type": "application/json"}, 422),
        ("POST", "/enrollments", {"data": b"[" * 50_000, "content_type": "application/json"}, 422),
        ("POST", "/enrollments", {"json": {"course": "a" * 70_000}}, 413),
        ("DELETE", "/enrollments/tea?learner=x@example.org", {}, 403),
    ],
)
def test_every_refusal_is_a_problem(client, bob, token_for, method, path, more, status):
    answer = client.open(ROOT + path, method=method, headers=token_for(bob), **more)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["status"] == status and answer.json["title"] == HTTPStatus(status).phrase
    assert answer.headers["Cache-Control"] == "no-store"


def handed_in(app, quiz, enrollment, user, percent):
    with app.app_context(), work.unit():
        db.session.add(
            Attempt(
                quiz_id=quiz.id,
                user_id=user.id,
                enrollment_id=enrollment.id,
                number=1,
                state="graded",
                layout=[],
                started_at=factories.NOW,
                submitted_at=factories.NOW,
                closed_by="learner",
                percent=percent,
                passed=percent >= 70,
            )
        )


@pytest.mark.parametrize(
    ("reveal", "told"), [("submission", (True, 80.0, True)), ("close", (False, None, None))]
)
def test_results_are_told_no_sooner_than_on_their_page(
    app, client, alice, bob, charlie, tea, token_for, reveal, told
):
    quiz = quizzes.quiz(app, tea, reveal_score=reveal)
    handed_in(app, quiz, quizzes.enrolled(app, bob, tea), bob, 80)
    answer = client.get(f"{ROOT}/grades", headers=token_for(bob))
    [mine] = answer.json["items"]
    assert (mine["score_shown"], mine["percent"], mine["passed"]) == told
    assert client.get(f"{ROOT}/grades?course=other", headers=token_for(bob)).json["items"] == []
    assert client.get(f"{ROOT}/grades", headers=token_for(charlie)).json["items"] == []
    [hers] = client.get(f"{ROOT}/teaching/courses/tea/grades", headers=token_for(alice)).json["items"]
    assert (hers["percent"], hers["learner"]["name"]) == (80.0, "Bob Brook")
    for secret in ("layout", "answer", "key", "option"):
        assert f'"{secret}' not in answer.text


@pytest.mark.parametrize(
    "gone",
    [
        update(Quiz).values(is_published=False),
        update(Quiz).values(removed_at=factories.NOW),
        update(Lesson).values(is_published=False),
        update(Lesson).values(removed_at=factories.NOW),
    ],
    ids=("hidden", "taken out", "hidden lesson", "removed lesson"),
)
def test_results_of_what_learners_no_longer_see_are_told_to_staff_alone(
    app, client, alice, bob, tea, token_for, gone
):
    quiz = quizzes.quiz(app, tea)
    handed_in(app, quiz, quizzes.enrolled(app, bob, tea), bob, 80)
    with app.app_context(), work.unit():
        db.session.execute(gone)
    assert client.get(f"{ROOT}/grades", headers=token_for(bob)).json["items"] == []
    assert len(client.get(f"{ROOT}/teaching/courses/tea/grades", headers=token_for(alice)).json["items"]) == 1


def test_certificates_are_ones_own(app, client, bob, charlie, tea, token_for):
    number = enrolled(app, tea, bob)
    with app.app_context(), work.unit():
        db.session.add(
            Certificate(
                number="CERT-20260302-ABCDEFGHJK",
                enrollment_id=number,
                user_id=bob.id,
                course_id=tea.id,
                recipient="Bob Brook",
                course_title="The book of tea",
                completed_on=factories.NOW.date(),
                issued_at=factories.NOW,
            )
        )
    [mine] = client.get(f"{ROOT}/certificates", headers=token_for(bob)).json["items"]
    assert mine["verify_url"] == "http://localhost/verify/CERT-20260302-ABCDEFGHJK"
    assert mine["completed_on"] == "2026-03-02"
    assert client.get(f"{ROOT}/certificates", headers=token_for(charlie)).json["items"] == []
