"""What learners say of a course: who may, what counts, who answers and who hides."""

from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from lms.accounts.models import AuditEntry, User
from lms.core import work
from lms.core.db import db
from lms.courses.models import Course, CourseInstructor
from lms.learning import actions, reviews, reviews_personal, reviews_rules
from lms.learning.models import Enrollment
from lms.learning.reviews_models import Review
from tests import factories
from tests.support import sql
from tests.support.forms import post

NOW = factories.NOW
COURSE = "/courses/brew"
ALL = f"{COURSE}/reviews"
MINE = f"{ALL}/mine"
WORDS = "Clear, patient and never dull."


@pytest.fixture
def brew(app, alice):
    """Five lessons: each is a fifth of the way."""
    return factories.course(app, alice, slug="brew", lessons=5)


def learner(app, course, user, done=1):
    with app.app_context(), work.unit():
        enrolled = actions.enroll(course.id, user.id, NOW).enrollment_id
        lessons = db.session.scalars(select(factories.Lesson.id).filter_by(course_id=course.id)).all()
        for lesson in lessons[:done]:
            actions.complete_lesson(enrolled, lesson, (), NOW)
    return user


def people(app, course, number):
    return [
        learner(app, course, factories.person(app, f"Person {n}", f"p{n}@example.org")) for n in range(number)
    ]


def wrote(app, course, user, rating, body=WORDS):
    with app.app_context(), work.unit():
        reviews.write(course.id, user.id, rating, body, NOW)


def figures(app, course):
    with app.app_context():
        return db.session.execute(
            select(Course.rating_count, Course.rating_average, Course.rating_counts).filter_by(id=course.id)
        ).one()


def review_id(app, user):
    with app.app_context():
        return db.session.scalar(select(Review.id).filter_by(user_id=user.id))


def test_bob_reviews_from_a_fifth_of_the_course_on(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob))
    assert "Write a review" in browser.get(COURSE).text
    answer = post(browser, MINE, {"rating": "4", "body": WORDS})
    assert answer.status_code == 303
    text = browser.get(COURSE).text
    assert WORDS in text
    assert "Yours" in text
    assert "4.0 out of 5 from 1 review" in text
    assert figures(app, brew) == (1, 4.0, [0, 0, 0, 1, 0])


def test_before_that_the_page_says_how_far_it_is(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob, done=0))
    assert "Write a review" not in browser.get(COURSE).text
    page = browser.get(MINE)
    assert page.status_code == 403
    assert "20% of it. You are at 0%" in page.text
    assert post(browser, MINE, {"rating": "4", "body": WORDS}, form_at=COURSE).status_code == 403


def test_strangers_visitors_and_the_courses_own_teachers_do_not_rate_it(
    app, as_user, client, brew, charlie, alice
):
    assert post(as_user(charlie), MINE, {"rating": "5", "body": WORDS}, form_at=COURSE).status_code == 403
    learner(app, brew, alice)
    assert post(as_user(alice), MINE, {"rating": "5", "body": WORDS}, form_at=COURSE).status_code == 403
    assert post(client, MINE, {"rating": "5", "body": WORDS}, form_at="/sign-in").status_code == 401
    assert figures(app, brew)[0] == 0


@pytest.mark.parametrize(
    ("rating", "body", "said"),
    [
        ("6", WORDS, "Choose from one to five stars."),
        ("0", WORDS, "Choose from one to five stars."),
        ("4.5", WORDS, "Choose from one to five stars."),
        ("", WORDS, "Choose from one to five stars."),
        ("4", "  short   ", "Write at least 10 characters."),
        ("4", "x" * 2003, "these are 3 too many"),
        ("4", "bell \x07 bell bell", "ordinary characters"),
    ],
)
def test_what_is_not_a_review_is_said_in_place_and_kept(app, as_user, brew, bob, rating, body, said):
    browser = as_user(learner(app, brew, bob))
    answer = post(browser, MINE, {"rating": rating, "body": body})
    assert answer.status_code == 422
    assert said in answer.text
    assert body.strip()[:5] in answer.text
    assert figures(app, brew)[0] == 0


def test_line_ends_of_browsers_do_not_make_a_text_too_long(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob))
    body = "\r\n".join(["x" * 99] * 20)
    assert post(browser, MINE, {"rating": "3", "body": body}).status_code == 303


def test_crafted_fields_set_nothing(app, as_user, brew, bob, charlie):
    browser = as_user(learner(app, brew, bob))
    crafted = {
        "user_id": charlie.id,
        "helpful_count": "99",
        "hidden_at": "",
        "rating_average": "5",
        "answer": "ha",
    }
    post(browser, MINE, {"rating": "2", "body": WORDS, **crafted})
    with app.app_context():
        review = db.session.scalars(select(Review)).one()
        assert (review.user_id, review.helpful_count, review.answer) == (bob.id, 0, None)
    assert figures(app, brew)[1] == 2.0


def test_writing_again_changes_the_one_review(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob))
    post(browser, MINE, {"rating": "5", "body": WORDS})
    assert WORDS in browser.get(MINE).text
    post(browser, MINE, {"rating": "2", "body": "On second thought, less so."})
    assert figures(app, brew) == (1, 2.0, [0, 1, 0, 0, 0])
    assert "edited" in browser.get(ALL).text


def test_a_deleted_review_no_longer_counts(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob))
    post(browser, MINE, {"rating": "5", "body": WORDS})
    assert post(browser, f"{MINE}/removal", form_at=MINE).status_code == 303
    assert figures(app, brew) == (0, 0.0, [0, 0, 0, 0, 0])


def test_who_left_may_still_delete_but_not_write(app, as_user, brew, bob):
    browser = as_user(learner(app, brew, bob))
    post(browser, MINE, {"rating": "5", "body": WORDS})
    with app.app_context(), work.unit():
        db.session.execute(update(Enrollment).values(state="dropped"))
    assert post(browser, MINE, {"rating": "1", "body": WORDS}).status_code == 403
    assert post(browser, f"{MINE}/removal", form_at=MINE).status_code == 303
    assert figures(app, brew)[0] == 0


def test_many_at_once_are_all_counted(app, brew):
    crowd = people(app, brew, 6)
    start = Barrier(len(crowd))

    def say(user, rating):
        with app.app_context():
            start.wait()
            with work.unit():
                reviews.write(brew.id, user.id, rating, WORDS, NOW)

    threads = [Thread(target=say, args=(user, n % 5 + 1)) for n, user in enumerate(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert figures(app, brew) == (6, pytest.approx(16 / 6), [2, 1, 1, 1, 1])


@given(st.lists(st.integers(0, 5000), min_size=5, max_size=5))
@settings(max_examples=50)
def test_shares_never_pass_a_hundred(counts):
    shares = reviews_rules.shares(counts)
    assert [stars for stars, _, _ in shares] == [5, 4, 3, 2, 1]
    assert all(0 <= percent <= 100 for _, _, percent in shares)
    assert sum(number for _, number, _ in shares) == sum(counts)


def test_the_course_page_shows_how_ratings_are_spread_and_why(app, client, brew, bob, charlie):
    wrote(app, brew, learner(app, brew, bob), 5)
    wrote(app, brew, learner(app, brew, charlie), 2)
    text = client.get(COURSE).text
    assert "3.5 out of 5 from 2 reviews" in text
    assert text.count('value="50"') == 2
    assert "plain average of all ratings" in text


def test_lists_have_pages_of_twenty_by_helpfulness_or_date(app, as_user, client, brew, bob):
    for n, user in enumerate(people(app, brew, 22)):
        wrote(app, brew, user, 4, f"Review number {n:02} of many.")
    learner(app, brew, bob)
    with app.app_context():
        first = db.session.scalar(select(Review.id).where(Review.body.contains("number 00")))
    browser = as_user(bob)
    path = f"{ALL}/{first}/mark"
    for _ in range(2):  # twice is once
        assert post(browser, path, {"helpful": "yes"}, form_at=ALL).status_code == 303
    text = browser.get(ALL).text
    assert text.count('class="review"') == 20
    assert text.index("number 00") < text.index("number 21")
    assert "1 person found this helpful" in text
    text = client.get(f"{ALL}?sort=newest").text
    assert "number 00" not in text
    assert client.get(f"{ALL}?sort=newest&page=2").text.count('class="review"') == 2
    assert client.get(f"{ALL}?page=3").status_code == 404
    post(browser, path, {"helpful": "no"}, form_at=ALL)
    assert "found this helpful" not in browser.get(ALL).text


def test_nobody_finds_their_own_helpful(app, as_user, brew, bob):
    wrote(app, brew, learner(app, brew, bob), 5)
    browser = as_user(bob)
    post(browser, f"{ALL}/{review_id(app, bob)}/mark", {"helpful": "yes"}, form_at=ALL)
    assert "found this helpful" not in browser.get(ALL).text


def test_alice_and_her_co_instructor_answer_and_others_do_not(app, as_user, brew, bob, charlie, alice):
    wrote(app, brew, learner(app, brew, bob), 3)
    path = f"{ALL}/{review_id(app, bob)}/answer"
    assert post(as_user(charlie), path, {"answer": "No!"}, form_at=ALL).status_code == 403
    browser = as_user(alice)
    assert post(browser, path, {"answer": "Thank you, we mend it."}, form_at=ALL).status_code == 303
    text = as_user(bob).get(ALL).text
    assert "Thank you, we mend it." in text
    assert "Alice Arden" in text
    assert post(browser, path, {"answer": "x" * 2001}, form_at=ALL).status_code == 422
    with app.app_context(), work.unit():
        db.session.add(CourseInstructor(course_id=brew.id, user_id=charlie.id))
    post(as_user(charlie), path, {"answer": ""}, form_at=ALL)
    assert "we mend it" not in as_user(bob).get(ALL).text


def test_dana_hides_with_a_reason_and_brings_back(app, as_user, client, brew, bob, charlie, dana, alice):
    wrote(app, brew, learner(app, brew, bob), 1, "Something rude that nobody should read.")
    wrote(app, brew, learner(app, brew, charlie), 5)
    path = f"{ALL}/{review_id(app, bob)}/hiding"
    assert post(as_user(alice), path, {"reason": "I don't like it"}, form_at=ALL).status_code == 403
    browser = as_user(dana)
    refused = post(browser, path, {"reason": ""}, form_at=ALL)
    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert post(browser, path, {"reason": "Insults a person"}, form_at=ALL).status_code == 303
    assert "Something rude" not in client.get(ALL).text
    assert "Something rude" not in client.get(COURSE).text
    assert "Insults a person" in as_user(bob).get(MINE).text
    assert figures(app, brew) == (1, 5.0, [0, 0, 0, 0, 1])
    wrote(app, brew, bob, 5, "Editing does not bring it back.")
    assert figures(app, brew)[0] == 1
    assert post(as_user(charlie), f"{ALL}/{review_id(app, bob)}/mark", form_at=ALL).status_code == 404
    post(browser, f"{path}/end", form_at=ALL)
    assert figures(app, brew)[0] == 2
    with app.app_context():
        entries = db.session.execute(
            select(AuditEntry.action, AuditEntry.details).where(AuditEntry.subject_kind == "review")
        ).all()
    assert [tuple(entry) for entry in entries] == [
        ("review.hidden", {"reason": "Insults a person"}),
        ("review.shown", {}),
    ]


def test_a_review_of_another_course_does_not_exist_here(app, as_user, brew, bob, dana, alice):
    other = factories.course(app, alice, slug="other", lessons=1)
    wrote(app, other, learner(app, other, bob), 1)
    path = f"{ALL}/{review_id(app, bob)}/hiding"
    assert post(as_user(dana), path, {"reason": "Wrong course"}, form_at=ALL).status_code == 404


def test_a_draft_shows_no_reviews_to_strangers(app, client, alice):
    factories.course(app, alice, slug="brew", published=False)
    assert client.get(ALL).status_code == 404


def test_words_of_learners_stay_words(app, client, brew, bob):
    wrote(app, brew, learner(app, brew, bob), 5, "<script>alert(1)</script> and more")
    assert "<script>alert" not in client.get(ALL).text


def test_pages_stay_within_their_statements(app, as_user, brew, bob):
    for user in people(app, brew, 5):
        wrote(app, brew, user, 4)
    learner(app, brew, bob, done=5)
    browser = as_user(bob)
    for path in (COURSE, ALL, MINE):
        with sql.count(app) as statements:
            browser.get(path)
        assert len(statements) <= 5, path


def test_a_copy_of_ones_data_has_them_and_erasure_takes_them_away(app, brew, bob, charlie):
    wrote(app, brew, learner(app, brew, bob), 1)
    wrote(app, brew, learner(app, brew, charlie), 5)
    with app.app_context(), work.unit():
        his = db.session.get(Review, review_id(app, charlie))
        reviews.mark(his, bob.id, is_helpful=True)
        data = reviews_personal.export(bob.id)
        assert [(row["rating"], row["review"]) for row in data["reviews"]] == [(1, WORDS)]
        assert len(data["reviews_found_helpful"]) == 1
        reviews_personal.erase(bob.id, NOW)
    assert figures(app, brew) == (1, 5.0, [0, 0, 0, 0, 1])
    with app.app_context():
        assert db.session.scalars(select(Review.helpful_count)).all() == [0]
        assert db.session.get(User, bob.id) is not None
