"""What tests of dashboards share."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.courses.models import Course
from tests import factories
from tests.support.assignments import join


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def tea(app: Flask, alice: User, bob: User, charlie: User, now: datetime) -> Course:
    """Bob and charlie learn in it, came five days ago, and have everything before them."""
    course = factories.course(app, alice, lessons=3)
    join(app, course, bob, charlie, at=now - timedelta(days=5))
    return course
