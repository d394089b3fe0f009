"""What a notice says, in the language of this moment: the same words in the inbox, by mail and in the digest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import get_locale, ngettext, pgettext
from flask_babel import gettext as _

from lms.core.i18n import zones

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A line, what more there is to say (perhaps nothing), and what the button to its place is called."""

    title: str
    text: str
    action: str


def said(kind: str, facts: Facts, zone: str = "UTC") -> Said:
    """The words of a notice; a kind that is known no longer says nothing but its name."""
    speak = _WORDS.get(kind)
    return speak(facts, zone) if speak else Said(kind, "", _("Open"))


def moment(iso: str, zone: str) -> str:
    """A date and time in full in the reader's zone, which is named."""
    zone = zone if zone in zones() else "UTC"
    pattern = pgettext("a pattern of Unicode's dates", "d MMM y, HH:mm")
    at = format_datetime(datetime.fromisoformat(iso), pattern, tzinfo=ZoneInfo(zone), locale=get_locale())
    return f"{at} ({zone})"


def _who(facts: Facts) -> str:
    """The name is gone when its bearer asked to be forgotten."""
    return str(facts.get("who") or _("Somebody"))


def _enrolled(facts: Facts, _zone: str) -> Said:
    return Said(
        _("You are enrolled: %(course)s", course=facts["course"]),
        _("Your place is ready."),
        _("Open the course"),
    )


def _certificate(facts: Facts, _zone: str) -> Said:
    return Said(
        _("Your certificate: %(course)s", course=facts["course"]),
        _("You completed “%(course)s”.", course=facts["course"]),
        _("See my certificate"),
    )


def _graded(facts: Facts, _zone: str) -> Said:
    if facts.get("assignment"):
        return _work(facts)
    text = _("Everything that you wrote in “%(quiz)s” is graded.", quiz=facts["quiz"])
    return Said(_("Graded: %(quiz)s", quiz=facts["quiz"]), text, _("See the result"))


def _work(facts: Facts) -> Said:
    name, course = facts["assignment"], facts["course"]
    if facts.get("returned"):
        text = _(
            "It is part of “%(course)s”. Read what was said, revise it and hand it in again.", course=course
        )
        return Said(_("Returned to you: %(title)s", title=name), text, _("Open the assignment"))
    if facts.get("regraded"):
        text = _(
            "The grade of your work on “%(title)s” in “%(course)s” was changed.", title=name, course=course
        )
        return Said(_("Grade changed: %(title)s", title=name), text, _("See the grade"))
    text = _("Your work on “%(title)s” in “%(course)s” is graded.", title=name, course=course)
    return Said(_("Graded: %(title)s", title=name), text, _("See the grade"))


def _regraded(facts: Facts, _zone: str) -> Said:
    if facts.get("undone"):
        text = _("A correction was taken back, and your points are counted as before.")
    else:
        text = _("A question was corrected, and your points were counted anew.")
    return Said(_("Points changed: %(quiz)s", quiz=facts["quiz"]), text, _("See the result"))


def _announcement(facts: Facts, _zone: str) -> Said:
    return Said(
        facts["title"], _("News in “%(course)s”.", course=facts["course"]), _("Read the announcement")
    )


def _due_soon(facts: Facts, zone: str) -> Said:
    due = moment(facts["due"], zone)
    if facts.get("quiz"):
        title = _("Due soon: %(quiz)s", quiz=facts["quiz"])
        text = _("The quiz in “%(course)s” closes on %(due)s.", course=facts["course"], due=due)
        return Said(title, text, _("Open the quiz"))
    if facts.get("assignment"):
        title = _("Due soon: %(title)s", title=facts["assignment"])
        text = _("The assignment in “%(course)s” is due on %(due)s.", course=facts["course"], due=due)
        return Said(title, text, _("Open the assignment"))
    title = _("Ends soon: %(course)s", course=facts["course"])
    return Said(title, _("The course ends on %(due)s.", due=due), _("Open the course"))


def _answer(facts: Facts, _zone: str) -> Said:
    by_staff, names = facts.get("by_staff"), {"who": _who(facts), "title": facts["title"]}
    return Said(
        _("%(who)s, who teaches the course, answered: %(title)s", **names)
        if by_staff
        else _("%(who)s replied: %(title)s", **names),
        facts.get("excerpt", ""),
        _("Read the reply"),
    )


def _mention(facts: Facts, _zone: str) -> Said:
    title = _("%(who)s mentions you: %(title)s", who=_who(facts), title=facts["title"])
    return Said(title, facts.get("excerpt", ""), _("Read it"))


def _question(facts: Facts, _zone: str) -> Said:
    title = _("%(who)s asks: %(title)s", who=_who(facts), title=facts["title"])
    return Said(title, facts.get("excerpt", ""), _("Read the question"))


def _report(facts: Facts, _zone: str) -> Said:
    title = _("A post was reported: %(title)s", title=facts["title"])
    return Said(title, facts.get("reason", ""), _("See the reports"))


def _decision(facts: Facts, _zone: str) -> Said:
    if facts["is_verified"]:
        return Said(_("You can teach now"), _("Your application is accepted."), _("Begin to teach"))
    text = _("The reason given: %(reason)s", reason=facts["reason"]) if facts.get("reason") else ""
    return Said(_("Your application to teach was not accepted"), text, _("See your application"))


def _webhook_off(facts: Facts, _zone: str) -> Said:
    text = (
        _("The endpoint %(url)s answered that it is gone for good.", url=facts["url"])
        if facts.get("reason") == "gone"
        else _("The endpoint %(url)s failed for five days.", url=facts["url"])
    )
    more = _("No events are sent to it until you switch it on again.")
    return Said(_("A webhook endpoint was switched off"), f"{text} {more}", _("Look at the endpoint"))


def _handed_over(facts: Facts, _zone: str) -> Said:
    course, more = facts["first"], facts.get("more", 0)
    if more:
        course = ngettext(
            "“%(course)s” and %(num)s more", "“%(course)s” and %(num)s more", more, course=course
        )
    else:
        course = f"“{course}”"
    if facts["is_yours"]:
        title = _("Yours to teach now: %(course)s", course=course)
        text = _("An administrator handed it over to you. It belonged to %(who)s.", who=_who(facts))
        return Said(title, text, _("Open your courses"))
    title = _("Handed over: %(course)s", course=course)
    return Said(title, _("It belongs to %(who)s now.", who=_who(facts)), _("Open your courses"))


def _bounce(facts: Facts, _zone: str) -> Said:
    title = _("Mail does not reach you at %(address)s", address=facts["address"])
    text = _("The server there refused it: %(reason)s", reason=facts["reason"])
    return Said(title, text, _("What you can do"))


_WORDS: dict[str, Callable[[Facts, str], Said]] = {
    "enrolled": _enrolled,
    "certificate": _certificate,
    "graded": _graded,
    "regraded": _regraded,
    "announcement": _announcement,
    "due_soon": _due_soon,
    "answer": _answer,
    "followed": _answer,
    "mention": _mention,
    "question": _question,
    "report": _report,
    "decision": _decision,
    "webhook_off": _webhook_off,
    "handed_over": _handed_over,
    "bounce": _bounce,
}
