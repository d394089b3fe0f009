"""What would be right: looked up by the tests, never by a page. Used to answer a quiz as somebody who knows it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Page

from lms.quizzes import queries
from lms.quizzes.keys import ChoiceKey, Key, MatchingKey, NumericKey, ShortAnswerKey, key_from_json


@dataclass(frozen=True)
class RightAnswer:
    """`options` to tick, `text` to type, or `pairs` to choose, for one slot of an attempt."""

    slot: int
    options: tuple[str, ...] = ()
    text: str = ""
    pairs: tuple[tuple[str, str], ...] = ()

    def give(self, page: Page) -> None:
        """Answer as a person does: click the row of an option, type, choose from a list."""
        question = page.locator(f'fieldset[data-slot="{self.slot}"]')
        for option in self.options:
            question.locator("label.option", has=page.locator(f'input[value="{option}"]')).click()
        if self.text:
            question.get_by_label("Your answer").fill(self.text)
        for prompt, choice in self.pairs:
            question.locator(f'select[name$="-pair-{prompt}"]').select_option(choice)


def right_answers(app: Flask, attempt_id: int) -> Iterator[RightAnswer]:
    """In the order in which the attempt asks; what is only read is left out."""
    with app.app_context():
        rows = queries.slots_with_keys(attempt_id)
    for row in rows:
        key = key_from_json(row.key)
        if key.type != "description":
            yield _right(row.slot, key)


def _right(slot: int, key: Key) -> RightAnswer:
    match key:
        case ChoiceKey(type="multiple"):
            return RightAnswer(slot, options=tuple(mark.id for mark in key.options if mark.weight > 0))
        case ChoiceKey():
            return RightAnswer(slot, options=(max(key.options, key=lambda mark: mark.weight).id,))
        case ShortAnswerKey():
            best = max(key.accepted, key=lambda accepted: accepted.weight).text
            return RightAnswer(slot, text=best.replace("\\*", "\0").replace("*", "").replace("\0", "*"))
        case NumericKey():
            best_number = max(key.accepted, key=lambda accepted: accepted.weight)
            value = best_number.low if best_number.value is None else best_number.value
            return RightAnswer(slot, text=str(value))
        case MatchingKey():
            return RightAnswer(slot, pairs=key.pairs)
    raise AssertionError(f"no answer to a question of the type {key.type}")
