"""The `<shaped-text>` element: what xhtml2pdf lays out, drawn with HarfBuzz and not letter by letter; and
`<drawn-sheet>`, the drawing under it.

xhtml2pdf places the element and gives it size, colour and alignment from the CSS; the attributes say how much
room it has and how it fills it:

    text            what to draw; an attribute, so that xhtml2pdf does not look for its own font for it
    width, height   the box in millimetres (required)
    lines           most lines the text may take (1)
    leading         distance of baselines, a multiple of the size (1.2)
    tracking        letter spacing in thousandths of an em (0; never set it for joined scripts)
    features        OpenType features by tag, space separated, such as "tnum lnum"
    valign          top, middle (default) or bottom
    href            address the box links to
    role            structure type for assistive technology: P (default), H1, H2
"""

from dataclasses import dataclass
from xml.dom.minidom import Element

from reportlab.lib.colors import Color
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.units import mm
from reportlab.platypus import Flowable
from xhtml2pdf import parser
from xhtml2pdf.context import pisaContext
from xhtml2pdf.tags import pisaTag

from lms.certificates.pdf_document import Sheet
from lms.certificates.pdf_fitting import Box, fit
from lms.certificates.pdf_shaping import Style, clean

# Where the first baseline lies under the top of a line, and the share of the size that hangs below it.
ASCENT = 0.76


@dataclass(frozen=True)
class Placing:
    """How a fitted text stands in its box."""

    color: Color
    alignment: int
    valign: str
    href: str
    role: str


class ShapedText(Flowable):
    """A text fitted into a box of fixed size, in points."""

    def __init__(self, text: str, box: Box, style: Style, placing: Placing, sheet: Sheet) -> None:
        super().__init__()
        self.text, self.box, self.placing, self.sheet = clean(text), box, placing, sheet
        self.setting = fit(text, box, sheet.book, style)
        self.width, self.height = box.width, box.height

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """The box, whatever the text."""
        return self.box.width, self.box.height

    def draw(self) -> None:
        """Draw every line, marked with its text for assistive technology and for copying."""
        lines, size = self.setting.lines, self.setting.size
        if not lines:
            return
        document = self.sheet.document_for(self.canv)
        step = size * self.box.leading
        block = size + (len(lines) - 1) * step
        spare = max(0.0, self.box.height - block)
        top = self.box.height - {"top": 0.0, "bottom": spare}.get(self.placing.valign, spare / 2)
        color = self.placing.color
        code = [document.begin(self.canv, self.placing.role, self.text)]
        code.append(f"q {color.red:.4f} {color.green:.4f} {color.blue:.4f} rg")
        for index, line in enumerate(lines):
            room = self.box.width - line.width * size / 1000
            x = {TA_CENTER: room / 2, TA_RIGHT: room}.get(self.placing.alignment, 0.0)
            code.append(document.fonts.text_code(line, x, top - ASCENT * size - index * step, size))
        code += ["Q", document.end()]
        self.canv._code.extend(code)
        if self.placing.href:
            self.canv.linkURL(self.placing.href, (0, 0, self.box.width, self.box.height), relative=1)


class ShapedTextTag(pisaTag):
    """Turns the element into a ShapedText; xhtml2pdf looks the class up by the element's name."""

    def start(self, c: pisaContext) -> None:
        """Close the paragraph before: the box stands by itself."""
        c.addPara()

    def end(self, c: pisaContext) -> None:
        """Lay the text of the element out and add it to the story."""
        c.clearFrag()
        read = _Attributes(self.node)
        box = Box(
            float(read("width")) * mm,
            float(read("height")) * mm,
            float(c.frag.fontSize),
            int(read("lines", "1")),
            float(read("leading", "1.2")),
        )
        style = Style(
            italic=bool(c.frag.italic),
            tracking=float(read("tracking", "0")),
            features=tuple(read("features").split()),
        )
        placing = Placing(
            c.frag.textColor, c.frag.alignment, read("valign", "middle"), read("href"), read("role", "P")
        )
        c.addStory(ShapedText(read("text"), box, style, placing, c.meta["sheet"]))


class DrawnSheet(Flowable):
    """What lies under the text: operators in millimetres from the upper left corner of the page."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code, self.width, self.height = code, 1.0, 1.0

    def wrap(self, _available_width: float, _available_height: float) -> tuple[float, float]:
        """Next to nothing: it takes the whole page, whatever its frame."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it as an artifact: there is nothing in it to read aloud."""
        x, y = self.canv.absolutePosition(0, 0)
        height = self.canv._pagesize[1]
        place = f"{mm:.6f} 0 0 {-mm:.6f} {-x:.4f} {height - y:.4f} cm"
        self.canv._code.append(f"/Artifact BMC q {place}\n{self.code}\nQ EMC")


class DrawnSheetTag(pisaTag):
    """Turns `<drawn-sheet>` into the drawing that the renderer was given."""

    def start(self, c: pisaContext) -> None:
        """It stands alone in its frame."""
        c.addPara()

    def end(self, c: pisaContext) -> None:
        """Add it to the story."""
        c.clearFrag()
        c.addStory(DrawnSheet(c.meta["drawing"]))


class _Attributes:
    def __init__(self, node: Element) -> None:
        self.node = node

    def __call__(self, name: str, default: str = "") -> str:
        return str(self.node.getAttribute(name) or default)


def register() -> None:
    """Make the elements known to xhtml2pdf, which finds tag classes among its parser module's names."""
    setattr(parser, "pisaTagSHAPED-TEXT", ShapedTextTag)
    setattr(parser, "pisaTagDRAWN-SHEET", DrawnSheetTag)
