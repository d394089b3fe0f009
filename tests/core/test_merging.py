"""What becomes of settings that two people changed: only what both changed to different things asks for a decision."""

from hypothesis import given
from hypothesis import strategies as st

from lms.core.merging import merge, note

VALUE = st.sampled_from(["", "a", "b", "c"])
SETTINGS = st.fixed_dictionaries({"one": VALUE, "two": VALUE})


@given(SETTINGS, SETTINGS, SETTINGS)
def test_nothing_that_somebody_changed_is_lost_without_asking(shown, typed, stored) -> None:
    found = merge(note(shown), typed, stored)
    assert not found.mine & found.clashes
    for name in shown:
        i_changed, they_changed = typed[name] != shown[name], stored[name] != shown[name]
        differs = typed[name] != stored[name]
        assert (name in found.mine) == (i_changed and not they_changed)
        assert (name in found.clashes) == (i_changed and they_changed and differs)


@given(SETTINGS, SETTINGS)
def test_a_page_that_does_not_say_what_it_showed_decides_everything(typed, stored) -> None:
    for unsaid in (None, "", "nonsense", "[]", "{}"):
        found = merge(unsaid, typed, stored)
        assert not found.clashes and found.mine == {name for name in typed if typed[name] != stored[name]}


def test_a_page_from_before_an_upgrade_asks_rather_than_overwrites() -> None:
    assert merge('{"one":["a"]}', {"one": "b"}, {"one": "c"}).clashes == {"one"}
