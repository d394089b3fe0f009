"""Entries as an iCalendar stream (RFC 5545, with the properties for subscribers of RFC 7986)."""

from collections.abc import Iterable
from datetime import UTC, timedelta
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, Event

from lms.calendars.rules import Entry
from lms.core import web

REFRESH = timedelta(hours=1)


def written(entries: Iterable[Entry]) -> bytes:
    """The stream in the language of the surroundings; the same bytes for the same entries, times in UTC."""
    settings = current_app.config["LECTERN"]
    calendar = Calendar()
    calendar.add("prodid", "-//Lectern//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", settings.product_name)
    calendar.add("x-wr-calname", settings.product_name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    host = urlsplit(settings.base_url).hostname or "localhost"
    for entry in entries:
        calendar.add_component(_event(entry, host))
    return bytes(calendar.to_ical())


def _event(entry: Entry, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{host}")
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.begins.astimezone(UTC))
    if entry.ends:
        event.add("dtend", entry.ends.astimezone(UTC))
    event.add("summary", _summary(entry))
    event.add("description", entry.course_title)
    event.add("url", _url(entry))
    # A moment takes no time from anybody; a sitting does.
    event.add("transp", "OPAQUE" if entry.ends else "TRANSPARENT")
    return event


def _summary(entry: Entry) -> str:
    words = {
        "course_starts": _("“%(title)s” begins", title=entry.course_title),
        "course_ends": _("“%(title)s” ends", title=entry.course_title),
        "quiz_opens": _("Quiz “%(title)s” opens", title=entry.quiz_title),
        "quiz_closes": _("Quiz “%(title)s” closes", title=entry.quiz_title),
        "assignment_due": _("Assignment “%(title)s” is due", title=entry.assignment_title),
        "quiz_window": _("Quiz “%(title)s”", title=entry.quiz_title),
    }
    return str(words[entry.kind])


def _url(entry: Entry) -> str:
    if entry.assignment_slug:
        return web.absolute_url(
            "assignments.show",
            slug=entry.course_slug,
            lesson=entry.lesson_slug,
            assignment=entry.assignment_slug,
        )
    if not entry.quiz_slug:
        return web.absolute_url("courses.show", slug=entry.course_slug)
    return web.absolute_url(
        "quizzes.show", slug=entry.course_slug, lesson=entry.lesson_slug, quiz=entry.quiz_slug
    )
