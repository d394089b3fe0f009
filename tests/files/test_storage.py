"""Bytes are kept on a disk, in S3 and in Azure alike: each against a server that speaks the real thing."""

import io
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.core.models import Event
from lms.courses.models import CourseAsset
from lms.files import actions as files
from lms.files import jobs as file_jobs
from lms.files import storage
from lms.files.models import StoredFile
from tests import factories
from tests.support import clouds
from tests.support.forms import token

LARGE = bytes(range(256)) * 4 * 1024 * 12
"""12 MB: sent in several parts."""


def _zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("map.txt", LARGE[: 9 * 1024 * 1024])
    return out.getvalue()


ZIPPED = _zipped()


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("storage")
    with clouds.s3() as s3, clouds.azure(folder / "azurite") as azure:
        yield {"disk": {"STORAGE_URL": f"file://{folder / 'disk'}"}, "s3": s3, "azure": azure}


@pytest.fixture(params=["disk", "s3", "azure"])
def kept_in(request, app: Flask, environments, monkeypatch) -> str:
    """The application on that storage, configured by its environment as in production."""
    environment = environments[request.param]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    held = {"url": environment["STORAGE_URL"], "store": None}
    monkeypatch.setitem(app.extensions, "lectern-storage", held)
    return str(request.param)


@pytest.fixture
def is_remote(kept_in: str) -> bool:
    return kept_in != "disk"


def test_what_is_put_is_read_back_whole_and_in_parts(app, kept_in):
    with app.app_context():
        key = storage.new_key()
        storage.put_stream(key, io.BytesIO(LARGE), "video/mp4")
        assert storage.read(key) == LARGE
        assert b"".join(storage.stream(key)) == LARGE
        assert storage.read_range(key, 300, 700) == LARGE[300:700]
        assert storage.is_reachable()


def test_what_is_removed_is_gone_and_may_be_removed_again(app, kept_in):
    with app.app_context():
        key = storage.new_key()
        storage.put(key, b"tea")
        storage.remove(key)
        storage.remove(key)
        for missing in (storage.read, storage.stream):
            with pytest.raises(FileNotFoundError):
                missing(key)


def test_keys_are_listed_by_age(app, kept_in):
    now = datetime.now(UTC)
    with app.app_context():
        key = storage.new_key()
        storage.put(key, b"tea")
        old = [name for names in storage.keys(before=now - timedelta(days=1)) for name in names]
        everything = [name for names in storage.keys(before=now + timedelta(days=1)) for name in names]
    assert key not in old
    assert key in everything


@pytest.fixture
def browser(app, as_user, alice, kept_in):
    """Alice, whose course has a recording and a download."""
    course = factories.course(app, alice)
    with app.app_context(), work.unit():
        for path, data, kind in (
            ("assets/clip.mp4", LARGE, "video/mp4"),
            ("assets/more.zip", b"PK more", "application/zip"),
        ):
            stored = files.keep(data, kind)
            db.session.add(CourseAsset(course_id=course.id, path=path, file_id=stored.id))
    return as_user(alice)


def test_a_recording_comes_in_parts_from_us(browser):
    path = "/courses/tea/assets/assets/clip.mp4"
    whole = browser.get(path)
    assert (whole.status_code, whole.data) == (200, LARGE)
    part = browser.get(path, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.data) == (206, LARGE[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(LARGE)}"


def test_a_download_leads_to_the_storage_by_a_link_that_ends(browser, is_remote):
    answer = browser.get("/courses/tea/assets/assets/more.zip")
    if not is_remote:
        assert (answer.status_code, answer.data) == (200, b"PK more")
        return
    assert answer.status_code == 302
    assert "no-store" in answer.headers["Cache-Control"]
    link = answer.headers["Location"]
    with urllib.request.urlopen(link) as given:
        assert given.read() == b"PK more"
        assert given.headers["Content-Type"] == "application/zip"
        assert given.headers["Content-Disposition"] == "attachment"
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
    if "X-Amz-Expires" in asked:
        assert asked["X-Amz-Expires"] == ["900"]
    else:
        until = datetime.fromisoformat(asked["se"][0])
        assert timedelta(seconds=800) < until - datetime.now(UTC) <= timedelta(seconds=900)


def test_the_link_of_one_file_opens_no_other(app, kept_in, is_remote):
    if not is_remote:
        with app.app_context():
            assert storage.signed_link("any") is None
        return
    with app.app_context():
        mine, other = storage.new_key(), storage.new_key()
        storage.put(mine, b"mine")
        storage.put(other, b"other")
        link = storage.signed_link(mine)
        assert link
    if kept_in == "azure":  # moto does not check signatures
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(link.replace(mine, other))


def test_a_file_that_comes_in_pieces_lies_in_the_storage_and_leaves_no_piece(app, kept_in, alice, as_user):
    factories.course(app, alice)
    browser = as_user(alice)
    headers = {"X-CSRFToken": token(browser, "/teaching/tea/files")}
    begun = browser.post(
        "/teaching/tea/files/uploads", data={"name": "map.zip", "size": len(ZIPPED)}, headers=headers
    ).json
    here = f"/teaching/tea/files/uploads/{begun['id']}"
    for start in range(0, len(ZIPPED), begun["piece"]):
        piece = ZIPPED[start : start + begun["piece"]]
        assert browser.post(f"{here}/pieces/{start}", data=piece, headers=headers).status_code == 200
    assert browser.post(f"{here}/completion", headers=headers).json["kept"] == ["assets/map.zip"]
    with app.app_context():
        pieces = db.session.scalars(select(Event.payload).where(Event.name == "upload.ended")).one()["keys"]
        assert len(pieces) == 3
        assert storage.read(db.session.scalars(select(StoredFile.key)).one()) == ZIPPED
        file_jobs.remove_pieces.body(keys=pieces)
        for key in pieces:
            with pytest.raises(FileNotFoundError):
                storage.read(key)
