"""Alice keeps the files of her course: they come in, are seen where they are used, change and go."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, update

from lms.core import work
from lms.core.db import db
from lms.core.i18n import size
from lms.courses.models import Course, CourseAsset, Lesson
from lms.files import orphans, storage
from lms.files.models import StoredFile
from tests import factories
from tests.factories import picture
from tests.support import sql
from tests.support.forms import post, token

FILES = "/teaching/tea/files"
ADD = f"{FILES}/additions"


@pytest.fixture
def tea(app, alice):
    return factories.course(app, alice)


@pytest.fixture
def browser(as_user, alice, tea):
    return as_user(alice)


def upload(browser, data, name="leaf.png", to=ADD, field="files", form_at=FILES, **more):
    answer = post(
        browser,
        to,
        {field: (io.BytesIO(data), name)},
        form_at=form_at,
        content_type="multipart/form-data",
        **more,
    )
    # The test client spools what is large and leaves the file open.
    answer.request.environ["wsgi.input"].close()
    return answer


def paths(app):
    with app.app_context():
        return sorted(db.session.scalars(select(CourseAsset.path)))


def file_id(app, path):
    with app.app_context():
        return db.session.scalars(select(CourseAsset.id).where(CourseAsset.path == path)).one()


def show_in_lesson(app, path):
    html = f'<p><img src="/courses/tea/assets/{path}" alt=""></p>'
    with app.app_context(), work.unit():
        db.session.execute(update(Lesson).where(Lesson.slug == "lesson-1").values(body_html=html))


def test_a_file_comes_in_and_stands_in_the_list(app, browser):
    assert upload(browser, b"%PDF-1.7 how to brew", "Brewing guide.PDF").status_code == 303
    assert paths(app) == ["assets/brewing-guide.pdf"]
    page = browser.get(FILES).text
    assert "brewing-guide.pdf" in page
    assert "Nowhere" in page
    answer = browser.get("/courses/tea/assets/assets/brewing-guide.pdf")
    assert answer.data == b"%PDF-1.7 how to brew"


def test_a_long_name_is_cut_and_not_lost(app, browser):
    upload(browser, b"%PDF-1.7 how to brew", "a guide to brewing " * 12 + ".pdf")
    (path,) = paths(app)
    assert path.startswith("assets/a-guide-to-brewing-a-guide") and len(path) < 100


def test_two_files_of_one_name_are_two_files_and_the_same_file_is_one(app, browser):
    for colour in (picture(20, 20), picture(21, 20), picture(20, 20)):
        upload(browser, colour)
    assert paths(app) == ["assets/leaf-2.png", "assets/leaf.png"]


def test_where_a_picture_was_taken_does_not_come_along(app, browser):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "at home, 52.5 N", 6
    upload(browser, picture(40, 80, "JPEG", exif=exif.tobytes()), "home.jpg")
    data = browser.get("/courses/tea/assets/assets/home.jpg").data
    assert b"at home" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (80, 40))
        assert not image.getexif()


def test_a_moving_picture_goes_on_moving(browser):
    frames = [Image.new("RGB", (30, 30), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)
    upload(browser, out.getvalue(), "steam.gif")
    with Image.open(io.BytesIO(browser.get("/courses/tea/assets/assets/steam.gif").data)) as image:
        assert image.n_frames == 3
        assert image.info["loop"] == 0


def packed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in members:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return out.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("notes.docx", packed(*WORD)),
        ("sums.xlsx", packed("[Content_Types].xml", "xl/workbook.xml")),
        ("notes.odt", packed("mimetype", "content.xml")),
        ("more.zip", packed("a.txt")),
        ("words.txt", "grüner Tee".encode()),
        ("clip.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + bytes(100)),
        ("talk.mp3", b"ID3\x03\0\0\0\0\0\0" + bytes(50)),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='3' height='3'/>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_what_it_says_is_taken(app, browser, name, data):
    assert upload(browser, data, name).status_code == 303
    assert paths(app) == [f"assets/{name}"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("tool.exe", b"MZ" + bytes(99), "kind that courses can"),
        ("page.html", b"<script>alert(1)</script>", "kind that courses can"),
        ("empty.pdf", b"", "is empty"),
        ("guide.pdf", b"MZ" + bytes(99), "not what its name says"),
        ("clip.mp4", b"<html><script>alert(1)</script>", "not what its name says"),
        ("notes.docx", packed("a.txt"), "not what its name says"),
        ("notes.docx", packed(*WORD, "word/vbaProject.bin"), "not what its name says"),
        ("words.txt", b"\xff\xfe\x00a", "not what its name says"),
        ("leaf.png", b"GIF89a nothing", "be read as a picture"),
        ("leaf.png", picture()[:60], "be read as a picture"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(app, browser, name, data, words):
    answer = upload(browser, data, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert name in answer.text
    assert paths(app) == []


def test_of_many_files_the_good_ones_stay(app, browser):
    good, bad = (io.BytesIO(b"%PDF-1.4"), "good.pdf"), (io.BytesIO(b"MZ"), "bad.exe")
    answer = post(browser, ADD, {"files": [good, bad]}, form_at=FILES, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "bad.exe" in answer.text
    assert paths(app) == ["assets/good.pdf"]


def test_a_full_course_takes_no_more(app, browser, monkeypatch):
    small = replace(app.config["LECTERN"], upload_limit=1000, course_quota=50)
    monkeypatch.setitem(app.config, "LECTERN", small)
    assert upload(browser, b"%PDF-" + bytes(40), "one.pdf").status_code == 303
    assert "There is no room" in upload(browser, b"%PDF-" + bytes(41), "two.pdf").text
    assert "larger than 1 kB" in upload(browser, b"%PDF-" + bytes(1000), "three.pdf").text


def test_a_file_is_replaced_and_its_links_stay(app, browser):
    upload(browser, picture(20, 20))
    number = file_id(app, "assets/leaf.png")
    show_in_lesson(app, "assets/leaf.png")
    page = f"{FILES}/{number}"
    to = f"{page}/replacement"
    assert upload(browser, b"%PDF-", "x.pdf", to=to, field="file", form_at=page).status_code == 422
    answer = upload(browser, picture(50, 30), "other.png", to=to, field="file", form_at=page)
    assert answer.status_code == 303
    with Image.open(io.BytesIO(browser.get("/courses/tea/assets/assets/leaf.png").data)) as image:
        assert image.size == (50, 30)
    assert "Lesson 1" in browser.get(page).text


def test_a_file_in_use_goes_only_after_a_warning(app, browser):
    upload(browser, picture())
    number = file_id(app, "assets/leaf.png")
    show_in_lesson(app, "assets/leaf.png")
    page = f"{FILES}/{number}"
    assert "1 place" in browser.get(FILES).text
    assert "Lesson 1" in browser.get(page).text
    refused = post(browser, f"{page}/removal", {}, form_at=page)
    assert refused.headers["Location"].endswith(page)
    assert paths(app) == ["assets/leaf.png"]
    post(browser, f"{page}/removal", {"although_used": "yes"}, form_at=page)
    assert paths(app) == []


def test_scripts_get_an_answer_that_they_can_read(browser):
    answer = upload(browser, picture(), headers={"Accept": "application/json"})
    assert json.loads(answer.text) == {"kept": ["assets/leaf.png"], "refused": []}


def test_files_of_other_people_are_not_there(app, as_user, bob, dana, browser):
    erin = factories.person(app, "Erin", "erin@example.org", role="instructor")
    assert [as_user(who).get(FILES).status_code for who in (bob, erin, dana)] == [403, 404, 200]
    upload(browser, picture())
    number = file_id(app, "assets/leaf.png")
    factories.course(app, erin, slug="coffee")
    theirs = as_user(erin)
    secret = token(theirs, "/teaching/coffee/files")
    for path in (f"{FILES}/{number}/removal", f"/teaching/coffee/files/{number}/removal"):
        assert theirs.post(path, data={"csrf_token": secret}).status_code == 404
    assert paths(app) == ["assets/leaf.png"]


def test_the_list_costs_five_statements(app, browser):
    for width in range(20, 26):
        upload(browser, picture(width, 20), f"leaf-{width}.png")
    with sql.count(app) as statements:
        browser.get(FILES)
    assert len(statements) <= 5


def test_bytes_that_nothing_names_go_after_some_days(app, browser):
    upload(browser, picture())
    number = file_id(app, "assets/leaf.png")
    with app.app_context():
        storage.put("ab/lost", b"of an import that failed")
        kept = db.session.scalar(select(StoredFile.key))
        now = factories.datetime.now(factories.UTC)
    later = now + timedelta(days=3)

    def upkeep(at):
        with app.app_context(), work.unit():
            orphans.forget_unused(at)
            return orphans.remove_orphans(at)

    assert upkeep(now) == 0
    assert upkeep(later) >= 1
    with app.app_context():
        assert storage.read(kept)
        with pytest.raises(FileNotFoundError):
            storage.read("ab/lost")
    post(browser, f"{FILES}/{number}/removal", {}, form_at=f"{FILES}/{number}")
    assert upkeep(later) == 1
    with app.app_context(), pytest.raises(FileNotFoundError):
        storage.read(kept)
    with app.app_context():
        assert db.session.scalar(select(Course.slug)) == "tea"


def test_only_the_files_of_the_course_count_as_its_own(app, alice, browser):
    factories.course(app, alice, slug="coffee")
    assert upload(browser, picture()).status_code == 303
    page = browser.get("/teaching/coffee/files").text
    assert "0 files" in page
    assert "0 bytes of" in page
    assert "1 file" in browser.get(FILES).text


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (2, "2 bytes"),
        (1536, "1.5 kB"),
        (1023, "1 kB"),
        (100 * 1024 * 1024, "100 MB"),
    ],
)
def test_sizes_are_said_as_the_limits_are(app, length, said):
    with app.test_request_context():
        assert size(length) == said
    with app.test_request_context(headers={"Accept-Language": "ar"}):
        assert "digital" not in size(length)
