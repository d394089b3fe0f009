"""Question banks as they are found in the wild: put together, passed through other programs, broken in places."""

import os
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lms.interop.gift.export import export
from lms.interop.gift.parser import parse
from lms.interop.gift.report import GiftQuestion, Problem

DATA = Path(os.environ.get("LECTERN_SHARED", Path(__file__).parents[3] / "shared")) / "data"
BANK = DATA / "gift" / "questions_in_category.gift.txt"
SOURCES = [*sorted((DATA / "gift" / "grammar-pairs").glob("*.gift")), BANK]
COURSE = DATA / "courses" / "iot-for-beginners"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared sample data is not on this machine")

BROKEN = {
    "::Never closed:: Which of these {=one ~two": "never closed",
    "A } in the text of a question {T}": "closes what no {",
    "Braces {=in {braces} ~and out}": "second {",
    "::No end of title {T}": "not closed with ::",
    "Nothing is right {~one ~two ~three}": "no answer is marked as right",
    "Half of the points {~%50%one ~%-50%two}": "earns only 50 %",
    "How many? {#about three}": "is not a number",
    "Upside down {#9..1}": "begins above its end",
    "Pairs {=one -> 1 =two}": "has no ->",
    "What is it?\nA. A leaf\nB. A bean\nANSWER: A": "Aiken",
    "Tea is {1:MULTICHOICE:=hot~cold} and {:SA:=wet}.": "Moodle XML",
    "{=an answer without a question}": "no text",
}
STRAY = ("Chapter 3: Leaves", "=============", "- - -", "See also: page 12 of the book.", "\u00a0")


def stripped(questions: tuple[GiftQuestion, ...]) -> list[tuple[object, ...]]:
    return [(q.content, q.key, q.title, q.id, q.tags) for q in questions]


def errors_of(problems: tuple[Problem, ...]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def blocks(source: str) -> list[str]:
    """The questions of a clean source, each by itself as a file would have it."""
    return [export([question]) for question in parse(source).questions]


def good_blocks() -> list[str]:
    """Every question of every sample that comes in without a word."""
    return [block for path in SOURCES if path.exists() for block in blocks(path.read_text())]


@pytest.mark.parametrize("broken", BROKEN, ids=list(BROKEN.values()))
def test_what_is_broken_is_named_with_its_line_between_real_questions(broken: str) -> None:
    for before in good_blocks()[:6]:
        bank = f"{before}\n{broken}\n\n{before}"
        result = parse(bank)
        assert stripped(result.questions) == stripped(parse(before).questions) * 2
        (problem,) = errors_of(result.problems)
        assert BROKEN[broken] in problem.reason
        first = before.count("\n") + 2
        assert first <= problem.line <= first + broken.count("\n")


@given(st.randoms(use_true_random=False), st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_bank_with_dirt_everywhere_gives_its_good_questions_and_names_the_rest(
    chance: random.Random, codec: str, is_windows: bool
) -> None:
    good = good_blocks()
    picked = [(chance.choice(good), None) for _ in range(12)]
    picked += [(text, reason) for text, reason in chance.sample(sorted(BROKEN.items()), 5)]
    chance.shuffle(picked)
    # An unclosed { directly before a lone } is one item of several lines: nobody could tell them apart.
    reasons = [reason or "" for _, reason in picked]
    assume(not any("never" in one and "closes" in two for one, two in pairwise(reasons)))
    expected: list[tuple[object, ...]] = []
    wrong: list[tuple[int, int, str]] = []
    line, written = 1, []
    for text, reason in picked:
        if codec == "cp1252" and not _is_western(text):
            continue
        text = text.rstrip("\n")
        if reason is None:
            expected += stripped(parse(text).questions)
        else:
            wrong.append((line, line + text.count("\n"), reason))
        written.append(text + "\n")
        line += text.count("\n") + 2
    bank = "\n".join(written) + "\nEnd {T}\n"
    data = (bank.replace("\n", "\r\n") if is_windows else bank).encode(codec)
    result = parse(data)
    assert stripped(result.questions)[:-1] == expected
    errors = errors_of(result.problems)
    assert len(errors) == len(wrong)
    for problem, (first, last, reason) in zip(errors, wrong, strict=True):
        assert first <= problem.line <= last
        assert reason in problem.reason


@pytest.mark.parametrize("stray", STRAY)
def test_stray_lines_cost_no_question_and_are_pointed_out(stray: str) -> None:
    result = parse(f"First {{T}}\n\n{stray}\n\nLast {{F}}\n")
    graded = [question for question in result.questions if question.type != "description"]
    assert [question.content.text for question in graded] == ["First", "Last"]
    said = [(problem.line, problem.severity) for problem in result.problems]
    assert said == ([(3, "note")] if stray.strip() else [])


def test_files_put_together_each_with_its_mark_are_one_bank() -> None:
    data = b"\xef\xbb\xbf::A:: One {T}\n\n" + b"\xef\xbb\xbf::B:: Two {F}\n"
    assert [question.title for question in parse(data).questions] == ["A", "B"]


def test_moodles_own_bank_keeps_titles_and_categories() -> None:
    result = parse(BANK.read_bytes())
    assert errors_of(result.problems) == []
    assert [(found.title, found.type) for found in result.questions] == [
        ("Moodle activities", "matching"),
        ("Greeting", "single"),
        ("Moodle user", "short_answer"),
        ("Moodle acronym", "true_false"),
    ]
    assert {found.category for found in result.questions} == {"$course$/Default for New Features"}


def test_all_samples_and_a_whole_course_as_one_bank() -> None:
    quizzes = sorted(COURSE.rglob("*.gift"))
    texts = [path.read_text() for path in (*SOURCES, *quizzes)]
    alone = [question for text in texts for question in stripped(parse(text).questions)]
    together = parse("\n\n".join(texts))
    assert stripped(together.questions) == alone
    assert [p.line for p in together.problems] == sorted(p.line for p in together.problems)


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
