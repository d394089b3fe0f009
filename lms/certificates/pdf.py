"""The certificate as a PDF: one landscape A4 page, a pure function of its facts."""

import datetime as dt
import functools
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from reportlab import rl_config
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.document import pisaDocument

from lms.certificates import pdf_designs, pdf_element, pdf_pictures
from lms.certificates.look import Look, filled
from lms.certificates.pdf_document import Sheet
from lms.certificates.pdf_fonts import FontBook, default_book
from lms.certificates.pdf_ornament import qr_png
from lms.certificates.pdf_shaping import clean
from lms.certificates.pdf_words import WORDS, Words

# Writing the page as text costs half of its time and a fifth of its size, and no reader needs it.
rl_config.useA85 = 0

TEMPLATES = Path(__file__).parents[1] / "templates"
INK = "#2a2520"

# The page is whole in itself: its pictures are data URIs and its fonts are read by us, so xhtml2pdf
# may open no file and no address, whatever a name or a title says.
NOTHING_OUTSIDE = ResourceAccessPolicy.server(base_dir=None, allow_remote=False)


class CertificateNotRendered(RuntimeError):
    """xhtml2pdf refused the page, or made more or fewer than one of it."""


@dataclass(frozen=True)
class CertificateFacts:
    """All that stands on a certificate. `hours` is the course's workload, left out when None.

    `language` is that of the fixed words, one of WORDS; names and titles may be in any script.
    `logo` and `signature` are picture files.
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
    look: Look = field(default_factory=Look)
    logo: bytes | None = field(default=None, repr=False)
    signature: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Raise ValueError for a language without words, an accent that is no colour, a design there is not."""
        if self.language not in WORDS:
            raise ValueError(f"No certificate words in language {self.language!r}")
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.look.accent):
            raise ValueError(f"Accent {self.look.accent!r} is not #rrggbb")
        if self.look.design not in pdf_designs.DESIGNS:
            raise ValueError(f"No design {self.look.design!r}")


def render(facts: CertificateFacts, *, fonts: FontBook | None = None) -> bytes:
    """The certificate's PDF, byte for byte the same for the same facts.

    Takes no database, request or clock. Raises FontsMissing when the fonts are not installed,
    CertificateNotRendered when no page came out. xhtml2pdf renders one document at a time in a process.
    """
    pdf_element.register()
    words, design = WORDS[facts.language], pdf_designs.DESIGNS[facts.look.design]
    rtl = words.direction == "rtl"
    is_signed = bool(facts.signature or facts.look.signer)
    said = _said(facts, words)
    page = _template().render(
        facts=facts,
        look=facts.look,
        words=words,
        said=said,
        rtl=rtl,
        start="center" if design.is_centred else ("right" if rtl else "left"),
        qr=qr_png(facts.verify_url, INK, design.paper),
        logo=pdf_pictures.placed(facts.logo, pdf_pictures.LOGO, design.paper) if facts.logo else None,
        signature=pdf_pictures.placed(facts.signature, pdf_pictures.SIGNATURE, design.paper, inked=True)
        if facts.signature
        else None,
        is_signed=is_signed,
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
            "title": clean(f"{said.heading}: {facts.course_title} ({facts.recipient})"),
            "author": clean(facts.issuer),
            "subject": facts.number,
            "keywords": "",
            "drawing": pdf_designs.sheet(
                facts.look.design, facts.look.accent.lower(), signed=is_signed, rtl=rtl
            ),
            "sheet": Sheet(fonts or default_book(), facts.completed_on, repr(facts)),
        },
    )
    if result.err:
        raise CertificateNotRendered(f"Certificate {facts.number} could not be rendered: {result.log}")
    return out.getvalue()


@dataclass(frozen=True)
class _Said:
    heading: str
    presented: str
    completed: str
    note: str


def _said(facts: CertificateFacts, words: Words) -> _Said:
    """The course's own words with their placeholders filled, and the language's where it has none."""
    workload = words.course_length(facts.hours) if facts.hours is not None else ""
    taught_by = words.joiner.join(facts.instructors)
    values = {
        "name": facts.recipient,
        "course": facts.course_title,
        "hours": workload,
        "date": words.day(facts.completed_on),
        "instructors": taught_by,
    }
    usual = "  ·  ".join(filter(None, (workload, taught_by and f"{words.taught_by} {taught_by}")))
    look = facts.look
    return _Said(
        filled(look.heading, values) or words.heading,
        filled(look.presented, values) or words.presented,
        filled(look.completed, values) or words.completed,
        filled(look.note, values) or usual,
    )


@functools.cache
def _template() -> jinja2.Template:
    # An environment of its own: the page needs no request and no Flask.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("certificates/pdf/page.html")
