"""An import over a course in which work is being graded: what graders chose and gave keeps its meaning."""

import zipfile
from pathlib import Path

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select, update

from lms.assignments.models import Assignment, Submission, SubmissionVersion
from lms.core import work
from lms.core.db import db
from lms.core.phrases import in_words
from lms.courses.models import Course
from lms.gradebook.models import GradeCategory, GradeOverride, GradePlace
from lms.interop import actions, export
from lms.learning.models import Enrollment
from tests.factories import NOW

BRIEF = """# A pot of tea

Make one.

## Rubric

| | {levels} |
|---|---|---|
{rows}
"""
TASTE, WARMTH = "| Taste | rich | thin |", "| Warmth | hot | cold |"


def folder(home: Path, *rows: str, levels: str = "Good | Poor", settings: str = "") -> Path:
    lesson = home / "course" / "01-pot" / "01-brewing"
    lesson.mkdir(parents=True, exist_ok=True)
    (home / "course" / "course.md").write_text("---\ntitle: Tea\nslug: tea\n---\nTea.\n")
    (lesson.parent / "module.md").write_text("# The pot\n")
    (lesson / "lesson.md").write_text("# Brewing\n\nBrew.\n")
    text = BRIEF.format(levels=levels, rows="\n".join(rows))
    (lesson / "assignment.md").write_text(f"---\n{settings}\n---\n{text}" if settings else text)
    return home / "course"


@pytest.fixture
def bring(app, alice):
    def bring(path, **how):
        with app.app_context(), work.unit():
            return actions.import_course(path, alice, NOW, **how)

    return bring


@pytest.fixture
def noted(app, bring, bob, tmp_path):
    """Bob's taste is good and his warmth poor, in notes."""
    assert bring(folder(tmp_path, TASTE, WARMTH)).ok
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course)).one()
        brief = db.session.scalars(select(Assignment)).one()
        enrolled = Enrollment(course_id=course.id, user_id=bob.id, enrolled_at=NOW, last_active_at=NOW)
        db.session.add(enrolled)
        db.session.flush()
        handed = Submission(
            assignment_id=brief.id, user_id=bob.id, enrollment_id=enrolled.id, state="submitted", number=1
        )
        db.session.add(handed)
        db.session.flush()
        db.session.add(
            SubmissionVersion(
                submission_id=handed.id, number=1, text="", submitted_at=NOW, choices={"0": 0, "1": 1}
            )
        )
    return tmp_path


def choices(app):
    with app.app_context():
        return db.session.execute(select(SubmissionVersion.choices, SubmissionVersion.revision)).one()


def test_choices_follow_their_criteria_and_levels(app, bring, noted) -> None:
    outcome = bring(folder(noted, "| Warmth | cold | hot |", "| Taste | thin | rich |", levels="Poor | Good"))
    assert outcome.ok and not outcome.problems
    kept, revision = choices(app)
    assert (kept, revision) == ({"0": 0, "1": 1}, 1), "whoever has the desk open is told"
    assert bring(noted / "course").changes.is_empty and choices(app).revision == 1
    bring(folder(noted, "| Colour | red | none |", "| Flavour | rich | thin |", WARMTH))
    assert choices(app).choices == {"1": 0, "2": 1}, "a new name over the same words is the same criterion"


def test_what_the_rubric_has_no_more_is_named_before_and_after(app, bring, noted) -> None:
    path = folder(noted, WARMTH)
    for dry_run in (True, False):
        outcome = bring(path, dry_run=dry_run)
        (problem,) = [one for one in outcome.problems if "chosen" in one.message]
        assert problem.severity == "warning" and "“Taste”" in problem.message
        assert problem.path.endswith("assignment.md")
    assert choices(app).choices == {"0": 1}


def test_a_given_grade_keeps_its_points_and_what_comes_later_can_earn_some(app, bring, noted) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(SubmissionVersion).values(out_of=100, points=70, graded_at=NOW))
    outcome = bring(folder(noted, WARMTH, TASTE, settings="max_points: 0"))
    assert [one for one in outcome.problems if "max_points: 0" in one.message]
    with app.app_context():
        assert db.session.scalars(select(Assignment.max_points)).one() == 100
    assert choices(app).choices == {"0": 0, "1": 1}, "it is read by the rubric that it was given by"


def test_what_is_lost_is_said_in_the_language_of_who_reads_it(app, bring, noted) -> None:
    outcome = bring(folder(noted, WARMTH), dry_run=True)
    with app.test_request_context(), force_locale("ar"):
        assert any("سلّم التقدير" in in_words(problem.message) for problem in outcome.problems)


CATEGORIES = """grade_categories:
- {name: Quizzes, weight: 25, drop: 1, quizzes: [pot/brewing/check]}
- {name: Work, weight: 75.5, assignments: [pot/brewing/assignment]}
"""


def with_categories(home: Path, categories: str) -> Path:
    path = folder(home, TASTE, WARMTH)
    (path / "01-pot" / "01-brewing" / "check.gift").write_text("Hot? {TRUE}\n")
    (path / "course.md").write_text(f"---\ntitle: Tea\nslug: tea\n{categories}---\nTea.\n")
    return path


def standing(app):
    with app.app_context():
        rows = db.session.execute(
            select(
                GradeCategory.name,
                GradeCategory.weight,
                GradeCategory.drop_lowest,
                func.count(GradePlace.quiz_id),
                func.count(GradePlace.assignment_id),
            )
            .outerjoin(GradePlace)
            .group_by(GradeCategory.id)
            .order_by(GradeCategory.position)
        )
        return [(name, float(weight), *rest) for name, weight, *rest in rows]


def test_categories_come_in_once_and_go_out_the_same(app, bring, tmp_path) -> None:
    path = with_categories(tmp_path, CATEGORIES)
    outcome = bring(path)
    assert outcome.ok and not [one for one in outcome.problems if "categor" in one.message]
    assert outcome.changes.added["category"] == ["Quizzes", "Work"]
    assert standing(app) == [("Quizzes", 25, 1, 1, 0), ("Work", 75.5, 0, 0, 1)]
    assert bring(path).changes.is_empty
    files = [tmp_path / "first.zip", tmp_path / "second.zip"]
    for file in files:
        with app.app_context(), work.unit():
            course = db.session.scalars(select(Course)).one()
            assert export.export_course(course, file, NOW).is_whole
        assert bring(file).changes.is_empty
    assert files[0].read_bytes() == files[1].read_bytes()
    with zipfile.ZipFile(files[0]) as archive:
        assert "weight: 75.5" in archive.read("tea/course.md").decode()


def test_other_categories_are_told_and_keep_what_was_decided(app, bring, noted) -> None:
    bring(with_categories(noted, CATEGORIES))
    with app.app_context(), work.unit():
        brief, enrolled = (db.session.scalars(select(table.id)).one() for table in (Assignment, Enrollment))
        decided = {"percent": 90, "is_excused": False, "reason": "Kind", "at": NOW}
        db.session.add(GradeOverride(enrollment_id=enrolled, assignment_id=brief, **decided))
    other = """grade_categories:
- {name: Work, weight: 60, assignments: [pot/brewing/assignment]}
- {name: Tests, weight: 40, quizzes: [pot/brewing/check]}
"""
    outcome = bring(with_categories(noted, other), dry_run=True)
    told = outcome.changes
    assert (told.changed["category"], told.added["category"], told.removed["category"]) == (
        ["Work"],
        ["Tests"],
        ["Quizzes"],
    )
    assert [row[0] for row in standing(app)] == ["Quizzes", "Work"]
    bring(with_categories(noted, other))
    assert standing(app) == [("Work", 60, 0, 0, 1), ("Tests", 40, 0, 1, 0)]
    with app.app_context():
        assert db.session.scalars(select(GradeOverride.percent)).one() == 90
    assert bring(with_categories(noted, "")).changes.is_empty, "a folder that does not say it changes nothing"
    bring(with_categories(noted, "grade_categories: []\n"))
    assert standing(app) == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "- {name: A, weight: 1, quizzes: [pot/brewing/check]}\n- {name: B, weight: 1, quizzes: [pot/brewing/check]}",
            "a second time",
        ),
        ("- {name: Work, weight: 10, size: 3}", "`size` is not known"),
    ],
)
def test_what_a_category_cannot_hold_is_named_and_left_out(bring, tmp_path, line, words) -> None:
    outcome = bring(with_categories(tmp_path, f"grade_categories:\n{line}\n"))
    (problem,) = [one for one in outcome.problems if words in one.message]
    assert outcome.ok and problem.severity == "warning" and problem.path == "course.md" and problem.line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("- {weight: 10}", "what the category is called"),
        ("- {name: Work}", "from 0 to 1,000"),
        ("- {name: Work, weight: -1}", "from 0 to 1,000"),
        ("- {name: Work, weight: 0}", "weight above 0"),
        ("- {name: Work, weight: 0.001}", "at most two decimals"),
        ("- {name: Work, weight: 10, quizzes: [gone]}", "names gone, which is none of the quizzes"),
        (
            "- {name: Work, weight: 10, quizzes: [pot/brewing/assignment]}",
            "which belongs under `assignments`",
        ),
        ("- {name: Work, weight: 1}\n- {name: work, weight: 2}", "two categories need two names"),
        ("- {name: Work, weight: 1, drop: many}", "whole number from 0 to 100"),
        ("- 7", "must be a group of fields"),
    ],
)
def test_a_broken_category_keeps_the_course_out(app, bring, tmp_path, line, words) -> None:
    outcome = bring(with_categories(tmp_path, f"grade_categories:\n{line}\n"))
    (problem,) = [one for one in outcome.problems if one.severity == "error"]
    assert not outcome.ok and words in problem.message
    assert problem.path == "course.md" and problem.line
    assert standing(app) == []


def test_a_mistyped_field_of_a_category_is_found_by_its_line(bring, tmp_path) -> None:
    outcome = bring(with_categories(tmp_path, "grade_categories:\n- {nam: Work, weight: 10}\n"))
    (problem,) = [one for one in outcome.problems if one.severity == "error"]
    assert (problem.path, problem.line) == (
        "course.md",
        5,
    ) and "what the category is called" in problem.message


def test_a_setting_is_answered_for_in_the_file_that_says_it(app, bring, noted) -> None:
    with app.app_context(), work.unit():
        db.session.execute(update(SubmissionVersion).values(out_of=100, points=70, graded_at=NOW))
    path = folder(noted, WARMTH, TASTE)
    head = "---\nassignments:\n- file: assignment.md\n  max_points: 0\n---\n"
    (path / "01-pot/01-brewing/lesson.md").write_text(f"{head}# Brewing\n\nBrew.\n")
    (problem,) = [one for one in bring(path).problems if "max_points: 0" in one.message]
    assert (problem.path, problem.line) == ("01-pot/01-brewing/lesson.md", 4)
