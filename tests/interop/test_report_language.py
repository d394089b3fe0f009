"""The report of an import speaks the language of who reads it, whatever went wrong."""

import html
import io
import re
import zipfile
from typing import Any

import pytest
from sqlalchemy import select, update

from lms.core import work
from lms.core.db import db
from lms.core.models import Task
from lms.core.phrases import Phrase, in_words, joined, kept, kept_in_words, plural_phrase
from tests import factories
from tests.support.forms import post
from tests.support.languages import latin_in

PAGE = "/teaching/import"
GOOD = {
    "course.md": "---\ntitle: Knots\n---\n\nTie them.\n",
    "start/module.md": "# Start\n",
    "start/bowline/lesson.md": "# Bowline\n\nText.\n",
}
LESSON = "start/bowline/lesson.md"
WRONG_FIELDS = """---
title: Knots
slug: Knots and More
language: english!
level: hard
certificate: perhaps
capacity: many
starts: soon
ends: 2026-01-01
cover: nowhere.png
authors: {a: b}
grade_categories:
- {name: Quizzes, weight: -1, quizzes: [gone]}
- {name: Quizzes, weight: 1, assignments: [start/bowline/q]}
colour: red
---
Text.
"""
WRONG_LESSON = """---
duration: long
preview: 7
id: "%%"
release: {soon: true}
quizzes: [{file: gone.gift}, {file: q.gift, passing_score: 700, points: {1: lots}}, 12]
assignments: [assignment.md]
---
![](../../assets/a.png) [there](#nowhere) [out](../../../x.md) [no](gone.pdf) [case](../../assets/A.png)
![gone](gone.png) [bad](javascript:alert) $\\frac{1$
"""
TROUBLE: list[dict[str, str]] = [
    GOOD | {"course.md": WRONG_FIELDS, LESSON: "# Bowline\n", "start/bowline/q.gift": "Tight? {T}\n"},
    GOOD
    | {
        LESSON: WRONG_LESSON,
        "start/bowline/assignment.md": "---\ndue: 2026-05-01\ncloses: 2026-04-01\ntime_zone: Moon\n---\n"
        "Tie.\n\n## Rubric\n\nNothing.\n",
        "start/bowline/q.gift": "Tight? {T}\n\n::Broken Q {=a ~b\n\nOne {=a} two {=b}\n\nOnly read\n\n"
        "Pick {=a ~a}\n\nNumber {#x}\n\n// [id:alone]\n",
        "start/bowline/old.xml": "<quiz><question type='stack'><name><text>S</text></name></question>"
        "<question type='cloze'><questiontext><text>{1:XX:=a}</text></questiontext></question>"
        "<question type='essay'><questiontext><text>Why</text></questiontext><defaultgrade>x</defaultgrade>"
        "<graderinfo><text>Look</text></graderinfo></question><question></quiz>",
        "assets/a.png": "no picture",
        "start/bowline/tool.exe": "x",
        "start/bowline/page.md": "---\na: b: c\n---\nText\n",
    },
    GOOD
    | {
        LESSON: "---\ntitle: [oops\n---\n",
        "start/lost/page.md": "Lost\n",
        "empty/module.md": "# E\n",
        "bare/one/lesson.md": "Text\n",
    },
    {"start/bowline/lesson.md": "---\n- a\n---\n"},
    {"course.md": "Text\n"},
    GOOD | {"../../evil.md": "x"},
    GOOD | {"back\\slash.md": "x", "assets/a.txt": "x", "assets/A.txt": "y"},
    GOOD | {"assets/big.svg": "0" * 20_000_000},
    GOOD | {"start/bowline/q.gift": "Nothing {"},
]


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def messages(page: str) -> list[str]:
    """What stands beside each file in the report."""
    told = re.findall(r'</code>\s*<div class="mt-1"[^>]*>(.*?)</div>', page)
    return [html.unescape(found) for found in told]


def the_report(app) -> str:
    """Where the only report is read."""
    with app.app_context():
        return f"/teaching/imports/{db.session.scalars(select(Task.id)).one()}"


@pytest.fixture
def browser(app, as_user, alice):
    """Alice, who reads Arabic."""
    with app.app_context(), work.unit():
        db.session.merge(alice).language = "ar"
    return as_user(alice)


@pytest.fixture
def report(browser, run_jobs):
    def report(data: bytes, **fields: Any) -> str:
        answer = post(browser, PAGE, {"archive": (io.BytesIO(data), "knots.zip"), **fields})
        assert answer.status_code == 303, answer.text
        run_jobs()
        return browser.get(answer.location).text

    return report


@pytest.mark.parametrize("files", TROUBLE, ids=range(len(TROUBLE)))
def test_every_trouble_is_said_in_arabic(report, files) -> None:
    found = messages(report(packed(files)))
    assert found
    assert {message: rest for message in found if (rest := latin_in(message))} == {}


@pytest.mark.parametrize(
    "line",
    ["title: a: b", "title: x\nlevel", "\ttitle: x", "title: @x", 'title: "x', "tags: [a", "title: 'it's'"],
)
def test_what_is_usually_wrong_with_yaml_is_said_in_arabic_alone(report, line) -> None:
    (message,) = messages(report(packed(GOOD | {"course.md": f"---\n{line}\n---\n"})))
    assert not re.search("[A-Za-z]{2,}", message.replace("YAML", ""))


def test_names_and_values_stand_apart_from_the_arabic_around_them(report) -> None:
    (message,) = messages(report(packed(GOOD | {LESSON: "# Bowline\n\n![x](gone.png)\n"})))
    assert message == "الصورة \u2068gone.png\u2069 ليست في الدورة؛ يُرجى إضافتها أو تصحيح الرابط"


def test_a_file_that_is_no_course_is_refused_in_arabic(report) -> None:
    (message,) = messages(report(packed(GOOD)[:-40]))
    assert not latin_in(message)


def test_an_address_of_somebody_else_is_refused_in_arabic(app, report, dana) -> None:
    factories.course(app, dana, slug="knots")
    page = report(packed(GOOD | {"course.md": "---\ntitle: Knots\nslug: knots\n---\n"}))
    assert "توجد دورة بالعنوان «\u2068knots\u2069» من قبل" in html.unescape(page)


def test_the_same_report_is_read_in_each_language(app, report, browser, alice) -> None:
    page = report(packed(GOOD | {LESSON: "# Bowline\n\n[a](gone.pdf)\n"}))
    assert "ليس في الدورة" in page
    with app.app_context(), work.unit():
        db.session.merge(alice).language = "en"
    said = "the file gone.pdf is not in the course; add it or correct the link"
    assert messages(browser.get(the_report(app)).text) == [said]


def test_reports_that_were_kept_as_text_are_still_read(app, report, browser) -> None:
    report(packed(GOOD))
    old: dict[str, Any] = {"path": "course.md", "line": 3, "severity": "error", "message": "an <old> text"}
    with app.app_context(), work.unit():
        db.session.execute(update(Task).values(result={"ok": False, "problems": [old], "slug": "knots"}))
    assert messages(browser.get(the_report(app)).text) == ["an <old> text"]
    with app.app_context(), work.unit():
        refusal = {"ok": False, "refused": "It is not yours.", "problems": []}
        db.session.execute(update(Task).values(result=refusal))
    assert "It is not yours." in browser.get(the_report(app)).text


def test_the_command_line_speaks_english(app, browser, alice, tmp_path) -> None:
    (tmp_path / "course.md").write_text("---\ntitle: Knots\nlevel: hard\n---\n")
    result = app.test_cli_runner().invoke(
        args=["interop", "import-course", str(tmp_path), "--owner", alice.email]
    )
    assert "error: course.md:3: `level` must be one of: beginner, intermediate, advanced" in result.output


def test_questions_that_are_not_taken_are_said_in_arabic(app, browser, alice) -> None:
    factories.course(app, alice)
    path = "/teaching/tea/questions/import"
    broken = "Pick {=a ~a}\n\nMany {=a} braces {=b}\n\nNone {~a ~b}\n\n// [tag:x]\n"
    looked = html.unescape(post(browser, path, {"text": broken, "do": "look"}).text)
    reasons = re.findall(r'data-label="السبب"[^>]*>(.*?)</td>', looked, re.DOTALL)
    assert len(reasons) == 4
    assert [rest for reason in reasons if (rest := latin_in(re.sub(r"<[^>]+>", "", reason)))] == []
    assert "لم تُحدَّد أي إجابة على أنها صحيحة" in reasons[2]


def test_what_is_kept_is_said_as_it_was(app) -> None:
    told = joined([Phrase("`%(field)s` must be text", field="title"), Phrase("the question has no text")])
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert kept_in_words(kept(told)) == in_words(told) != told
        assert kept_in_words(kept("as it stands")) == "as it stands"
        works = plural_phrase("%(num)s question is added.", "%(num)s questions are added.", 7)
        assert kept_in_words(kept(works)) == "أُضيفت 7 أسئلة."
    assert works == "7 questions are added."
    with app.test_request_context():
        assert kept_in_words(kept(told)) == told
