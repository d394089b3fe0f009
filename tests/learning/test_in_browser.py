"""Learning in a real browser: searching while typing, completing without a reload, going on."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from lms.core import work
from lms.courses.markdown import render
from lms.courses.models import Course, Lesson, Module
from lms.learning import reviews
from lms.learning.models import LessonProgress
from tests import factories

LESSON = "/courses/tea/lessons/lesson-1"


@pytest.fixture
def page(window_of, bob, tea):
    """Bob's browser."""
    return window_of(bob)


def test_completing_a_lesson_moves_line_and_outline_without_a_reload(page, live, tea):
    page.goto(live.url + LESSON)
    page.evaluate("window.stayed = true")
    expect(page.locator("#course-line")).to_contain_text("0%")
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#completion")).to_contain_text("You have completed this lesson")
    expect(page.locator("#course-line")).to_contain_text("33%")
    expect(page.locator("#course-edge")).to_have_attribute("value", "33")
    expect(page.locator("#course-lessons .state-completed")).to_have_count(1)
    expect(page.locator("#toasts")).to_contain_text("Course progress: 33%")
    assert page.evaluate("window.stayed")
    page.get_by_role("link", name="Next lesson", exact=True).click()
    expect(page.locator("h1")).to_have_text("Lesson 2")


def test_the_keyboard_goes_on_where_a_lesson_was_completed(page, live, tea):
    page.goto(live.url + LESSON)
    page.get_by_role("button", name="Mark as completed").press("Enter")
    expect(page.get_by_role("link", name="Next lesson", exact=True)).to_be_focused()


def test_a_lesson_opens_where_its_reader_stopped(page, live, tea):
    tea.write("lesson-1", "<p>A line of tea.</p>" * 200)
    page.goto(live.url + LESSON)
    with page.expect_response(re.compile("/position$")) as answer:
        page.evaluate("scrollTo(0, 2000)")
    assert answer.value.status == 204
    assert 0.1 < tea.row(LessonProgress).position < 0.9
    page.goto(f"{live.url}/learning")
    page.get_by_role("link", name="Continue", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("You are back where you stopped")
    assert abs(page.evaluate("scrollY") - 2000) < 100


def test_the_catalogue_follows_what_is_typed(page, live, tea):
    page.goto(f"{live.url}/courses")
    page.evaluate("window.stayed = true")
    page.locator("#search").press_sequentially("nothing like it")
    expect(page.locator("#results")).to_contain_text("Nothing matches")
    expect(page).to_have_url(re.compile(r"\?q=nothing\+like\+it$"))
    page.locator("#search").fill("book of")
    expect(page.locator("#results .card")).to_have_count(1)
    page.get_by_label("Level").select_option("advanced")
    expect(page.locator("#results .card")).to_have_count(0)
    expect(page).to_have_url(re.compile("level=advanced"))
    assert page.evaluate("window.stayed")


def test_wide_tables_long_lines_and_endless_words_stay_inside_a_phone(page, live, tea):
    cell = "<td><code>" + "a_very_long_name_" * 6 + "</code></td>"
    source = f"<table><tr>{cell * 3}</tr></table>\n\n```\n{'x = 1; ' * 80}\n```\n\n{'endless' * 60}\n"
    html = render(source, link=lambda _target: None).html
    tea.write("lesson-1", html)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live.url + LESSON)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_endless_titles_stay_inside_a_phone_on_every_page_that_shows_them(page, live, tea):
    endless = "Donaudampfschifffahrt" * 12
    tea.change(
        update(Course).values(title=endless),
        update(Module).values(title=endless),
        update(Lesson).values(title=endless),
    )
    page.set_viewport_size({"width": 390, "height": 800})
    for path in ("/courses", "/courses/tea", "/courses/tea/lessons/lesson-2", "/learning"):
        page.goto(live.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def test_who_was_signed_out_elsewhere_signs_in_beside_the_page_and_goes_on(page, live, tea, bob):
    page.goto(live.url + LESSON)
    page.context.clear_cookies()
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#toasts")).to_contain_text("You were signed out")
    assert tea.row(LessonProgress).completed_at is None
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new window").click()
    sign_in = opened.value
    sign_in.get_by_label("Email address").fill(bob.email)
    sign_in.locator("main [name=password]").fill(factories.PASSWORD)
    sign_in.locator("main button[type=submit]").click()
    expect(sign_in.get_by_role("heading", name="You are signed in")).to_be_visible()
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#completion")).to_contain_text("You have completed this lesson")


def test_a_reader_without_network_is_not_promised_what_a_lesson_does_not_keep(page, live, tea):
    page.goto(live.url + LESSON)
    page.context.set_offline(True)
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#toasts")).to_contain_text("what you press now does not arrive")
    page.context.set_offline(False)
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#completion")).to_contain_text("You have completed this lesson")


def test_a_recording_goes_on_where_it_was_stopped(page, live, tea):
    """Without a sound card nothing plays here: what the browser says of a recording is said by hand."""
    shown = '<p>Listen.</p><audio src="/courses/tea/assets/talk.wav" controls preload="none"></audio>'
    tea.write("lesson-1", shown)
    page.goto(live.url + LESSON)
    media = page.locator("audio")
    with page.expect_response(re.compile("/position$")) as answer:
        media.evaluate("media => { media.currentTime = 25; media.dispatchEvent(new Event('pause')); }")
    assert answer.value.status == 204
    assert tea.row(LessonProgress).recordings == {"assets/talk.wav": 25}
    page.goto(live.url + LESSON)
    media.evaluate("""media => {
        Object.defineProperty(media, "duration", { value: 60 });
        media.dispatchEvent(new Event("loadedmetadata"));
    }""")
    assert media.evaluate("media => media.currentTime") == 25


def test_a_word_is_found_while_typing_and_its_link_leads_to_the_place(page, live, tea):
    lines = "<p>A line of tea.</p>" * 80
    tea.write("lesson-2", f'{lines}<h2 id="s-pot">The pot</h2>{lines}<p>Warm the samovar first.</p>{lines}')
    page.goto(live.url + LESSON)
    page.get_by_role("searchbox", name="Search this course").press_sequentially("samovr")
    results = page.get_by_role("region", name="Found in this course")
    expect(results.get_by_role("status")).to_contain_text("1 result with “samovar”")
    expect(results.locator("mark")).to_have_text("samovar")
    results.get_by_role("link", name="Lesson 2").click()
    expect(page.locator("h1")).to_have_text("Lesson 2")
    expect(page.get_by_text("Warm the samovar first.")).to_be_in_viewport()
    assert "/lessons/lesson-2#s-pot" in page.url


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("start", [LESSON, "/courses/tea"])
def test_back_from_a_result_leads_to_the_words_and_the_results(page, live, tea, start, width):
    tea.write("lesson-2", "<p>Warm the samovar.</p>")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live.url + start)
    if start == LESSON and width == 390:
        page.locator(".drawer > summary").click()
    page.get_by_role("searchbox", name="Search this course").press_sequentially("samovar")
    result = page.get_by_role("region", name="Found in this course").get_by_role("link", name="Lesson 2")
    result.click()
    expect(page.locator("h1")).to_have_text("Lesson 2")
    page.go_back()
    expect(result).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search this course")).to_have_value("samovar")
    page.goto(f"{live.url}/learning")
    page.goto(live.url + start)
    expect(page.locator("#course-q")).to_have_value("")


@pytest.mark.parametrize("place", ["/courses/tea", "/courses/tea/reviews"])
def test_a_review_is_marked_where_it_is_read_and_the_mark_taken_back(page, live, app, tea, charlie, place):
    with app.app_context(), work.unit():
        reviews.write(tea.course.id, charlie.id, 5, "Clear, patient and never dull.", factories.NOW)
    page.goto(live.url + place)
    review = page.locator(".review")
    review.get_by_role("button", name="Helpful", exact=True).click()
    expect(review).to_contain_text("1 person found this helpful.")
    assert page.url.startswith(live.url + place)
    review.get_by_role("button", name="Not helpful after all").click()
    expect(review.get_by_role("button", name="Helpful", exact=True)).to_be_visible()
    expect(review).not_to_contain_text("found this helpful")
    assert page.url.startswith(live.url + place)
