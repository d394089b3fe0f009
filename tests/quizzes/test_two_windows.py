"""Two windows without scripts: what was said last stays, and who was overtaken is told."""

from tests.quizzes import taking
from tests.support import quizzes


def _page(browser, attempt: int, seq: int, option: str, then: str = "save"):
    sent = taking.submit(browser, attempt, {"q0-seq": seq, "q0-option": option, "then": then})
    return browser.get(sent.location).text


def test_an_answer_of_an_old_window_is_not_said_to_be_saved(app, make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single(), quizzes.essay()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    assert '<div class="alert alert-success' in _page(browser, attempt, 0, "1")
    for then in ("save", "review", "2"):
        page = _page(browser, attempt, 0, "2", then)
        assert "1 answer was changed in another window since" in page
        assert '<div class="alert alert-success' not in page
    with app.app_context():
        assert taking.row("select response from answers").response == {"option": "1"}


def test_who_only_repeats_what_stands_there_hears_nothing_of_it(make_quiz, as_user, bob) -> None:
    make_quiz([quizzes.single()])
    browser = as_user(bob)
    attempt = taking.start(browser)
    _page(browser, attempt, 0, "1")
    assert "changed in another window" not in _page(browser, attempt, 0, "1")
    assert "changed in another window" not in _page(browser, attempt, 1, "2")
