"""Images, recordings and downloads of a course."""

import re
import warnings
import xml.sax.saxutils
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from lms.interop.course_folder.files import Entry, Tree, suffix
from lms.interop.course_folder.model import AssetSource

# Endings that courses may carry. Programs and web pages are not among them.
MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".ogv": "video/ogg",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
    ".epub": "application/epub+zip",
    ".zip": "application/zip",
    ".tar": "application/x-tar",
    ".gz": "application/gzip",
    ".7z": "application/x-7z-compressed",
    ".json": "application/json",
    ".ipynb": "application/json",
}
_PLAIN_TEXT = (
    ".txt .csv .tsv .md .gpx .geojson .yaml .yml .toml .ini .xml .py .js .ts .c .cpp .h .hpp .ino .java .cs "
    ".go .rs .rb .r .sql .sh .ps1 .css .tex .bib .log"
)
MEDIA_TYPES |= dict.fromkeys(_PLAIN_TEXT.split(), "text/plain")

_LICENCE_NAMES = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)(\.(txt|md))?", re.IGNORECASE)
_RASTER = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})
_SVG_HEAD = 16_384


def media_type(path: str) -> str | None:
    """The media type by name; None for what a course may not carry. A licence travels with its course."""
    if "/" not in path and _LICENCE_NAMES.fullmatch(path):
        return "text/plain"
    return MEDIA_TYPES.get(suffix(path))


def read_asset(tree: Tree, path: str) -> AssetSource | None:
    """The asset at `path`, hashed and measured; None after reporting why not."""
    entry = tree.entries[path]
    kind = media_type(path)
    counted = tree.digest(path)
    if counted is None or kind is None:
        return None
    size = _dimensions(tree, entry)
    if size is None:
        tree.problems.error(path, f"is not a readable {suffix(path)[1:].upper()} picture; save it again")
        return None
    return AssetSource(path, counted[0], counted[1], kind, *size, open=entry.open)


def _dimensions(tree: Tree, entry: Entry) -> tuple[int | None, int | None] | None:
    """(width, height) in pixels, (None, None) where there are none to know, None for a broken picture."""
    ending = suffix(entry.path)
    if ending == ".svg":
        with entry.open() as stream:
            return _svg_size(stream)
    if ending not in _RASTER:
        return (None, None)
    try:
        with warnings.catch_warnings(), entry.open() as stream:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream) as picture:
                return picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    except (OSError, ValueError, SyntaxError, EOFError):
        return None


def _svg_size(stream: BinaryIO) -> tuple[int | None, int | None] | None:
    head = stream.read(_SVG_HEAD).decode("utf-8", "replace")
    root = re.search(r"<svg\b[^>]*>", head)
    if root is None:
        return None
    found = dict(re.findall(r"""\s(width|height|viewBox)\s*=\s*["']([^"']*)["']""", root[0]))
    found = {name: xml.sax.saxutils.unescape(value) for name, value in found.items()}
    sides = [re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*", found.get(n, "")) for n in ("width", "height")]
    if sides[0] and sides[1]:
        return round(float(sides[0][1])), round(float(sides[1][1]))
    box = re.findall(r"-?\d+(?:\.\d+)?", found.get("viewBox", ""))
    if len(box) == 4 and float(box[2]) > 0 and float(box[3]) > 0:
        return round(float(box[2])), round(float(box[3]))
    return (None, None)
