"""The reader's language, direction, zone and theme."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import babel
from babel.dates import format_date
from babel.units import format_unit
from flask import Flask, Response, current_app, g, request
from flask_babel import Babel, format_datetime, get_locale, pgettext, to_user_timezone

from lms.core import access, phrases, wording

LANGUAGES = {"en": "English", "ar": "العربية"}
RIGHT_TO_LEFT = frozenset({"ar", "he", "fa", "ur"})


@dataclass(frozen=True, slots=True)
class Locale:
    """What templates need to know of the language."""

    lang: str
    dir: str


LOCALES = {code: Locale(code, "rtl" if code in RIGHT_TO_LEFT else "ltr") for code in LANGUAGES}


def init_app(app: Flask) -> None:
    """Choose the language by profile, then cookie, then the browser's wish."""
    app.config.update(BABEL_DEFAULT_LOCALE="en", BABEL_TRANSLATION_DIRECTORIES="translations")
    Babel(app, locale_selector=language, timezone_selector=zone)
    wording.init_app(app)
    phrases.init_app(app)
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.filters.update(
        moment=moment, moment_to_second=moment_to_second, day=day, clock_time=clock_time, filesizeformat=size
    )


def language() -> str:
    """The language of this answer."""
    known: str | None = g.get("language")
    if known is not None:
        return known
    if not request:
        return "en"
    person = access.viewer()
    wish = person.language if person else request.cookies.get("lang", "")
    chosen = wish if wish in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"
    g.language = chosen
    return chosen


def remember(response: Response, code: str) -> None:
    """Keep a visitor's choice for a year."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie("lang", code, max_age=365 * 86400, secure=secure, httponly=True, samesite="Lax")


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """The names of all time zones; Python looks through its files for them, which takes as long as a page."""
    return frozenset(available_timezones())


def zone() -> str:
    """The reader's time zone; visitors read UTC until their browser says more."""
    person = access.viewer() if request else None
    return person.time_zone if person and person.time_zone in zones() else "UTC"


def zone_info() -> ZoneInfo:
    """`zone()` as a tzinfo."""
    return ZoneInfo(zone())


def utc(typed: datetime | None) -> datetime | None:
    """A moment typed in the reader's time zone."""
    return typed.replace(tzinfo=zone_info()).astimezone(UTC) if typed else None


def local(at: datetime | None) -> datetime | None:
    """A moment as the reader types it."""
    return at.astimezone(zone_info()).replace(tzinfo=None) if at else None


def locale() -> Locale:
    """Language and direction for templates."""
    return LOCALES[language()]


def theme() -> str | None:
    """The theme the reader chose, or None to follow the system."""
    chosen = request.cookies.get("theme")
    return chosen if chosen in ("light", "dark") else None


def moment(at: datetime) -> str:
    """Date and time in full, in the reader's language and zone, the zone named: nobody guesses a deadline."""
    pattern = pgettext("a pattern of Unicode's dates", "d MMM y, HH:mm")
    return f"{format_datetime(at, pattern)} ({zone()})"


def moment_to_second(at: datetime) -> str:
    """As `moment`, with the seconds: for receipts."""
    pattern = pgettext("a pattern of Unicode's dates", "d MMM y, HH:mm")
    return f"{format_datetime(at, pattern.replace('mm', 'mm:ss'))} ({zone()})"


def day(at: datetime | date) -> str:
    """The date in words; a moment is taken in the reader's zone."""
    return _in_words(to_user_timezone(at).date() if isinstance(at, datetime) else at, get_locale())


@lru_cache(maxsize=2000)
def _in_words(at: date, locale: babel.Locale | None) -> str:
    """Days are few and each takes 0.05 ms to write."""
    return str(format_date(at, "d MMMM y", locale=locale or "en"))


def clock_time(at: datetime) -> str:
    """Hours, minutes and seconds in the reader's zone."""
    return str(format_datetime(at, "HH:mm:ss"))


def size(length: float) -> str:
    """The size of a file of `length` bytes in the reader's words, such as 812 kB or 3.4 MB.

    1 MB is 1024 kB, as in the limits of the settings: a limit of 100 MB must read so.
    """
    units = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
    step = 0
    while length >= 1000 and step < len(units) - 1:
        length, step = length / 1024, step + 1
    shown = round(length, 1 if step and length < 10 else 0)
    unit, locale = f"digital-{units[step]}", get_locale()
    words = format_unit(shown, unit, "short" if step else "long", locale=locale)
    # A language that has no long word for it would show the unit's own name; English has no plural in the short one.
    return format_unit(shown, unit, "short", locale=locale) if unit in words else words
