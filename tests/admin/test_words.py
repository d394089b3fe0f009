"""The audit log reads as sentences, and jobs and messages are called by what they do."""

import re
from pathlib import Path

import lms
from lms.accounts import site
from lms.admin import log_words, machine_words, words
from lms.admin.log_words import details
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


def test_what_an_entry_holds_reads_as_words(app):
    noted = {"quiz": "Tea", "after": {"extra_minutes": 10, "note": ""}, "names": ["Bob", "Dana"]}
    changed = {
        "before": {"session_hours": 12, "second_factor_roles": [], "verification_required": False},
        "after": {"session_hours": 13, "second_factor_roles": ["admin"], "verification_required": True},
    }
    kept = {"categories": [{"name": "admin", "weight": "40", "drop": 1}, {"name": "Essays", "weight": "60"}]}
    with app.test_request_context():
        assert details(noted) == "quiz: Tea, after extra minutes: 10, names: Bob; Dana"
        assert details(changed) == (
            "session hours: 12 → 13, second factor roles: – → Administrator, verification required: no → yes"
        )
        assert details({"before": "student", "after": "admin"}) == "Student → Administrator"
        assert details(kept) == "categories: name: admin, weight: 40, drop: 1; name: Essays, weight: 60"
        assert details(None) == ""


def test_an_entry_reads_in_the_language_of_its_reader(app):
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        said = details({"quiz": "Tea", "before": {"session_hours": 12}, "after": {"session_hours": 13}})
        assert not re.search("[a-z]", said.replace("Tea", "")), said
        kept = details(
            {"categories": [{"drop": 1, "name": "Tea", "weight": "40"}, {"drop": 0, "name": "Tea"}]}
        )
        assert ";" not in kept and kept.index("Tea") < kept.index("1"), kept
        moved = details({"gradebook": [{"did": "moved", "work": "Tea", "categories": ["", "Tea"]}]})
        assert not re.search("[a-z]", moved.replace("Tea", "")), moved
        assert details({"something_new": 1}) == "something new: 1"


def test_every_name_that_is_noted_has_words(app):
    """Read from the sources: what calls of `record` and `_note` are given beside whom it concerns."""
    noted = set()
    for source in LMS.rglob("*.py"):
        for call in re.findall(
            r"(?:audit\.record|_note)\(([^()]*(?:\([^()]*\)[^()]*)*)\)", source.read_text("utf-8")
        ):
            noted |= set(re.findall(r"(?<![\w.])([a-z_]+)=", call))
    noted -= {"subject_kind", "subject_id", "subject_name", "actor_id", "actor_name"}
    assert {"quiz", "reason", "rule"} <= noted
    assert noted <= set(log_words.NAMES)
    assert set(site.NAMES) <= set(log_words.NAMES)
