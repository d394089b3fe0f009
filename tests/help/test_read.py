"""The documentation inside of the product: everybody finds what is written for them, and every link in it leads on."""

import re
from urllib.parse import urlsplit

import pytest

from lms.help import book, rules
from lms.help.places import PLACES, explained_at
from tests.support import sql

EVERYTHING = frozenset(rules.SECTIONS)


def main(text):
    return text.partition("<main")[2].partition("</main>")[0]


def test_a_visitor_reads_what_is_for_learners_and_nothing_else(client):
    page = client.get("/help").text
    assert "Your account" in page
    assert "/help/instructors/" not in page and "/help/admins/" not in page


def test_who_teaches_finds_both_and_an_admin_all(as_user, alice, dana):
    taught = as_user(alice).get("/help").text
    assert "/help/instructors/quizzes" in taught and "/help/admins/people" not in taught
    everything = as_user(dana).get("/help").text
    assert all(f"/help/{section}/" in everything for section in rules.SECTIONS)


def test_one_page_leads_to_the_next_and_back_in_the_order_of_the_list(client):
    first = client.get("/help/learners/start").text
    assert "Previous" not in first
    following = re.search(r'href="([^"]+)" rel="next"', first)[1]
    assert following == "/help/learners/finding-courses"
    assert 'href="/help/learners/start" rel="prev"' in client.get(following).text


def test_a_link_to_what_somebody_may_not_read_is_plain_words(client, as_user, dana):
    words = "programs of your own"
    assert f"{words}</a>" not in client.get("/help/learners/start").text
    assert words in client.get("/help/learners/start").text
    assert f"{words}</a>" in as_user(dana).get("/help/learners/start").text


def test_every_link_and_picture_of_every_page_leads_somewhere(as_user, dana):
    """As an admin, who reads all; places are looked for in the page that the link leads to."""
    browser = as_user(dana)
    texts = {f"/help/{one.section}/{one.name}": "" for one in book.pages(EVERYTHING, book.ENGLISH)}
    assert len(texts) > 35
    for path in texts:
        texts[path] = main(browser.get(path).text)
    broken = set()
    for path, text in texts.items():
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            to = urlsplit(target)
            there = texts.get(to.path or path)
            if to.path and not to.path.startswith("/help/"):
                continue
            if there is None:
                if browser.get(to.path).status_code != 200:
                    broken.add((path, target))
            elif to.fragment and to.fragment != "top" and f'id="{to.fragment}"' not in there:
                broken.add((path, target))
    assert broken == set()


def test_what_the_documentation_links_to_is_lost_to_nobody_who_may_read_it(app):
    with app.test_request_context():
        lost = {
            f"{one.section}/{one.name}": rendered.unresolved
            for one in book.pages(EVERYTHING, book.ENGLISH)
            if (rendered := book.rendered(one, EVERYTHING)).unresolved
        }
    assert lost == {}


def test_a_place_that_was_found_is_there(as_user, dana):
    browser = as_user(dana)
    for target in set(re.findall(r'href="(/help/[^"]+#[^"]+)"', main(browser.get("/help?q=the").text))):
        path, _, place = target.partition("#")
        assert f'id="{place}"' in browser.get(path).text, target


@pytest.mark.parametrize("endpoint", PLACES)
def test_every_question_mark_leads_to_a_heading_that_its_readers_may_read(
    app, as_user, alice, dana, endpoint
):
    assert endpoint in app.view_functions
    with app.test_request_context():
        path, _, place = (explained_at(endpoint) or "").partition("#")
    section = path.split("/")[2]
    answer = as_user(alice if section in ("learners", "instructors") else dana).get(path)
    assert answer.status_code == 200
    assert not place or f'id="{place}"' in answer.text


def test_a_hard_page_has_its_question_mark(as_user, alice):
    assert (
        'class="help-mark" href="/help/instructors/course-folder"'
        in as_user(alice).get("/teaching/import").text
    )


def test_the_way_to_help_stands_on_every_page(client, as_user, bob):
    assert 'href="/help"' in client.get("/sign-in").text
    assert as_user(bob).get("/learning").text.count('href="/help"') == 2


def test_a_page_costs_no_statement_but_who_asks(app, as_user, bob):
    browser = as_user(bob)
    browser.get("/help/learners/quizzes")
    with sql.count(app) as seen:
        browser.get("/help/learners/quizzes")
        browser.get("/help?q=quiz")
    assert len(seen) == 2, seen


def test_a_picture_may_be_kept_and_nothing_beside_it_is_given(client):
    answer = client.get("/help/img/lesson.webp")
    assert answer.mimetype == "image/webp"
    assert "max-age=86400" in answer.headers["Cache-Control"]
    again = client.get("/help/img/lesson.webp", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    for name in ("..%2fREADME.md", "..", "no.webp"):
        assert client.get(f"/help/img/{name}").status_code == 404
