"""The drawn parts of a certificate: engine-turned border and rosette as SVG paths, the QR code."""

import math

import segno

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


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _band(left: float, top: float, width: float, height: float, amplitude: float, period: float) -> list[str]:
    """Interlaced waves along the four sides of a rectangle, meeting at its corners."""
    paths = []
    for strand in range(4):
        phase = strand * math.pi / 4
        for sign in (1, -1):
            across = [(x, sign * y) for x, y in _wave(width, amplitude, period, phase)]
            down = [(x, sign * y) for x, y in _wave(height, amplitude, period, phase)]
            paths += [
                _path([(left + x, top + y) for x, y in across]),
                _path([(left + x, top + height + y) for x, y in across]),
                _path([(left + y, top + x) for x, y in down]),
                _path([(left + width + y, top + x) for x, y in down]),
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
        paths.append(_path(points))
    return paths


def engraved(accent: str, paper: str, *, seal: bool) -> str:
    """Border, hairlines and, with `seal`, the rosette at the foot of the page."""
    band = _band(13, 13, PAGE_WIDTH - 26, PAGE_HEIGHT - 26, 1.9, 6.0)
    rose = rosette(148.5, 171, 14, 7, 12, 6) + rosette(148.5, 171, 6.6, 5.2, 12, 4) if seal else []
    rules = [(9.4, 0.35), (16.6, 0.12), (18.0, 0.25)]
    corners = [(x, y) for x in (13, PAGE_WIDTH - 13) for y in (13, PAGE_HEIGHT - 13)]
    knots = "".join(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{paper}" stroke="none"/>' for x, y in corners)
    rose += [path for x, y in corners for path in rosette(x, y, 3.5, 2.6, 8, 4)]
    frames = "".join(
        f'<rect x="{gap}" y="{gap}" width="{PAGE_WIDTH - 2 * gap:.2f}" height="{PAGE_HEIGHT - 2 * gap:.2f}"'
        f' fill="none" stroke="{accent}" stroke-width="{weight}"/>'
        for gap, weight in rules
    )
    line = f'fill="none" stroke="{accent}" stroke-width="0.09" stroke-opacity="0.8"'
    return (
        f'<path d="{"".join(band)}" {line}/>'
        f'{knots}<path d="{"".join(rose)}" {line}/>'
        f'<path d="M118.5 {RULE_Y}H178.5" fill="none" stroke="{accent}" stroke-width="0.14"/>'
        f"{frames}"
    )


def qr_png(address: str, ink: str, paper: str) -> str:
    """A data URI of the QR code (error correction M, quiet zone left to the page) of `address`."""
    code = segno.make_qr(address, error="m")
    return str(code.png_data_uri(scale=10, border=0, dark=ink, light=paper))
