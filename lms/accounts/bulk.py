"""People from a CSV file: reading it, judging each row, and making the accounts."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import naming, passwords
from lms.accounts.models import User
from lms.core.db import db
from lms.core.i18n import LANGUAGES

COLUMNS = ("name", "email", "role", "language", "time_zone", "course")
NEEDED = ("name", "email")
ROLES = ("student", "instructor")
"""Administrators are made one by one."""

MOST_ROWS = 50_000
BATCH = 1000


class Unreadable(Exception):
    """The file as a whole can't be used; the message says why, for the person who chose it."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row that can be used; `line` counts from 1 as a spreadsheet does."""

    line: int
    name: str
    email: str
    role: str
    language: str
    time_zone: str
    course: str

    @property
    def key(self) -> str:
        """What makes two rows the same person."""
        return self.email.lower()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be used, and why."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Reading:
    """All rows of a file."""

    people: list[Person] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    repeated: int = 0
    """Rows that say exactly what an earlier one said."""


def read(data: bytes) -> Reading:
    """Judge every row. Raises Unreadable when there is no table of people in it."""
    text = without_separator_line(decoded(data))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=False)
    try:
        heads = [head.strip().lower().replace(" ", "_") for head in next(rows, [])]
        _check_heads(heads)
        return _judged(heads, rows)
    except csv.Error as error:
        raise Unreadable(_("Line %(line)s is no CSV: %(error)s.", line=rows.line_num, error=error)) from error


def decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else what older spreadsheets on Windows write."""
    is_marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable(_("This is not a text file. Save the table as CSV (UTF-8), then choose it again."))


def without_separator_line(text: str) -> str:
    """Excel writes `sep=;` above a table, and counts its lines without it."""
    head, _end, table = text.partition("\n")
    return table if re.fullmatch(r'"?sep=[,;\t]"?\r?', head, re.IGNORECASE) else text


def delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=head.count)


def _check_heads(heads: list[str]) -> None:
    if not any(heads):
        raise Unreadable(_("The file is empty."))
    if missing := [name for name in NEEDED if name not in heads]:
        raise Unreadable(
            _("The first line must name the columns. Missing: %(names)s.", names=_(", ").join(missing))
        )
    if unknown := [head for head in heads if head and head not in COLUMNS]:
        raise Unreadable(
            _(
                "Unknown columns: %(names)s. Known are %(known)s.",
                names=_(", ").join(unknown),
                known=_(", ").join(COLUMNS),
            )
        )
    if len(set(heads)) < len(heads):
        raise Unreadable(_("A column is named twice."))


def _judged(heads: list[str], rows: Iterator[list[str]]) -> Reading:
    reading = Reading()
    first: dict[str, Person] = {}
    seen: set[tuple[str, str]] = set()
    for number, cells in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise Unreadable(_("At most %(most)s rows at once. Cut the file in parts.", most=MOST_ROWS))
        if not any(cell.strip() for cell in cells):
            continue
        values = {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}
        shown = ", ".join(cell.strip() for cell in cells)[:200]
        if len(cells) > len(heads):
            reading.bad.append(BadRow(number, shown, _("It has more cells than there are columns.")))
            continue
        person = _person(number, values)
        if isinstance(person, str):
            reading.bad.append(BadRow(number, shown, person))
            continue
        earlier = first.setdefault(person.key, person)
        if (earlier.name, earlier.role) != (person.name, person.role):
            reason = _("Line %(line)s gives this address another name or role.", line=earlier.line)
            reading.bad.append(BadRow(number, shown, reason))
        elif (person.key, person.course) in seen:
            reading.repeated += 1
        else:
            seen.add((person.key, person.course))
            reading.people.append(person)
    return reading


def _person(line: int, values: dict[str, str]) -> Person | str:
    """The row, or why it can't be used."""
    name, role = " ".join(values.get("name", "").split()), values.get("role", "").lower() or "student"
    language, zone = values.get("language", "").lower() or "en", values.get("time_zone", "") or "UTC"
    address = values.get("email", "")
    email = naming.address(address)
    problem: str = ""
    if not name:
        problem = _("The name is missing.")
    elif odd := naming.fault(name):
        problem = odd
    elif not address:
        problem = _("The email address is missing.")
    elif email is None:
        problem = _("“%(value)s” is no email address that mail can reach.", value=address[:100])
    elif role == "admin":
        problem = _("Administrators are made one by one, on the page of their account.")
    elif role not in ROLES:
        problem = _("“%(value)s” is no role; use student or instructor.", value=role[:40])
    elif language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        problem = _("“%(value)s” is no language here; use %(known)s.", value=language[:40], known=known)
    elif zone not in _ZONES:
        problem = _("“%(value)s” is no time zone; write it like Europe/Paris.", value=zone[:60])
    if problem or email is None:
        return problem
    return Person(line, name, email, role, language, zone, values.get("course", ""))


_ZONES = available_timezones()


def known(addresses: list[str]) -> dict[str, int]:
    """Lower-case address -> account, of those that have one."""
    found: dict[str, int] = {}
    for start in range(0, len(addresses), BATCH):
        part = addresses[start : start + BATCH]
        rows = db.session.execute(
            select(func.lower(User.email), User.id).where(func.lower(User.email).in_(part))
        )
        found.update((email, number) for email, number in rows)
    return found


def create(people: list[Person], at: datetime) -> dict[str, int]:
    """Accounts without a password for those who have none; lower-case address -> id of the new ones.

    No hash is made: nobody can sign in before an invitation or a reset has set a password.
    """
    made: dict[str, int] = {}
    for start in range(0, len(people), BATCH):
        rows = [
            {
                "name": person.name,
                "email": person.email,
                "role": person.role,
                "language": person.language,
                "time_zone": person.time_zone,
                "password_hash": passwords.UNUSABLE,
                "is_active": True,
                "is_verified_instructor": person.role == "instructor",
                "bio": "",
                "created_at": at,
            }
            for person in people[start : start + BATCH]
        ]
        found = db.session.execute(
            insert(User).on_conflict_do_nothing().returning(User.id, func.lower(User.email).label("email")),
            rows,
        )
        made.update((row.email, row.id) for row in found)
    return made
