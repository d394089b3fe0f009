"""What is added to a course that learners are in: hidden until its instructor shows it."""

from lms.assignments.models import Assignment
from lms.courses.models import Lesson
from lms.learning.models import Enrollment
from lms.quizzes.models import Quiz
from tests.support.forms import post


def test_a_lesson_that_is_added_is_hidden_until_it_is_shown(live_tea, as_user, bob):
    answer = live_tea.post(f"/modules/{live_tea.module()}/lessons", {"title": "Leaves"})
    assert answer.status_code == 303
    page = live_tea.page()
    assert "Learners don’t see it until you show it." in page and "Show Leaves to learners" in page
    learner = as_user(bob)
    assert "Leaves" not in learner.get("/courses/tea").text
    assert learner.get("/courses/tea/lessons/leaves").status_code == 404

    assert "It is required: the progress of everybody who has not completed the course falls" in page
    live_tea.post("/lessons/leaves/visibility", {"shown": "yes"})
    assert learner.get("/courses/tea/lessons/leaves").status_code == 200
    live_tea.post("/lessons/leaves/visibility", {"shown": "no"})
    assert learner.get("/courses/tea/lessons/leaves").status_code == 404


def test_in_a_draft_new_lessons_are_shown(tea):
    tea.post(f"/modules/{tea.module()}/lessons", {"title": "Leaves"})
    tea.post("/lessons/leaves/copy")
    assert tea.row(Lesson, slug="leaves").is_published
    assert tea.row(Lesson, title="Leaves (copy)").is_published


def test_duplicates_ask_learners_for_nothing_until_they_are_shown(live_tea, as_user, bob):
    live_tea.post("/lessons/lesson-1/copy")
    live_tea.post(f"/modules/{live_tea.module()}/copy")
    assert "(copy)" not in as_user(bob).get("/courses/tea").text
    module = live_tea.module("Basics (copy)")
    assert "Show all its lessons" in live_tea.page()
    live_tea.post(f"/modules/{module}/visibility")
    assert "Basics (copy)" in as_user(bob).get("/courses/tea").text


def test_hiding_what_somebody_lacked_completes_their_course(live_tea, as_user, bob):
    learner = as_user(bob)
    assert post(learner, "/courses/tea/lessons/lesson-2/completion", form_at="/profile").status_code == 303
    live_tea.post("/lessons/lesson-3/visibility", {"shown": "no"})
    assert live_tea.row(Enrollment, user_id=bob.id).state == "completed"


def test_a_quiz_without_questions_neither_shows_nor_holds_anybody_back(live_tea, as_user, bob):
    live_tea.post("/lessons/lesson-2/quizzes", {"title": "Leaves and water"})
    quiz = live_tea.row(Quiz, title="Leaves and water")
    assert quiz.is_required
    assert "Hidden quiz without a question" in live_tea.page()
    assert "Hidden: it asks nothing yet" in live_tea.page("/lessons/lesson-2")
    learner = as_user(bob)
    assert "Leaves and water" not in learner.get("/courses/tea/lessons/lesson-2").text
    answer = post(learner, "/courses/tea/lessons/lesson-2/completion", form_at="/profile")
    assert answer.status_code == 303

    live_tea.post(f"/quizzes/{quiz.id}/draws", {"count": "1", "tags": "", "points": "1"})
    assert "Leaves and water" not in learner.get("/courses/tea/lessons/lesson-2").text
    live_tea.post(f"/quizzes/{quiz.id}/visibility", {"shown": "yes"})
    assert "Leaves and water" in learner.get("/courses/tea/lessons/lesson-2").text
    assert "Hidden quiz" not in live_tea.page()


def test_an_assignment_shows_once_it_says_what_to_do(live_tea, as_user, bob):
    live_tea.post("/lessons/lesson-2/assignments", {"title": "A pot of tea"})
    assert "Hidden: it says nothing yet" in live_tea.page("/lessons/lesson-2")
    learner = as_user(bob)
    assert "A pot of tea" not in learner.get("/courses/tea/lessons/lesson-2").text
    live_tea.change(Assignment.__table__.update().values(body="Make one.", body_html="<p>Make one.</p>"))
    assert "A pot of tea" in learner.get("/courses/tea/lessons/lesson-2").text


def test_who_unpublishes_a_course_hears_what_keeps_it_from_being_published_again(live_tea):
    assert "published again. Missing" not in live_tea.page()
    live_tea.post("/lessons/lesson-2/quizzes", {"title": "Leaves"})
    assert "published again. Missing" not in live_tea.page()
    live_tea.change(Quiz.__table__.update().values(is_published=True))
    page = live_tea.page()
    assert "published again. Missing: the quiz “Leaves” as it can be taken" in page
    assert "once you unpublish it" in page
