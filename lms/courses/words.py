"""Facts of courses in the reader's words; pages call these as template globals."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.core import i18n
from lms.courses.models import LEVELS


def duration(minutes: int) -> str:
    """`25 min`, `3 h` or `3 h 20 min`; beyond ten hours the minutes no longer matter."""
    return _duration(minutes, i18n.language())


@lru_cache(maxsize=2000)
def _duration(minutes: int, _language: str) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return str(_("%(minutes)s min", minutes=rest))
    if hours >= 10 or not rest:
        return str(_("%(hours)s h", hours=hours + (rest >= 30)))
    return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=rest))


def lesson_count(number: int) -> str:
    """`1 lesson`, `24 lessons`."""
    return str(ngettext("%(num)s lesson", "%(num)s lessons", number))


def learner_count(number: int) -> str:
    """`1 learner`, `30 learners`."""
    return str(ngettext("%(num)s learner", "%(num)s learners", number))


def level_name(level: str) -> str:
    """The level for readers."""
    if level == "beginner":
        return str(_("Beginner"))
    return str(_("Intermediate") if level == "intermediate" else _("Advanced"))


def language_name(code: str) -> str:
    """The name of a course's language in the reader's own."""
    return _language_name(code, i18n.language())


@lru_cache(maxsize=500)
def _language_name(code: str, reader: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code


def facet_choices(
    facets: Mapping[str, Mapping[str, int]], chosen: Mapping[str, str]
) -> dict[str, list[tuple[str, str, int]]]:
    """(value, name, courses) for each filter, most courses first, levels in their order. What is chosen is there
    although nothing fits."""
    made = {}
    for name, counts in facets.items():
        known = dict(counts)
        if wanted := chosen.get(name):
            known.setdefault(wanted, 0)
        if name == "level":
            known = {level: known.get(level, 0) for level in LEVELS}
        else:
            known = dict(sorted(known.items(), key=lambda item: (-item[1], item[0])))
        made[name] = [(value, facet_name(name, value), courses) for value, courses in known.items()]
    return made


def facet_name(name: str, value: str) -> str:
    """The value of a filter for readers."""
    return {"level": level_name, "language": language_name}.get(name, str)(value)


def direction(language: str) -> str:
    """`rtl` or `ltr`, for texts in a language that need not be the page's."""
    return "rtl" if language.split("-")[0] in i18n.RIGHT_TO_LEFT else "ltr"


def host(url: str) -> str:
    """The site of an address, as its link's text."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def is_later(moment: str, than: datetime) -> bool:
    """Whether an ISO moment, as JSON columns hold it, lies after another."""
    return datetime.fromisoformat(moment) > than


GLOBALS = (
    is_later,
    duration,
    lesson_count,
    learner_count,
    level_name,
    language_name,
    facet_name,
    direction,
    i18n.day,
    host,
)
