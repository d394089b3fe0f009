"""Learners ask about a lesson, others reply, the staff keep order."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.discussions import personal, posts
from lms.discussions.models import Post, Report
from lms.learning import actions as learning
from lms.notifications import personal as notifications_personal
from lms.notifications.models import Notice
from tests.factories import course, person
from tests.support import crowd, forms, sql
from tests.support.mail import text_of

HERE = "/courses/tea/discussion"


@pytest.fixture
def tea(app, alice, bob, charlie):
    """Bob and erin learn, alice teaches, charlie is a stranger."""
    made = course(app, alice)
    erin = person(app, "Erin Eden", "erin@example.org")
    with app.app_context(), work.unit():
        for user in (bob, erin):
            learning.enroll(made.id, user.id, clock.now())
    made.erin = erin
    return made


def ask(client, title="Why is it bitter?", body="I waited **ten** minutes."):
    return forms.post(client, f"{HERE}/new/lesson-1", {"title": title, "body": body})


def reply(client, body="Three are enough.", number=1, **more):
    return forms.post(client, f"{HERE}/{number}/replies", {"body": body}, form_at=f"{HERE}/{number}", **more)


def test_a_question_is_asked_found_and_answered_without_scripts(
    app, tea, alice, bob, as_user, run_jobs, inbox
):
    asker, teacher = as_user(bob), as_user(alice)
    answer = ask(asker)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/1")
    assert "1 question about this lesson" in asker.get("/courses/tea/lessons/lesson-1").text
    assert "Ask about this lesson" in asker.get("/courses/tea/lessons/lesson-2").text
    assert "Why is it bitter?" in teacher.get(HERE).text
    answer = reply(teacher)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/1#post-2")
    page = asker.get(f"{HERE}/1").text
    assert "<strong>ten</strong>" in page
    assert "Three are enough." in page
    assert "Staff" in page
    assert "Staff replied" in asker.get(HERE).text
    run_jobs()
    assert "Alice Arden, who teaches the course, answered: Why is it bitter?" in asker.get("/inbox").text
    mail = next(m for m in inbox.to("bob@example.org") if "answered" in m["subject"])
    assert f"http://localhost{HERE}/1#post-2" in text_of(mail)


def test_who_asked_says_what_answered_it(tea, alice, bob, as_user):
    asker = as_user(bob)
    ask(asker)
    reply(as_user(alice))
    other = as_user(tea.erin)
    refused = forms.post(other, f"{HERE}/1/accepted", {"reply": "2"}, form_at=f"{HERE}/1")
    assert refused.status_code == 403
    assert forms.post(asker, f"{HERE}/1/accepted", {"reply": "2"}, form_at=f"{HERE}/1").status_code == 303
    assert "Accepted answer" in other.get(f"{HERE}/1").text
    assert "Answered" in other.get(HERE).text
    assert "Why is it bitter?" not in other.get(f"{HERE}?show=unanswered").text
    forms.post(asker, f"{HERE}/1/accepted", {}, form_at=f"{HERE}/1")
    assert "Accepted answer" not in other.get(f"{HERE}/1").text
    assert forms.post(asker, f"{HERE}/1/accepted", {"reply": "1"}, form_at=f"{HERE}/1").status_code == 404


def test_strangers_and_visitors_take_no_part(tea, bob, charlie, as_user, client):
    ask(as_user(bob))
    assert client.get(HERE).status_code == 303
    stranger = as_user(charlie)
    for path in (HERE, f"{HERE}/1", f"{HERE}/new/lesson-1"):
        assert stranger.get(path).status_code == 403, path


def test_what_is_missing_is_said_in_place_and_the_rest_kept(tea, bob, as_user):
    client = as_user(bob)
    answer = ask(client, title="", body="A long story.")
    assert answer.status_code == 422
    assert "Put your question in one sentence." in answer.text
    assert "A long story." in answer.text
    ask(client)
    answer = reply(client, body="")
    assert answer.status_code == 422
    assert "Write your reply." in answer.text


def test_htmx_gets_the_replies_alone(app, tea, bob, as_user):
    client = as_user(bob)
    ask(client)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = reply(client, headers=headers)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<section")
    assert "Three are enough." in answer.text
    assert "<html" not in answer.text


def test_what_is_typed_can_harm_nobody(tea, bob, as_user):
    client = as_user(bob)
    ask(
        client,
        body="<script>alert(1)</script> ![x](https://spy.example/p.png) [y](javascript:alert(1)) https://a.example",
    )
    page = client.get(f"{HERE}/1").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert 'rel="nofollow ugc noopener"' in page


def test_somebody_who_is_mentioned_hears_of_it_once(app, tea, alice, bob, charlie, as_user, run_jobs):
    ask(as_user(bob), body="@Erin Eden and @Alice: any idea? @Charlie Croft knows, `@Bob` does not.")
    run_jobs()
    with app.app_context():
        told = {(row.user_id, row.kind) for row in db.session.scalars(select(Notice))}
    assert (tea.erin.id, "mention") in told
    assert (alice.id, "mention") in told
    assert (alice.id, "question") not in told, "one notice is enough"
    assert not [kind for user_id, kind in told if user_id == charlie.id], "charlie takes no part"
    assert (bob.id, "mention") not in told


def test_following_and_no_longer(app, tea, alice, bob, as_user, run_jobs):
    ask(as_user(bob))
    other = as_user(tea.erin)
    forms.post(other, f"{HERE}/1/following", {"follow": "yes"}, form_at=f"{HERE}/1")
    forms.post(as_user(bob), f"{HERE}/1/following", {"follow": "no"}, form_at=f"{HERE}/1")
    reply(as_user(alice))
    run_jobs()
    with app.app_context():
        told = {(row.user_id, row.kind) for row in db.session.scalars(select(Notice))}
    assert (tea.erin.id, "followed") in told
    assert (bob.id, "answer") not in told
    assert "Why is it bitter?" in other.get(f"{HERE}?show=following").text


def test_ones_own_words_can_be_changed_for_a_day(app, tea, alice, bob, as_user):
    client = as_user(bob)
    ask(client)
    edit = f"{HERE}/posts/1/edit"
    assert forms.post(client, edit, {"title": "Why so bitter?", "body": "Ten minutes."}).status_code == 303
    page = as_user(alice).get(f"{HERE}/1").text
    assert "Why so bitter?" in page
    assert "edited" in page
    assert as_user(tea.erin).get(edit).status_code == 403
    assert as_user(alice).get(edit).status_code == 403, "staff hide, they don't rewrite"
    with clock.stopped_at(clock.now() + timedelta(days=1, minutes=1)):
        assert client.get(edit).status_code == 403


def test_ones_own_post_can_be_taken_back_while_nothing_hangs_on_it(app, tea, alice, bob, as_user):
    author = as_user(bob)
    ask(author)
    reply(as_user(alice))
    assert forms.post(author, f"{HERE}/posts/1/removal", form_at=f"{HERE}/1").status_code == 403
    assert forms.post(author, f"{HERE}/posts/2/removal", form_at=f"{HERE}/1").status_code == 403, "not theirs"
    assert forms.post(as_user(alice), f"{HERE}/posts/2/removal", form_at=f"{HERE}/1").status_code == 303
    assert "0 replies" in author.get(f"{HERE}/1").text
    assert forms.post(author, f"{HERE}/posts/1/removal", form_at=f"{HERE}/1").status_code == 303
    assert author.get(f"{HERE}/1").status_code == 404
    assert "Ask about this lesson" in author.get("/courses/tea/lessons/lesson-1").text


def test_staff_hide_a_post_and_bring_it_back(app, tea, alice, bob, as_user):
    author, staff, reader = as_user(bob), as_user(alice), as_user(tea.erin)
    ask(author)
    reply(author, "Buy **my** pills")
    hide = f"{HERE}/posts/2/hiding"
    assert author.get(hide).status_code == 403
    assert forms.post(staff, hide, {"reason": ""}).status_code == 422
    assert forms.post(staff, hide, {"reason": "Advertising"}).status_code == 303
    assert "pills" not in reader.get(f"{HERE}/1").text
    assert "0 replies" in reader.get(f"{HERE}/1").text
    assert "Reason: Advertising" in author.get(f"{HERE}/1").text
    forms.post(staff, f"{HERE}/posts/2/hiding/end", form_at=f"{HERE}/1")
    assert "pills" in reader.get(f"{HERE}/1").text
    forms.post(staff, f"{HERE}/posts/1/hiding", {"reason": "Off topic"})
    assert reader.get(f"{HERE}/1").status_code == 404
    assert "bitter" not in reader.get(HERE).text
    assert "Ask about this lesson" in reader.get("/courses/tea/lessons/lesson-1").text
    assert author.get(f"{HERE}/1").status_code == 200


def test_a_closed_discussion_takes_replies_of_staff_alone_and_a_pinned_one_stands_first(
    tea, alice, bob, as_user
):
    author, staff = as_user(bob), as_user(alice)
    ask(author, title="The first one")
    ask(author, title="The second one")
    forms.post(staff, f"{HERE}/1/state", {"pinned": "yes"}, form_at=f"{HERE}/1")
    page = author.get(HERE).text
    assert page.index("The first one") < page.index("The second one")
    forms.post(staff, f"{HERE}/1/state", {"locked": "yes"}, form_at=f"{HERE}/1")
    assert "This discussion is closed" in author.get(f"{HERE}/1").text
    assert (
        forms.post(author, f"{HERE}/1/replies", {"body": "Still here"}, form_at=HERE + "/2").status_code
        == 403
    )
    assert reply(staff).status_code == 303
    assert forms.post(author, f"{HERE}/1/state", {"locked": "no"}, form_at=HERE + "/2").status_code == 403


def test_learners_report_and_staff_look_at_it(app, tea, alice, bob, as_user, run_jobs):
    ask(as_user(bob), body="Something rude.")
    reader, staff = as_user(tea.erin), as_user(alice)
    report = f"{HERE}/posts/1/report"
    for _ in range(2):
        assert forms.post(reader, report, {"reason": "It is rude"}).status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Report)).all()) == 1
    run_jobs()
    assert "A post was reported" in staff.get("/inbox").text
    assert reader.get(f"{HERE}/reports").status_code == 403
    assert "It is rude" in staff.get(f"{HERE}/reports").text
    forms.post(staff, f"{HERE}/reports/1/settlement", form_at=f"{HERE}/reports")
    assert "Nothing is reported" in staff.get(f"{HERE}/reports").text


def test_however_much_is_reported_all_of_it_can_be_reached(app):
    """A report for each of 60 questions and 200 replies."""
    staff = crowd.gathered(app, 200).client("alice")
    here = "/courses/how-to-read-a-map/discussion/reports"
    reached = [
        re.findall(r"/reports/(\d+)/settlement", staff.get(f"{here}?page={n}").text) for n in range(1, 14)
    ]
    assert [int(number) for page in reached for number in page] == list(range(1, 261))
    assert f"{here}?page=13" in staff.get(here).text


def test_search_finds_words_in_questions_and_replies(tea, alice, bob, as_user):
    client = as_user(bob)
    ask(client, title="Why is it bitter?")
    ask(client, title="Which kettles are good?", body="Mine leaks.")
    reply(as_user(alice), "Use softened water.", number=1)
    assert "Why is it bitter?" in client.get(f"{HERE}?q=soften").text
    page = client.get(f"{HERE}?q=kettle").text
    assert "Which kettles" in page
    assert "bitter" not in page
    assert "No question or reply has these words" in client.get(f"{HERE}?q=zebra").text
    assert client.get(f'{HERE}?q="%27 | & !').status_code == 200


def test_questions_about_a_lesson_that_is_not_open_yet_are_not_shown(app, tea, alice, bob, as_user):
    with app.app_context(), work.unit():
        lesson = db.session.scalars(select(Lesson).where(Lesson.slug == "lesson-2")).one()
        lesson.release = {"date": (clock.now() + timedelta(days=5)).isoformat()}
        number = posts.ask(
            tea, lesson.id, alice.id, "A secret of lesson 2", "Ssh.", clock.now(), by_staff=True
        )
    client = as_user(bob)
    if client.get("/courses/tea/lessons/lesson-2").status_code != 403:
        pytest.fail("the lesson should be held")
    assert "secret" not in client.get(HERE).text
    assert client.get(f"{HERE}/{number}").status_code == 404
    assert "secret" in as_user(alice).get(HERE).text


def test_pages_cost_few_statements_however_much_is_said(app, tea, bob, as_user):
    client = as_user(bob)
    ask(client)
    for number in range(12):
        reply(client, f"Reply {number}")
    for path, most in (
        (HERE, 3),
        (f"{HERE}?q=reply", 3),
        (f"{HERE}/1", 5),
        (f"{HERE}/1", 4),
        ("/courses/tea/lessons/lesson-1", 5),
    ):
        with sql.count(app) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= most, path


def test_their_copy_holds_it_and_erasure_takes_it(app, tea, alice, bob, as_user, run_jobs):
    client = as_user(bob)
    ask(client, title="Asked and answered")
    ask(client, title="Nobody answered")
    reply(as_user(tea.erin), "@Bob Brook see below", number=1)
    reply(client, "Thank you", number=1)
    run_jobs()
    with app.app_context():
        copy = personal.export(bob.id) | notifications_personal.export(bob.id)
    assert [row["question"] for row in copy["posts"]] == [
        "Asked and answered",
        "Nobody answered",
        "Asked and answered",
    ]
    assert [row["message"] for row in copy["notices"]][-1] == "mention"
    with app.app_context(), work.unit():
        notifications_personal.erase(bob.id, clock.now())
        personal.erase(bob.id, clock.now())
    with app.app_context():
        left = db.session.scalars(select(Post).order_by(Post.id)).all()
        told = db.session.scalars(select(Notice.facts)).all()
    assert [(post.title, post.author_id) for post in left if post.question_id is None] == [
        ("Asked and answered", None)
    ]
    assert [post.reply_count for post in left if post.question_id is None] == [1]
    assert told
    assert not [facts for facts in told if facts.get("who") == "Bob Brook"]
    assert "Somebody" in as_user(alice).get("/inbox").text
