"""What was answered how often: by option, by prompt, by gap, or by what was typed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lms.quizzes.content import (
    ChoiceContent,
    ClozeContent,
    Content,
    MatchingContent,
    OpenContent,
    Option,
    OrderingContent,
)
from lms.quizzes.grading import grade
from lms.quizzes.keys import ChoiceKey, ClozeKey, Key, MatchingKey, NumericKey, OrderingKey, ShortAnswerKey
from lms.quizzes.plain_words import plain_words

MOST_TEXTS = 12
"""Different typed answers that are listed; the others are added up."""
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Given:
    """A stored response, how many gave it, and how many of those were in the best third."""

    response: Mapping[str, Any] | None
    count: int
    best: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """One possible answer. `worth` is its share of the points, 0 to 1, or None where that is not said of one
    answer alone; `label` is "" for all other typed answers together."""

    label: str
    worth: float | None
    count: int
    best: int

    @property
    def is_right(self) -> bool:
        return self.worth is not None and self.worth > 0


@dataclass(frozen=True, slots=True)
class Part:
    """The answers to one part of a question: a prompt, an item or a gap; `label` is "" for a whole question."""

    label: str
    counts: tuple[Count, ...]


def count_answers(content: Content, key: Key, given: Iterable[Given]) -> tuple[Part, ...]:
    """Each part with its answers: offered ones as they are offered, typed ones the most frequent first.

    Essays and descriptions have none. Ids that the question no longer has are left out.
    """
    found = [one for one in given if one.response]
    match content, key:
        case ChoiceContent(), ChoiceKey():
            return (Part("", _options(content.options, key, _chosen(found))),)
        case MatchingContent(), MatchingKey():
            right = dict(key.pairs)
            return tuple(
                _offered(prompt, content.choices, {right.get(prompt.id)}, _inside(found, "pairs", prompt.id))
                for prompt in content.prompts
            )
        case OrderingContent(), OrderingKey():
            return tuple(_placed(item, key, _inside(found, "places", item.id)) for item in content.items)
        case ClozeContent(), ClozeKey():
            return tuple(_gaps(content, key, found))
        case OpenContent(), ShortAnswerKey() | NumericKey():
            return (Part("", _typed(content, key, _texts(found))),)
    return ()


Answers = list[tuple[str, int, int]]
"""(id or text, how many, of the best third)"""


def _chosen(given: list[Given]) -> Answers:
    return [
        (str(id), one.count, one.best)
        for one in given
        if one.response
        for id in (one.response.get("options") or [one.response.get("option")])
    ]


def _texts(given: list[Given]) -> Answers:
    return [(str(one.response.get("text", "")), one.count, one.best) for one in given if one.response]


def _inside(given: list[Given], name: str, id: str) -> Answers:
    """What was given for one prompt, item or gap of an answer with several."""
    found = [(one.response.get(name), one) for one in given if one.response]
    return [
        (str(answers[id]), one.count, one.best)
        for answers, one in found
        if isinstance(answers, Mapping) and id in answers
    ]


def _tally(answers: Answers) -> tuple[Counter[str], Counter[str]]:
    counts: Counter[str] = Counter()
    best: Counter[str] = Counter()
    for answer, count, of_best in answers:
        counts[answer] += count
        best[answer] += of_best
    return counts, best


def _options(options: tuple[Option, ...], key: ChoiceKey, answers: Answers) -> tuple[Count, ...]:
    counts, best = _tally(answers)
    worth = {mark.id: float(mark.weight) / 100 for mark in key.options}
    return tuple(Count(_words(o), worth.get(o.id, 0.0), counts[o.id], best[o.id]) for o in options)


def _offered(part: Option, choices: tuple[Option, ...], right: set[str | None], answers: Answers) -> Part:
    counts, best = _tally(answers)
    offered = (Count(_words(c), float(c.id in right), counts[c.id], best[c.id]) for c in choices)
    return Part(_words(part), tuple(offered))


def _placed(item: Option, key: OrderingKey, answers: Answers) -> Part:
    counts, best = _tally(answers)
    places = [str(number) for number in range(1, len(key.order) + 1)]
    right = str(key.order.index(item.id) + 1) if item.id in key.order else None
    found = (Count(place, float(place == right), counts[place], best[place]) for place in places)
    return Part(_words(item), tuple(found))


def _gaps(content: ClozeContent, key: ClozeKey, given: list[Given]) -> Iterator[Part]:
    keys = {gap.id: gap.key for gap in key.gaps}
    for gap in content.gaps:
        answers, right = _inside(given, "gaps", gap.id), keys.get(gap.id)
        if isinstance(right, ChoiceKey):
            yield Part(f"[[{gap.id}]]", _options(gap.options, right, answers))
        elif right is not None:
            yield Part(f"[[{gap.id}]]", _typed(gap.question(), right, answers))


def _typed(content: Content, key: Key, answers: Answers) -> tuple[Count, ...]:
    """Equal but for outer spaces and capitals is the same answer; it is shown as most wrote it."""
    spellings: dict[str, Counter[str]] = {}
    for text, count, _ in answers:
        spellings.setdefault(text.strip().casefold(), Counter())[text.strip()] += count
    counts, best = _tally([(text.strip().casefold(), count, of_best) for text, count, of_best in answers])
    found = []
    for folded, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        text = spellings[folded].most_common(1)[0][0]
        worth = float(grade(content, key, {"text": text}).fraction)
        found.append(Count(_short(text), worth, count, best[folded]))
    kept, others = found[:MOST_TEXTS], found[MOST_TEXTS:]
    if others:
        kept.append(Count("", None, sum(o.count for o in others), sum(o.best for o in others)))
    return tuple(kept)


def _words(option: Option) -> str:
    return _short(plain_words(option.text, option.format)) or option.id


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1] + "…"
