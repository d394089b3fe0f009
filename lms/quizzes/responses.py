"""From the fields of the answer form to the response that is stored, and from that to words on a receipt.

Fields: `option` (one id), `options` (ids, repeated), `text`, `pair-<prompt id>` (a choice id),
`place-<item id>` (1, 2, ...), `gap-<gap id>` (an option id or text).
Stored: {"option": id} · {"options": [ids]} · {"text": text} · {"pairs": {prompt id: choice id}} ·
{"places": {item id: place}} · {"gaps": {gap id: option id or text}} · None (unanswered).
"""

from collections.abc import Mapping
from typing import Any

from lms.core.phrases import Phrase, Phrased
from lms.core.plain import is_storable
from lms.quizzes.content import (
    ChoiceContent,
    ClozeContent,
    Content,
    Gap,
    MatchingContent,
    OpenContent,
    Option,
    OrderingContent,
    gap_ids,
)
from lms.quizzes.plain_words import plain_words

MAX_SHORT_TEXT = 1_000
MAX_ESSAY = 50_000

StoredResponse = dict[str, Any]


class Unfit(Phrased):
    """What a question cannot take."""


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
        case OrderingContent():
            return _clean_places(content, values)
        case ClozeContent():
            return _clean_gaps(content, values)
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
        case OrderingContent():
            placed = sorted((place, _order(id), id) for id, place in response.get("places", {}).items())
            return "; ".join(f"{place}. {_words(content.items, id)}" for place, _, id in placed)
        case ClozeContent():
            said = response.get("gaps", {})
            return "; ".join(
                f"({number}) {_said(gap, said[gap.id])}"
                for number, gap in enumerate(in_text_order(content), 1)
                if gap.id in said
            )
    return str(response.get("text", ""))


def in_text_order(content: ClozeContent) -> list[Gap]:
    """The gaps as the reader meets them; one that the text forgets comes last."""
    places = {id: place for place, id in enumerate(gap_ids(content.text))}
    return sorted(content.gaps, key=lambda gap: places.get(gap.id, len(places)))


def _clean_text(text: str, limit: int) -> StoredResponse | None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        return None
    if len(text) > limit:
        raise Unfit(
            Phrase(
                "The answer is too long: %(length)s characters, at most %(limit)s are allowed.",
                length=len(text),
                limit=limit,
            )
        )
    if not is_storable(text):
        raise Unfit(Phrase("The answer holds a character that cannot be stored. Please type it again."))
    return {"text": text}


def _clean_pairs(content: MatchingContent, values: Mapping[str, list[str]]) -> StoredResponse | None:
    pairs = {}
    for name in values:
        if name.startswith("pair-") and (choice := _one(values, name)):
            prompt = _known(content.prompts, name.removeprefix("pair-"))
            pairs[prompt] = _known(content.choices, choice)
    return {"pairs": {prompt: pairs[prompt] for prompt in sorted(pairs, key=_order)}} if pairs else None


def _clean_places(content: OrderingContent, values: Mapping[str, list[str]]) -> StoredResponse | None:
    """Half an order, or two items at one place, is kept as well: it is what was said so far."""
    places = {}
    for name in values:
        if name.startswith("place-") and (place := _one(values, name)):
            item = _known(content.items, name.removeprefix("place-"))
            if not (place.isascii() and place.isdecimal() and 0 < int(place[:9]) <= len(content.items)):
                raise Unfit(Phrase("A place is a number from 1 to %(last)s.", last=len(content.items)))
            places[item] = int(place[:9])
    return {"places": {item: places[item] for item in sorted(places, key=_order)}} if places else None


def _clean_gaps(content: ClozeContent, values: Mapping[str, list[str]]) -> StoredResponse | None:
    said = {}
    for gap in content.gaps:
        found = _one(values, f"gap-{gap.id}")
        if gap.type == "single" and found:
            said[gap.id] = _known(gap.options, found)
        elif gap.type != "single" and (cleaned := _clean_text(found, MAX_SHORT_TEXT)):
            said[gap.id] = cleaned["text"]
    return {"gaps": said} if said else None


def _said(gap: Gap, given: Any) -> str:
    return _words(gap.options, given) if gap.type == "single" else str(given)


def _one(values: Mapping[str, list[str]], name: str) -> str:
    found = values.get(name) or [""]
    if len(found) > 1:
        raise Unfit(Phrase("Only one answer can be given here."))
    return found[0]


def _known(options: tuple[Option, ...], id: str) -> str:
    if all(option.id != id for option in options):
        raise Unfit(Phrase("That answer is not one of those offered. Please reload the page."))
    return id


def _order(id: str) -> tuple[int, str]:
    return len(id), id


def _words(options: tuple[Option, ...], id: object) -> str:
    """An option of pictures alone is called by its id, one that the question no longer has by "?"."""
    return next((plain_words(o.text, o.format) or o.id for o in options if o.id == id), "?")
