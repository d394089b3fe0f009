"""What a question counts: full points for everybody, left out, other points. Pure rules, by property."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.quizzes import corrections, worth
from lms.quizzes.corrections import Change, SlotGrade
from lms.quizzes.worth import Part, Worth

points = st.sampled_from(["0.00", "0.50", "1.00", "2.00", "3.00", "10.00"]).map(Decimal)
hows = st.sampled_from([(None, None), (7, "full"), (8, "out"), (9, "full"), (10, "out")])
worths = st.builds(lambda points, how: Worth(points, *how), points, hows)


@st.composite
def slots(draw) -> dict:
    """A slot of a closed attempt as `corrections.attempts` reads it, answered or not."""
    state = draw(st.sampled_from(["correct", "partial", "incorrect", "needs_grading", None]))
    shares = {"correct": Decimal(1), "partial": draw(st.decimals(0, 1, places=6))}
    now = draw(worths)
    fraction = None if state is None else str(shares.get(state, Decimal(0)))
    return {
        "seen": 1, "key": None, "kept": None, "draw": None, "declined": None, "fraction": fraction, "state": state,
        "response": {"text": "x"} if state else None, **now.to_json(),
    }  # fmt: skip


@st.composite
def sittings(draw) -> tuple[SimpleNamespace, dict[str, Worth]]:
    """A closed attempt with the result that its slots add up to, and what is offered for some of them."""
    rows = draw(st.lists(slots(), min_size=1, max_size=6))
    rows = [row | {"slot": place, "seen": place + 100} for place, row in enumerate(rows)]
    passing = Decimal(draw(st.integers(0, 100)))
    offers = {_pin(row): offer for row in rows if (offer := draw(st.none() | worths))}
    return _attempt(rows, passing), {
        pin: offer
        for pin, offer in offers.items()
        if offer not in [Worth.of(row) for row in rows if _pin(row) == pin]
    }


def _pin(row: dict) -> str:
    return corrections._pin_of(row["seen"], row["draw"], row, row["declined"])


def _attempt(rows: list[dict], passing: Decimal) -> SimpleNamespace:
    now = corrections.result_of(rows, passing)
    facts = {name: getattr(now, name) for name in ("score", "points", "percent", "passed", "state")}
    who = {"id": 1, "user_id": 1, "name": "", "number": 1}
    return SimpleNamespace(**who, passing_percent=passing, slots=rows, others=None, **facts)


def _applied(row: SimpleNamespace, change: Change, side: int = 1) -> SimpleNamespace:
    """The attempt as the database holds it then: its slots with what the change pins and writes, and their sum."""
    rows = [
        {**slot, **change.slots[slot["slot"]][side].to_json()} if slot["slot"] in change.slots else slot
        for slot in row.slots
    ]
    return _attempt(rows, row.passing_percent)


@settings(max_examples=200)
@given(sittings(), st.sampled_from(corrections.RULES))
def test_no_score_leaves_0_to_100_per_cent_and_its_points_are_those_that_count(made, rule) -> None:
    row, offers = made
    change = corrections._change(row, {}, offers, rule)
    assert 0 <= change.after.score <= change.after.points
    assert 0 <= change.after.percent <= 100
    then = _applied(row, change)
    counting = [slot for slot in then.slots if slot["how"] != "out"]
    assert change.after.points == sum(Decimal(slot["points"]) for slot in counting)


@settings(max_examples=300)
@given(sittings())
def test_only_raise_lowers_no_percent_and_takes_no_pass_away(made) -> None:
    row, offers = made
    change = corrections._change(row, {}, offers, "raise")
    assert change.after.percent >= row.percent
    assert change.after.passed or not row.passed


@settings(max_examples=200)
@given(sittings(), st.sampled_from(corrections.RULES))
def test_of_what_keeps_its_worth_the_result_is_enough(made, rule) -> None:
    row, offers = made
    told = [slot for slot in row.slots if _pin(slot) in offers]
    others = " ".join(_in_short(slot) for slot in row.slots if _pin(slot) not in offers)
    short = SimpleNamespace(**{**vars(row), "slots": told, "others": others or None})
    assert corrections._change(short, {}, offers, rule) == corrections._change(row, {}, offers, rule)


def _in_short(slot: dict) -> str:
    """As the statement for attempts tells it."""
    said = [
        slot["fraction"] or "",
        slot["state"] or "",
        "f" if slot["response"] is None else "t",
        slot["points"],
    ]
    return "/".join([*said, slot["how"]] if slot["how"] else said)


@settings(max_examples=200)
@given(sittings(), st.lists(st.decimals(0, 1, places=6), min_size=6, max_size=6))
def test_whatever_waiting_essays_earn_nobody_is_worse_off_by_only_raise(made, given_later) -> None:
    row, offers = made
    change = corrections._change(row, {}, offers, "raise")

    def marked(attempt: SimpleNamespace) -> Decimal:
        rows = [
            slot | {"fraction": str(given_later[slot["slot"]]), "state": "partial"}
            if slot["state"] == "needs_grading"
            else slot
            for slot in attempt.slots
        ]
        return corrections.result_of(rows, row.passing_percent).percent

    assert marked(_applied(row, change)) >= marked(row)


@settings(max_examples=200)
@given(sittings(), st.sampled_from(corrections.RULES))
def test_applied_once_more_it_changes_nothing(made, rule) -> None:
    row, offers = made
    then = _applied(row, corrections._change(row, {}, offers, rule))
    wanted = {slot["seen"]: offers.get(_pin(slot), None) for slot in row.slots}
    again = {
        _pin(slot): offer
        for slot in then.slots
        if (offer := wanted[slot["seen"]])
        and offer != (Worth.of(slot["declined"]) if slot["declined"] else Worth.of(slot))
    }
    assert again == {}
    assert corrections._change(then, {}, again, rule).slots == {}


@settings(max_examples=200)
@given(sittings(), st.sampled_from(corrections.RULES))
def test_undone_every_slot_is_exactly_what_it_was(made, rule) -> None:
    row, offers = made
    change = corrections._change(row, {}, offers, rule)
    noted = json.loads(json.dumps({slot: was.to_json() for slot, (was, _) in change.slots.items()}))
    then = _applied(row, change)
    back = [slot | noted.get(str(slot["slot"]), {}) for slot in then.slots]
    assert back == row.slots


@given(sittings())
def test_all_set_aside_counts_for_everybody_alike(made) -> None:
    row, _ = made
    for how, percent in (("full", 100), ("out", 100)):
        offers = {_pin(slot): Worth(Decimal(slot["points"]), 99, how) for slot in row.slots}
        after = corrections._change(row, {}, offers, "all").after
        assert (after.percent, after.passed, after.state) == (percent, True, "graded")
        if how == "out":
            assert (after.score, after.points) == (0, 0)


@given(st.lists(st.tuples(st.decimals(0, 1, places=6), points), min_size=1, max_size=5))
def test_full_points_are_always_taken_by_only_raise(answers) -> None:
    parts = [Part(share, False, Worth(worth), Worth(worth, 1, "full")) for share, worth in answers]
    assert worth.raised(parts) == [part.offered for part in parts]


@given(st.decimals(0, 1, places=6), points, points, points)
def test_points_of_a_quiz_are_taken_together_or_not_at_all(share, one, other, swapped) -> None:
    assume(one != other)
    parts = [
        Part(share, False, Worth(one), Worth(other)),
        Part(1 - share, False, Worth(other), Worth(swapped)),
    ]
    chosen = worth.raised(parts)
    assert chosen in ([part.now for part in parts], [part.offered for part in parts])


def test_what_is_left_out_stays_in_for_who_was_right() -> None:
    out = Worth(Decimal(1), 1, "out")
    right, wrong = (Part(Decimal(share), False, Worth(Decimal(1)), out) for share in (1, 0))
    other = Part(Decimal("0.5"), False, Worth(Decimal(1)), Worth(Decimal(1)))
    assert worth.raised([right, other])[0] == right.now
    assert worth.raised([wrong, other])[0] == out


def test_an_older_note_of_a_regrade_is_read_with_what_the_slot_counts_today() -> None:
    slot = {
        "fraction": "1",
        "state": "correct",
        "key": 5,
        "kept": None,
        **Worth(Decimal("2.00"), 3, "full").to_json(),
    }
    older = {"fraction": "0", "state": "incorrect", "key": None, "kept": None}
    was = SlotGrade.of(slot | {"declined": None}, older)
    assert (was.fraction, was.key, was.points, was.aside, was.how) == ("0", None, "2.00", 3, "full")
    result = {"score": "1", "percent": "50", "passed": False, "state": "graded"}
    assert corrections.Result.from_json(result, Decimal(2)).points == 2


def test_shares_are_compared_exactly() -> None:
    third = Part(Decimal("0.333333"), False, Worth(Decimal(3)), Worth(Decimal(3)))
    moved = replace(third, offered=Worth(Decimal(6)))
    assert worth.raised([moved]) == [moved.offered]
    assert Fraction(Decimal("0.333333")) * 3 / 3 == Fraction(Decimal("0.333333")) * 6 / 6
