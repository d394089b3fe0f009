"""The drawn parts of a certificate: engine-turned border and rosette as PDF operators, the QR code."""

import math

import segno

from lms.certificates.pdf_ink import box, circle, drawn, filled, line, mixed

PAGE_WIDTH, PAGE_HEIGHT = 297.0, 210.0
# The hairline under the recipient, in millimetres from the top.
RULE_Y = 96.0


def _wave(length: float, amplitude: float, period: float, phase: float) -> list[tuple[float, float]]:
    count = max(8, round(length / period) * 12)
    periods = round(length / period)
    return [
        (length * i / count, amplitude * math.sin(2 * math.pi * periods * i / count + phase))
        for i in range(count + 1)
    ]


def _band(left: float, top: float, width: float, height: float, amplitude: float, period: float) -> list[str]:
    """Interlaced waves along the four sides of a rectangle, meeting at its corners."""
    paths = []
    for strand in range(4):
        phase = strand * math.pi / 4
        for sign in (1, -1):
            across = [(x, sign * y) for x, y in _wave(width, amplitude, period, phase)]
            down = [(x, sign * y) for x, y in _wave(height, amplitude, period, phase)]
            paths += [
                line([(left + x, top + y) for x, y in across]),
                line([(left + x, top + height + y) for x, y in across]),
                line([(left + y, top + x) for x, y in down]),
                line([(left + width + y, top + x) for x, y in down]),
            ]
    return paths


def rosette(x: float, y: float, radius: float, depth: float, petals: int, turns: int) -> list[str]:
    """A rose of `turns` rings, each turned a little against the one before."""
    paths = []
    for turn in range(turns):
        points = []
        for i in range(361):
            angle = math.radians(i)
            reach = radius - depth / 2 + depth / 2 * math.cos(petals * angle + turn * 2 * math.pi / turns)
            points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
        paths.append(line(points))
    return paths


def engraved(accent: str, paper: str, *, seal: bool) -> str:
    """Border, hairlines and, with `seal`, the rosette at the foot of the page."""
    fine = mixed(accent, paper, 0.8)
    rose = rosette(148.5, 171, 14, 7, 12, 6) + rosette(148.5, 171, 6.6, 5.2, 12, 4) if seal else []
    corners = [(x, y) for x in (13, PAGE_WIDTH - 13) for y in (13, PAGE_HEIGHT - 13)]
    rose += [path for x, y in corners for path in rosette(x, y, 3.5, 2.6, 8, 4)]
    frames = [
        drawn(accent, weight, box(gap, gap, PAGE_WIDTH - 2 * gap, PAGE_HEIGHT - 2 * gap))
        for gap, weight in ((9.4, 0.35), (16.6, 0.12), (18.0, 0.25))
    ]
    return "\n".join(
        [
            drawn(fine, 0.09, *_band(13, 13, PAGE_WIDTH - 26, PAGE_HEIGHT - 26, 1.9, 6.0)),
            filled(paper, *(circle(x, y, 3.5) for x, y in corners)),
            drawn(fine, 0.09, *rose),
            drawn(accent, 0.14, line([(118.5, RULE_Y), (178.5, RULE_Y)])),
            *frames,
        ]
    )


def qr_png(address: str, ink: str, paper: str) -> str:
    """A data URI of the QR code (error correction M, quiet zone left to the page) of `address`."""
    code = segno.make_qr(address, error="m")
    return str(code.png_data_uri(scale=10, border=0, dark=ink, light=paper))
