"""Staff tell everybody in a course something, now or later."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor
from lms.discussions import announcements, jobs
from lms.discussions.models import Announcement
from lms.learning import actions as learning
from lms.notifications import telling
from lms.notifications.models import Email, Notice
from tests.factories import course
from tests.support import forms, sql
from tests.support.mail import text_of

HERE = "/courses/tea/announcements"


@pytest.fixture
def tea(app, alice, bob):
    made = course(app, alice)
    with app.app_context(), work.unit():
        learning.enroll(made.id, bob.id, clock.now())
    return made


def write(client, title="The kettle moved", body="It is in **room 5** now, see [the plan](/plan).", **more):
    return forms.post(client, f"{HERE}/new", {"title": title, "body": body, **more})


def test_everybody_in_the_course_hears_of_it_by_inbox_and_mail(
    app, tea, alice, bob, charlie, as_user, inbox, run_jobs
):
    answer = write(as_user(alice))
    assert (answer.status_code, answer.location) == (303, f"{HERE}#announcement-1")
    run_jobs()
    client = as_user(bob)
    assert "The kettle moved" in client.get("/inbox").text
    assert "<strong>room 5</strong>" in client.get(HERE).text
    assert "The kettle moved" in client.get("/courses/tea").text
    message = next(m for m in inbox.to("bob@example.org") if "kettle" in m["subject"])
    assert message["subject"] == "The kettle moved · The book of tea"
    assert f"http://localhost{HERE}#announcement-1" in text_of(message)
    html = message.get_body(("html",)).get_content()
    assert "<strong>room 5</strong>" in html
    assert 'href="http://localhost/plan"' in html
    assert not inbox.to("charlie@example.org")
    assert not inbox.to("alice@example.org")


def test_strangers_see_nothing_of_it(tea, alice, charlie, as_user, client):
    write(as_user(alice))
    assert client.get(HERE).status_code == 303
    assert as_user(charlie).get(HERE).status_code == 403
    assert "kettle" not in as_user(charlie).get("/courses/tea").text


def test_only_staff_write(tea, bob, alice, charlie, as_user, app):
    assert as_user(bob).get(f"{HERE}/new").status_code == 403
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=tea.id, user_id=charlie.id))
    assert as_user(charlie).get(f"{HERE}/new").status_code == 200


def test_what_is_missing_is_said_in_place_and_the_rest_kept(tea, alice, as_user, app):
    answer = write(as_user(alice), title="", body="Words that took long.")
    assert answer.status_code == 422
    assert "Give it a title" in answer.text
    assert "Words that took long." in answer.text
    with app.app_context():
        assert db.session.scalar(select(Announcement.id)) is None


def test_a_preview_publishes_nothing(tea, alice, as_user, app):
    client = as_user(alice)
    answer = write(client, body="A <script>x</script> **bold** word", preview="yes")
    assert answer.status_code == 200
    assert "<strong>bold</strong>" in answer.text
    assert "<script>x" not in answer.text
    with app.app_context():
        assert db.session.scalar(select(Announcement.id)) is None


def test_what_is_put_off_goes_out_when_its_time_comes(app, tea, alice, bob, as_user, inbox, run_jobs):
    later = clock.now() + timedelta(hours=3)
    client = as_user(alice)
    assert write(client, publish_at=f"{later:%Y-%m-%dT%H:%M}").status_code == 303
    run_jobs()
    assert "Not out yet" in client.get(HERE).text
    assert "kettle" not in as_user(bob).get(HERE).text
    for moment, is_out in ((later - timedelta(minutes=5), False), (later, True), (later, True)):
        with clock.stopped_at(moment):
            with app.app_context(), work.unit():
                jobs.publish_due.body()
            run_jobs()
        assert ("kettle" in as_user(bob).get(HERE).text) is is_out
    assert len([m for m in inbox.to("bob@example.org") if "kettle" in m["subject"]]) == 1


def test_a_correction_is_shown_and_sends_nothing(tea, alice, bob, as_user, inbox, run_jobs):
    client = as_user(alice)
    write(client)
    run_jobs()
    count = len(inbox.messages)
    assert (
        forms.post(client, f"{HERE}/1", {"title": "The kettle stayed", "body": "Sorry."}).status_code == 303
    )
    run_jobs()
    assert "The kettle stayed" in as_user(bob).get("/courses/tea").text
    assert "edited" in as_user(bob).get(HERE).text
    assert len(inbox.messages) == count


def test_a_deleted_one_is_gone_everywhere_and_is_no_longer_mailed(tea, alice, bob, as_user, inbox, run_jobs):
    client = as_user(alice)
    write(client)
    forms.post(client, f"{HERE}/1/removal", form_at=HERE)
    run_jobs()
    assert "kettle" not in as_user(bob).get("/courses/tea").text
    assert not [m for m in inbox.to("bob@example.org") if "kettle" in m["subject"]]


def test_a_draft_keeps_its_news_until_it_is_published(app, alice, as_user):
    course(app, alice, published=False)
    write(as_user(alice))
    for state, went_out in (("draft", 0), ("published", 1), ("published", 0)):
        with app.app_context(), work.unit():
            db.session.execute(update(Course).values(state=state))
            assert announcements.publish_due(clock.now()) == went_out


def test_two_thousand_learners_cost_as_many_statements_as_one(app, tea, alice, inbox):
    with app.app_context():
        db.session.execute(
            db.text(
                "insert into users (email, name, password_hash, role, is_active, is_verified_instructor, bio,"
                " language, time_zone) select 'm' || n || '@example.org', 'M', 'x', 'student', true, false, '',"
                " 'en', 'UTC' from generate_series(1, 2000) n"
            )
        )
        db.session.execute(
            db.text(
                "insert into enrollments (course_id, user_id, state, enrolled_at, last_active_at)"
                " select :course, id, 'active', now(), now() from users where name = 'M'"
            ),
            {"course": tea.id},
        )
        db.session.commit()
    with app.app_context(), work.unit():
        number = announcements.announce(tea, alice.id, "The kettle moved", "Room 5.", None, clock.now()).id
    with sql.count(app) as seen, app.app_context(), work.unit():
        telling.announcement(number, clock.now())
    assert len(seen) == 5
    with app.app_context():
        assert len(db.session.scalars(select(Notice.id)).all()) == 2001
        assert len(db.session.scalars(select(Email.id)).all()) == 2001


def test_the_page_costs_three_statements_and_one_more_when_there_is_something_new(
    app, tea, alice, bob, as_user
):
    writer, client = as_user(alice), as_user(bob)
    for number in range(4):
        write(writer, title=f"News {number}")
    for most in (4, 3):
        with sql.count(app) as seen:
            assert "News 3" in client.get(HERE).text
        assert len(seen) == most
    page = client.get("/courses/tea").text
    assert "News 3" in page
    assert "News 0" not in page, "the course's page names the latest three"
