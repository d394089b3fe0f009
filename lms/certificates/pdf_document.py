"""What belongs to one certificate document as a whole: fonts, reading order, a date that never varies."""

import datetime as dt
import hashlib

from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

from lms.certificates.pdf_embedding import Embedder
from lms.certificates.pdf_fonts import FontBook


class Sheet:
    """The certificate being rendered: its fonts, its date, and, once drawing begins, its PDF document.

    Same `seed` and `day`, same bytes: the times in the file are that day's midnight UTC, its identifier
    is made of the seed, whenever and wherever it is rendered.
    """

    def __init__(self, book: FontBook, day: dt.date, seed: str) -> None:
        self.book, self.day, self.seed = book, day, seed
        self._document: Document | None = None

    def __deepcopy__(self, _memo: object) -> "Sheet":
        # xhtml2pdf copies a frame's story to measure it; its texts still belong to this one document.
        return self

    def document_for(self, canvas: Canvas) -> "Document":
        """The document behind `canvas`, prepared at the first call."""
        if self._document is None:
            doc = canvas._doc
            doc.invariant = 1
            stamp = TimeStamp(invariant=1)
            stamp.t = dt.datetime.combine(self.day, dt.time(), dt.UTC).timestamp()
            stamp.lt = (self.day.year, self.day.month, self.day.day, 0, 0, 0, 0, 1, 0)
            stamp.YMDhms = stamp.lt[:6]
            doc._timeStamp = stamp
            doc.signature = hashlib.md5(self.seed.encode(), usedforsecurity=False)
            doc.info.creator = "Lectern"
            self._document = Document(doc)
        return self._document


class Document:
    """Collects the structure tree (ISO 32000-1, 14.7) while the page is drawn.

    A screen reader gets the texts in the order of the page, each as it was written.
    """

    def __init__(self, doc: PDFDocument) -> None:
        self.fonts = Embedder()
        self.elements: list[tuple[str, str, float]] = []
        self.page: object = None
        doc.delayedFonts.append(self)

    def begin(self, canvas: Canvas, role: str, text: str) -> str:
        """The operator that opens the next element, of structure type `role`, reading `text`."""
        self.page = canvas._doc.thisPageRef()
        self.elements.append((role, text, -canvas.absolutePosition(0, 0)[1]))
        return f"/{role} <</MCID {len(self.elements) - 1}>> BDC"

    def end(self) -> str:
        """The operator that closes it."""
        return "EMC"

    def addObjects(self, doc: PDFDocument) -> None:
        """Write fonts and structure tree, when the page is complete."""
        self.fonts.addObjects(doc)
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        root_ref = doc.Reference(root, "structure")
        section = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName("Document"), "P": root_ref})
        section_ref = doc.Reference(section, "structure-document")
        leaves = [
            doc.Reference(
                PDFDictionary(
                    {
                        "Type": PDFName("StructElem"),
                        "S": PDFName(role),
                        "P": section_ref,
                        "Pg": self.page,
                        "K": number,
                        "ActualText": PDFString(text),
                    }
                ),
                f"structure-{number}",
            )
            for number, (role, text, _) in enumerate(self.elements)
        ]
        # Frames are drawn before the flow of the page; read is from top to bottom.
        order = sorted(range(len(leaves)), key=lambda number: self.elements[number][2])
        section["K"] = PDFArray([leaves[number] for number in order])
        root["K"] = section_ref
        root["ParentTree"] = PDFDictionary({"Nums": PDFArray([0, PDFArray(leaves)])})
        doc.Catalog.StructTreeRoot = root_ref
        doc.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        doc.Catalog.ViewerPreferences = PDFDictionary({"DisplayDocTitle": "true"})
        for page in (doc.idToObject[name] for name in doc.idToObject if str(name).startswith("Page")):
            if hasattr(page, "Contents") and hasattr(page, "MediaBox"):
                page.__NoDefault__ = [*page.__NoDefault__, "StructParents"]
                page.StructParents = 0
