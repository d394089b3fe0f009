"""The documentation in `docs/` as pages of the product. Read once in each process: it changes with the program alone.

It is written in English. `docs/<language>/` holds what is translated under the same names; the rest is read in English.
A heading of a translation has the anchor of the English one in its place, so that what leads there leads there in all.
"""

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import url_for
from PIL import Image

from lms.courses import markdown
from lms.courses.markdown import ANCHOR_PREFIX, Link, slugify
from lms.help.rules import SECTIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "img"
ENGLISH = "en"
_ROW = re.compile(r"^\| (.+?) \| (.+) \|$")
_LINK = re.compile(r"\[([^\]]+)\]\(([a-z-]+)/([a-z-]+)\.md\)")
_HEADING = re.compile(r"^(#{1,4}) (.+)$")
_TARGETS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_RULER = re.compile(r"^\s*\|[ :|-]+\|$")
"""The line below the head of a table."""
_MARKS = str.maketrans({"*": "", "`": "", "|": " "})


@dataclass(frozen=True, slots=True)
class Page:
    """`wish` is what its reader wants to do, as the list of all pages says it; `language` is that of all its words."""

    section: str
    name: str
    language: str
    title: str
    wish: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading of a page with the words below it."""

    page: Page
    heading: str
    place: str
    words: str


def pages(sections: frozenset[str], language: str) -> tuple[Page, ...]:
    """All pages of these sections in the order of `docs/README.md`, each in `language` or else in English."""
    return tuple(page for page in _pages(language) if page.section in sections)


def page(section: str, name: str, language: str) -> Page | None:
    """One page, or None when there is none of that name."""
    return next((one for one in _pages(language) if (one.section, one.name) == (section, name)), None)


@lru_cache(maxsize=512)
def rendered(page: Page, sections: frozenset[str]) -> markdown.Rendered:
    """The page for who may read `sections`; what a link leads to outside of them stays as plain words."""
    return markdown.render(
        _source(page.section, page.name, page.language),
        link=lambda target: _lead(page, target, sections),
        labels=markdown.labels_for(page.language),
        anchors=_places(page.section, page.name)[1:],
    )


def picture(name: str) -> Path | None:
    """A picture by its name; None when there is none."""
    return next((file for file in PICTURES.iterdir() if file.name == name), None)


def passages(sections: frozenset[str], language: str) -> list[Passage]:
    """All passages of these sections, page after page."""
    return [one for one in _passages(language) if one.page.section in sections]


def _lead(page: Page, target: str, sections: frozenset[str]) -> Link | None:
    path, _, place = target.partition("#")
    home = _file(page.section, page.name, page.language).parent.relative_to(DOCS)
    folder, _, file = posixpath.normpath(home / path).removeprefix(f"{page.language}/").rpartition("/")
    if folder == "img" and (shown := picture(file)):
        width, height = _size(shown)
        return Link(url_for("help.picture", name=file), width, height, scales=False)
    name = file.removesuffix(".md")
    if folder not in sections or not _file(folder, name, ENGLISH).is_file():
        return None
    anchor = ANCHOR_PREFIX + place if place else None
    return Link(url_for("help.show", section=folder, name=name, _anchor=anchor))


@lru_cache(maxsize=128)
def _size(shown: Path) -> tuple[int, int] | tuple[None, None]:
    """Width and height in pixels, so that the page does not jump; none of a drawing, which has no points."""
    if shown.suffix == ".svg":
        return None, None
    with Image.open(shown) as image:
        return image.size


@lru_cache(maxsize=8)
def _pages(language: str) -> tuple[Page, ...]:
    wishes = {spoken: _wishes(spoken) for spoken in (ENGLISH, language)}
    made = []
    for (section, name), wish in wishes[ENGLISH].items():
        spoken = language if _file(section, name, language).is_file() else ENGLISH
        title = markdown.title_of(_source(section, name, spoken)) or name
        made.append(Page(section, name, spoken, title, wishes[spoken].get((section, name), wish)))
    return tuple(sorted(made, key=lambda one: SECTIONS.index(one.section)))


def _wishes(language: str) -> dict[tuple[str, str], str]:
    """What the list of pages in this language says of each that it has."""
    file = _home(language) / "README.md"
    listed: dict[tuple[str, str], str] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        if row := _ROW.match(line):
            for _text, section, name in _LINK.findall(row[2]):
                listed.setdefault((section, name), row[1][:1].upper() + row[1][1:])
    return listed


def _home(language: str) -> Path:
    return DOCS if language == ENGLISH else DOCS / language


def _file(section: str, name: str, language: str) -> Path:
    return _home(language) / section / f"{name}.md"


def _source(section: str, name: str, language: str) -> str:
    return _file(section, name, language).read_text(encoding="utf-8")


@lru_cache(maxsize=8)
def _passages(language: str) -> tuple[Passage, ...]:
    return tuple(passage for one in _pages(language) for passage in _of_page(one))


def _of_page(one: Page) -> list[Passage]:
    cut = _cut(_source(one.section, one.name, one.language))
    return [
        Passage(one, heading, place, words)
        for (heading, words), place in zip(cut, _places(one.section, one.name), strict=False)
    ]


@lru_cache(maxsize=128)
def _places(section: str, name: str) -> tuple[str, ...]:
    """The anchors of a page's headings in every language; none for the first, its title."""
    cut = _cut(_source(section, name, ENGLISH))
    return tuple(ANCHOR_PREFIX + slugify(heading) if index else "" for index, (heading, _) in enumerate(cut))


def _cut(source: str) -> list[tuple[str, str]]:
    """A page cut at its headings, each with its words; a heading inside of a code block is none."""
    cut: list[tuple[str, list[str]]] = []
    in_code = False
    for line in source.splitlines():
        in_code ^= line.startswith("```")
        if not in_code and (heading := _HEADING.match(line)):
            cut.append((_plain(heading[2]), []))
        elif cut and not _RULER.match(line):
            cut[-1][1].append(line.strip().removeprefix("- "))
    return [(heading, _plain(" ".join(lines))) for heading, lines in cut]


def _plain(text: str) -> str:
    return " ".join(_TARGETS.sub(r"\1", text).translate(_MARKS).split())
