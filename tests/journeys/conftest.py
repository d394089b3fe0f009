"""The running system with something in it."""

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.support import stage as stages
from tests.support.mail import Inbox
from tests.support.server import Live
from tests.support.stage import Stage


@pytest.fixture(scope="module")
def stage(application: Flask, live_server: Live, chromium: Browser, inbox_server: Inbox) -> Stage:
    """One for all tests of a file, which only look at it."""
    return stages.set_up(application, live_server.wake(), chromium, inbox_server)
