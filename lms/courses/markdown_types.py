"""What rendering takes and gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

# Every id in rendered text begins with this, and every link to one is rewritten to match.
ANCHOR_PREFIX = "s-"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a relative target leads; width and height are an image's own, in pixels. `scales` says whether smaller ones
    can be asked for."""

    url: str
    width: int | None = None
    height: int | None = None
    scales: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or image: `target` as the author wrote it, `url` as it stands in the page (None: nowhere)."""

    target: str
    url: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the author should know. `target` is what they wrote.

    unresolved: a relative link or image that leads nowhere; refused: a scheme that is never linked;
    anchor: a link to a place in this text that does not exist; alt: an image without a description;
    math: TeX that is no formula, and `why`.
    """

    kind: Literal["unresolved", "refused", "anchor", "alt", "math"]
    target: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """`title` is the first level-1 heading, which is not in `html`; headings there begin at level 2.

    `anchors` are the ids in `html` that a link can lead to; `words` counts what is read, without code blocks.
    """

    html: str
    headings: tuple[Heading, ...]
    title: str | None
    links: tuple[Reference, ...]
    images: tuple[Reference, ...]
    words: int
    anchors: frozenset[str]
    findings: tuple[Finding, ...]

    @property
    def unresolved(self) -> tuple[str, ...]:
        """Targets of links and images that lead nowhere or were refused."""
        return tuple(f.target for f in self.findings if f.kind in {"unresolved", "refused"})


Resolver = Callable[[str], Link | None]
