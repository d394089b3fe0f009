"""What a learner is told beside an answer that was kept as it is, but that hardly is what they meant."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from lms.core.numbers import read_number
from lms.quizzes.content import ClozeContent, Content
from lms.quizzes.responses import in_text_order


def doubt(content: Content, response: Mapping[str, Any] | None) -> str:
    """Says that a number can't be read as one; "" when there is nothing to say. Needs no key, and tells nothing
    about right or wrong."""
    given = response or {}
    if isinstance(content, ClozeContent):
        said = given.get("gaps", {})
        unread = [
            _("Gap %(number)s", number=number)
            for number, gap in enumerate(in_text_order(content), 1)
            if gap.type == "numeric" and gap.id in said and read_number(said[gap.id]) is None
        ]
        return f"{_(', ').join(unread)}: {_not_a_number()}" if unread else ""
    if content.type == "numeric" and "text" in given and read_number(given["text"]) is None:
        return _not_a_number()
    return ""


def _not_a_number() -> str:
    return str(_("This can\u2019t be read as a number. Write it like 3.5, without a unit."))
