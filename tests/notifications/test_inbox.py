"""What happened stands in one's inbox, once, and is read or not."""

import pytest
from sqlalchemy import select

from lms.core import clock, events, work
from lms.core.db import db
from lms.notifications import notices
from lms.notifications.models import Email, Notice
from lms.notifications.notices import Told
from tests.factories import course, person
from tests.support import forms, sql
from tests.support.mail import text_of


def told(app, user, number=1, kind="graded", **facts):
    facts = {"quiz": f"Quiz {number}", "course": "Tea", **facts}
    with app.app_context(), work.unit():
        return notices.tell(
            kind, [Told(user.id, f"{kind}:{user.id}:{number}", facts, "/learning")], clock.now()
        )


def test_an_empty_inbox_says_what_will_stand_there(bob, as_user):
    page = as_user(bob).get("/inbox")
    assert "Nothing has happened yet" in page.text
    assert 'aria-label="Messages"' in page.text


def test_news_is_counted_on_every_page_until_it_is_read(app, bob, as_user):
    told(app, bob, 1)
    told(app, bob, 2)
    client = as_user(bob)
    assert "2 unread messages" in client.get("/courses").text
    page = client.get("/inbox").text
    assert page.index("Graded: Quiz 2") < page.index("Graded: Quiz 1")
    link = page.partition('href="/inbox/')[2].partition('"')[0]
    while not link.isdecimal():  # the first one is the bell's
        page = page.partition('href="/inbox/')[2]
        link = page.partition('href="/inbox/')[2].partition('"')[0]
    answer = client.get(f"/inbox/{link}")
    assert (answer.status_code, answer.location) == (303, "/learning")
    assert "1 unread message" in client.get("/inbox/count").text


def test_what_is_unread_stands_first_and_all_can_be_marked(app, bob, as_user):
    for number in (1, 2, 3):
        told(app, bob, number)
    client = as_user(bob)
    with app.app_context():
        newest = db.session.scalar(select(Notice.id).order_by(Notice.id.desc()).limit(1))
    forms.post(client, f"/inbox/{newest}/reading", form_at="/inbox")
    page = client.get("/inbox").text
    assert page.index("Graded: Quiz 2") < page.index("Graded: Quiz 3")
    assert forms.post(client, "/inbox/reading", form_at="/inbox").status_code == 303
    assert "unread" not in client.get("/inbox").text.replace('class="unread"', "")


def test_one_cause_is_told_once(app, bob, inbox, run_jobs):
    assert told(app, bob) == 1
    assert told(app, bob) == 0
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 1


def test_nobody_reads_what_others_were_told(app, bob, charlie, as_user):
    told(app, bob)
    with app.app_context():
        number = db.session.scalar(select(Notice.id))
    client = as_user(charlie)
    assert client.get(f"/inbox/{number}").status_code == 404
    assert forms.post(client, f"/inbox/{number}/reading", form_at="/inbox").status_code == 404
    assert "Quiz 1" not in client.get("/inbox").text


def test_the_inbox_and_the_bell_cost_few_statements(app, bob, as_user):
    for number in range(25):
        told(app, bob, number)
    client = as_user(bob)
    with sql.count(app) as seen:
        assert client.get("/inbox").status_code == 200
    assert len(seen) == 2
    assert client.get("/inbox?page=2").text.count("Graded:") == 5
    assert client.get("/inbox?page=3").status_code == 404
    with sql.count(app) as seen:
        client.get("/inbox/count")
    assert len(seen) == 1


def test_an_admin_who_looks_as_somebody_reads_nothing_for_them(app, bob, dana, as_user):
    told(app, bob)
    client = as_user(dana)
    forms.post(client, f"/admin/users/{bob.id}/view", form_at="/admin/users")
    client.get("/inbox/1")
    with app.app_context():
        assert db.session.scalar(select(Notice.read_at)) is None


def test_a_graded_essay_is_told_by_mail_with_a_way_out(app, bob, inbox, run_jobs):
    told(app, bob, 1)
    run_jobs()
    (message,) = inbox.to("bob@example.org")
    assert message["subject"] == "Graded: Quiz 1 · Tea"
    assert "http://localhost/learning" in text_of(message)
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["list-unsubscribe"].startswith("<http://localhost/messages/unsubscribe/")
    assert "/profile/messages" in text_of(message)


def test_the_way_out_needs_one_click_and_no_account(app, bob, client, inbox, run_jobs):
    told(app, bob, 1)
    run_jobs()
    address = inbox.to("bob@example.org")[0]["list-unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert "Stop these messages" in client.get(address).text
    told(app, bob, 2)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 2, "looking at the link changes nothing"
    answer = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert client.post(address).status_code == 200, "twice is no harm"
    told(app, bob, 3)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == 2
    with app.app_context():
        assert len(db.session.scalars(select(Notice)).all()) == 3, "the inbox still has it"


def test_a_forged_way_out_is_none(client, bob):
    assert client.post("/messages/unsubscribe/WzEsImdyYWRlZCJd.forged").status_code == 404


def test_messages_for_the_safety_of_the_account_offer_no_way_out(app, bob, inbox, run_jobs):
    with app.app_context(), work.unit():
        events.record("account.locked", clock.now(), user_id=bob.id)
    run_jobs()
    assert inbox.to("bob@example.org")[0]["list-unsubscribe"] is None


def choose(client, **chosen):
    page = client.get("/profile/messages").text
    filled = forms.filled(
        page.replace('<form class="form section"', '<form id="wishes" class="form section"'), "wishes"
    )
    data = {**filled, **{name.replace("_", "-"): value for name, value in chosen.items()}}
    return client.post("/profile/messages", data={name: value for name, value in data.items() if value})


@pytest.mark.parametrize(
    ("mail", "in_inbox", "mails", "stands"),
    [("at_once", "y", 1, True), ("never", "y", 0, True), ("at_once", "", 1, False), ("never", "", 0, False)],
)
def test_everybody_chooses_what_reaches_them(
    app, bob, as_user, inbox, run_jobs, mail, in_inbox, mails, stands
):
    client = as_user(bob)
    assert choose(client, graded_email=mail, graded_inbox=in_inbox).status_code == 303
    told(app, bob)
    run_jobs()
    assert len(inbox.to("bob@example.org")) == mails
    assert ("Graded: Quiz 1" in client.get("/inbox").text) is stands
    assert ("1 unread" in client.get("/courses").text) is stands


def test_a_choice_that_does_not_exist_is_refused_in_place(bob, as_user):
    answer = choose(as_user(bob), graded_email="hourly")
    assert answer.status_code == 422
    assert "Please check" in answer.text


def test_only_staff_are_asked_about_what_only_staff_hear(bob, alice, dana, as_user):
    assert "question-email" not in as_user(bob).get("/profile/messages").text
    assert "question-email" in as_user(alice).get("/profile/messages").text
    assert "webhook_off-email" in as_user(dana).get("/profile/messages").text


def test_two_thousand_people_are_told_in_as_many_statements_as_two(app, inbox):
    people = [person(app, f"P{n}", f"p{n}@example.org") for n in range(2)]
    seen = {}
    with app.app_context():
        db.session.execute(
            db.text(
                "insert into users (email, name, password_hash, role, is_active, is_verified_instructor, bio,"
                " language, time_zone) select 'm' || n || '@example.org', 'M', 'x', 'student', true, false, '',"
                " 'en', 'UTC' from generate_series(1, 2000) n"
            )
        )
        db.session.commit()
        many = db.session.scalars(db.text("select id from users where name = 'M'")).all()
    for name, ids in (("few", [user.id for user in people]), ("many", many)):
        with sql.count(app) as statements, app.app_context(), work.unit():
            facts = {"quiz": "Q", "course": "Tea"}
            assert notices.tell(
                "regraded", [Told(n, f"{name}:{n}", facts, "/") for n in ids], clock.now()
            ) == len(ids)
        seen[name] = len(statements)
    assert seen["many"] == seen["few"] == 3
    with app.app_context():
        assert len(db.session.scalars(select(Email.id)).all()) == 2002


def test_an_enrollment_stands_in_the_inbox_too(app, bob, alice, as_user, run_jobs, inbox):
    course(app, alice)
    client = as_user(bob)
    forms.post(client, "/courses/tea/enrollment", form_at="/courses/tea")
    run_jobs()
    assert "You are enrolled: The book of tea" in client.get("/inbox").text
    assert len(inbox.to("bob@example.org")) == 1


def test_admins_hear_of_an_endpoint_that_was_switched_off(app, bob, dana, as_user, run_jobs, inbox):
    at = clock.now()
    with app.app_context(), work.unit():
        events.record(
            "webhook.switched_off",
            at,
            endpoint_id=7,
            url="https://hooks.example.org/",
            reason="failing",
            failing_since=at.isoformat(),
        )
    run_jobs()
    assert "A webhook endpoint was switched off" in as_user(dana).get("/inbox").text
    assert "https://hooks.example.org/" in text_of(inbox.to("dana@example.org")[0])
    assert not inbox.to("bob@example.org")
