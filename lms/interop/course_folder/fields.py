"""Reading typed values out of front matter, and telling the author what is wrong with them."""

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from lms.core.phrases import Phrase
from lms.interop.course_folder.problems import Problems
from lms.learning.release import moment_of

_ID = re.compile(r"\w[\w ._/~-]{0,199}")
_DURATION = re.compile(r"(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?", re.IGNORECASE)

Path = tuple[Any, ...]


class Fields:
    """The values at one level of a file's front matter. A wrong value is reported and reads as missing."""

    def __init__(
        self, path: str, values: dict[str, Any], lines: dict[Path, int], problems: Problems, at: Path = ()
    ) -> None:
        self.path = path
        self._values = values
        self._lines = lines
        self._problems = problems
        self._at = at

    def line(self, name: str | int | None = None) -> int | None:
        return self._lines.get((*self._at, name) if name is not None else self._at)

    def says(self, name: str) -> bool:
        """Whether the field has a value, right or wrong."""
        return self._values.get(name) is not None

    def where(self, name: str) -> int | None:
        """The line of a field; of one that is not there that of the group it belongs in."""
        return self.line(name) or self.line()

    def wrong(self, name: str, words: str, /, **facts: Any) -> None:
        """An error, as a message of the catalogue; it calls the field `field`."""
        self._problems.error(self.path, Phrase(words, field=name, **facts), self.where(name))

    def doubt(self, name: str, words: str, /, **facts: Any) -> None:
        """The same as a warning: the course comes in all the same."""
        self._problems.warning(self.path, Phrase(words, field=name, **facts), self.where(name))

    def unknown(self, known: Collection[str]) -> None:
        for name in self._values:
            if name not in known:
                message = Phrase("the field `%(field)s` is not known and not used", field=name)
                self._problems.warning(self.path, message, self.line(name))

    def text(self, name: str, longest: int = 255) -> str:
        value = self._values.get(name)
        if value is None:
            return ""
        if isinstance(value, dict | list | bool):
            self.wrong(name, "`%(field)s` must be text")
            return ""
        text = " ".join(str(value).split())
        if len(text) > longest:
            self.wrong(name, "`%(field)s` is longer than %(most)s characters", most=f"{longest:,}")
            return ""
        return text

    def identity(self, name: str = "id") -> str:
        text = self.text(name, 200)
        if text and not _ID.fullmatch(text):
            self.wrong(name, "`%(field)s` may hold letters, digits, and . _ / - only")
            return ""
        return text

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        value = self._values.get(name)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list | bool) for item in items):
            self.wrong(name, "`%(field)s` must be a list of texts, such as [one, two]")
            return ()
        return tuple(str(item).strip() for item in items if item is not None and str(item).strip())

    def flag(self, name: str) -> bool | None:
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(name, "`%(field)s` must be true or false")
        return None

    def number(self, name: str, least: int, most: int) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(
                name,
                "`%(field)s` must be a whole number from %(least)s to %(most)s",
                least=f"{least:,}",
                most=f"{most:,}",
            )
            return None
        return value

    def amount(self, name: str, least: int, most: int) -> int | Decimal | None:
        """A number with at most two decimals, such as 70 or 66.67."""
        value = self._values.get(name)
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= most or value != round(value, 2):
            self.wrong(
                name,
                "`%(field)s` must be a number from %(least)s to %(most)s, with at most two decimals",
                least=f"{least:,}",
                most=f"{most:,}",
            )
            return None
        return Decimal(str(value)) if isinstance(value, float) else value

    def amounts(self, name: str, least: int, most: int) -> dict[str, int | Decimal]:
        """Numbers by name."""
        inside = Fields(self.path, self.mapping(name) or {}, self._lines, self._problems, (*self._at, name))
        found = {key: inside.amount(key, least, most) for key in inside._values}
        return {key: value for key, value in found.items() if value is not None}

    def minutes(self, name: str) -> int | None:
        """Minutes, from 45, "45 min" or "1 h 30 min"."""
        value = self._values.get(name)
        if isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())) and any(match.groups()):
            value = int(match[1] or 0) * 60 + int(match[2] or 0)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
            self.wrong(name, '`%(field)s` must be minutes, such as 45 or "1 h 30 min"')
            return None
        return value

    def moment(self, name: str) -> datetime | None:
        """A date and time; UTC when it names no zone."""
        text = self.text(name)
        found = moment_of(text) if text else None
        if text and found is None:
            self.wrong(
                name,
                "`%(field)s` must be a date and time, such as %(example)s",
                example="2026-05-01T09:00+02:00",
            )
        return found

    def window(self, opens: str, closes: str) -> tuple[datetime | None, datetime | None]:
        """Two moments, the first before the second."""
        first, last = self.moment(opens), self.moment(closes)
        if first and last and first >= last:
            self.wrong(closes, "`%(field)s` must come after `%(other)s`", other=opens)
        return first, last

    def choice(self, name: str, allowed: tuple[str, ...], default: str | None = None) -> str | None:
        value = self._values.get(name)
        if value is None:
            return default
        if value in allowed:
            return str(value)
        self.wrong(name, "`%(field)s` must be one of: %(values)s", values=allowed)
        return default

    def mapping(self, name: str) -> dict[str, Any] | None:
        value = self._values.get(name)
        if value is None or isinstance(value, dict):
            return value
        self.wrong(name, "`%(field)s` must be a group of fields, indented below it")
        return None

    def items(self, name: str) -> list["Fields"]:
        """The entries of a list, each a group of fields; a bare text stands for its `file`."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(name, "`%(field)s` must be a list, each entry beginning with a dash")
            return []
        found = []
        for index, item in enumerate(value):
            at = (*self._at, name, index)
            if isinstance(item, str):
                item = {"file": item}
            if isinstance(item, dict):
                found.append(Fields(self.path, item, self._lines, self._problems, at))
            else:
                message = Phrase(
                    "entry %(number)s of `%(field)s` must be a group of fields with a `file`",
                    number=index + 1,
                    field=name,
                )
                self._problems.error(self.path, message, self._lines.get(at))
        return found
