"""What is new to somebody since they looked, and how many questions wait for the staff."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Course, Lesson
from lms.discussions import announcements, personal
from lms.discussions.models import Announcement, AnnouncementsSeen, Post, Seen
from lms.learning import actions as learning
from tests.factories import course, person
from tests.support import forms, sql

HERE = "/courses/tea/discussion"
LESSON = "/courses/tea/lessons/lesson-1"
NEWS = "/courses/tea/announcements"
COUNT = re.compile(r"(\d+) questions? with something new")


@pytest.fixture
def tea(app, alice, bob):
    """Bob and erin learn, alice teaches."""
    made = course(app, alice)
    made.erin = person(app, "Erin Eden", "erin@example.org")
    with app.app_context(), work.unit():
        for user in (bob, made.erin):
            learning.enroll(made.id, user.id, clock.now())
    return made


def ask(client, title="Why is it bitter?"):
    return forms.post(client, f"{HERE}/new/lesson-1", {"title": title, "body": "I waited."})


def reply(client, number=1):
    return forms.post(
        client, f"{HERE}/{number}/replies", {"body": "Three minutes."}, form_at=f"{HERE}/{number}"
    )


def new(client, page):
    """How many questions with something new a page tells of."""
    told = COUNT.search(client.get(page).text)
    return int(told[1]) if told else 0


def marked(client, **query):
    return client.get(HERE, query_string=query).text.count("Something new:")


def test_a_question_is_new_to_others_until_they_look_and_again_with_a_reply(tea, alice, bob, as_user):
    asker, reader, teacher = as_user(bob), as_user(tea.erin), as_user(alice)
    ask(asker)
    asker.get(f"{HERE}/1")
    for page in (LESSON, "/courses/tea"):
        assert [new(each, page) for each in (asker, reader, teacher)] == [0, 1, 1]
    assert (marked(asker), marked(reader)) == (0, 1)
    reader.get(f"{HERE}/1")
    assert (new(reader, LESSON), new(reader, "/courses/tea"), marked(reader)) == (0, 0, 0)
    reply(teacher)
    assert [new(each, LESSON) for each in (asker, reader)] == [1, 1]
    assert marked(reader, show="new") == 1
    asker.get(f"{HERE}/1")
    assert [new(each, LESSON) for each in (asker, reader)] == [0, 1]
    assert "There are none of these" in asker.get(f"{HERE}?show=new").text


def test_the_list_alone_marks_nothing_as_seen(tea, bob, as_user):
    ask(as_user(bob))
    reader = as_user(tea.erin)
    assert (marked(reader), marked(reader)) == (1, 1)


def test_replies_on_a_page_that_was_not_opened_stay_new(app, tea, alice, bob, as_user):
    ask(as_user(bob))
    with app.app_context(), work.unit():
        asked = db.session.scalars(select(Post)).one()
        late = asked.created_at + timedelta(hours=1)
        facts = {"course_id": tea.id, "lesson_id": asked.lesson_id, "question_id": 1, "author_id": alice.id}
        for minute in range(60):
            at = asked.created_at + timedelta(minutes=minute + 1)
            db.session.execute(
                insert(Post).values(**facts, body="Yes.", body_html="<p>Yes.</p>", created_at=at, last_at=at)
            )
        asked.reply_count, asked.last_at = 60, late
    reader = as_user(tea.erin)
    reader.get(f"{HERE}/1")
    assert new(reader, LESSON) == 1
    reader.get(f"{HERE}/1?page=2")
    assert new(reader, LESSON) == 0


def test_what_was_said_before_somebody_came_or_marks_began_is_not_new(app, tea, bob, charlie, alice, as_user):
    ask(as_user(bob))
    with app.app_context(), work.unit():
        learning.enroll(tea.id, charlie.id, clock.now())
    assert new(as_user(charlie), LESSON) == 0
    with app.app_context(), work.unit():
        db.session.execute(update(Course).values(news_from=datetime.now(UTC) + timedelta(hours=1)))
    assert new(as_user(alice), LESSON) == new(as_user(tea.erin), LESSON) == 0


def test_questions_of_lessons_that_are_closed_to_the_reader_or_hidden_count_nowhere(app, tea, bob, as_user):
    ask(as_user(bob))
    reader = as_user(tea.erin)
    with app.app_context(), work.unit():
        db.session.execute(
            update(Lesson).where(Lesson.slug == "lesson-1").values(release={"date": "2126-01-01"})
        )
    assert (new(reader, "/courses/tea"), marked(reader)) == (0, 0)
    with app.app_context(), work.unit():
        db.session.execute(update(Lesson).values(release=None))
        db.session.execute(update(Post).values(hidden_at=clock.now()))
    assert (new(reader, "/courses/tea"), new(reader, LESSON), marked(reader)) == (0, 0, 0)


def test_an_announcement_is_new_until_the_announcements_are_looked_at(tea, alice, bob, as_user):
    teacher, reader = as_user(alice), as_user(bob)
    forms.post(teacher, f"{NEWS}/new", {"title": "The kettle moved", "body": "To room 5."})
    assert ">New</span>" in reader.get("/courses/tea").text
    assert "New:" in reader.get(NEWS).text
    assert ">New</span>" not in reader.get("/courses/tea").text
    assert "New:" not in reader.get(NEWS).text


def test_what_one_announced_oneself_is_not_new(tea, alice, as_user):
    teacher = as_user(alice)
    forms.post(teacher, f"{NEWS}/new", {"title": "The kettle moved", "body": "To room 5."})
    page = teacher.get(NEWS).text
    assert "The kettle moved" in page
    assert "New:" not in page
    assert ">New</span>" not in teacher.get("/courses/tea").text
    assert "New:" in as_user(tea.erin).get(NEWS).text


def test_what_one_announced_for_later_is_not_new_when_it_goes_out(app, tea, alice, as_user):
    teacher = as_user(alice)
    with app.app_context(), work.unit():
        later = clock.now() + timedelta(minutes=1)
        announcements.announce(
            db.session.get(Course, tea.id), alice.id, "The kettle moved", "To room 5.", later, clock.now()
        )
        assert announcements.publish_due(later) == 1
    page = teacher.get("/courses/tea").text
    assert "The kettle moved" in page and ">New</span>" not in page
    assert ">New</span>" in as_user(tea.erin).get("/courses/tea").text


def test_a_view_as_somebody_marks_nothing(app, tea, alice, bob, dana, as_user):
    ask(as_user(bob))
    forms.post(as_user(alice), f"{NEWS}/new", {"title": "The kettle moved", "body": "To room 5."})
    watcher = as_user(dana)
    begun = forms.post(watcher, f"/admin/users/{tea.erin.id}/view-as", form_at=f"/admin/users/{tea.erin.id}")
    assert begun.status_code == 303
    assert "Why is it bitter?" in watcher.get(f"{HERE}/1").text
    assert "New:" in watcher.get(NEWS).text
    reader = as_user(tea.erin)
    assert new(reader, LESSON) == 1
    assert ">New</span>" in reader.get("/courses/tea").text


def test_staff_see_how_many_questions_wait_for_an_answer(tea, alice, bob, as_user):
    asker, teacher = as_user(bob), as_user(alice)
    for title in ("Why is it bitter?", "Why is it green?"):
        ask(asker, title)
    page = teacher.get("/teaching").text
    assert "2 unanswered questions" in page and f"{HERE}?show=unanswered" in page
    reply(teacher)
    assert "1 unanswered question<" in teacher.get("/teaching").text
    forms.post(teacher, f"{HERE}/posts/2/hiding", {"reason": "Twice"}, form_at=f"{HERE}/posts/2/hiding")
    assert "unanswered question" not in teacher.get("/teaching").text


def test_marks_cost_no_statement_on_the_pages_that_show_them(app, tea, alice, bob, as_user):
    for number in range(12):
        with clock.stopped_at(clock.now() + timedelta(minutes=number)):
            ask(as_user(bob), f"Question {number}?")
    forms.post(as_user(alice), f"{NEWS}/new", {"title": "The kettle moved", "body": "To room 5."})
    reader = as_user(tea.erin)
    reader.get(LESSON)
    for page, most in [
        (LESSON, 4), ("/courses/tea", 4), (HERE, 4), (NEWS, 4), (f"{HERE}/1", 5), (f"{HERE}/1", 4),
    ]:  # fmt: skip
        with sql.count(app) as seen:
            assert reader.get(page).status_code == 200
        assert len(seen) <= most, (page, seen)


def test_what_somebody_has_seen_is_theirs_to_have_and_goes_with_them(app, tea, alice, bob, as_user):
    ask(as_user(bob))
    forms.post(as_user(alice), f"{NEWS}/new", {"title": "The kettle moved", "body": "To room 5."})
    reader = as_user(tea.erin)
    reader.get(f"{HERE}/1")
    reader.get(NEWS)
    with app.app_context(), work.unit():
        assert db.session.scalar(select(Announcement.id)) == 1
        known = personal.export(tea.erin.id)
        assert known["discussions_seen"][0]["question"] == "Why is it bitter?"
        assert known["announcements_seen"][0]["course"] == "The book of tea"
        personal.erase(tea.erin.id, clock.now())
        for table in (Seen, AnnouncementsSeen):
            assert db.session.scalars(select(table).where(table.user_id == tea.erin.id)).all() == []
