"""How a certificate looks and what it says beside its facts. Pure: what a course chose, checked and filled in."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

DESIGNS = ("classic", "modern", "plain")
PAPER = {"classic": "#fcf9f1", "modern": "#ffffff", "plain": "#ffffff"}
DEFAULT_ACCENT = "#8a6a2f"

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3: the accent also colours the small print."""

PLACEHOLDERS = ("name", "course", "hours", "date", "instructors")
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Look:
    """The choices; an empty text means the words that the language has for it.

    `accent` is `#rrggbb`. `heading`, `presented` (above the name), `completed` (below it) and `note` (the closing
    line) may hold PLACEHOLDERS in braces.
    """

    design: str = "classic"
    accent: str = DEFAULT_ACCENT
    language: str = ""
    heading: str = ""
    presented: str = ""
    completed: str = ""
    note: str = ""
    signer: str = ""
    signer_title: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Self:
        """What was kept; what this version does not know of is left alone, what is not usable is the default."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in (kept or {}).items() if name in known}
        if values.get("design") not in DESIGNS:
            values.pop("design", None)
        if not _COLOUR.fullmatch(str(values.get("accent", ""))):
            values.pop("accent", None)
        return cls(**values)

    def kept(self) -> dict[str, str]:
        """As it is stored: what differs from the default."""
        default = type(self)()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}


def misused_placeholders(text: str) -> list[str]:
    """What stands in braces and means nothing, in order; a brace without its partner counts as itself."""
    unknown = [f"{{{name}}}" for name in _IN_BRACES.findall(text) if name not in PLACEHOLDERS]
    return unknown + re.findall(r"[{}]", _IN_BRACES.sub("", text))


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its placeholders replaced; what a value itself holds in braces stays as it is."""
    return _IN_BRACES.sub(lambda match: values.get(match[1], match[0]), text)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def is_legible(accent: str, design: str) -> bool:
    """Whether small print in this colour can be read on the design's paper."""
    return contrast(accent, PAPER[design]) >= LEAST_CONTRAST


def legible(accent: str, design: str) -> str:
    """The same hue, as dark as it must be on the design's paper; unchanged when it is dark enough."""
    red, green, blue = _channels(accent)
    for percent in range(100, -1, -2):
        darker = "#" + "".join(f"{channel * percent // 100:02x}" for channel in (red, green, blue))
        if is_legible(darker, design):
            return darker
    return "#000000"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
