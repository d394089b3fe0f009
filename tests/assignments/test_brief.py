"""Assignments as briefs."""

import pytest
from sqlalchemy import func, select

from lms.assignments.models import Assignment
from lms.core import work
from lms.core.db import db
from lms.courses.models import Lesson
from lms.learning import actions
from tests import factories
from tests.support import sql

LESSON = "/courses/tea/lessons/lesson-1"
RUBRIC = {
    "levels": ["Exemplary", "Adequate"],
    "criteria": [{"title": "Taste", "cells": ["Clear and <b>warm</b>", "Drinkable"]}],
}


@pytest.fixture
def tea(app, alice, bob):
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        lesson = db.session.scalar(select(func.min(Lesson.id)))
        for number, slug in enumerate(("assignment", "second-cup"), 1):
            db.session.add(
                Assignment(
                    course_id=course.id,
                    lesson_id=lesson,
                    source_id=slug,
                    slug=slug,
                    title=f"Brew {number}",
                    body_html=f"<p>Make pot {number}.</p>",
                    rubric=RUBRIC if number == 1 else None,
                    position=number,
                )
            )
        actions.enroll(course.id, bob.id, factories.NOW)
    return course


def test_bob_finds_the_brief_in_the_lesson_and_reads_it_with_its_rubric(app, as_user, bob, tea):
    browser = as_user(bob)
    assert f'href="{LESSON}/assignment"' in browser.get(LESSON).text
    with sql.count(app) as statements:
        page = browser.get(f"{LESSON}/assignment").text
    assert len(statements) <= 3
    for words in ("Make pot 1.", "Exemplary", "Taste", "Drinkable", "Clear and &lt;b&gt;warm"):
        assert words in page


def test_a_second_assignment_has_its_own_page_and_its_address_in_the_folder_leads_there(as_user, bob, tea):
    browser = as_user(bob)
    assert "Make pot 2." in browser.get(f"{LESSON}/assignments/second-cup").text
    assert browser.get(f"{LESSON}/second-cup").location == f"{LESSON}/assignments/second-cup"


def test_a_brief_is_for_who_reads_the_lesson(client, as_user, charlie, tea):
    for browser in (client, as_user(charlie)):
        answer = browser.get(f"{LESSON}/assignment")
        assert answer.status_code == 403
        assert "Make pot" not in answer.text


def test_a_lesson_without_assignment_has_no_such_page(as_user, bob, tea):
    assert as_user(bob).get("/courses/tea/lessons/lesson-2/assignment").status_code == 404
