"""The system's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lms.accounts.models import User
from tests import factories
from tests.support.server import Live
from tests.support.watch import Watch

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser: the one named by CHROMIUM, the system's, or Playwright's own."""
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def open_browser(chromium: Browser, **options: Any) -> BrowserContext:
    """A person's own browser: nothing remembered, a short patience."""
    context = chromium.new_context(
        locale="en-GB", timezone_id="Europe/Berlin", reduced_motion="reduce", **options
    )
    context.set_default_timeout(8000)
    return context


def browser_of(
    user: User | None, app: Flask, live: Live, chromium: Browser, **options: Any
) -> BrowserContext:
    """A browser in which that person, or nobody, is signed in; its paths are those of the running system."""
    context = open_browser(chromium, base_url=live.url, **options)
    if user is not None:
        cookie = factories.signed_in(app, user).get_cookie("session")
        assert cookie is not None
        context.add_cookies([{"name": "session", "value": cookie.value, "url": live.url}])
    return context


@contextmanager
def windows(app: Flask, live: Live, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a person's own browser (None: a visitor's); no script may fail in any of them."""
    contexts, watches = [], []

    def window_of(user: User | None, **options: Any) -> Page:
        options = {"viewport": {"width": 1280, "height": 900}} | options
        contexts.append(browser_of(user, app, live, chromium, **options))
        page = contexts[-1].new_page()
        watches.append(Watch(page))
        return page

    yield window_of
    for context in contexts:
        context.close()
    assert [fault for watch in watches for fault in watch.faults] == []
