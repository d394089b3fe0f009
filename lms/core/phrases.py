"""What a person is told before it is known who reads it: by rules that know no request, and by jobs whose report is kept.

A phrase is its English, so that it prints, sorts and compares like any text. It remembers the message of the catalogue
and the facts in it, and is said in the reader's language when it is shown.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

_CODE = re.compile("`([^`]+)`")


class Phrase(str):
    """`words` are a message of the catalogue, `facts` fill it in: numbers, texts, lists of texts, other phrases.

    `many` is the message for more than one, where the fact `num` counts something; see `plural_phrase`.
    """

    words: str
    many: str | None
    facts: dict[str, Any]

    def __new__(cls, words: str, many: str | None = None, /, **facts: Any) -> "Phrase":
        english = many if many and facts["num"] != 1 else words
        put_in = {name: ", ".join(fact) if _is_list(fact) else fact for name, fact in facts.items()}
        phrase = super().__new__(cls, english % put_in if facts else english)
        phrase.words, phrase.many, phrase.facts = words, many, facts
        return phrase

    def to_json(self) -> dict[str, Any]:
        """What `_from_json` reads."""
        facts = {name: _kept(fact) for name, fact in self.facts.items()}
        return {"words": self.words, **({"many": self.many} if self.many else {}), "facts": facts}


class Phrased(ValueError):
    """Raised by what knows no reader: `phrase` says to a person what is wrong."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase)
        self.phrase = phrase


def plural_phrase(one: str, many: str, num: int, /, **facts: Any) -> Phrase:
    """A phrase that counts: `one` for a single thing, `many` for another number, which both call `num`."""
    return Phrase(one, many, num=num, **facts)


def joined(phrases: Sequence[Phrase]) -> Phrase:
    """Several phrases as one. IndexError when there are none."""
    whole = phrases[0]
    for phrase in phrases[1:]:
        whole = Phrase("%(first)s; %(more)s", first=whole, more=phrase)
    return whole


def in_words(said: str) -> str:
    """A phrase in the reader's language; any other text as it stands."""
    if not isinstance(said, Phrase):
        return said
    facts = {name: _in_words(fact) for name, fact in said.facts.items()}
    return str(ngettext(said.words, said.many, **facts) if said.many else _(said.words, **facts))


def kept(said: str) -> dict[str, Any]:
    """What is stored of it: always the English, and what can be said in other languages where it is a phrase."""
    return {"message": str(said), **({"said": said.to_json()} if isinstance(said, Phrase) else {})}


def kept_in_words(stored: Mapping[str, Any]) -> str:
    """The words of what `kept` gave, in the reader's language; what was stored as a text alone as it stands."""
    return in_words(_from_json(stored["said"])) if "said" in stored else str(stored["message"])


def with_code(words: str) -> Markup:
    """For a page: what stands between `backticks` as code."""
    return Markup(_CODE.sub(r'<code dir="ltr">\1</code>', str(escape(words))))  # noqa: S704 (escaped just before)


def init_app(app: Flask) -> None:
    """All three for templates."""
    app.jinja_env.filters.update(in_words=in_words, kept_in_words=kept_in_words, with_code=with_code)


def _is_list(fact: Any) -> bool:
    return isinstance(fact, list | tuple)


def _in_words(fact: Any) -> Any:
    if _is_list(fact):
        return str(_(", ")).join(fact)
    return in_words(fact) if isinstance(fact, Phrase) else fact


def _kept(fact: Any) -> Any:
    if isinstance(fact, Phrase):
        return fact.to_json()
    if _is_list(fact):
        return [str(each) for each in fact]
    return fact if isinstance(fact, int) else str(fact)


def _from_json(stored: Mapping[str, Any]) -> Phrase:
    facts = {
        name: _from_json(fact) if isinstance(fact, Mapping) else fact
        for name, fact in stored["facts"].items()
    }
    one, many = stored["words"], stored.get("many")
    return Phrase(one, many, **facts)
