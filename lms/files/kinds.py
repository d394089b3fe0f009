"""What kinds of files courses may carry, by the ending of their names. Programs and web pages are not among them."""

from pathlib import PurePosixPath

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
_TEXTS = (
    ".txt .csv .tsv .md .gpx .geojson .yaml .yml .toml .ini .xml .py .js .ts .c .cpp .h .hpp .ino .java .cs "
    ".go .rs .rb .r .sql .sh .ps1 .css .tex .bib .log"
)
PLAIN_TEXT = frozenset(_TEXTS.split())
MEDIA_TYPES |= dict.fromkeys(PLAIN_TEXT, "text/plain")

READ_AS_TEXT = PLAIN_TEXT | {".vtt", ".json", ".ipynb"}
RASTER = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})

WIDTHS = (480, 960, 1600)
"""Pixels: the widths in which a wider picture is also kept."""
_SIZED = frozenset({".png", ".jpg", ".jpeg", ".webp"})


def ending(name: str) -> str:
    """The ending in lower case, with its dot; "" without one."""
    return PurePosixPath(name).suffix.lower()


def widths(name: str, width: int | None) -> tuple[int, ...]:
    """The smaller widths in which a picture of that name and width (pixels) can be asked for."""
    if ending(name) not in _SIZED or not width:
        return ()
    return tuple(smaller for smaller in WIDTHS if smaller < width)
