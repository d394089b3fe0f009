"""Pictures drawn anew: only their pixels stay. Where it was taken, and by which camera, is nobody's business."""

import io
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

MOST_PIXELS = 40_000_000
"""A small file may unfold to gigabytes; a good camera stays below this."""
MOST_FRAMES = 1_000
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".gif": "GIF",
    ".webp": "WEBP",
    ".avif": "AVIF",
}
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class Unreadable(Exception):
    """This is no picture that can be drawn."""


class TooLarge(Exception):
    """It has more than MOST_PIXELS, or moves for more than MOST_FRAMES."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file, with its edges in pixels."""

    data: bytes
    width: int
    height: int


def drawn_anew(stream: IO[bytes], kind: str) -> Picture:
    """The picture upright, in its own format, without metadata; what moves goes on moving.

    Raises Unreadable or TooLarge.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=(FORMATS[kind],)) as image:
                frames = getattr(image, "n_frames", 1)
                if image.width * image.height > MOST_PIXELS or frames > MOST_FRAMES:
                    raise TooLarge
                return _moving(image) if frames > 1 else _still(image)
    except _UNREADABLE as error:
        raise Unreadable(str(error)) from error


def _still(image: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(image)
    assert upright is not None
    return _saved(_bare(upright), str(image.format))


def _bare(image: Image.Image) -> Image.Image:
    """The pixels and the colours they mean, nothing else."""
    for name in set(image.info) - {"transparency", "icc_profile"}:
        del image.info[name]
    return image


def _saved(image: Image.Image, kind: str) -> Picture:
    profile = image.info.get("icc_profile")
    options: dict[str, object] = {"icc_profile": profile} if profile and kind != "GIF" else {}
    if kind == "JPEG":
        image = image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")
        options |= {"quality": 90, "optimize": True}
    elif kind in ("WEBP", "AVIF"):
        options |= {"quality": 90}
    out = io.BytesIO()
    image.save(out, kind, **options)
    return Picture(out.getvalue(), image.width, image.height)


def _moving(image: Image.Image) -> Picture:
    frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    pauses = [frame.info.get("duration", 100) for frame in frames]
    loop = image.info.get("loop")
    out = io.BytesIO()
    first, *others = (_bare(frame) for frame in frames)
    options: dict[str, object] = {} if loop is None else {"loop": loop}
    if image.format == "GIF":
        options["disposal"] = 2
    first.save(out, image.format, save_all=True, append_images=others, duration=pauses, **options)
    return Picture(out.getvalue(), image.width, image.height)


def narrowed(data: bytes, width: int) -> Picture:
    """The picture as WebP, `width` pixels wide. Raises Unreadable or TooLarge."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(set(FORMATS.values()))) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise TooLarge
                image.draft("RGB", (width, width))
                upright = ImageOps.exif_transpose(image)
                clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
                drawn = upright.convert("RGBA" if clear else "RGB")
    except _UNREADABLE as error:
        raise Unreadable(str(error)) from error
    height = max(1, round(drawn.height * width / drawn.width))
    small = drawn.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82)
    return Picture(out.getvalue(), width, height)
