"""People show their face."""

import io
import struct
import zlib

import pytest
from PIL import Image
from sqlalchemy import select

from lms.accounts.models import User
from lms.core.db import db
from lms.files import portraits
from lms.files.models import StoredFile
from tests.factories import picture
from tests.support.forms import post


def upload(browser, data, name="me.png"):
    fields = {"portrait": (io.BytesIO(data), name)}
    answer = post(browser, "/profile/avatar", fields, form_at="/profile", content_type="multipart/form-data")
    # The test client spools what is large and leaves the file open.
    answer.request.environ["wsgi.input"].close()
    return answer


def kept(app, user):
    with app.app_context():
        return db.session.get(User, user.id).avatar_file_id


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_small_square(app, as_user, bob, kind):
    browser = as_user(bob)
    assert upload(browser, picture(900, 300, kind)).status_code == 303
    answer = browser.get(f"/people/{bob.id}/avatar")
    with Image.open(io.BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    assert answer.mimetype == "image/webp" and "private" in answer.headers["Cache-Control"]
    assert f"/people/{bob.id}/avatar?v={kept(app, bob)}" in browser.get("/courses").text


def test_where_it_was_taken_stays_private(app):
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "at home, 52.5 N", 6
    with app.app_context():
        made = portraits.drawn_anew(picture(40, 80, "JPEG", exif=exif.tobytes()))
    assert b"at home" not in made and b"EXIF" not in made
    with Image.open(io.BytesIO(made)) as image:
        assert not image.getexif()


def test_only_people_who_are_signed_in_see_it(app, client, as_user, bob, charlie):
    upload(as_user(bob), picture())
    assert client.get(f"/people/{bob.id}/avatar").status_code == 303
    assert as_user(charlie).get(f"/people/{bob.id}/avatar").status_code == 200


def test_the_browser_asks_only_whether_it_changed(as_user, bob):
    browser = as_user(bob)
    upload(browser, picture())
    tag = browser.get(f"/people/{bob.id}/avatar").headers["ETag"]
    assert browser.get(f"/people/{bob.id}/avatar", headers={"If-None-Match": tag}).status_code == 304


def bomb(edge=30_000):
    """A PNG of a few kilobytes that says it has nearly a thousand million pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(9999)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose a picture first"),
        (b"MZ this is a program", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "not a picture"),
        (picture(kind="GIF"), "not a picture"),
        (picture()[:60], "not a picture"),
        (bomb(), "not a picture"),
        (bomb(7_000), "not a picture"),
        (bytes(5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
    ids=["nothing", "program", "svg", "gif", "cut", "bomb", "large", "heavy"],
)
def test_what_is_no_good_picture_is_refused_with_a_reason(app, as_user, bob, data, words):
    browser = as_user(bob)
    assert upload(browser, data).status_code == 303
    assert words in browser.get("/profile").text
    assert kept(app, bob) is None
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []


def test_it_can_be_removed(app, as_user, bob):
    browser = as_user(bob)
    upload(browser, picture())
    post(browser, "/profile/avatar/removal", {}, form_at="/profile")
    assert kept(app, bob) is None
    assert browser.get(f"/people/{bob.id}/avatar").status_code == 404
