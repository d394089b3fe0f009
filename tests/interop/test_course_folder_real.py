"""A real course of another author, whole."""

import os
import time
from pathlib import Path

import pytest

from lms.interop.course_folder.reader import read
from lms.interop.course_folder.rendering import render_course

SHARED = Path(os.environ.get("LECTERN_SHARED", Path(__file__).parents[2].parent / "shared"))
COURSE = SHARED / "data/courses/iot-for-beginners"

pytestmark = pytest.mark.skipif(not COURSE.is_dir(), reason=f"the real course is not at {COURSE}")


def test_the_whole_course_is_taken() -> None:
    with read(COURSE) as reading:
        assert reading.ok
        course = reading.course
        lessons = course.lessons
        quizzes = [quiz for lesson in lessons for quiz in lesson.quizzes]
        assignments = [brief for lesson in lessons for brief in lesson.assignments]
        assert (course.slug, course.level, course.license) == ("iot-for-beginners", "beginner", "MIT")
        assert (len(course.modules), len(lessons), len(quizzes), len(assignments)) == (6, 24, 48, 24)
        assert sum(len(lesson.pages) for lesson in lessons) == 67
        assert sum(len(quiz.questions) for quiz in quizzes) == 144
        # One assignment was published with its form left empty.
        assert [a.path for a in assignments if not a.rubric] == [
            "06-consumer/01-speech-recognition/assignment.md"
        ]
        assert [(q.slug, q.mode, q.passing_score) for q in lessons[0].quizzes] == [
            ("pre-lecture", "practice", None),
            ("post-lecture", "graded", 60),
        ]
        assert all(asset.width for asset in course.assets if asset.media_type.startswith("image/"))
        assert {problem.path for problem in reading.problems} == {
            "06-consumer/01-speech-recognition/assignment.md"
        }


def test_every_reference_that_the_course_can_keep_is_kept() -> None:
    with read(COURSE) as reading:
        rendered = render_course(reading.course, "/courses/iot-for-beginners")
    assert rendered.ok
    # The author's own slips: two images outside the folder, three links to headings since renamed.
    assert [(p.path, p.line) for p in rendered.problems] == [
        ("01-getting-started/04-connect-internet/lesson.md", 368),
        ("02-farm/04-migrate-your-plant-to-the-cloud/lesson.md", 79),
        ("02-farm/06-keep-your-plant-secure/lesson.md", 35),
        ("03-transport/04-geofences/lesson.md", 39),
        ("03-transport/04-geofences/lesson.md", 40),
    ]
    assert len(rendered.texts) == 1 + 6 + 24 + 67 + 24
    assert sum(reference.url is None for text in rendered.texts.values() for reference in text.images) == 2


def test_the_same_course_gives_the_same_bytes_in_a_few_seconds() -> None:
    begun = time.monotonic()
    with read(COURSE) as first, read(COURSE) as second:
        assert first.course == second.course
        one, two = (render_course(r.course, "/courses/x").texts for r in (first, second))
        assert one == two
    assert time.monotonic() - begun < 20
