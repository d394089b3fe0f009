"""Pictures of a certificate: its PDF drawn as pixels, so that they show what the paper shows. Pure functions."""

import io
import threading

import pypdfium2
from PIL import Image, ImageDraw, PngImagePlugin

SHARED = (1200, 630)
"""Pixels of the picture that other sites show beside a link: what Open Graph readers expect."""
BAKED_AS = "openbadgecredential"
_MARGIN = 24
_GROUND, _EDGE = "#e9e2d3", "#b9ad95"
_COLOURS = 128

_one_at_a_time = threading.Lock()
"""PDFium is not made for threads."""


class NotDrawn(Exception):
    """The file is no PDF that can be drawn."""


def page(pdf: bytes, width: int) -> Image.Image:
    """The first page, `width` pixels wide. Raises NotDrawn."""
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise NotDrawn(str(error)) from error
        try:
            sheet = document[0]
            drawn: Image.Image = sheet.render(scale=width / sheet.get_width()).to_pil().convert("RGB")
        finally:
            document.close()
    return drawn


def shared(pdf: bytes, badge: str) -> bytes:
    """A PNG of SHARED pixels with the whole certificate lying on a table. Raises NotDrawn.

    The signed `badge` is baked in (Open Badges 3.0, 5.3): who has the picture has the credential.
    """
    height = SHARED[1] - 2 * _MARGIN
    drawn = page(pdf, round(height * 297 / 210) * 2)
    sheet = drawn.resize((round(height * 297 / 210), height), Image.Resampling.LANCZOS)
    table = Image.new("RGB", SHARED, _GROUND)
    left, top = (SHARED[0] - sheet.width) // 2, _MARGIN
    table.paste(sheet, (left, top))
    ImageDraw.Draw(table).rectangle(
        (left - 1, top - 1, left + sheet.width, top + sheet.height), outline=_EDGE
    )
    baked = PngImagePlugin.PngInfo()
    baked.add_itxt(BAKED_AS, badge)
    return _png(table, baked)


def preview(pdf: bytes) -> bytes:
    """A PNG of the page for the people who design it, 1,000 pixels wide."""
    return _png(page(pdf, 1000))


def _png(picture: Image.Image, text: PngImagePlugin.PngInfo | None = None) -> bytes:
    out = io.BytesIO()
    few = picture.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True, pnginfo=text)
    return out.getvalue()
