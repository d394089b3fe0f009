"""What is kept between requests, here or in a browser, is never somebody else's: not their words, language or theme.

Every page is asked for by several readers in turn, and once more with a memory that holds nothing: both must be the same.
What a browser or a proxy may keep must be the same for everybody it may be shown to.
"""

import gc
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import _lru_cache_wrapper
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from lms.accounts.models import User
from lms.core import clock, work
from lms.core.db import db
from lms.core.sameness import Kept
from tests.architecture import rights
from tests.architecture.test_rights import address, parameters
from tests.support import school
from tests.support.school import School


@dataclass(frozen=True)
class Reader:
    """Somebody who reads in a language and a theme of their choice."""

    person: str
    language: str
    theme: str


READERS = (
    Reader("visitor", "en", "dark"),
    Reader("bob", "ar", "light"),
    Reader("visitor", "ar", ""),
    Reader("alice", "en", "dark"),
    Reader("dana", "ar", "dark"),
    Reader("frank", "ar", "light"),
)
"""Neighbours differ in everything."""
Answers = dict[Reader, TestResponse]
NOW = datetime.now(UTC)
ANEW = {"studio.preview_quiz", "ops.metrics"}
"""Other at each look: drawn by lot, counted."""
REPEATED = ("Cache-Control", "ETag", "Vary")
TOKEN = re.compile(rb'(csrf_token"[^>]*value=|"X-CSRFToken": )"[^"]+"')
"""Signed anew for each page, in the name of who gets it."""


@pytest.fixture(scope="module")
def place(application: Flask) -> School:
    return school.built(application)


@pytest.fixture(scope="module")
def browsers(place: School) -> dict[Reader, FlaskClient]:
    made = {reader: place.client(reader.person) for reader in READERS}
    for reader, browser in made.items():
        browser.set_cookie("theme", reader.theme)
        browser.set_cookie("lang", reader.language)
        if reader.person in place.people:
            with place.app.app_context(), work.unit():
                profile = update(User).where(User.id == place.people[reader.person].id)
                db.session.execute(profile.values(language=reader.language))
    return made


def pages(place: School) -> Iterator[tuple[str, list[Reader]]]:
    """Every page and file of the tea course and beside it, with those who get it."""
    for row in rights.ROWS:
        if row.method == "GET" and row.on != "attic" and row.endpoint not in ANEW:
            readers = [reader for reader in READERS if row.answers[reader.person] == "200"]
            yield address(place.app, row.endpoint, parameters(place, row.on)), readers


@pytest.fixture(scope="module")
def memory() -> list[object]:
    """Everything of ours that remembers answers."""
    ours = [thing for thing in gc.get_objects() if isinstance(thing, _lru_cache_wrapper | Kept)]
    return [thing for thing in ours if isinstance(thing, Kept) or (thing.__module__ or "").startswith("lms.")]


def forget(memory: list[object]) -> None:
    """As after a start."""
    for thing in memory:
        if isinstance(thing, Kept):
            thing.__init__(thing._most)  # type: ignore[misc]
        else:
            thing.cache_clear()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def told(place: School, browsers: dict[Reader, FlaskClient]) -> dict[str, Answers]:
    """What each of them was answered, in turn."""
    with clock.stopped_at(NOW):
        return {path: in_turn(browsers, path, readers) for path, readers in pages(place)}


def in_turn(browsers: dict[Reader, FlaskClient], path: str, readers: Iterable[Reader]) -> Answers:
    return {reader: ask(browsers[reader], path) for reader in readers}


def ask(browser: FlaskClient, path: str, **headers: str) -> TestResponse:
    answer = browser.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer.get_data()  # a file is made while it is read
    return answer


def words(answer: TestResponse) -> bytes:
    return TOKEN.sub(b"", answer.data)


def test_what_is_remembered_here_is_what_would_be_made_anew(
    browsers: dict[Reader, FlaskClient], told: dict[str, Answers], memory: list[object]
) -> None:
    assert len(memory) > 10
    wrong = []
    with clock.stopped_at(NOW):
        for path, readers in told.items():
            for reader, answer in in_turn(browsers, path, readers).items():
                forget(memory)
                anew = ask(browsers[reader], path)
                if words(answer) != words(anew):
                    wrong.append(f"{path} to {reader}")
    assert not wrong, "\n".join(wrong)


def test_what_may_be_kept_on_the_way_is_the_same_for_everybody(
    told: dict[str, Answers],
) -> None:
    wrong = [f"{path}: {said}" for path, answers in told.items() for said in complaints([*answers.values()])]
    assert not wrong, "\n".join(wrong)


def complaints(answers: list[TestResponse]) -> Iterator[str]:
    differ = len({words(answer) for answer in answers}) > 1
    by_tag: dict[str, set[bytes]] = {}
    for answer in answers:
        rule, varies = answer.cache_control, answer.headers.get("Vary", "")
        if not rule:
            yield "says nothing of keeping it"
        if answer.mimetype == "text/html" and (rule.public or not (rule.no_cache or rule.no_store)):
            yield f"a page, and {rule}"
        if rule.public and (differ or "Set-Cookie" in answer.headers):
            yield f"differs by its reader, and {rule}"
        if rule.max_age and differ and "Cookie" not in varies:
            yield f"shown to the next reader at the same browser: {rule}"
        if tag := answer.get_etag()[0]:
            by_tag.setdefault(tag, set()).add(words(answer))
    if any(len(bodies) > 1 for bodies in by_tag.values()):
        yield "one tag for different answers"


def test_a_tag_is_good_for_its_own_answer_alone(
    browsers: dict[Reader, FlaskClient], told: dict[str, Answers]
) -> None:
    tagged = {
        path: answers for path, answers in told.items() if any("ETag" in a.headers for a in answers.values())
    }
    assert len(tagged) > 5
    with clock.stopped_at(NOW):
        for path, answers in tagged.items():
            for (reader, mine), other in product(answers.items(), answers.values()):
                again = ask(browsers[reader], path, If_None_Match=other.headers["ETag"])
                assert again.status_code == (304 if other.data == mine.data else 200), (path, reader)
                assert all(again.headers.get(name) == mine.headers.get(name) for name in REPEATED), path


def test_a_part_of_a_page_is_never_taken_for_the_page(
    browsers: dict[Reader, FlaskClient], told: dict[str, Answers]
) -> None:
    wrong, parts = [], 0
    for path, answers in told.items():
        for reader, page in [*answers.items()][:1]:
            part = ask(browsers[reader], path, HX_Request="true")
            if b"<html" in page.data and b"<html" not in part.data:
                parts += 1
                wrong += [
                    path for answer in (page, part) if "HX-Request" not in answer.headers.get("Vary", "")
                ]
    assert parts > 10 and wrong == []
