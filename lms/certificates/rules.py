"""Decisions about certificates: numbers, what is copied onto them, names of their files."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms.certificates.pdf_words import WORDS

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nothing is misread. Ten of them are 50 bits."""

RANDOM_LENGTH = 10
PATIENCE = timedelta(minutes=2)
"""After this long a page stops asking for a certificate by itself and says that it is late."""

RENEWED_EVERY = timedelta(days=7)
"""How often the name on a certificate may change: it is shown to others, and each change is a new PDF."""
MOST_AT_ONCE = 500
"""People awarded a certificate by hand in one go."""

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
    return main if main in WORDS else "en"


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


def may_renew(renewed_at: datetime | None, at: datetime) -> bool:
    """Whether the name on a certificate may be changed again."""
    return renewed_at is None or at - renewed_at >= RENEWED_EVERY


def addresses(typed: str) -> list[str]:
    """The email addresses in a pasted text, in lower case, each as often as it stands there.

    Lines, commas and semicolons part them; of `Name <address>` the address is taken.
    """
    found: list[str] = []
    for piece in re.split(r"[\n\r,;]+", typed):
        inside = re.search(r"<([^<>]*)>", piece)
        found += (inside[1] if inside else piece).lower().split()
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is to be awarded a certificate by hand, and what becomes of it.

    `outcome`: award, early (the course is not completed), has_one, unknown (not enrolled here), twice.
    """

    typed: str
    outcome: str
    name: str = ""
    enrollment_id: int | None = None

    @property
    def is_awarded(self) -> bool:
        """Whether a certificate comes out of it."""
        return self.outcome in ("award", "early")


def candidates(typed: Iterable[str], ticked: Iterable[int], learners: Iterable[Any]) -> list[Candidate]:
    """What an award by hand would do, in the order of what was typed and ticked.

    `learners` are rows with email, name, enrollment_id, completed_at and number (None without a certificate).
    """
    rows = list(learners)
    by_email = {row.email.lower(): row for row in rows}
    by_id = {row.enrollment_id: row for row in rows}
    wanted = [(by_id[number].email, by_id[number]) for number in ticked if number in by_id]
    wanted += [(address, by_email.get(address)) for address in typed]
    seen: set[int] = set()
    found: list[Candidate] = []
    for address, row in wanted:
        if row is None:
            found.append(Candidate(address, "unknown"))
        else:
            found.append(Candidate(address, _outcome(row, seen), row.name, row.enrollment_id))
            seen.add(row.enrollment_id)
    return found


def _outcome(row: Any, seen: set[int]) -> str:
    if row.enrollment_id in seen:
        return "twice"
    if row.number is not None:
        return "has_one"
    return "award" if row.completed_at is not None else "early"


def linkedin_address(certificate: Any, issuer: str, address: str) -> str:
    """Where LinkedIn takes a certificate into one's profile. `address` is where it is verified."""
    facts = {
        "startTask": "CERTIFICATION_NAME",
        "name": certificate.course_title,
        "organizationName": issuer,
        "issueYear": certificate.issued_at.year,
        "issueMonth": certificate.issued_at.month,
        "certUrl": address,
        "certId": certificate.number,
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(facts)}"
