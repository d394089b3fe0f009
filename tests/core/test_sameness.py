"""What is kept of a macro is what the macro would say."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from lms.core.sameness import GAP, Kept, filled

CARD = """{% macro card(title, level="easy") %}<b>{{ title }}</b> {{ level }} {{ _("Next") }}{% endmacro %}
{{ same(card, first) }}|{{ same(card, first) }}|{{ same(card, second) }}|{{ same(card, first, level="hard") }}"""


def test_the_same_facts_look_the_same_and_others_do_not(app: Flask) -> None:
    with app.test_request_context("/"):
        made = app.jinja_env.from_string(CARD).render(first="Tea", second=Markup("<i>Tea</i>"))
    one, again, marked, hard = made.strip().split("|")
    assert one == again == "<b>Tea</b> easy Next"
    assert marked == "<b><i>Tea</i></b> easy Next"
    assert hard == "<b>Tea</b> hard Next"


def test_text_and_markup_of_the_same_letters_are_not_taken_for_each_other(app: Flask) -> None:
    with app.test_request_context("/"):
        made = app.jinja_env.from_string(CARD).render(first="<i>Tea</i>", second=Markup("<i>Tea</i>"))
    written, _, marked, _ = made.strip().split("|")
    assert written == "<b>&lt;i&gt;Tea&lt;/i&gt;</b> easy Next"
    assert marked == "<b><i>Tea</i></b> easy Next"


def test_what_is_asked_for_again_is_kept_and_what_nobody_asks_for_is_forgotten() -> None:
    kept, piece = Kept(most=10), Markup("again")
    for number in range(100):
        kept.keep(number, piece)
        assert kept.find("again") or number == 0
        kept.keep("again", piece)
        assert len(kept) <= 20
    assert [kept.find(number) for number in (1, 99)] == [None, piece]


def test_gaps_are_filled_in_order_and_the_words_around_them_stay_escaped(app: Flask) -> None:
    page = """{% macro rows(titles) %}{% for title in titles %}<li>{{ gap }}{{ title }}</li>{% endfor %}{% endmacro %}
    {{ filled(same(rows, titles), states, marks) }}"""
    marks = {"done": Markup("<b>done</b>"), "open": Markup("")}
    with app.test_request_context("/"):
        drawn = [
            app.jinja_env.from_string(page).render(titles=("Tea", "<i>"), states=states, marks=marks).strip()
            for states in (("done", "open"), ("open", "done"))
        ]
    assert drawn == [
        "<li><b>done</b>Tea</li><li>&lt;i&gt;</li>",
        "<li>Tea</li><li><b>done</b>&lt;i&gt;</li>",
    ]


@given(st.lists(st.sampled_from(["a", "b"])))
def test_what_is_filled_is_what_stands_between_with_the_pieces_in_it(names: list[str]) -> None:
    pieces = {"a": Markup("<a>"), "b": Markup("")}
    piece = Markup("|").join([Markup("x"), *[GAP] * len(names)])
    assert filled(piece, names, pieces) == Markup("|").join(["x", *(pieces[name] for name in names)])


def test_a_piece_with_another_number_of_gaps_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        filled(GAP, [], {})
    with pytest.raises(ValueError, match="zip"):
        filled(Markup("x"), ["a"], {"a": Markup("")})
