"""The audit log reads as sentences, and jobs and messages are called by what they do."""

import re
from pathlib import Path

import lms
from lms.admin import machine_words, words
from lms.app import SUBSCRIBERS

LMS = Path(lms.__file__).parent
NOTED = re.compile(r'(?:audit\.record|_note|_remove)\([^"()]*"([a-z_]+\.[a-z_]+)"')


def test_every_action_that_is_noted_has_words(app):
    noted = {name for source in LMS.rglob("*.py") for name in NOTED.findall(source.read_text("utf-8"))}
    assert {"account.locked", "course.published", "second_factor.reset", "settings.reset"} <= noted
    assert noted <= set(words.ACTIONS)


def test_every_job_and_every_message_has_words(app):
    jobs = {job.name for subscribers in SUBSCRIBERS.values() for job in subscribers}
    with app.app_context():
        assert {name for name in jobs if machine_words.job(name) == name} == set()
        assert machine_words.message("notice", "graded") == "Your work is graded"
    templates = {path.name for path in (LMS / "templates" / "emails").iterdir() if path.is_dir()}
    assert templates - set(machine_words.MESSAGES) == set()


def test_what_an_entry_holds_reads_as_words():
    noted = {"quiz": "Tea", "after": {"extra_minutes": 10, "note": ""}, "names": ["Bob", "Dana"]}
    assert words.details(noted) == "quiz: Tea, after extra minutes: 10, names: Bob; Dana"
    changed = {
        "before": {"session_hours": 12, "roles": []},
        "after": {"session_hours": 13, "roles": ["admin"]},
    }
    assert words.details(changed) == "session hours: 12 → 13, roles: – → admin"
    assert words.details({"before": "student", "after": "admin"}) == "student → admin"
    assert words.details(None) == ""
