"""What somebody typed is not lost to a session that ended: no form, with and without scripts, and for nobody else."""

import json
import re
from html import unescape

import pytest
from playwright.sync_api import expect

from lms.core import kept_forms, work
from lms.core.db import db
from lms.core.forms import Form
from tests import factories
from tests.support.forms import post, token

OURS = {"Origin": "http://localhost", "Accept": "text/html"}
HTMX = {
    "HX-Request": "true",
    "HX-Request-Type": "partial",
    "Origin": "http://localhost",
    "Accept": "text/html",
}
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
ASK = "/courses/tea/discussion/new/lesson-1"
QUESTION = {"title": "Why is it bitter?", "body": 'I waited for\r\n"ten" minutes & <more>.'}


@pytest.fixture
def tea(app, alice, bob):
    from lms.core import clock
    from lms.learning import actions

    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        actions.enroll(course.id, bob.id, clock.now())
    return course


def end_sessions(app):
    with app.app_context(), work.unit():
        db.session.connection().exec_driver_sql("update user_sessions set ended_at = now()")


def asked(app):
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql("select author_id, title, body from discussion_posts").all()
        return [tuple(row) for row in rows]


def kept(page):
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return [(name, unescape(value)) for name, value in FIELD.findall(main)]


def sign_in(browser, person):
    there = post(browser, "/sign-in", {"email": person.email, "password": factories.PASSWORD})
    assert there.status_code == 303


@pytest.mark.parametrize("how", ["ended elsewhere", "signed out in another tab"])
def test_a_question_is_sent_again_with_one_press_after_signing_in(app, tea, as_user, bob, how):
    browser = as_user(bob)
    form = {**QUESTION, "csrf_token": token(browser, ASK)}
    if how == "ended elsewhere":
        end_sessions(app)
    else:
        post(browser, "/sign-out", form_at="/learning")
    page = browser.post(ASK, data=form, headers=OURS)
    assert page.status_code == 400 and "You were signed out" in page.text
    assert 'href="/sign-in?next=/signed-in"' in page.text and page.headers["Cache-Control"] == "no-store"
    again = kept(page)
    assert dict(again)["body"] == QUESTION["body"]
    assert asked(app) == []
    sign_in(browser, bob)
    assert browser.post(ASK, data=dict(again), headers=OURS).status_code == 303
    assert asked(app) == [(bob.id, QUESTION["title"], QUESTION["body"].replace("\r\n", "\n"))]


def test_nobody_else_gets_it_back_or_sends_it(app, tea, as_user, bob, alice):
    browser = as_user(bob)
    form = {**QUESTION, "csrf_token": token(browser, ASK)}
    end_sessions(app)
    again = dict(kept(browser.post(ASK, data=form, headers=OURS)))
    sign_in(browser, alice)
    page = browser.post(ASK, data=again, headers=OURS)
    assert page.status_code == 400 and "Somebody else is signed in now" in page.text
    assert "bitter" not in page.text and asked(app) == []


@pytest.mark.parametrize("headers", [{"Accept": "text/html"}, {**OURS, "Origin": "https://evil.example"}])
def test_a_token_of_an_earlier_session_opens_nothing_to_other_sites(app, tea, as_user, bob, headers):
    browser = as_user(bob)
    form = {**QUESTION, "csrf_token": token(browser, ASK)}
    end_sessions(app)
    sign_in(browser, bob)
    page = browser.post(ASK, data=form, headers=headers)
    assert page.status_code == 400 and "bitter" not in page.text
    assert asked(app) == []


def test_a_token_of_somebody_else_is_no_token(app, tea, as_user, bob, charlie):
    form = {**QUESTION, "csrf_token": token(as_user(charlie), "/profile")}
    page = as_user(bob).post(ASK, data=form, headers=OURS)
    assert page.status_code == 400 and asked(app) == []


def test_passwords_do_not_come_back_and_files_are_chosen_again(app, as_user, bob):
    browser = as_user(bob)
    form = {
        "email": "new@example.org",
        "current": "my password",
        "csrf_token": token(browser, "/profile/email"),
    }
    end_sessions(app)
    page = browser.post("/profile/email", data=form, headers=OURS)
    assert dict(kept(page))["email"] == "new@example.org" and "my password" not in page.text
    import io

    picture = {"file": (io.BytesIO(b"x"), "me.png"), "csrf_token": form["csrf_token"]}
    page = browser.post("/profile/avatar", data=picture, headers=OURS)
    assert "Choose this file again" in page.text and "me.png" in page.text
    assert 'type="file"' in page.text and "multipart/form-data" in page.text


def test_every_field_of_a_password_is_known_as_one():
    def below(form):
        yield form
        for one in form.__subclasses__():
            yield from below(one)

    names = {
        name
        for form in below(Form)
        for name in dir(form)
        if getattr(getattr(form, name), "field_class", None).__class__ is type
        and getattr(form, name).field_class.__name__ == "PasswordField"
    }
    assert names and names <= kept_forms.PASSWORDS


def test_a_page_of_htmx_stays_as_it_is(app, tea, as_user, bob):
    """Neither a form nor the bell, which asks when its reader comes back to the window, takes the typed text away."""
    browser = as_user(bob)
    good = token(browser, ASK)
    end_sessions(app)
    for answer in (
        browser.post(ASK, data=QUESTION, headers={**HTMX, "X-CSRFToken": good}),
        browser.post(ASK, data=QUESTION, headers=HTMX),
        browser.get("/inbox/count", headers=HTMX),
    ):
        assert answer.status_code in (400, 401) and "HX-Redirect" not in answer.headers
        assert answer.headers["HX-Reswap"] == "none"
        said = json.loads(answer.headers["HX-Trigger"])["lectern:toast"]
        assert said["link"] == "/sign-in?next=/signed-in" and "signed out" in said["text"]


def test_a_button_that_types_nothing_leads_to_the_sign_in_page_and_back(app, tea, as_user, bob):
    browser = as_user(bob)
    good = token(browser, "/learning")
    end_sessions(app)
    headers = {**OURS, "Referer": "http://localhost/courses/tea/lessons/lesson-1?page=2"}
    page = browser.post(
        "/courses/tea/lessons/lesson-1/completion", data={"csrf_token": good}, headers=headers
    )
    assert page.status_code == 401
    assert 'href="/sign-in?next=/courses/tea/lessons/lesson-1?page%3D2"' in page.text


@pytest.mark.parametrize("scripts", [True, False])
def test_signed_out_while_asking(app, tea, window_of, bob, scripts):
    """Bob asks, is signed out, signs in in the new window, comes back and sends it; no text is typed twice."""
    page = window_of(bob, java_script_enabled=scripts)
    page.goto(ASK)
    page.locator("main [name=title]").fill("Why is it bitter?")
    page.locator("main [name=body]").fill("Ten minutes.\nOr more.")
    end_sessions(app)
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new window").click()
    window = opened.value
    window.get_by_label("Email address").fill(bob.email)
    window.locator("main [name=password]").fill(factories.PASSWORD)
    window.locator("main button[type=submit]").click()
    expect(window.get_by_role("heading", name="You are signed in")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("heading", name="Why is it bitter?")).to_be_visible()
    assert [row[1:] for row in asked(app)] == [("Why is it bitter?", "Ten minutes.\nOr more.")]
    if scripts:
        reply = page.locator("form[hx-post] [name=body]")
        reply.fill("Typed long")
        end_sessions(app)
        page.locator("form[hx-post] button[type=submit]").last.click()
        expect(page.locator(".toast")).to_contain_text("What you typed stays on this page")
        expect(reply).to_have_value("Typed long")
        with page.context.expect_page() as opened:
            page.locator(".toast a").click()
        window = opened.value
        window.get_by_label("Email address").fill(bob.email)
        window.locator("main [name=password]").fill(factories.PASSWORD)
        window.locator("main button[type=submit]").click()
        expect(window.get_by_role("heading", name="You are signed in")).to_be_visible()
        page.locator("form[hx-post] button[type=submit]").last.click()
        expect(page.locator("#replies")).to_contain_text("Typed long")
        assert len(asked(app)) == 2


@pytest.fixture
def broken(app, tea):
    """Nobody can write to the discussion; called, it mends that."""

    def run(*statements):
        with app.app_context(), db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    run(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$",
        "create trigger refusing before insert on discussion_posts for each row execute function refuse()",
    )
    yield lambda: run("drop trigger if exists refusing on discussion_posts")
    run("drop function refuse() cascade")


def test_a_question_that_we_failed_to_take_is_sent_again_with_one_press(app, tea, as_user, bob, broken):
    browser = as_user(bob)
    form = {**QUESTION, "csrf_token": token(browser, ASK)}
    page = browser.post(ASK, data=form, headers=OURS)
    assert page.status_code == 500 and "That is our mistake" in page.text
    assert page.headers["X-Request-Id"] in page.text and "What you wrote is kept on this page" in page.text
    assert "Sign in in a new window" not in page.text and page.headers["Cache-Control"] == "no-store"
    again = dict(kept(page))
    broken()
    assert browser.post(ASK, data=again, headers=OURS).status_code == 303
    assert asked(app) == [(bob.id, QUESTION["title"], QUESTION["body"].replace("\r\n", "\n"))]


def test_another_site_gets_nothing_of_ours_to_press(app, tea, as_user, bob, broken):
    browser = as_user(bob)
    form = {**QUESTION, "csrf_token": token(browser, ASK)}
    page = browser.post(ASK, data=form, headers={**OURS, "Origin": "https://evil.example"})
    assert page.status_code >= 400 and "bitter" not in page.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (ASK, 500, "That is our mistake"),
        ("/courses/tea/nowhere", 404, "That is not there any more. Reload this page"),
    ],
)
def test_what_fails_on_a_page_of_htmx_replaces_nothing(app, tea, as_user, bob, broken, path, status, words):
    browser = as_user(bob)
    good = token(browser, ASK)
    answer = browser.post(path, data=QUESTION, headers={**HTMX, "X-CSRFToken": good})
    assert (answer.status_code, answer.headers["HX-Reswap"], answer.text) == (status, "none", "")
    said = json.loads(answer.headers["HX-Trigger"])["lectern:toast"]
    assert said["kind"] == "danger" and said["text"].startswith(words)
    assert (answer.headers["X-Request-Id"] in said.get("note", "")) is (status == 500)


def test_a_reply_that_failed_stays_in_its_field(app, tea, window_of, bob, broken):
    page = window_of(bob)
    broken()
    page.goto(ASK)
    page.locator("main [name=title]").fill("Why is it bitter?")
    page.locator("main [name=body]").fill("Ten minutes.")
    page.locator("main form button[type=submit]").last.click()
    reply = page.locator("form[hx-post] [name=body]")
    reply.fill("Typed long")
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "create trigger refusing before insert on discussion_posts for each row execute function refuse()"
        )
    page.locator("form[hx-post] button[type=submit]").last.click()
    expect(page.locator(".toast")).to_contain_text("Nothing was changed. Try again")
    expect(reply).to_have_value("Typed long")
    first = page.locator(".toast").inner_text()
    page.locator("form[hx-post] button[type=submit]").last.click()
    # Each failure has its number; it is said once, with the newest.
    expect(page.locator(".toast")).not_to_have_text(first)
    expect(page.locator(".toast")).to_have_count(1)
    broken()
    page.locator("form[hx-post] button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("Typed long")
    expect(reply).to_have_value("")
    assert len(asked(app)) == 2
