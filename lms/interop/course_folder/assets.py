"""Images, recordings and downloads of a course."""

import re
import warnings
import xml.sax.saxutils
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from lms.core.phrases import Phrase
from lms.files.kinds import MEDIA_TYPES, RASTER
from lms.interop.course_folder.files import Entry, Tree, suffix
from lms.interop.course_folder.model import AssetSource

_LICENCE_NAMES = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS)(\.(txt|md))?", re.IGNORECASE)
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
        message = Phrase("is not a readable %(kind)s picture; save it again", kind=suffix(path)[1:].upper())
        tree.problems.error(path, message)
        return None
    return AssetSource(path, counted[0], counted[1], kind, *size, open=entry.open)


def _dimensions(tree: Tree, entry: Entry) -> tuple[int | None, int | None] | None:
    """(width, height) in pixels, (None, None) where there are none to know, None for a broken picture."""
    ending = suffix(entry.path)
    if ending == ".svg":
        with entry.open() as stream:
            return _svg_size(stream)
    if ending not in RASTER:
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
