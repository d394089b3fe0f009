"""Matching with pictures: a list can't show them, so they stand beside letters."""

from lms.quizzes import presentation
from lms.quizzes.content import Text
from lms.quizzes.keys import match_up
from tests.quizzes import taking
from tests.support import quizzes

LEAF, CUP = "![A leaf](leaf.png)", "![A cup](cup.png)"


def leaves() -> quizzes.Pair:
    """Choices in the order of their ids: 1 a cup, 2 a leaf, 3 none of them."""
    stem = Text("Which picture?", "markdown")
    return match_up(stem, [(Text("Plant"), LEAF), (Text("Drink"), CUP)], ["None of them"])


def test_choices_with_pictures_are_shown_under_letters(make_quiz, as_user, bob) -> None:
    make_quiz([leaves()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    page = browser.get(f"/attempts/{attempt}").text
    legend, _, lists = page.partition('type="A"')[2].partition("</ol>")
    assert legend.count("<img") == 2 and 'alt="A leaf"' in legend and "<li>None of them</li>" in legend
    for value, letter in (("1", "A"), ("2", "B"), ("3", "C")):
        assert f'<option value="{value}" lang="en">{letter}</option>' in lists


def test_the_result_shows_the_pictures_themselves(make_quiz, as_user, bob) -> None:
    make_quiz([leaves()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    taking.save(browser, attempt, 0, 1, pair_1="1", pair_2="1")
    taking.submit(browser, attempt)
    page = browser.get(f"/attempts/{attempt}/result").text
    pairs = page.partition('<dl class="pairs">')[2].partition("</dl>")[0]
    assert pairs.count('alt="A cup"') == 2 and pairs.count('alt="A leaf"') == 1
    assert "Plant → A cup; Drink → A cup" in page  # on the receipt, in words


def test_choices_of_words_stay_in_the_list(make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.matching()])
    browser = as_user(bob)
    page = browser.get(f"/attempts/{taking.start(browser)}").text
    assert ">China</option>" in page and 'type="A"' not in page


def test_letters_go_on_as_browsers_number_lists() -> None:
    assert [presentation.letter_of(place) for place in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
