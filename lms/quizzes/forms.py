"""Reading answers from forms. The page of an attempt names the fields of slot 3 `q3-option`, `q3-text`, ...;
one answer sent alone goes without the prefix. What each type of question takes is decided in responses.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.core.phrases import in_words
from lms.quizzes.content import Content
from lms.quizzes.responses import StoredResponse, Unfit, clean_response

MOST_SEQ = 2**53 - 1
"""The largest whole number that a browser counts exactly."""

Form = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """One answer, or in `problem` what is wrong with it in words for the learner."""

    response: StoredResponse | None = None
    seq: int = 0
    problem: str = ""


@dataclass(slots=True)
class SentPage:
    """All answers of a form by slot: (response, seq). Those that cannot be taken are in `problems`. `flags`
    says of each question that was shown whether it is marked."""

    answers: dict[int, tuple[StoredResponse | None, int]] = field(default_factory=dict)
    problems: dict[int, str] = field(default_factory=dict)
    typed: dict[int, dict[str, str]] = field(default_factory=dict)
    flags: dict[int, bool] = field(default_factory=dict)


def read_answer(content: Content, form: Form) -> SentAnswer:
    """One answer with the number that the browser gave it."""
    seq = _number(form.get("seq", ""))
    if not 0 < seq <= MOST_SEQ:
        return SentAnswer(problem=_("The answer came without its number. Please reload the page."))
    try:
        return SentAnswer(clean_response(content, form.to_dict(flat=False)), seq)
    except Unfit as error:
        return SentAnswer(problem=in_words(error.phrase))


def read_page(asked: Iterable[tuple[int, Content]], form: Form) -> SentPage:
    """The answers of the questions that the form showed.

    Each came with the number of the answer that its page was showing; one more is newer than that one, and
    older than anything said elsewhere since.
    """
    page = SentPage()
    sent = form.to_dict(flat=False)
    for slot, content in asked:
        if f"q{slot}-seq" not in sent or content.type == "description":
            continue
        page.flags[slot] = f"qflag{slot}-on" in sent
        seq = min(max(_number(form[f"q{slot}-seq"]), 0) + 1, MOST_SEQ)
        values = _without_prefix(sent, f"q{slot}-")
        try:
            page.answers[slot] = (clean_response(content, values), seq)
        except Unfit as error:
            page.problems[slot] = in_words(error.phrase)
            page.typed[slot] = {name: given[0] for name, given in values.items() if given}
    return page


def _without_prefix(sent: Mapping[str, list[str]], prefix: str) -> dict[str, list[str]]:
    return {name.removeprefix(prefix): values for name, values in sent.items() if name.startswith(prefix)}


def _number(text: Any) -> int:
    is_number = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 17
    return int(text) if is_number else 0
