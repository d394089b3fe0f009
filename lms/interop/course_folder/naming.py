"""Names of things, from the names of their files.

Numbers order files and are not part of names: renumbering a course changes no address and no identity.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

from lms.courses.naming import slug as slug
from lms.courses.naming import unused

_NUMBER = re.compile(r"^(\d{1,4})(?:[-_. ]+|$)")
_FIRST = re.compile(r"^(pre|intro|warm)")
_LAST = re.compile(r"^(post|final)")


def number_of(name: str) -> int | None:
    match = _NUMBER.match(name)
    return int(match[1]) if match else None


def without_number(name: str) -> str:
    return _NUMBER.sub("", name) or name


def order(name: str) -> tuple[int, int, str]:
    """Sort key: numbered names by number, then the rest, "pre-lecture" before "post-lecture"."""
    number = number_of(name)
    stem = without_number(name).lower()
    when = 0 if _FIRST.match(stem) else 2 if _LAST.match(stem) else 1
    return (10_000 if number is None else number, when, stem)


def slug_for(kind: str, name: str, title: str, identity: str) -> str:
    """From the file name, else the title; in other scripts a short, stable code of the identity."""
    code = hashlib.sha256(identity.encode()).hexdigest()[:6]
    return slug(without_number(name)) or slug(title) or f"{kind}-{code}"


def take(candidate: str, taken: set[str]) -> str:
    """`candidate`, with a number behind it when it is taken already; the result is taken from now on."""
    result = unused(candidate, taken)
    taken.add(result)
    return result


def identity_of(path: str) -> str:
    """A stable id from a path: no numbers, no `lesson.md`, no ending."""
    parts = list(PurePosixPath(path).parts)
    stem = PurePosixPath(parts[-1]).stem
    parts = parts[:-1] if stem in {"lesson", "module"} else [*parts[:-1], stem]
    return "/".join(unicodedata.normalize("NFC", without_number(part)).lower() for part in parts)


def words(name: str) -> str:
    """A file name as a title: "pre-lecture" becomes "Pre-lecture", "wifi_set_up" "Wifi set up"."""
    stem = without_number(PurePosixPath(name).stem)
    text = re.sub(r"[_\s]+", " ", stem).strip()
    if not _FIRST.match(text.lower()) and not _LAST.match(text.lower()):
        text = text.replace("-", " ")
    return text[:1].upper() + text[1:]
