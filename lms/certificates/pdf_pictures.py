"""Logo and signature on the page: fitted into their boxes, laid on the colour of the paper."""

import base64
import io
from dataclasses import dataclass

from PIL import Image, ImageChops

LOGO = (70.0, 15.0)
SIGNATURE = (52.0, 17.0)
"""Room in millimetres: width, height."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture as a data URI, with its size on the page in millimetres."""

    address: str
    width: float
    height: float


def placed(data: bytes, room: tuple[float, float], paper: str, *, inked: bool = False) -> Placed:
    """The picture as large as `room` allows. With `inked` its white is the paper: a scanned signature."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGBA")
    sheet = Image.new("RGB", picture.size, "white" if inked else paper)
    sheet.paste(picture, mask=picture.getchannel("A"))
    if inked:
        sheet = ImageChops.multiply(sheet, Image.new("RGB", sheet.size, paper))
    scale = min(room[0] / sheet.width, room[1] / sheet.height)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    encoded = base64.b64encode(out.getvalue()).decode("ascii")
    return Placed(f"data:image/png;base64,{encoded}", sheet.width * scale, sheet.height * scale)
