"""Writing lessons: saved, kept as drafts, kept as revisions, never overwritten silently."""

import io
import re

from lms.courses.models import Lesson, LessonPage, TextDraft, TextRevision
from tests import factories
from tests.support import sql
from tests.support.forms import post

LESSON = "/lessons/lesson-1"
JSON = {"Accept": "application/json"}


def base(page: str) -> str:
    return re.search(r'name="base"[^>]*value="([^"]*)"', page)[1]


def save(tea, path=LESSON, *, title="Lesson 1", body="", opened=None, **more):
    """Open the editor, type, save."""
    page = opened or tea.page(path)
    return tea.post(path, {**tea.fields(title), "body": body, "base": base(page), **more})


def test_what_is_saved_is_what_learners_read(tea, as_user, dana):
    answer = save(tea, title="Water", body="# Water\n\nBoil it. See [the next](../lesson-2/lesson.md).")
    assert answer.location == "/teaching/tea/lessons/lesson-1"
    read = tea.browser.get("/courses/tea/lessons/lesson-1").text
    assert "<p>Boil it. See" in read and 'href="/courses/tea/lessons/lesson-2"' in read
    assert tea.row(Lesson, slug="lesson-1").title == "Water"


def test_settings_are_saved_with_the_text(tea):
    save(tea, minutes="25", is_preview="y", release="days", release_days="7")
    lesson = tea.row(Lesson, slug="lesson-1")
    assert (lesson.minutes, lesson.is_preview, lesson.release) == (25, True, {"days": 7})
    assert 'value="7"' in tea.page(LESSON)
    answer = save(tea, minutes="many", body="Typed already")
    assert answer.status_code == 422 and "Typed already" in answer.text


def test_a_date_is_in_the_authors_time_zone(tea):
    from lms.accounts.models import User

    tea.change(User.__table__.update().values(time_zone="Asia/Tokyo"))
    save(tea, release="date", release_date="2026-05-01T09:00")
    assert tea.row(Lesson, slug="lesson-1").release == {"date": "2026-05-01T00:00:00+00:00"}
    assert 'value="2026-05-01T09:00"' in tea.page(LESSON)
    assert save(tea, release="after").status_code == 422


def test_the_preview_is_the_learners_page_and_says_what_is_wrong(tea):
    shown = tea.post(f"{LESSON}/preview", {"body": "**Hot** $a^2$ ![](x.png)\n\n> [!NOTE]\n> Mind."}).text
    assert "<strong>Hot</strong>" in shown and "callout-note" in shown
    assert "“x.png” leads nowhere in this course." in shown and "<html" not in shown


def test_a_draft_survives_and_is_its_authors_alone(tea, as_user, dana):
    page = tea.page(LESSON)
    sent = {"title": "Lesson 1", "body": "Half a sen", "base": base(page)}
    answer = tea.post(f"{LESSON}/draft", sent, headers=JSON)
    assert answer.status_code == 200 and "saved_at" in answer.json
    assert "Half a sen" in tea.page(LESSON) and "This is your draft of" in tea.page(LESSON)
    assert "Half a sen" not in as_user(dana).get(f"/teaching/tea{LESSON}").text
    assert "Half a sen" not in tea.browser.get("/courses/tea/lessons/lesson-1").text
    assert "Unsaved draft" in tea.page()
    save(tea, body="Half a sentence.")
    assert tea.row(TextDraft) is None


def test_without_scripts_a_button_keeps_the_draft_and_shows_it(tea):
    page = tea.page(LESSON)
    answer = tea.post(f"{LESSON}/draft", {"title": "Lesson 1", "body": "*soft*", "base": base(page)})
    assert answer.location == "/teaching/tea/lessons/lesson-1"
    assert "<em>soft</em>" in tea.page(LESSON)
    tea.post(f"{LESSON}/draft/removal")
    assert "soft" not in tea.page(LESSON)


def test_two_authors_do_not_overwrite_each_other(tea, as_user, dana):
    opened = tea.page(LESSON)
    other = as_user(dana)
    theirs = other.get(f"/teaching/tea{LESSON}").text
    data = {**tea.fields("Lesson 1"), "body": "Dana's words", "base": base(theirs)}
    assert post(other, f"/teaching/tea{LESSON}", data).status_code == 303
    answer = save(tea, body="Alice's words", opened=opened)
    assert answer.status_code == 409
    assert "Dana&#39;s words" in answer.text and "Alice&#39;s words" in answer.text
    assert "Removed:" in answer.text and "Added:" in answer.text
    assert tea.row(Lesson, slug="lesson-1").body == "Dana's words"
    again = save(tea, body="Dana's and Alice's words", opened=answer.text)
    assert again.status_code == 303
    assert tea.row(Lesson, slug="lesson-1").body == "Dana's and Alice's words"


def test_a_draft_that_was_begun_before_somebody_saved_is_a_conflict_too(tea, as_user, dana):
    page = tea.page(LESSON)
    tea.post(f"{LESSON}/draft", {"title": "Lesson 1", "body": "Mine", "base": base(page)}, headers=JSON)
    other = as_user(dana)
    data = {**tea.fields("Lesson 1"), "body": "Theirs", "base": base(page)}
    post(other, f"/teaching/tea{LESSON}", data)
    assert save(tea, body="Mine").status_code == 409


def test_saving_the_same_twice_is_saving_once(tea):
    opened = tea.page(LESSON)
    save(tea, body="Once", opened=opened)
    assert save(tea, body="Once", opened=opened).status_code == 303
    with tea.app.app_context():
        assert TextRevision.query.count() == 2


def test_every_version_is_kept_compared_and_restored(tea):
    tea.change(Lesson.__table__.update().where(Lesson.slug == "lesson-1").values(body="As imported"))
    save(tea, body="One\nTwo\nThree")
    save(tea, body="One\n2\nThree")
    listed = tea.page(f"{LESSON}/revisions")
    assert "Revision 3" in listed and "before the first change in the studio" in listed and "Alice" in listed
    shown = tea.page(f"{LESSON}/revisions/3")
    assert re.search(r"<del>.*Two</del>", shown) and re.search(r"<ins>.*2</ins>", shown)
    tea.post(f"{LESSON}/revisions/1/restoration")
    assert tea.row(Lesson, slug="lesson-1").body == "As imported"
    assert "As imported" in tea.browser.get("/courses/tea/lessons/lesson-1").text
    assert "Revision 4" in tea.page(f"{LESSON}/revisions")
    assert tea.post(f"{LESSON}/revisions/9/restoration").status_code == 404


def test_a_search_finds_the_words_of_a_restored_version_and_no_others(tea):
    def finds(word):
        return "/courses/tea/lessons/lesson-1#" in tea.browser.get(f"/courses/tea/search?q={word}").text

    save(tea, body="## The pot\n\nWarm the samovar.")
    save(tea, body="## The pot\n\nWarm the gaiwan.")
    assert (finds("samovar"), finds("gaiwan")) == (False, True)
    tea.post(f"{LESSON}/revisions/2/restoration")
    assert (finds("samovar"), finds("gaiwan")) == (True, False)


def test_a_picture_of_the_course_is_shown_where_a_text_names_it(tea):
    sent = {"files": (io.BytesIO(factories.picture()), "My map.PNG")}
    answer = tea.post("/files/additions", sent, headers=JSON)
    assert answer.status_code == 200, answer.text
    assert answer.json["kept"] == ["assets/my-map.png"]
    save(tea, body="![A map](../../assets/my-map.png)")
    read = tea.browser.get("/courses/tea/lessons/lesson-1").text
    assert 'src="/courses/tea/assets/assets/my-map.png"' in read and 'width="300"' in read
    assert tea.browser.get("/courses/tea/assets/assets/my-map.png").mimetype == "image/png"


def test_extra_pages_and_briefs_are_edited_alike(tea):
    answer = tea.post(f"{LESSON}/pages", {"title": "On a stove"})
    assert answer.location == "/teaching/tea/lessons/lesson-1/page/on-a-stove"
    path = f"{LESSON}/page/on-a-stove"
    page = tea.page(path)
    tea.post(path, {"title": "On a stove", "body": "Small *flame*.", "base": base(page)})
    assert "<em>flame</em>" in tea.row(LessonPage).body_html
    assert "On a stove" in tea.page(LESSON)
    save(tea, body="See [the stove](on-a-stove.md).")
    assert 'href="/courses/tea/lessons/lesson-1/on-a-stove"' in tea.row(Lesson, slug="lesson-1").body_html


def test_scripts_in_a_text_are_text(tea):
    save(tea, body="<script>alert(1)</script><img src=x onerror=alert(1)>")
    html = tea.row(Lesson, slug="lesson-1").body_html
    assert "<script" not in html and "onerror" not in html


def test_the_lesson_of_another_course_is_not_edited_through_this_one(tea):
    assert tea.browser.get("/teaching/tea/lessons/no-such").status_code == 404
    assert tea.browser.get(f"/teaching/tea{LESSON}/page/no-such").status_code == 404


def test_the_workbench_and_the_editor_cost_the_same_for_many_lessons(tea):
    for number in range(12):
        tea.post(f"/modules/{tea.module()}/lessons", {"title": f"More {number}"})
    with sql.count(tea.app) as workbench:
        tea.page()
    assert len(workbench) <= 5
    with sql.count(tea.app) as editor:
        tea.page(LESSON)
    assert len(editor) <= 16
