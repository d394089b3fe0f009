"""A question on its author's desk: what is stored, what is typed, what is wrong with it, and saving it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from lms.courses.models import Course
from lms.quizzes.authoring import places
from lms.quizzes.authoring.questions import Draft, add_questions, revise
from lms.quizzes.content import Content, QuestionType, content_from_json, gap_ids
from lms.quizzes.keys import Key, key_from_json
from lms.quizzes.models import Question, Quiz
from lms.quizzes.presentation import Question as Shown
from lms.quizzes.presentation import questions_of
from lms.quizzes.problems import problems
from lms.quizzes.rules import Asked, lay_out
from lms.studio import typed_questions
from lms.studio.quiz_forms import MOST_POINTS, QuestionForm, tag_list
from lms.studio.quiz_lines import kind_names
from lms.studio.sample import Slot
from lms.studio.typed_questions import Typed
from lms.studio.typed_rows import Row, Wrong, onward, read_rows

FIRST_ROWS = {
    "single": 4, "multiple": 4, "short_answer": 2, "numeric": 1, "matching": 3, "ordering": 4, "cloze": 1,
}  # fmt: skip
"""Empty rows that a new question of a kind offers; other kinds have no rows."""

_ROW_ACTION = re.compile(r"(up|down|drop)-(\d{1,4})")


@dataclass
class Desk:
    """`home` is the quiz or, for its bank, the course. `wrong` and `unfit` say why it can't be saved."""

    course: Course
    home: Quiz | Course
    kind: QuestionType
    form: QuestionForm
    rows: list[Row]
    question: Question | None = None
    stored: tuple[Content, Key] | None = None
    wrong: list[Wrong] = field(default_factory=list)
    unfit: list[str] = field(default_factory=list)
    asks_anew: bool = False
    focus: str = ""
    """The id of the field or button to go on at, after a row was added, moved or dropped."""

    @property
    def kind_name(self) -> str:
        return kind_names()[self.kind]

    @property
    def has_rows(self) -> bool:
        return self.kind in FIRST_ROWS

    @property
    def in_bank(self) -> bool:
        return isinstance(self.home, Course)

    def said(self, name: str) -> list[str]:
        """What is wrong with the input of that name."""
        return [wrong.words for wrong in self.wrong if wrong.field == name]

    def read(self, form: QuestionForm, sent: MultiDict[str, str]) -> Self:
        """Take what was typed in place of what is stored."""
        self.form, self.rows = form, read_rows(sent)
        return self

    def arrange(self, do: str) -> None:
        """`add` a row, or move one `up-2`, `down-2`, or `drop-2` it; anything else changes nothing."""
        if do == "add":
            self._add_row()
        elif found := _ROW_ACTION.fullmatch(do):
            self._move_row(found[1], int(found[2]))
        for place, row in enumerate(self.rows):
            row.place = place

    def _add_row(self) -> None:
        row = Row(kind="short_answer")
        if self.kind == "cloze":
            row.gap = _next_gap(self.rows, self.form.text.data or "")
            if row.gap not in gap_ids(self.form.text.data or ""):
                self.form.text.data = f"{self.form.text.data or ''} [[{row.gap}]]".strip()
        self.rows.append(row)
        self.focus = f"rows-{len(self.rows) - 1}-{'gap' if self.kind == 'cloze' else 'text'}"

    def _move_row(self, how: str, place: int) -> None:
        if place >= len(self.rows):
            return
        row = self.rows.pop(place)
        if how == "drop":
            left = len(self.rows)
            self.focus = f"row-{min(place, left - 1)}-drop" if left else "add-row"
            return
        goal = min(max(0, place - 1) if how == "up" else place + 1, len(self.rows))
        self.rows.insert(goal, row)
        self.focus = f"row-{goal}-{onward(how, goal, len(self.rows))}"

    def typed(self) -> Typed:
        return self.form.typed(self.kind, self.rows)

    def is_fit(self) -> bool:
        """Whether it can be asked; else `wrong` and `unfit` say what must change."""
        content, key, self.wrong = typed_questions.built(self.typed(), self.stored and self.stored[0])
        self.unfit = [] if self.wrong else problems(content, key)
        return not self.wrong and not self.unfit

    def is_overtaken(self) -> bool:
        """Whether somebody else saved the question meanwhile. Saving once more is then on purpose."""
        current = self.question.version_id if self.question else None
        if self.question is None or self.form.base.data == str(current):
            return False
        self.form.base.data = str(current)
        return True

    def save(self, by: int, at: datetime) -> Question:
        """Keep what was typed; a new version only when it asks something else."""
        draft = self._draft()
        if self.question is None:
            self.question = add_questions(self.home, [draft], by, at)[0]
        else:
            self.asks_anew = revise(self.question, draft, by, at)
        self.course.updated_at = at
        return self.question

    def _draft(self) -> Draft:
        content, key, _wrong = typed_questions.built(self.typed(), self.stored and self.stored[0])
        if self.stored and typed_questions.built(typed_questions.written(*self.stored), self.stored[0])[
            :2
        ] == (
            content,
            key,
        ):
            content, key = self.stored
        return Draft(
            content,
            key,
            title=self.form.title.data or "",
            tags=tag_list(self.form.tags.data),
            category=self.form.category.data or "",
            points=self.form.points.data,
        )

    def seen(self) -> Shown | None:
        """The question as learners will see it; None while it has no text, or one that can't be shown."""
        content, _key, _wrong = typed_questions.built(self.typed(), self.stored and self.stored[0])
        if not content.text:
            return None
        typed = self.form.points.data
        points = (
            typed if typed is not None and typed.is_finite() and 0 <= typed <= MOST_POINTS else Decimal(1)
        )
        layout = lay_out([Asked(0, 0, points, content)], "", shuffle_questions=False, shuffle_options=False)
        row: Any = Slot(0, points, layout[0].get("options"), content.to_json())
        try:
            return questions_of([row], self.course.slug)[0]
        except ValueError:
            return None


def new(course: Course, home: Quiz | Course, kind: QuestionType) -> Desk:
    """An empty sheet for a question of that kind."""
    rows = [Row(place=place, kind="short_answer") for place in range(FIRST_ROWS.get(kind, 0))]
    text = ""
    if kind == "cloze":
        rows[0].gap = "1"
    return Desk(course, home, kind, QuestionForm.of(Typed(kind, text), None), rows)


def opened(course: Course, question: Question) -> Desk:
    """The stored question; one that can't be read begins empty."""
    version = places.version_of(question)
    home: Any = places.home_of(course, question)
    kind: Any = version.kind if version else "description"
    try:
        stored = (content_from_json(version.content), key_from_json(version.key)) if version else None
    except ValueError:
        stored = None
    typed = typed_questions.written(*stored) if stored else Typed(kind)
    rows = typed.rows or [Row(place=place) for place in range(FIRST_ROWS.get(kind, 0))]
    return Desk(course, home, kind, QuestionForm.of(typed, question), rows, question, stored)


def _next_gap(rows: list[Row], text: str) -> str:
    taken = {row.gap for row in rows} | set(gap_ids(text)) if not rows else {row.gap for row in rows}
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)
