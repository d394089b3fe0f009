"""The rules of an assignment in front matter: when it is due, what lateness costs, what is taken, how it is graded."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from lms.interop.course_folder.fields import Fields

RULE_FIELDS = frozenset(
    {
        "due", "closes", "time_zone", "late", "late_percent", "accepts", "attempts", "passing", "blind", "release",
        "level_percents",
    }
)  # fmt: skip


def read_rules(said: Fields) -> Mapping[str, Any]:
    """Columns of the assignment; what front matter does not say is not in it, and stays as it is set in Lectern."""
    found: dict[str, Any] = {
        "due_at": said.moment("due"),
        "closes_at": said.moment("closes"),
        "time_zone": _zone(said),
        "late_policy": said.choice("late", ("none", "percent", "closed")),
        "late_percent": said.amount("late_percent", 0, 100),
        "max_attempts": said.number("attempts", 1, 100),
        "passing_percent": said.amount("passing", 0, 100),
        "is_blind": said.flag("blind"),
    }
    release = said.choice("release", ("at_once", "together"))
    found["released_together"] = None if release is None else release == "together"
    if found["due_at"] and found["closes_at"] and found["closes_at"] < found["due_at"]:
        said.wrong("closes", "`%(field)s` must not come before `%(other)s`", other="due")
    rules = {name: value for name, value in found.items() if value is not None}
    return rules | _accepts(said)


def level_percents(said: Fields) -> list[float] | None:
    """What each level of the rubric is worth."""
    typed = said.texts("level_percents")
    try:
        numbers = [float(text) for text in typed]
    except ValueError:
        numbers = [-1]
    if any(not 0 <= number <= 100 for number in numbers):
        said.wrong(
            "level_percents",
            "`%(field)s` must be a list of numbers from 0 to 100, such as %(example)s",
            example="[100, 70, 40]",
        )
        return None
    return numbers or None


def _zone(said: Fields) -> str | None:
    name = said.text("time_zone")
    if name and name not in available_timezones():
        said.wrong(
            "time_zone",
            "`%(field)s` must be the name of a time zone, such as %(example)s",
            example="Europe/Berlin",
        )
        return None
    return name or None


def _accepts(said: Fields) -> dict[str, bool]:
    kinds = said.texts("accepts")
    if not kinds:
        return {}
    if not set(kinds) <= {"text", "files"}:
        said.wrong(
            "accepts", "`%(field)s` must be one of: %(values)s", values=["text", "files", "[text, files]"]
        )
        return {}
    return {"takes_text": "text" in kinds, "takes_files": "files" in kinds}
