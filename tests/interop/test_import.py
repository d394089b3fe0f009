"""Courses come in whole or not at all, and come in again without harm."""

import re
import shutil

import pytest
from PIL import Image
from sqlalchemy import func, select

from lms.assignments.models import Assignment, Submission
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CourseAsset, Lesson, LessonPage, Module
from lms.interop import actions
from lms.learning.models import Enrollment, LessonProgress
from lms.quizzes.models import Question, QuestionVersion, Quiz
from tests.conftest import ROOT
from tests.factories import NOW

SAMPLE = ROOT / "examples" / "reading-maps"


@pytest.fixture
def bring(app, alice):
    def bring(path, owner=alice, **how):
        with app.app_context(), work.unit():
            return actions.import_course(path, owner, NOW, **how)

    return bring


@pytest.fixture
def sample(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "course")


@pytest.fixture
def counted(app):
    def counted(table):
        with app.app_context():
            return db.session.scalar(select(func.count()).select_from(table))

    return counted


def test_the_real_course_comes_in_whole_and_again_without_a_change(bring, counted, shared):
    folder = shared / "courses" / "iot-for-beginners"
    outcome = bring(folder)
    assert outcome.ok
    assert [counted(t) for t in (Module, Lesson, LessonPage, Quiz, Question)] == [6, 24, 67, 48, 144]
    assert counted(CourseAsset) == 254
    assert bring(folder).changes.is_empty


def test_a_dry_run_says_what_would_come_and_keeps_nothing(bring, counted, sample):
    outcome = bring(sample, dry_run=True)
    assert len(outcome.changes.added["lesson"]) == 8
    assert counted(Course) == counted(Lesson) == counted(CourseAsset) == 0


def test_a_changed_lesson_changes_and_nothing_else_does(bring, sample):
    bring(sample)
    lesson = next(sample.glob("01-*/01-*/lesson.md"))
    lesson.write_text(lesson.read_text() + "\nOne more paragraph.\n")
    changes = bring(sample).changes
    assert {kind: len(names) for kind, names in changes.changed.items()} == {"lesson": 1}
    assert not changes.added and not changes.removed


def test_learners_keep_their_progress_when_lessons_change_move_and_leave(app, bring, bob, sample):
    bring(sample)
    with app.app_context(), work.unit():
        course = db.session.scalars(select(Course)).one()
        lessons = db.session.scalars(select(Lesson).order_by(Lesson.position)).all()
        enrollment = Enrollment(course_id=course.id, user_id=bob.id, enrolled_at=NOW, last_active_at=NOW)
        db.session.add(enrollment)
        db.session.flush()
        for lesson in lessons[:3]:
            db.session.add(
                LessonProgress(
                    enrollment_id=enrollment.id, lesson_id=lesson.id, started_at=NOW, completed_at=NOW
                )
            )
        done = {lesson.id for lesson in lessons[:3]}
    module = next(sample.glob("01-*"))
    folders = sorted(module.glob("0*-*"))
    folders[0].rename(module / f"09-{folders[0].name[3:]}")
    changes = bring(sample).changes
    assert "lesson" not in changes.added and "lesson" not in changes.removed
    shutil.rmtree(folders[1])
    bring(sample)
    with app.app_context():
        rows = db.session.scalars(select(LessonProgress)).all()
        assert {row.lesson_id for row in rows} == done
        assert all(row.completed_at == NOW for row in rows)


def test_a_lesson_that_left_and_returns_is_the_same_lesson(app, bring, sample, tmp_path):
    folder = next(sample.glob("03-*/02-*"))
    linking = next(sample.glob("03-*/01-*/lesson.md"))
    linking.write_text(linking.read_text().replace("../02-staying-found/lesson.md", "#"))
    bring(sample)
    shutil.move(folder, tmp_path / "away")
    assert len(bring(sample).changes.removed["lesson"]) == 1
    shutil.move(tmp_path / "away", folder)
    bring(sample)
    with app.app_context():
        assert (
            db.session.scalar(select(func.count()).where(Lesson.removed_at.is_(None)).select_from(Lesson))
            == 8
        )
        assert db.session.scalar(select(func.count()).select_from(Lesson)) == 8


def test_lessons_may_swap_their_addresses(bring, sample):
    first, second = sorted(sample.glob("01-*/*/lesson.md"))[:2]
    bring(sample)
    a, b = first.read_text(), second.read_text()
    first.write_text(a.replace("\n---", "\nslug: swapped-b\n---", 1))
    second.write_text(b.replace("\n---", "\nslug: swapped-a\n---", 1))
    assert bring(sample).ok
    first.write_text(a.replace("\n---", "\nslug: swapped-a\n---", 1))
    second.write_text(b.replace("\n---", "\nslug: swapped-b\n---", 1))
    assert bring(sample).ok


def test_a_corrected_question_gets_a_new_version_and_keeps_the_old(app, bring, sample):
    bring(sample)
    quiz = next(sample.glob("*/*/*.gift"))
    text = quiz.read_text()
    quiz.write_text(text.replace("####", "#### Mended. ", 1))
    changes = bring(sample).changes
    assert len(changes.changed["question"]) == 1
    with app.app_context():
        versions = db.session.scalars(select(QuestionVersion).where(QuestionVersion.number == 2)).all()
        assert len(versions) == 1
        assert db.session.get(Question, versions[0].question_id).version_id == versions[0].id


def test_a_broken_folder_imports_nothing_and_names_everything(bring, counted, sample):
    lessons = sorted(sample.glob("*/*/lesson.md"))
    lessons[0].write_text(lessons[0].read_text() + "\n![A map](missing.png)\n")
    lessons[1].write_text("---\nduration: [\n---\n# Broken\n")
    outcome = bring(sample)
    assert not outcome.ok
    assert counted(Course) == counted(Lesson) == 0
    messages = " ".join(str(problem) for problem in outcome.problems)
    assert "01-" in messages and "lesson.md" in messages


def test_a_failure_half_way_leaves_nothing(app, bring, counted, sample, monkeypatch):
    bring(sample)
    before = counted(Lesson)
    lesson = next(sample.glob("01-*/01-*/lesson.md"))
    lesson.write_text(lesson.read_text().replace("# ", "# Renamed ", 1))
    Image.new("RGB", (3, 3), "red").save(sample / "assets" / "new.png")
    monkeypatch.setitem(app.extensions["lectern-storage"], "store", "a disk that fails")
    with pytest.raises(ValueError, match="object store"):
        bring(sample)
    assert counted(Lesson) == before
    with app.app_context():
        assert not db.session.scalar(select(Lesson.id).where(Lesson.title.startswith("Renamed")))


def test_somebody_elses_course_is_not_overwritten(app, bring, sample, dana):
    from tests.factories import person

    bring(sample)
    mallory = person(app, "Mallory", "mallory@example.org", role="instructor")
    with pytest.raises(actions.Refused, match="not yours"):
        bring(sample, mallory)
    assert bring(sample, dana).ok


def test_warm_ups_are_practice_and_other_quizzes_must_be_passed(app, bring, shared):
    bring(shared / "courses" / "iot-for-beginners")
    with app.app_context():
        rows = db.session.execute(select(Quiz.slug, Quiz.mode, Quiz.is_required)).all()
    assert {(mode, required) for slug, mode, required in rows if slug.startswith("pre-")} == {
        ("practice", False)
    }
    assert {(mode, required) for slug, mode, required in rows if slug.startswith("post-")} == {
        ("graded", True)
    }


def test_the_command_imports_and_publishes(app, alice, sample):
    result = app.test_cli_runner().invoke(
        args=["interop", "import-course", str(sample), "--owner", alice.email, "--publish"]
    )
    assert result.exit_code == 0, result.output
    assert "added: 8 lessons" in result.output
    with app.app_context():
        assert db.session.scalars(select(Course)).one().state == "published"


def test_the_command_refuses_a_student_as_owner(app, bob, sample):
    result = app.test_cli_runner().invoke(
        args=["interop", "import-course", str(sample), "--owner", bob.email]
    )
    assert result.exit_code == 1 and "not an instructor" in result.output


def test_a_lesson_with_another_id_takes_the_address_of_the_old(bring, sample):
    bring(sample)
    lesson = next(sample.glob("01-*/01-*/lesson.md"))
    lesson.write_text(re.sub(r"^id: .*$", "id: another-name", lesson.read_text(), flags=re.MULTILINE))
    changes = bring(sample).changes
    assert len(changes.added["lesson"]) == len(changes.removed["lesson"]) == 1


def test_points_set_on_the_page_stay_where_the_folder_is_silent(app, bring, sample):
    bring(sample)
    with app.app_context(), work.unit():
        brief = db.session.scalars(select(Assignment).where(Assignment.title.contains("map"))).first()
        brief.max_points, brief.is_required, name = 200, True, brief.id
    for lesson in sample.glob("*/*/lesson.md"):
        lesson.write_text(
            re.sub(r"(?m)^    (max_points|required): (100|true|false)\n", "", lesson.read_text())
        )
    bring(sample)
    with app.app_context():
        brief = db.session.get_one(Assignment, name)
        assert (brief.max_points, brief.is_required) == (200, True)


def test_a_dry_run_names_the_work_on_an_assignment_that_would_leave(app, bring, bob, sample):
    bring(sample)
    with app.app_context(), work.unit():
        brief = db.session.scalars(select(Assignment).where(Assignment.title.contains("map"))).first()
        enrollment = Enrollment(
            course_id=brief.course_id, user_id=bob.id, enrolled_at=NOW, last_active_at=NOW
        )
        db.session.add(enrollment)
        db.session.flush()
        mine = {"assignment_id": brief.id, "user_id": bob.id, "enrollment_id": enrollment.id}
        db.session.add(Submission(**mine, state="submitted", number=1, submitted_at=NOW))
    for lesson in sample.glob("*/*/lesson.md"):
        said = re.sub(r"(?m)^assignments:\n(  .*\n)+", "", lesson.read_text())
        lesson.write_text(said.replace("(assignment.md)", "(#)"))
    for file in sample.glob("*/*/assignment.md"):
        file.unlink()
    problems = bring(sample, dry_run=True).problems
    assert ["1 learner handed in work" in p.message for p in problems] == [True]


def test_lessons_of_a_folder_that_wait_for_each_other_are_told_and_the_last_one_opens(app, bring, sample):
    first, last = (
        sample / path / "lesson.md"
        for path in ("03-out-of-the-door/01-planning-a-walk", "03-out-of-the-door/02-staying-found")
    )
    ids = [re.search(r"^id: (\S+)", file.read_text(), re.MULTILINE)[1] for file in (first, last)]
    for file, other in ((first, ids[1]), (last, ids[0])):
        file.write_text(file.read_text().replace("---\n", f"---\nrelease: {{after: {other}}}\n", 1))
    said = [problem.message for problem in bring(sample).problems]
    assert any("these lessons wait for each other" in message for message in said)
    with app.app_context():
        rules = dict(db.session.execute(select(Lesson.source_id, Lesson.release)).all())
    assert (rules[ids[0]], rules[ids[1]]) == ({"after": ids[1]}, None)


def test_a_course_that_comes_in_again_is_searched_by_the_words_it_has_now(bring, as_user, alice, sample):
    browser = as_user(alice)
    lesson = next(sample.glob("01-*/01-*/lesson.md"))

    def finds(word):
        page = browser.get(f"/courses/how-to-read-a-map/search?q={word}").text
        return set(re.findall('<a href="/courses/how-to-read-a-map/lessons/([^"#]+)#', page))

    source = lesson.read_text()
    lesson.write_text(f"{source}\n\n## Nothing else\n\nA quokka.\n")
    bring(sample)
    (place,) = finds("quokka")
    lesson.write_text(f"{source}\n\n## Nothing else\n\nA bandicoot.\n")
    bring(sample)
    assert finds("quokka") == set() and finds("bandicoot") == {place}
    lesson.write_text(source)
    bring(sample)
    assert finds("bandicoot") == set() and finds("map")
