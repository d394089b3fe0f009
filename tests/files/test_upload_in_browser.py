"""Uploading with scripts on: what is refused is said in place, what is kept leads on, what is cut off goes on."""

from hashlib import sha256

import pytest
from sqlalchemy import select

from lms.core.db import db
from lms.files.models import StoredFile, Upload
from tests import factories

FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 80_000
"""20 MB."""


@pytest.fixture
def page(app, window_of, alice):
    factories.course(app, alice)
    opened = window_of(alice)
    opened.goto("/teaching/tea/files")
    return opened


def send(page, *files):
    page.get_by_label("Files", exact=True).set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": data} for name, data in files]
    )
    page.get_by_role("button", name="Upload").click()


def test_files_go_up_and_stand_in_the_list(page):
    send(page, ("guide.pdf", b"%PDF-1.4 " + bytes(3_000_000)), ("leaf.png", factories.picture()))
    page.get_by_text("Kept: assets/guide.pdf, assets/leaf.png").wait_for()
    assert page.get_by_role("link", name="guide.pdf").is_visible()


def test_what_is_refused_is_said_in_the_form_and_another_try_works(page):
    send(page, ("guide.pdf", b"MZ a program"))
    page.get_by_text("guide.pdf is not what its name says").first.wait_for()
    send(page, ("guide.pdf", b"%PDF-1.4"))
    page.get_by_text("Kept: assets/guide.pdf").wait_for()


def received(app):
    with app.app_context():
        return db.session.scalar(select(Upload.received))


def begin_and_cut(page, film):
    """The first piece has come when the connection goes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def condition(*, offline):
        speed = {"downloadThroughput": -1, "uploadThroughput": 6_000_000}
        devtools.send("Network.emulateNetworkConditions", {"offline": offline, "latency": 0, **speed})

    condition(offline=False)
    page.get_by_label("Files", exact=True).set_input_files(film)
    with page.expect_response(lambda answer: "/pieces/0" in answer.url):
        page.get_by_role("button", name="Upload").click()
    condition(offline=True)
    page.get_by_text("Waiting for the connection").wait_for()
    return lambda: condition(offline=False)


def test_a_film_of_20_mb_goes_on_after_the_connection_was_lost(app, page, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    connect = begin_and_cut(page, film)
    assert 0 < received(app) < len(FILM)
    connect()
    page.get_by_text("Kept: assets/film.mp4").wait_for()
    with app.app_context():
        assert db.session.scalars(select(StoredFile.sha256)).all() == [sha256(FILM).hexdigest()]


def test_a_closed_page_goes_on_when_the_same_file_is_chosen_again(app, page, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    connect = begin_and_cut(page, film)
    before = received(app)
    connect()
    page.reload()
    sent = []
    page.on("request", lambda request: sent.append(request.url) if "/pieces/" in request.url else None)
    page.get_by_label("Files", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("Kept: assets/film.mp4").wait_for()
    assert int(sent[0].rsplit("/", 1)[1]) >= before
    with app.app_context():
        assert db.session.scalars(select(StoredFile.size)).all() == [len(FILM)]


def test_a_large_file_that_is_refused_is_named(page, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(b"MZ" + bytes(5_000_000))
    page.get_by_label("Files", exact=True).set_input_files(film)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("film.mp4 is not what its name says").first.wait_for()


def test_a_film_goes_into_a_lesson_in_pieces(app, page, tmp_path):
    film = tmp_path / "Long film.mp4"
    film.write_bytes(FILM[:6_000_000])
    page.goto("/teaching/tea/lessons/lesson-1")
    page.locator("[data-file]").set_input_files(film)
    page.get_by_text("The file is in the text.").wait_for()
    assert page.locator("[name=body]").input_value().strip() == "![Long film](../../assets/long-film.mp4)"
    with app.app_context():
        assert db.session.scalars(select(Upload.path)).all() == ["assets/long-film.mp4"]
