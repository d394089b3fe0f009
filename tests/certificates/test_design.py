"""How a course's certificates look: tried on, chosen, and kept by those that were issued."""

import io
from collections.abc import Callable

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from sqlalchemy import select

from lms.accounts.models import User
from lms.certificates import look
from lms.certificates.look import Look
from lms.certificates.models import Certificate, Template
from lms.core import clock
from lms.core.db import db
from lms.courses.models import Course
from lms.files import orphans, storage
from lms.files.models import StoredFile
from tests import factories
from tests.support import sql
from tests.support.forms import post, token

AsUser = Callable[[User], FlaskClient]
Awarded = Callable[[User, Course], str]
PAGE = "/teaching/tea/certificate"
COLOUR = st.from_regex(r"\A#[0-9a-f]{6}\Z")
CHOICE = {
    "design": "modern",
    "accent": "#1d5c63",
    "language": "",
    "heading": "Diploma",
    "completed": "has, on {date}, finished",
    "note": "Taught by {instructors}, {hours} in all",
    "signer": "Prof. Ada Lime",
    "signer_title": "Dean of Infusions",
}


def text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def picture(color: str, size: tuple[int, int] = (300, 100), kind: str = "PNG") -> io.BytesIO:
    out = io.BytesIO()
    drawn = Image.new("RGBA", size)
    ImageDraw.Draw(drawn).rectangle((10, 10, size[0] - 10, size[1] - 10), fill=color)
    (drawn if kind == "PNG" else drawn.convert("RGB")).save(out, kind)
    out.seek(0)
    return out


def stored(app: Flask, number: str) -> bytes:
    with app.app_context():
        key = db.session.scalar(
            select(StoredFile.key)
            .join(Certificate, Certificate.file_id == StoredFile.id)
            .where(Certificate.number == number)
        )
        assert key
        return storage.read(key)


def test_what_is_chosen_stands_on_the_next_certificate_and_not_on_older_ones(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, awarded: Awarded
) -> None:
    older = awarded(bob, tea)
    answer = post(as_user(alice), PAGE, CHOICE)
    assert (answer.status_code, answer.location) == (303, PAGE)
    said = text_of(stored(app, awarded(charlie, tea)))
    for words in (
        "Diploma",
        "has, on 2 March 2026, finished",
        "Taught by Alice Arden",
        "Prof. Ada Lime",
        "Dean",
    ):
        assert words in said
    assert "Certificate of Completion" not in said
    page = as_user(charlie).get("/certificates").text
    newer = page.split('href="/certificates/')[1].split('"')[0]
    shown = as_user(charlie).get(f"/certificates/{newer}").text
    assert f'src="/verify/{newer}/picture.png"' in shown, "the page shows the real one, not what is usual"
    assert "Certificate of Completion" in text_of(stored(app, older)) and "Lime" not in text_of(
        stored(app, older)
    )


def test_what_is_tried_is_shown_and_not_saved(app: Flask, as_user: AsUser, alice: User, tea: Course) -> None:
    browser = as_user(alice)
    before = browser.get(f"{PAGE}/preview.png").data
    answer = post(browser, PAGE, CHOICE | {"preview": "1"})
    assert answer.status_code == 200
    assert 'src="data:image/png;base64,' in answer.text and 'value="Diploma"' in answer.text
    assert "It is not saved yet" in answer.text
    assert browser.get(f"{PAGE}/preview.png").data == before
    with app.app_context():
        assert db.session.scalars(select(Template)).all() == []


def test_the_preview_is_the_pdf_that_is_issued_then(
    app: Flask, as_user: AsUser, alice: User, tea: Course, awarded: Awarded
) -> None:
    browser = as_user(alice)
    post(browser, PAGE, CHOICE)
    with clock.stopped_at(factories.NOW):
        seen = text_of(browser.get("/courses/tea/certificates/preview").data)
    number = awarded(alice, tea)
    assert seen.replace("CERT-20260302-0000000000", number) == text_of(stored(app, number))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"accent": "#ffee99"}, "too light for small print"),
        ({"accent": "red"}, "Choose a colour such as #8a6a2f."),
        ({"note": "By {teacher}, {hours}"}, "{teacher} means nothing here."),
        ({"heading": "Diploma {"}, "{ means nothing here."),
        ({"heading": "D" * 61}, "At most 60 characters."),
        ({"design": "baroque"}, "error"),
    ],
)
def test_what_would_not_do_is_said_in_place(
    as_user: AsUser, alice: User, tea: Course, change: dict[str, str], words: str
) -> None:
    answer = post(as_user(alice), PAGE, CHOICE | change)
    assert answer.status_code == 422
    assert words in answer.text and 'value="Prof. Ada Lime"' in answer.text


def test_logo_and_signature_stand_on_it_until_they_are_taken_off(
    app: Flask, as_user: AsUser, alice: User, bob: User, charlie: User, tea: Course, awarded: Awarded
) -> None:
    browser = as_user(alice)
    for part, color in (("logo", "#14506e"), ("signature", "#202060")):
        sent = {"csrf_token": token(browser, PAGE), "file": (picture(color), f"{part}.png")}
        assert browser.post(f"{PAGE}/{part}", data=sent).status_code == 303
    with_both = awarded(bob, tea)
    assert len(pypdf.PdfReader(io.BytesIO(stored(app, with_both))).pages[0].images) == 3, "and the QR code"
    for part in ("logo", "signature"):
        post(browser, f"{PAGE}/{part}", {"remove": "1"}, form_at=PAGE)
    assert len(pypdf.PdfReader(io.BytesIO(stored(app, awarded(charlie, tea)))).pages[0].images) == 1
    with app.app_context():
        assert orphans.forget_unused(clock.now() + 3 * orphans.GRACE) == 0, (
            "the first certificate keeps its own"
        )


@pytest.mark.parametrize(
    "file",
    [
        (io.BytesIO(b"GIF89a"), "logo.gif"),
        (io.BytesIO(b"\x89PNG damaged"), "logo.png"),
        (io.BytesIO(b"<svg onload='x()'/>"), "logo.svg"),
    ],
)
def test_what_is_no_picture_is_not_taken(
    app: Flask, as_user: AsUser, alice: User, tea: Course, file: tuple[io.BytesIO, str]
) -> None:
    browser = as_user(alice)
    data = {"csrf_token": token(browser, PAGE), "file": (io.BytesIO(file[0].getvalue()), file[1])}
    browser.post(f"{PAGE}/logo", data=data)
    assert "that is not damaged or empty" in browser.get(PAGE).text
    with app.app_context():
        assert db.session.scalars(select(Template)).all() == []


def test_a_photo_is_taken_as_well(app: Flask, as_user: AsUser, alice: User, tea: Course) -> None:
    browser = as_user(alice)
    data = {"csrf_token": token(browser, PAGE), "file": (picture("#202060", (4000, 900), "JPEG"), "sign.JPG")}
    browser.post(f"{PAGE}/signature", data=data)
    with app.app_context():
        kept = db.session.scalars(select(StoredFile)).one()
        assert (kept.media_type, kept.width) == ("image/png", 1200)


def test_only_the_course_staff_design_it(app: Flask, as_user: AsUser, bob: User, tea: Course) -> None:
    rival = factories.person(app, "Rita", "rita@example.org", role="instructor")
    assert as_user(bob).get(PAGE).status_code == 403
    assert as_user(rival).get(PAGE).status_code == 404
    assert post(as_user(rival), PAGE, CHOICE, form_at="/profile").status_code == 404


def test_the_page_asks_the_database_twice(app: Flask, as_user: AsUser, alice: User, tea: Course) -> None:
    browser = as_user(alice)
    with sql.count(app) as statements:
        browser.get(PAGE)
    assert len(statements) == 2


@given(COLOUR, st.sampled_from(look.DESIGNS))
def test_any_colour_has_a_legible_shade(accent: str, design: str) -> None:
    assert look.is_legible(look.legible(accent, design), design)
    if look.is_legible(accent, design):
        assert look.legible(accent, design) == accent


def test_contrast_is_that_of_the_guidelines() -> None:
    assert look.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert look.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert all(look.is_legible(look.DEFAULT_ACCENT, design) for design in look.DESIGNS)


@given(st.text(max_size=40))
def test_any_wording_is_either_refused_or_filled(text: str) -> None:
    filled = look.filled(text, dict.fromkeys(look.PLACEHOLDERS, "value"))
    if not look.misused_placeholders(text):
        assert "{" not in filled and "}" not in filled


@given(st.dictionaries(st.sampled_from(["design", "accent", "heading", "later"]), st.text(max_size=9)))
def test_what_a_later_version_kept_is_readable(kept: dict[str, str]) -> None:
    read = Look.of(kept)
    assert read.design in look.DESIGNS and look.is_legible(
        look.legible(read.accent, read.design), read.design
    )
    assert Look.of(read.kept()) == read
