"""What was answered how often, and what that suggests; counts held to those that Moodle's own tests expect."""

import csv
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lms.quizzes.content import OpenContent, Text
from lms.quizzes.keys import AcceptedNumber, AcceptedText, NumericKey, ShortAnswerKey, match_up
from lms.quizzes.statistics import ItemStatistics
from lms.quizzes.statistics_answers import Count, Given, Part, count_answers
from lms.quizzes.statistics_hints import hints, random_guess
from tests.support import quizzes


def table(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "quiz-statistics" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def given(responses: Iterable[dict[str, Any]]) -> list[Given]:
    return [Given(response, 1) for response in responses]


def expected(shared: Path, slot: str, drawn: str = "", part: str = "1") -> dict[str, int]:
    """Moodle's counts by what was answered."""
    found: Counter[str] = Counter()
    for row in table(shared, "responsecounts00.csv"):
        if (row["slot"], row["randq"], row["subpart"]) == (slot, drawn, part):
            found[row["actualresponse"]] += int(row["totalcount"])
    return dict(found)


def counted(part: Part) -> dict[str, int]:
    return {count.label: count.count for count in part.counts if count.count}


def test_pairs_are_counted_prompt_by_prompt(shared: Path) -> None:
    right = [("frog", "amphibian"), ("cat", "mammal"), ("newt", "amphibian")]
    content, key = match_up(Text("Classify"), [(Text(name), kind) for name, kind in right], ["insect"])
    ids = {choice.text: choice.id for choice in content.choices}
    parts = count_answers(
        content,
        key,
        given(
            {"pairs": {str(n): ids[row[f"responses.3.{name}"]] for n, (name, _) in enumerate(right, 1)}}
            for row in table(shared, "steps00.csv")
        ),
    )
    assert [part.label for part in parts] == ["frog", "cat", "newt"]
    for number, part in enumerate(parts, 1):
        assert counted(part) == expected(shared, "3", part=str(number))


@pytest.mark.parametrize("drawn", ["shortanswer", "numerical"])
def test_typed_answers_are_counted_and_judged(shared: Path, drawn: str) -> None:
    if drawn == "shortanswer":
        words = (AcceptedText("frog"), AcceptedText("toad", Decimal(80)), AcceptedText("*", Decimal(0)))
        content, key = OpenContent("short_answer", "Name it"), ShortAnswerKey(words)
    else:
        content = OpenContent("numeric", "What is pi?")
        key = NumericKey((AcceptedNumber(Decimal("3.14")), AcceptedNumber(Decimal("3.142"))))
    rows = [row for row in table(shared, "steps00.csv") if row["randqs.1"] == drawn]
    (part,) = count_answers(content, key, given({"text": row["responses.1.answer"]} for row in rows))
    assert counted(part) == expected(shared, "1", drawn)
    worth = {count.label: count.worth for count in part.counts}
    assert worth == (
        {"frog": 1, "toad": 0.8, "butterfly": 0}
        if drawn == "shortanswer"
        else {"3.14": 1, "3.142": 1, "3.1": 0}
    )


def test_every_option_is_counted_also_those_that_nobody_chose() -> None:
    content, key = quizzes.multiple()
    (part,) = count_answers(content, key, [Given({"options": ["1", "2"]}, 3, best=2), Given(None, 5)])
    assert [(c.label, c.worth, c.count, c.best) for c in part.counts] == [
        ("Assam", 0.5, 3, 2),
        ("Darjeeling", 0.5, 3, 2),
        ("Arabica", -1.0, 0, 0),
    ]


def test_answers_that_differ_in_spaces_and_capitals_are_one_and_rare_ones_are_added_up() -> None:
    content, key = quizzes.short_answer()
    typed = ["Oolongleaf ", "oolongleaf", "oolongleaf", *(f"tea {n}" for n in range(30))]
    (part,) = count_answers(content, key, given({"text": text} for text in typed))
    assert (part.counts[0].label, part.counts[0].count) == ("oolongleaf", 3)
    assert (part.counts[-1].label, part.counts[-1].worth, part.counts[-1].count) == ("", None, 19)
    assert sum(count.count for count in part.counts) == len(typed)


def test_essays_are_read_and_not_counted() -> None:
    assert count_answers(*quizzes.essay(), given([{"text": "Because."}])) == ()


def figures(**facts: Any) -> ItemStatistics:
    usual = {"attempts": 30, "facility": 0.6, "sd": 0.4, "discrimination": 0.4, "efficiency": 0.5}
    return ItemStatistics(**usual | facts, effective_weight=0.1)


RIGHT, WRONG = Count("80 degrees", 1.0, 18, 8), Count("100 degrees", 0.0, 12, 2)


@pytest.mark.parametrize(
    ("item", "answered", "counts", "reasons"),
    [
        (figures(), 30, (RIGHT, WRONG), []),
        (figures(), 30, (Count("a", 1.0, 12, 2), Count("b", 0.0, 18, 8)), ["best_chose_wrong"]),
        (figures(facility=1.0, discrimination=None), 30, (RIGHT,), ["all_right"]),
        (figures(facility=0.0, discrimination=None), 30, (), ["none_right"]),
        (figures(discrimination=-0.2), 30, (RIGHT, WRONG), ["against"]),
        (figures(discrimination=0.1), 30, (RIGHT, WRONG), ["weak"]),
        (figures(facility=0.2), 30, (RIGHT, WRONG), ["guessing"]),
        (figures(facility=0.2), 10, (RIGHT, WRONG), ["unreached"]),
        (figures(), 30, (RIGHT, WRONG, Count("60 degrees", 0.0, 0, 0)), ["never_chosen"]),
        (figures(attempts=1, facility=0.0), 1, (), []),
        (figures(attempts=3, discrimination=-1.0), 3, (RIGHT, WRONG), []),
        (figures(facility=None), 0, (), []),
    ],
)
def test_figures_are_put_into_words_only_when_they_say_something(
    item: ItemStatistics, answered: int, counts: tuple[Count, ...], reasons: list[str]
) -> None:
    assert [hint.reason for hint in hints(item, answered, 0.33, [Part("", counts)])] == reasons


@pytest.mark.parametrize(
    ("pair", "share"),
    [
        (quizzes.single(), 1 / 3),
        (quizzes.true_false(), 1 / 2),
        (quizzes.matching(), 1 / 3),
        (quizzes.short_answer(), 0),
        (quizzes.multiple(), None),
        (quizzes.numeric(), None),
        (quizzes.essay(), None),
    ],
)
def test_what_blind_guessing_earns(pair: quizzes.Pair, share: float | None) -> None:
    assert random_guess(*pair) == (None if share is None else pytest.approx(share))
