"""The certificate one holds in the hand: names as written, one page, fonts inside, nothing fetched."""

import datetime as dt
import functools
import io
import re
import unicodedata
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
import segno

from lms.certificates.look import Look
from lms.certificates.pdf import CertificateFacts, render
from lms.certificates.pdf_fonts import FontBook, FontsMissing
from lms.certificates.pdf_words import WORDS

FACTS = CertificateFacts(
    number="CERT-20260314-7KQ2M9XW4P",
    recipient="Bob Learner",
    course_title="Practical Bread Baking",
    issuer="Lectern Academy",
    instructors=("Alice Meyer", "李小龍"),
    completed_on=dt.date(2026, 3, 14),
    verify_url="https://lectern.example.org/verify/CERT-20260314-7KQ2M9XW4P",
    hours=24,
)

NAMES = [
    *("Łukasz Żółć", "Ελένη Παπαδοπούλου", "Иван Петров", "محمد علي الأحمد", "דוד כהן"),
    *("李小龍", "山田太郎", "김철수", "प्रिया शर्मा", "Nguyễn Thị Ánh"),
]
MIXED = ["李 Müller", "佐藤さくら", "Dr. محمد Müller", "क्षत्रिय ज्ञानेश्वर", "ক্ষিতি রায়", "O'Neil-Ünal"]
MIXED += ["გიორგი მაისურაძე", "Արամ Խաչատրյան", "முத்துலட்சுமி கிருஷ்ணன்", "శ్రీనివాస రావు", "ಕೃಷ್ಣಮೂರ್ತಿ"]
MIXED += ["ശ്രീകൃഷ്ണൻ നമ്പൂതിരി", "નરેન્દ્ર પટેલ", "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "ශ්‍රී ලංකා", "สมชาย ศรีสุข", "အောင်ဆန်းစုကြည်"]
MIXED += ["ኃይለ ሥላሴ"]
PARTED = ["សុខ ចាន់ដារ៉ា", "ສົມສັກ ພົມມະຈັນ"]
"""Readers take the marks of these scripts, which need no room of their own, for ends of words."""


PLAIN = replace(FACTS, look=Look(design="plain"))
"""Without the engraving, whose thousands of strokes take readers of text a while."""

made = functools.cache(render)


def texts(pdf: bytes) -> tuple[str, str]:
    """What two independent readers extract: pypdf and PDFium."""
    page = pypdfium2.PdfDocument(pdf)[0]
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(), page.get_textpage().get_text_range()


def joined(text: str) -> str:
    """The text without line ends and spaces, to find what was wrapped."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", NAMES + MIXED)
def test_a_name_reads_back_as_written(name: str) -> None:
    pdf = made(replace(PLAIN, recipient=name))
    pure, chromium = texts(pdf)
    # PDFium may hand back a space as two between directions; the letters and their order must be the same.
    assert name in " ".join(chromium.split())
    if name in NAMES:
        assert name in pure


@pytest.mark.parametrize("name", PARTED)
def test_its_letters_read_back_in_order(name: str) -> None:
    pure, chromium = texts(made(replace(PLAIN, recipient=name)))
    assert joined(name) in joined(pure)
    assert joined(name) in joined(chromium)


def test_a_decomposed_name_is_written_in_its_composed_form() -> None:
    pure, _ = texts(made(replace(FACTS, recipient=unicodedata.normalize("NFD", "Nguyễn Thị Ánh"))))
    assert "Nguyễn Thị Ánh" in pure


@pytest.mark.parametrize("name", NAMES + MIXED + PARTED)
def test_no_empty_square_stands_for_a_letter(name: str) -> None:
    for font in composite_fonts(made(replace(PLAIN, recipient=name))):
        gids = font["DescendantFonts"][0].get_object()["CIDToGIDMap"].get_object().get_data()
        used = [int.from_bytes(gids[i : i + 2], "big") for i in range(2, len(gids), 2)]
        assert used and 0 not in used


def test_every_font_is_embedded_as_a_subset() -> None:
    pdf = made(replace(FACTS, recipient="김철수"))
    fonts = composite_fonts(pdf)
    assert len(fonts) >= 3
    for font in fonts:
        assert re.match(r"/[A-Z]{6}\+", font["BaseFont"])
        assert len(font["DescendantFonts"][0].get_object()["FontDescriptor"]["FontFile2"].get_data()) < 60_000
    assert len(pdf) < 250_000


def composite_fonts(pdf: bytes) -> list[pypdf.generic.DictionaryObject]:
    """The fonts of the page; any that is not an embedded composite font fails the test."""
    found = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    fonts = [reference.get_object() for reference in found.values()]
    assert all(font["/Subtype"] == "/Type0" for font in fonts)
    return [_Plain(font) for font in fonts]


class _Plain:
    """A PDF dictionary read without the slash before each key."""

    def __init__(self, data: pypdf.generic.DictionaryObject) -> None:
        self.data = data

    def __getitem__(self, key: str):  # type: ignore[no-untyped-def]
        value = self.data[f"/{key}"].get_object()
        if isinstance(value, list):
            return [_Plain(item.get_object()) for item in value]
        return _Plain(value) if type(value) is pypdf.generic.DictionaryObject else value

    def get_object(self) -> "_Plain":
        return self


LONG_ARABIC = (
    "محمد علي الأحمد بن عبد الرحمن بن خالد بن سليمان العبد الله التميمي "
    "الأنصاري القرشي من مدينة الرباط عاصمة المملكة المغربية"
)
LONG_NAME = (
    "Maximiliana Konstantina Alexandra von Hohenstein-Württemberg und Sachsen-Coburg-Gotha zu Glücksburg"
)


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": LONG_NAME.ljust(120, "s")},
        {"recipient": "W" * 120},
        {"recipient": LONG_ARABIC},
        {"recipient": "龍" * 120},
        {"course_title": ("How Everything That Can Be Measured Is Measured, and Why " * 5)[:255].strip()},
        {"course_title": "X" * 255},
        {"instructors": tuple(f"Instructor Number {number}" for number in range(20))},
        {"issuer": "The Very Honourable International Academy of Patient Learning " * 3},
        {
            "verify_url": "https://learning.a-rather-long-institution-name.example.org/certificates/verify/"
            + "A" * 40
        },
        {"hours": None, "instructors": ()},
    ],
)
def test_long_texts_fit_whole_on_the_one_landscape_page(change: dict[str, object]) -> None:
    pdf = made(replace(FACTS, **change))  # type: ignore[arg-type]
    reader = pypdfium2.PdfDocument(pdf)
    assert len(reader) == 1
    page = reader[0]
    assert [round(side) for side in page.get_size()] == [842, 595]
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        # The inner hairline of the border, 18 mm from the edge.
        assert left >= 51 and bottom >= 51 and right <= 791 and top <= 544
    wanted = change.get("recipient") or change.get("course_title") or FACTS.recipient
    assert joined(str(wanted)) in joined(text.get_text_range())


def test_markup_in_a_name_is_only_text() -> None:
    name = """<img src="file:///etc/hostname"> & <b>"Bob"</b> 'x' {{ 7*7 }}"""
    pure, _ = texts(made(replace(PLAIN, recipient=name)))
    assert joined(name) in joined(pure)


@pytest.mark.parametrize(
    "name",
    [
        '"><img src="http://127.0.0.1:9/x.png">',
        '"></shaped-text><pdf:insertpdf src="/etc/passwd">',
        "</style><link rel=stylesheet href='http://169.254.169.254/'>",
    ],
)
def test_nothing_is_fetched_for_a_hostile_name(name: str, caplog: pytest.LogCaptureFixture) -> None:
    pdf = made(replace(FACTS, recipient=name, course_title=name, issuer=name, instructors=(name,)))
    assert joined(name) in joined(texts(pdf)[0])
    # xhtml2pdf says so when a document asked for something that its policy refused.
    assert not caplog.records


def test_a_direction_override_cannot_turn_the_certificate_around() -> None:
    pure, _ = texts(made(replace(FACTS, recipient="Bob\u202e Learner\u0007\n")))
    assert "Bob Learner" in pure
    assert "has successfully completed the course" in pure


def test_the_same_facts_give_the_same_bytes() -> None:
    first = render(FACTS)
    render(replace(FACTS, recipient="山田太郎"))
    assert render(replace(FACTS)) == first
    assert render(replace(FACTS, recipient="Bob Learners")) != first


def test_number_date_hours_and_teachers_stand_on_it() -> None:
    pure, _ = texts(made(FACTS))
    for part in [FACTS.number, "14 March 2026", "24 hours", "Alice Meyer, 李小龍", "Lectern Academy"]:
        assert part in pure


def test_the_document_says_what_it_is() -> None:
    reader = pypdf.PdfReader(io.BytesIO(made(replace(FACTS, language="ar", recipient="محمد علي الأحمد"))))
    meta = reader.metadata
    assert meta is not None
    assert "محمد علي الأحمد" in str(meta.title) and "Practical Bread Baking" in str(meta.title)
    assert meta.author == "Lectern Academy" and meta.subject == FACTS.number
    assert meta.creation_date == dt.datetime(2026, 3, 14, tzinfo=dt.UTC)
    assert reader.trailer["/Root"]["/Lang"] == "ar"


def test_a_screen_reader_hears_the_texts_from_top_to_bottom() -> None:
    root = pypdf.PdfReader(io.BytesIO(made(FACTS))).trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    leaves = [leaf.get_object() for leaf in root["/StructTreeRoot"]["/K"]["/K"]]
    said = [leaf["/ActualText"] for leaf in leaves]
    assert said[:4] == [
        "Lectern Academy",
        "Certificate of Completion",
        "This is to certify that",
        "Bob Learner",
    ]
    assert leaves[1]["/S"] == "/H1"


def test_the_qr_code_carries_the_address_of_verification() -> None:
    image = pypdfium2.PdfDocument(made(FACTS))[0].render(scale=4).to_pil().convert("L")
    matrix = segno.make_qr(FACTS.verify_url, error="m").matrix
    # 240 mm from the left, 159 mm from the top, 22 mm wide.
    unit = 4 * 72 / 25.4
    step = 22 * unit / len(matrix)
    read = [
        [
            image.getpixel((int(240 * unit + (x + 0.5) * step), int(159 * unit + (y + 0.5) * step))) < 128
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]
    assert read == [[bool(cell) for cell in row] for row in matrix]


def test_the_address_is_a_link() -> None:
    page = pypdf.PdfReader(io.BytesIO(made(FACTS))).pages[0]
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [FACTS.verify_url]


def test_missing_fonts_are_named_with_the_remedy(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(FontsMissing, match="make assets"):
        render(FACTS, fonts=FontBook(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        {"language": "tlh"},
        {"look": Look(accent="red; background: url(x)")},
        {"look": Look(design="../x")},
    ],
)
def test_facts_refuse_what_no_certificate_can_show(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"language|Accent|design"):
        replace(FACTS, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_all_its_words_on_the_page(language: str) -> None:
    words = WORDS[language]
    _, read = texts(made(replace(PLAIN, language=language)))
    for said in (words.presented, words.completed, words.day(FACTS.completed_on), words.verify):
        assert joined(said) in joined(read)
    assert "{course}" in words.criteria and "{hours}" in words.hours
