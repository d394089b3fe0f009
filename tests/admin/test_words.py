"""The audit log reads as sentences."""

import re
from pathlib import Path

import lms
from lms.admin import words

NOTED = re.compile(r'(?:audit\.record|_note|_remove)\([^"()]*"([a-z_]+\.[a-z_]+)"')


def test_every_action_that_is_noted_has_words(app):
    sources = Path(lms.__file__).parent.rglob("*.py")
    noted = {name for source in sources for name in NOTED.findall(source.read_text("utf-8"))}
    assert {"account.locked", "course.published", "second_factor.reset", "settings.reset"} <= noted
    assert noted <= set(words.ACTIONS)
