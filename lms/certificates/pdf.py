"""The certificate as a PDF: one landscape A4 page, a pure function of its facts."""

import base64
import datetime as dt
import functools
import io
import re
from dataclasses import dataclass
from pathlib import Path

import jinja2
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from lms.certificates import pdf_element
from lms.certificates.pdf_document import Sheet
from lms.certificates.pdf_fonts import FontBook, default_book
from lms.certificates.pdf_ornament import qr_png, sheet_svg
from lms.certificates.pdf_shaping import clean
from lms.certificates.pdf_words import WORDS

TEMPLATES = Path(__file__).parents[1] / "templates"
DEFAULT_ACCENT = "#8a6a2f"
INK = "#2a2520"

# The page is whole in itself: its pictures are data URIs and its fonts are read by us, so xhtml2pdf
# may open no file and no address, whatever a name or a title says.
NOTHING_OUTSIDE = ResourceAccessPolicy.server(base_dir=None, allow_remote=False)


class CertificateNotRendered(RuntimeError):
    """xhtml2pdf refused the page, or made more or fewer than one of it."""


@dataclass(frozen=True)
class CertificateFacts:
    """All that stands on a certificate. `hours` is the course's workload, left out when None.

    `language` ("en" or "ar") is that of the fixed words; names and titles may be in any script.
    `accent` is `#rrggbb`.
    """

    number: str
    recipient: str
    course_title: str
    issuer: str
    instructors: tuple[str, ...]
    completed_on: dt.date
    verify_url: str
    language: str = "en"
    hours: int | None = None
    accent: str = DEFAULT_ACCENT

    def __post_init__(self) -> None:
        """Raise ValueError for a language without words or an accent that is no colour."""
        if self.language not in WORDS:
            raise ValueError(f"No certificate words in language {self.language!r}")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.accent):
            raise ValueError(f"Accent {self.accent!r} is not #rrggbb")


def render(facts: CertificateFacts, *, fonts: FontBook | None = None) -> bytes:
    """The certificate's PDF, byte for byte the same for the same facts.

    Takes no database, request or clock. Raises FontsMissing when the fonts are not installed,
    CertificateNotRendered when no page came out. xhtml2pdf renders one document at a time in a process.
    """
    pdf_element.register()
    words = WORDS[facts.language]
    page = _template().render(
        facts=facts,
        words=words,
        credit=_credit(facts),
        sheet=_data_uri("image/svg+xml", sheet_svg(facts.accent.lower())),
        qr=qr_png(facts.verify_url, INK),
        ink=INK,
    )
    out = io.BytesIO()
    result = pisaDocument(
        page,
        out,
        # In memory whatever its length: past the capacity xhtml2pdf leaves a temporary file unclosed.
        capacity=-1,
        resource_policy=NOTHING_OUTSIDE,
        context_meta={
            "title": clean(f"{words.heading}: {facts.course_title} ({facts.recipient})"),
            "author": clean(facts.issuer),
            "subject": facts.number,
            "keywords": "",
            "sheet": Sheet(fonts or default_book(), facts.completed_on, repr(facts)),
        },
    )
    if result.err:
        raise CertificateNotRendered(f"Certificate {facts.number} could not be rendered: {result.log}")
    return out.getvalue()


def _credit(facts: CertificateFacts) -> str:
    words = WORDS[facts.language]
    parts = []
    if facts.hours is not None:
        parts.append(words.course_length(facts.hours))
    if facts.instructors:
        parts.append(f"{words.taught_by} {words.joiner.join(facts.instructors)}")
    return "  ·  ".join(parts)


def _data_uri(kind: str, content: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content.encode()).decode('ascii')}"


@functools.cache
def _template() -> jinja2.Template:
    # An environment of its own: the page needs no request and no Flask.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("certificates/pdf/page.html")
