"""What is wrong with a question, in the language of whoever looks."""

from typing import Any

from flask_babel import gettext as _

from lms.quizzes.content import Content
from lms.quizzes.keys import Key
from lms.quizzes.validation import Flaw, validate


def problems(content: Content, key: Key) -> list[str]:
    """What keeps the question from being asked, ready to stand after "question 3: "; empty when nothing."""
    return [in_words(flaw) for flaw in validate(content, key)]


def in_words(flaw: Flaw) -> str:
    """One flaw, and the one of a gap within it, translated."""
    facts: dict[str, Any] = {
        name: in_words(fact) if isinstance(fact, Flaw) else fact for name, fact in flaw.facts.items()
    }
    return str(_(flaw.words, **facts))
