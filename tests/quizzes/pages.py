"""A person's browser, what the database holds, and a look by axe."""

from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import text

from lms.accounts.models import User
from lms.core.db import db
from tests import factories
from tests.support.server import Live

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def signed_in(chromium: Browser, live: Live, app: Flask, user: User, **settings: Any) -> BrowserContext:
    """A browser in which the user is signed in."""
    cookie = factories.signed_in(app, user).get_cookie("session")
    assert cookie
    context = chromium.new_context(base_url=live.url, reduced_motion="reduce", **settings)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": live.url}])
    return context


def read(app: Flask, attempt: int) -> dict[int, Any]:
    """The answers that the database holds, by slot."""
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.execute(
            text("select slot, response from answers where attempt_id = :id order by slot"), {"id": attempt}
        )
        return {row.slot: row.response for row in rows}


def axe(page: Page) -> None:
    """No violation of WCAG 2.2 AA, nor of the best practices that axe knows."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run().then((result) => result.violations)")
    assert not found, [(each["id"], each["help"], [node["html"] for node in each["nodes"]]) for each in found]
