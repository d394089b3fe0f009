"""From the fields of the answer form to the response that is stored, and from that to words on a receipt.

Fields: `option` (one id), `options` (ids, repeated), `text`, `pair-<prompt id>` (a choice id).
Stored: {"option": id} · {"options": [ids]} · {"text": text} · {"pairs": {prompt id: choice id}} · None
(unanswered).
"""

from collections.abc import Mapping
from typing import Any

from lms.quizzes.content import ChoiceContent, Content, MatchingContent, OpenContent, Option
from lms.quizzes.fields import is_storable
from lms.quizzes.plain_words import plain_words

MAX_SHORT_TEXT = 1_000
MAX_ESSAY = 50_000

StoredResponse = dict[str, Any]


class Unfit(ValueError):
    """What a question cannot take. `words` are a message of the catalogue of translations, `facts` fill it in."""

    def __init__(self, words: str, **facts: int) -> None:
        super().__init__(words % facts)
        self.words = words
        self.facts = facts


def clean_response(content: Content, values: Mapping[str, list[str]]) -> StoredResponse | None:
    """The response in `values`, or None when nothing was answered. Fields that are not of the answer are
    ignored.

    Raises Unfit, with a message for the learner, for what this question cannot take.
    """
    match content:
        case ChoiceContent(type="multiple"):
            chosen = sorted(
                {_known(content.options, id) for id in values.get("options", []) if id}, key=_order
            )
            return {"options": chosen} if chosen else None
        case ChoiceContent():
            option = _one(values, "option")
            return {"option": _known(content.options, option)} if option else None
        case MatchingContent():
            return _clean_pairs(content, values)
        case OpenContent(type="description"):
            return None
    return _clean_text(_one(values, "text"), MAX_ESSAY if content.type == "essay" else MAX_SHORT_TEXT)


def display_response(content: Content, response: Mapping[str, Any] | None) -> str:
    """The response in plain words, as the learner would read it on a receipt; "" when unanswered."""
    if not response:
        return ""
    match content:
        case ChoiceContent(type="multiple"):
            return "; ".join(_words(content.options, id) for id in response.get("options", []))
        case ChoiceContent():
            return _words(content.options, response.get("option"))
        case MatchingContent():
            pairs = response.get("pairs", {})
            return "; ".join(
                f"{_words(content.prompts, p.id)} \u2192 {_words(content.choices, pairs[p.id])}"
                for p in content.prompts
                if p.id in pairs
            )
    return str(response.get("text", ""))


def _clean_text(text: str, limit: int) -> StoredResponse | None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return None
    if len(text) > limit:
        raise Unfit(
            "The answer is too long: %(length)s characters, at most %(limit)s are allowed.",
            length=len(text),
            limit=limit,
        )
    if not is_storable(text):
        raise Unfit("The answer holds a character that cannot be stored. Please type it again.")
    return {"text": text}


def _clean_pairs(content: MatchingContent, values: Mapping[str, list[str]]) -> StoredResponse | None:
    pairs = {}
    for name in values:
        if name.startswith("pair-") and (choice := _one(values, name)):
            prompt = _known(content.prompts, name.removeprefix("pair-"))
            pairs[prompt] = _known(content.choices, choice)
    return {"pairs": {prompt: pairs[prompt] for prompt in sorted(pairs, key=_order)}} if pairs else None


def _one(values: Mapping[str, list[str]], name: str) -> str:
    found = values.get(name) or [""]
    if len(found) > 1:
        raise Unfit("Only one answer can be given here.")
    return found[0]


def _known(options: tuple[Option, ...], id: str) -> str:
    if all(option.id != id for option in options):
        raise Unfit("That answer is not one of those offered. Please reload the page.")
    return id


def _order(id: str) -> tuple[int, str]:
    return len(id), id


def _words(options: tuple[Option, ...], id: object) -> str:
    """An option of pictures alone is called by its id, one that the question no longer has by "?"."""
    return next((plain_words(o.text, o.format) or o.id for o in options if o.id == id), "?")
