"""Large files come in pieces: a cut connection costs one piece, whatever process and storage take the next."""

import io
import socket
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.core import clock, work
from lms.core.db import db
from lms.courses.models import CourseAsset
from lms.files import jobs, orphans, storage, uploads
from lms.files.models import StoredFile, Upload, UploadChunk
from tests import factories
from tests.support.forms import post, token

FILES = "/teaching/tea/files"
UPLOADS = f"{FILES}/uploads"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40_000
"""10 MB that begin as an MP4 does."""
PIECE, SIZE = uploads.PIECE, len(VIDEO)


class Sender:
    """What the script of the page does, one request at a time."""

    def __init__(self, browser):
        self.browser = browser
        self.headers = {"X-CSRFToken": token(browser, FILES), "Accept": "application/json"}

    def begin(self, name="film.mp4", size=SIZE, **more):
        return self.browser.post(UPLOADS, data={"name": name, "size": size, **more}, headers=self.headers)

    def piece(self, upload, start, data):
        return self.browser.post(
            f"{UPLOADS}/{upload}/pieces/{start}",
            data=data,
            headers=self.headers,
            content_type="application/octet-stream",
        )

    def finish(self, upload, **more):
        return self.browser.post(f"{UPLOADS}/{upload}/completion", data=more, headers=self.headers)

    def send(self, data=VIDEO, name="film.mp4", **more):
        upload = self.begin(name, len(data), **more).json["id"]
        for start in range(0, len(data), PIECE):
            assert self.piece(upload, start, data[start : start + PIECE]).status_code == 200
        return self.finish(upload, **more)


@pytest.fixture
def tea(app, alice):
    return factories.course(app, alice)


@pytest.fixture
def sender(as_user, alice, tea):
    return Sender(as_user(alice))


def test_a_video_arrives_in_pieces_and_is_the_same(app, sender, run_jobs):
    assert sender.send().json == {"kept": ["assets/film.mp4"], "refused": []}
    answer = sender.browser.get("/courses/tea/assets/assets/film.mp4")
    assert answer.data == VIDEO
    run_jobs()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UploadChunk)) == 0
        keys = [key for found in storage.keys(clock.now() + timedelta(days=1)) for key in found]
        assert len(set(keys) & {db.session.scalar(select(StoredFile.key))}) == 1


def test_after_a_cut_connection_it_goes_on_where_it_stopped(sender):
    upload = sender.begin().json["id"]
    sender.piece(upload, 0, VIDEO[:PIECE])
    # The answer to the second was lost: the browser asks, and hears that it had come.
    sender.piece(upload, PIECE, VIDEO[PIECE : 2 * PIECE])
    assert sender.browser.get(f"{UPLOADS}/{upload}").json["received"] == 2 * PIECE
    again = sender.piece(upload, PIECE, VIDEO[PIECE : 2 * PIECE])
    assert (again.status_code, again.json["received"]) == (409, 2 * PIECE)
    sender.piece(upload, 2 * PIECE, VIDEO[2 * PIECE :])
    assert sender.finish(upload).json["kept"] == ["assets/film.mp4"]
    # Also the last answer may get lost: asking again keeps it once.
    assert sender.finish(upload).json["kept"] == ["assets/film.mp4"]


def test_a_piece_that_was_cut_off_counts_for_nothing(app, live, alice, tea):
    client = factories.signed_in(app, alice)
    sender = Sender(client)
    upload = sender.begin().json["id"]
    cookie = client.get_cookie("session").value
    host, _, port = live.url.removeprefix("http://").partition(":")
    head = (
        f"POST {UPLOADS}/{upload}/pieces/0 HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: session={cookie}\r\n"
        f"X-CSRFToken: {sender.headers['X-CSRFToken']}\r\nContent-Type: application/octet-stream\r\n"
        f"Content-Length: {PIECE}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(head.encode() + VIDEO[: PIECE // 2])
    assert client.get(f"{UPLOADS}/{upload}").json["received"] == 0
    assert sender.piece(upload, 0, VIDEO[:PIECE]).status_code == 200


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("film.exe", 100, "kind"),
        ("film.mp4", 0, "empty"),
        ("film.mp4", "-5", "empty"),
        ("film.mp4", "much", "empty"),
        ("film.mp4", 101 * 1024 * 1024, "larger than"),
    ],
)
def test_what_would_be_refused_in_the_end_is_refused_at_once(sender, name, size, said):
    answer = sender.begin(name, size)
    assert answer.status_code == 422
    assert said in answer.json["refused"][0]


def test_what_was_announced_takes_room(app, sender, monkeypatch):
    settings = app.config["LECTERN"]
    monkeypatch.setitem(
        app.config, "LECTERN", type(settings)(**{**vars_of(settings), "course_quota": 15_000_000})
    )
    assert sender.begin().status_code == 201
    assert "no room" in sender.begin("second.mp4").json["refused"][0]


def vars_of(settings):
    return {name: getattr(settings, name) for name in type(settings).__dataclass_fields__}


def test_the_content_is_looked_at_in_the_end(app, sender):
    answer = sender.send(b"MZ" + bytes(5_000_000), "film.mp4")
    assert answer.status_code == 422
    assert "not what its name says" in answer.json["refused"][0]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Upload)) == 0
        assert db.session.scalar(select(func.count()).select_from(CourseAsset)) == 0


def test_nothing_is_kept_before_all_of_it_is_there(sender):
    upload = sender.begin().json["id"]
    sender.piece(upload, 0, VIDEO[:PIECE])
    assert sender.finish(upload).status_code == 409
    assert sender.piece(upload, PIECE, b"").status_code == 409
    assert sender.piece(upload, PIECE, bytes(9 * 1024 * 1024)).status_code == 413
    rest = VIDEO[PIECE:] + b"more than was announced"
    assert sender.piece(upload, PIECE, rest[: 8 * 1024 * 1024]).status_code == 409


def test_an_upload_is_its_own_persons_and_courses(app, as_user, sender, alice, bob, dana):
    upload = sender.begin().json["id"]
    factories.course(app, alice, slug="coffee")
    other = Sender(as_user(dana))
    assert other.piece(upload, 0, VIDEO[:PIECE]).status_code == 404
    elsewhere = sender.browser.post(
        f"/teaching/coffee/files/uploads/{upload}/pieces/0", data=VIDEO[:PIECE], headers=sender.headers
    )
    assert elsewhere.status_code == 404


def test_a_file_is_replaced_in_pieces_too(app, sender):
    sender.send()
    with app.app_context():
        number = db.session.scalar(select(CourseAsset.id))
    new = VIDEO + b"the end"
    assert sender.send(new, "other-name.mp4", replaces=number).json["kept"] == ["assets/film.mp4"]
    assert sender.browser.get("/courses/tea/assets/assets/film.mp4").data == new


def test_who_never_comes_back_leaves_nothing_behind(app, sender, run_jobs):
    upload = sender.begin().json["id"]
    sender.piece(upload, 0, VIDEO[:PIECE])
    with app.app_context():
        key = db.session.scalar(select(UploadChunk.key))
    with app.app_context(), work.unit():
        # What may still be continued is no orphan, however old.
        orphans.remove_orphans(clock.now() + timedelta(days=3))
        assert storage.read(key) == VIDEO[:PIECE]
        assert uploads.sweep(clock.now()) == 0
        db.session.execute(update(Upload).values(touched_at=clock.now() - timedelta(days=2)))
        assert uploads.sweep(clock.now()) == 1
    run_jobs()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Upload)) == 0
        with pytest.raises(FileNotFoundError):
            storage.read(key)
        jobs.remove_pieces.body(keys=[key])


def test_the_form_without_scripts_takes_the_same_file(app, sender):
    answer = post(
        sender.browser,
        f"{FILES}/additions",
        {"files": (io.BytesIO(VIDEO), "film.mp4")},
        form_at=FILES,
        content_type="multipart/form-data",
    )
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 303
