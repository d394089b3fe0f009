"""Shaped glyphs into the PDF: composite fonts that hold only the glyphs used and give the text back.

ReportLab addresses glyphs by character, which a conjunct or a joined letter has none of. Here every pair
(glyph, characters it stands for) gets a code of its own, so the ToUnicode map returns the name as written
for any shaping. The objects are ISO 32000-1, 9.7 (composite fonts) and 9.10 (extraction of text).
"""

import hashlib
import itertools

import uharfbuzz as hb
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFDocument,
    PDFName,
    PDFStream,
    PDFString,
    PDFZCompress,
)

from lms.certificates.pdf_fonts import Face
from lms.certificates.pdf_outline import outline_code
from lms.certificates.pdf_shaping import Glyph, Line

# What a CIDFontType2 needs (ISO 32000-1, 9.9); layout and naming tables have done their work.
KEPT_TABLES = frozenset({"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"})


class EmbeddedFace:
    """One face in one document: the codes given out so far, and the font objects made of them at the end."""

    def __init__(self, face: Face, resource: str) -> None:
        self.face = face
        self.resource = resource
        self.codes: dict[tuple[int, str], int] = {}

    def code(self, glyph: Glyph) -> int:
        """The two-byte code (1..65535) for this glyph standing for these characters."""
        return self.codes.setdefault((glyph.gid, glyph.text), len(self.codes) + 1)

    def advance(self, gid: int) -> float:
        """The width that the font itself gives the glyph, in 1/1000 em."""
        return int(self.face.hb_font.get_glyph_h_advance(gid)) * self.face.unit

    def add_to(self, doc: PDFDocument) -> object:
        """Write the subset file, its maps and descriptors into `doc`; return a reference to the font."""
        data, gids = self._subset()
        tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
        name = f"{tag}+{self.face.name.file.removesuffix('.ttf')}"
        extents = self.face.hb_font.get_font_extents("ltr")
        unit = self.face.unit
        descriptor = {
            "Type": PDFName("FontDescriptor"),
            "FontName": PDFName(name),
            "Flags": 4,
            "FontBBox": PDFArray([-1000, -600, 3000, 1400]),
            "ItalicAngle": -12 if "Italic" in name else 0,
            "Ascent": round(extents.ascender * unit),
            "Descent": round(extents.descender * unit),
            "CapHeight": 680,
            "StemV": 80,
            "FontFile2": self._stream(doc, data, "file", {"Length1": len(data)}),
        }
        descendant = {
            "Type": PDFName("Font"),
            "Subtype": PDFName("CIDFontType2"),
            "BaseFont": PDFName(name),
            "CIDSystemInfo": PDFDictionary(
                {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
            ),
            "FontDescriptor": doc.Reference(PDFDictionary(descriptor), f"{self.resource}-descriptor"),
            "DW": 1000,
            "W": PDFArray([1, PDFArray([round(self.advance(gid), 3) for gid, _ in self.codes])]),
            "CIDToGIDMap": self._stream(
                doc, b"\0\0" + b"".join(gids[gid].to_bytes(2, "big") for gid, _ in self.codes), "gids"
            ),
        }
        font = {
            "Type": PDFName("Font"),
            "Subtype": PDFName("Type0"),
            "BaseFont": PDFName(name),
            "Encoding": PDFName("Identity-H"),
            "DescendantFonts": PDFArray([doc.Reference(PDFDictionary(descendant), f"{self.resource}-cid")]),
            "ToUnicode": self._stream(doc, self._to_unicode(), "unicode"),
        }
        return doc.Reference(PDFDictionary(font), self.resource)

    def _subset(self) -> tuple[bytes, dict[int, int]]:
        wanted = hb.SubsetInput()
        wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
        for gid, _ in self.codes:
            wanted.glyph_set.add(gid)
        for tag in self.face.hb_face.table_tags:
            if tag not in KEPT_TABLES:
                wanted.drop_table_tag_set.add(int.from_bytes(tag.encode(), "big"))
        plan = hb.SubsetPlan(self.face.hb_face, wanted)
        return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)

    def _stream(
        self, doc: PDFDocument, content: bytes, part: str, extra: dict[str, int] | None = None
    ) -> object:
        stream = PDFStream(content=content)
        stream.dictionary.dict.update(extra or {})
        stream.filters = [PDFZCompress]
        return doc.Reference(stream, f"{self.resource}-{part}")

    def _to_unicode(self) -> bytes:
        rows = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, text), code in self.codes.items()
        ]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        maps = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{maps}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


class Embedder:
    """The faces one document uses. ReportLab calls `addObjects` when the last page is drawn."""

    def __init__(self) -> None:
        self.faces: dict[str, EmbeddedFace] = {}

    def text_code(self, line: Line, x: float, y: float, size: float) -> str:
        """Content-stream operators that show `line` with its left edge at (x, y) points."""
        shown: list[str] = []
        drawn: list[str] = []
        pen = x
        for (face, _, textless), group in itertools.groupby(
            line.glyphs, key=lambda glyph: (glyph.face, glyph.dy, not glyph.text)
        ):
            run = list(group)
            if not textless:
                shown.append(self._show(face, run, pen, y, size))
            for glyph in run:
                if textless:
                    drawn.append(outline_code(glyph, pen, y, size))
                pen += glyph.advance * size / 1000
        return "\n".join(["BT", *shown, "ET", *drawn])

    def _show(self, shaped: Face, run: list[Glyph], x: float, y: float, size: float) -> str:
        face = self.faces.setdefault(shaped.name.file, EmbeddedFace(shaped, f"LF{len(self.faces) + 1}"))
        scale = shaped.name.scale
        shown: list[str] = []
        shift = 0.0
        for glyph in run:
            before = shift - glyph.dx / scale
            if abs(before) > 0.05:
                shown.append(f"{before:.2f}")
            shown.append(f"<{face.code(glyph):04X}>")
            shift = (glyph.dx - glyph.advance) / scale + face.advance(glyph.gid)
        rise = run[0].dy * size / 1000
        return (
            f"/{face.resource} {size * scale:.3f} Tf 1 0 0 1 {x:.3f} {y + rise:.3f} Tm [{' '.join(shown)}] TJ"
        )

    def addObjects(self, doc: PDFDocument) -> None:
        """Put the fonts into the document's resources.

        The page preamble selects Helvetica, which no text uses; it points to an embedded face instead,
        so that the file holds every font it names.
        """
        resources = doc.idToObject["BasicFonts"].dict
        for face in self.faces.values():
            resources[face.resource] = face.add_to(doc)
        if "LF1" in resources:
            for name in [name for name in resources if not name.startswith("LF")]:
                resources[name] = resources["LF1"]
