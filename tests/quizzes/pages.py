"""Taking a quiz in a real browser, and the answers that the database holds."""

import re
from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import text

from lms.core.db import db
from tests.quizzes import taking

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")


def start(page: Page) -> int:
    """Press start; the attempt's id."""
    page.goto(taking.QUIZ)
    page.get_by_role("button", name="Start the quiz").click()
    page.wait_for_url("**/attempts/*")
    return int(page.url.rsplit("/", 1)[1])


def read(app: Flask, attempt: int) -> dict[int, Any]:
    """The answers that the database holds, by slot."""
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.execute(
            text("select slot, response from answers where attempt_id = :id order by slot"), {"id": attempt}
        )
        return {row.slot: row.response for row in rows}
