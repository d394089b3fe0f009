"""Decisions about certificates: numbers, what is copied onto them, names of their files."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread. Ten of them are 50 bits."""

RANDOM_LENGTH = 10
LANGUAGES = ("en", "ar")
PATIENCE = timedelta(minutes=2)
"""After this long a page stops asking for a certificate by itself and says that it is late."""

_MISREAD = str.maketrans("OIL", "011")
_NUMBER = re.compile(rf"(?:CERT)?([0-9OIL]{{8}})([0-9A-Z]{{{RANDOM_LENGTH}}})")
_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u2028-\u202e\u2066-\u2069]+')


def number(at: datetime, choose: Callable[[str], str]) -> str:
    """A fresh number: the day of issue (UTC) and ten characters of `choose`, which must be
    cryptographically random (`secrets.choice`): whoever has the number may read the certificate."""
    letters = "".join(choose(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"CERT-{at.astimezone(UTC):%Y%m%d}-{letters}"


def normalised(typed: str) -> str | None:
    """The number that a person meant: case, spaces, dashes, a pasted address, digits of other scripts
    and O/0, I/1, L/1 do not matter. None when it cannot be a number."""
    last = typed.strip().rstrip("/").rsplit("/", 1)[-1]
    signs = unicodedata.normalize("NFKC", last).upper()
    digits = (str(unicodedata.digit(sign, sign)) for sign in signs)
    match = _NUMBER.fullmatch("".join(sign for sign in digits if sign.isascii() and sign.isalnum()))
    if match is None:
        return None
    day, letters = (part.translate(_MISREAD) for part in match.groups())
    return None if "U" in letters else f"CERT-{day}-{letters}"


def day_of(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment where the learner lives; UTC when the zone is unknown."""
    try:
        zone: tzinfo = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return moment.astimezone(zone).date()


def language(of_course: str) -> str:
    """The language of the fixed words: the course's if we have words in it, else English."""
    main = of_course.replace("_", "-").split("-")[0].lower()
    return main if main in LANGUAGES else "en"


def hours(minutes: int) -> int | None:
    """Workload in whole hours, half an hour rounds up; None when there is less to speak of."""
    return (minutes + 30) // 60 or None


def joined_names(names: Iterable[str]) -> str:
    """Names as one text, one a line: a name may hold a comma, but no line end."""
    return "\n".join(" ".join(name.split()) for name in names)


def listed_names(text: str) -> tuple[str, ...]:
    """`joined_names` undone."""
    return tuple(text.split("\n")) if text else ()


def is_late(completed_at: datetime, at: datetime) -> bool:
    """Whether the certificate should have been there by now."""
    return at - completed_at > PATIENCE


def file_name(course_title: str, recipient: str) -> str:
    """`Course - Person.pdf`, safe on every system; each part at most 80 characters."""
    words = (_NOT_IN_FILE_NAMES.sub(" ", part).split() for part in (course_title, recipient))
    parts = (" ".join(part)[:80].strip(". ") for part in words)
    return f"{' - '.join(filter(None, parts)) or 'certificate'}.pdf"
