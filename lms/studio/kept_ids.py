"""Options keep their ids when a question is edited, so that what learners chose still means the same.

A new option gets an id that the question never had; the id of one that was taken out is not given again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lms.quizzes.content import (
    ChoiceContent,
    ClozeContent,
    Content,
    Gap,
    MatchingContent,
    Option,
    OrderingContent,
)
from lms.quizzes.keys import ChoiceKey, ClozeKey, GapKey, Key, MatchingKey, Notes, OrderingKey
from lms.studio.typed_rows import Row

Names = Mapping[str, str]
"""From the ids given by place to the ids that stay."""


def keep(content: Content, key: Key, rows: Sequence[Row], before: Content) -> tuple[Content, Key]:
    """The question with the ids that its parts had in `before`; `rows` are those it was built from."""
    match content, key, before:
        case ChoiceContent(type=type), ChoiceKey(), ChoiceContent() if type != "true_false":
            names = _of_rows([option.id for option in content.options], rows, before.options)
            return _choice(content, key, names)
        case MatchingContent(), MatchingKey(), MatchingContent():
            return _matching(content, key, rows, before)
        case OrderingContent(), OrderingKey(), OrderingContent():
            names = _of_rows(key.order, rows, before.items)
            order = tuple(names[id] for id in key.order)
            items = _renamed(content.items, names)
            return replace(content, items=items), replace(
                key, order=order, feedback=_notes(key.feedback, names)
            )
        case ClozeContent(), ClozeKey(), ClozeContent():
            return _cloze(content, key, before)
    return content, key


def _choice(content: ChoiceContent, key: ChoiceKey, names: Names) -> tuple[ChoiceContent, ChoiceKey]:
    marks = tuple(replace(mark, id=names[mark.id]) for mark in key.options)
    return replace(content, options=_renamed(content.options, names)), replace(key, options=marks)


def _matching(
    content: MatchingContent, key: MatchingKey, rows: Sequence[Row], before: MatchingContent
) -> tuple[MatchingContent, MatchingKey]:
    prompts = _of_rows([prompt.id for prompt in content.prompts], rows, before.prompts)
    choices = _of_texts(content.choices, before.choices)
    pairs = tuple((prompts[prompt], choices[choice]) for prompt, choice in key.pairs)
    return (
        replace(
            content,
            prompts=_renamed(content.prompts, prompts),
            choices=_renamed(content.choices, choices),
        ),
        replace(key, pairs=tuple(sorted(pairs, key=_by_number)), feedback=_notes(key.feedback, prompts)),
    )


def _cloze(content: ClozeContent, key: ClozeKey, before: ClozeContent) -> tuple[ClozeContent, ClozeKey]:
    """Gaps have the ids that their author gave them; only their options are to be recognised."""
    old = {gap.id: gap for gap in before.gaps}
    pairs = [_gap(gap, found, old.get(gap.id)) for gap, found in zip(content.gaps, key.gaps, strict=True)]
    gaps, keys = tuple(gap for gap, _ in pairs), tuple(found for _, found in pairs)
    return replace(content, gaps=gaps), replace(key, gaps=keys)


def _gap(gap: Gap, found: GapKey, before: Gap | None) -> tuple[Gap, GapKey]:
    if before is None or not isinstance(found.key, ChoiceKey) or before.type != "single":
        return gap, found
    names = _of_texts(gap.options, before.options)
    marks = tuple(replace(mark, id=names[mark.id]) for mark in found.key.options)
    kept = replace(gap, options=_renamed(gap.options, names))
    return kept, replace(found, key=replace(found.key, options=marks))


def _of_rows(ids: Sequence[str], rows: Sequence[Row], before: Iterable[Option]) -> Names:
    """The form says which row was which option; `ids` are those of the rows, in their order."""
    spent = {option.id for option in before}
    kept: dict[str, str] = {}
    for id, row in zip(ids, rows, strict=True):
        if row.id in spent and row.id not in kept.values():
            kept[id] = row.id
    return _completed(ids, kept, spent)


def _of_texts(options: Sequence[Option], before: Sequence[Option]) -> Names:
    """Options are known again by their text; else by their place, when the one that stood there is gone."""
    spent = {option.id for option in before}
    kept: dict[str, str] = {}
    for option in options:
        free = (old.id for old in before if old.text == option.text and old.id not in kept.values())
        if found := next(free, None):
            kept[option.id] = found
    if len(options) == len(before):
        for option, there in zip(options, before, strict=True):
            if option.id not in kept and there.id not in kept.values():
                kept[option.id] = there.id
    return _completed([option.id for option in options], kept, spent)


def _completed(ids: Iterable[str], kept: dict[str, str], spent: set[str]) -> Names:
    number = max((int(id) for id in spent if id.isascii() and id.isdecimal()), default=0)
    for id in ids:
        if id not in kept:
            number += 1
            kept[id] = str(number)
    return kept


def _renamed(options: Iterable[Option], names: Names) -> tuple[Option, ...]:
    return tuple(replace(option, id=names[option.id]) for option in options)


def _notes(notes: Notes, names: Names) -> Notes:
    return tuple(sorted(((names[id], said) for id, said in notes), key=_by_number))


def _by_number(pair: tuple[str, object]) -> tuple[int, str]:
    return len(pair[0]), pair[0]
