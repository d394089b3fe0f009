"""A day is written in the reader's language, and is the day that it was where they are."""

from datetime import UTC, date, datetime

import pytest
from flask import g

from lms.core import i18n
from lms.core.access import Viewer

LATE = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "at", "words"),
    [
        ("en", "UTC", LATE, "30 November 2026"),
        ("en", "Asia/Tokyo", LATE, "1 December 2026"),
        ("ar", "Asia/Tokyo", LATE, "1 ديسمبر 2026"),
        ("ar", "America/Lima", LATE, "30 نوفمبر 2026"),
        ("en", "Asia/Tokyo", date(2026, 11, 30), "30 November 2026"),
    ],
)
def test_a_day_in_words(app, bob, language, zone, at, words):
    reader = Viewer(
        id=bob.id, session_id=1, token="", name="", email="", role="student", language=language, time_zone=zone,
        is_verified=True, is_verified_instructor=False, unread=0, has_second_factor=False,
    )  # fmt: skip
    with app.test_request_context():
        g._login_user = reader
        assert [i18n.day(at), i18n.day(at)] == [words, words]
