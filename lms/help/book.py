"""The documentation in `docs/` as pages of the product. Read once in each process: it changes with the program alone."""

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import url_for

from lms.courses import markdown
from lms.courses.markdown import ANCHOR_PREFIX, Link, slugify
from lms.help.rules import SECTIONS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "img"
_ROW = re.compile(r"^\| (.+?) \| (.+) \|$")
_LINK = re.compile(r"\[([^\]]+)\]\(([a-z-]+)/([a-z-]+)\.md\)")
_HEADING = re.compile(r"^(#{1,4}) (.+)$")
_TARGETS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_RULER = re.compile(r"^\s*\|[ :|-]+\|$")
"""The line below the head of a table."""
_MARKS = str.maketrans({"*": "", "`": "", "|": " "})


@dataclass(frozen=True, slots=True)
class Page:
    """`wish` is what its reader wants to do, as the list of all pages says it."""

    section: str
    name: str
    title: str
    wish: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading of a page with the words below it."""

    page: Page
    heading: str
    place: str
    words: str


def pages(sections: frozenset[str]) -> tuple[Page, ...]:
    """All pages of these sections, in the order of `docs/README.md`."""
    return tuple(page for page in _pages() if page.section in sections)


def page(section: str, name: str) -> Page | None:
    """One page, or None when there is none of that name."""
    return next((one for one in _pages() if (one.section, one.name) == (section, name)), None)


@lru_cache(maxsize=256)
def rendered(section: str, name: str, sections: frozenset[str]) -> markdown.Rendered:
    """The page for who may read `sections`; what a link leads to outside of them stays as plain words."""
    return markdown.render(_source(section, name), link=lambda target: _lead(section, target, sections))


def picture(name: str) -> Path | None:
    """A picture by its name; None when there is none."""
    return next((file for file in PICTURES.iterdir() if file.name == name), None)


def passages(sections: frozenset[str]) -> list[Passage]:
    """All passages of these sections, page after page."""
    return [one for one in _passages() if one.page.section in sections]


def _lead(section: str, target: str, sections: frozenset[str]) -> Link | None:
    path, _, place = target.partition("#")
    folder, _, file = posixpath.normpath(f"{section}/{path}").rpartition("/")
    if folder == "img" and picture(file):
        return Link(url_for("help.picture", name=file))
    name = file.removesuffix(".md")
    if folder not in sections or page(folder, name) is None:
        return None
    anchor = ANCHOR_PREFIX + place if place else None
    return Link(url_for("help.show", section=folder, name=name, _anchor=anchor))


@lru_cache(maxsize=1)
def _pages() -> tuple[Page, ...]:
    listed: dict[tuple[str, str], Page] = {}
    for line in (DOCS / "README.md").read_text(encoding="utf-8").splitlines():
        if row := _ROW.match(line):
            for _text, section, name in _LINK.findall(row[2]):
                title = markdown.title_of(_source(section, name)) or name
                listed.setdefault(
                    (section, name), Page(section, name, title, row[1][:1].upper() + row[1][1:])
                )
    return tuple(sorted(listed.values(), key=lambda one: SECTIONS.index(one.section)))


def _source(section: str, name: str) -> str:
    return (DOCS / section / f"{name}.md").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _passages() -> tuple[Passage, ...]:
    return tuple(passage for one in _pages() for passage in _of_page(one))


def _of_page(one: Page) -> list[Passage]:
    """A page cut at its headings; a heading inside of a code block is none."""
    cut: list[tuple[str, list[str]]] = []
    in_code = False
    for line in _source(one.section, one.name).splitlines():
        in_code ^= line.startswith("```")
        if not in_code and (heading := _HEADING.match(line)):
            cut.append((_plain(heading[2]), []))
        elif cut and not _RULER.match(line):
            cut[-1][1].append(line.strip().removeprefix("- "))
    return [
        Passage(one, heading, ANCHOR_PREFIX + slugify(heading) if index else "", _plain(" ".join(lines)))
        for index, (heading, lines) in enumerate(cut)
    ]


def _plain(text: str) -> str:
    return " ".join(_TARGETS.sub(r"\1", text).translate(_MARKS).split())
