"""Where each file of a course folder is found once it is a course: file names to URLs."""

import posixpath
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Literal
from urllib.parse import quote, unquote

from lms.courses.markdown import ANCHOR_PREFIX, Link, slugify
from lms.courses.naming import without_numbers
from lms.interop.course_folder.model import AssetSource, AssignmentSource, CourseSource, PageSource


@dataclass(frozen=True, slots=True)
class Miss:
    """A reference that does not fit the files; with `near`, the right spelling, it was resolved."""

    kind: Literal["case", "outside", "missing"]
    target: str
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link to a place in another text, to be checked when that text is rendered."""

    target: str
    path: str
    anchor: str


@dataclass(slots=True)
class LinkMap:
    """`urls` by path of file or folder; `assets` and `titles` (of texts) by path.

    `aliases` are other ways to write a path, without the numbers that order it: a lesson that was renumbered,
    or moved to another module, is still found by links to where it was.
    """

    urls: dict[str, str]
    assets: dict[str, AssetSource]
    titles: dict[str, str]
    aliases: dict[str, str] = field(default_factory=dict)
    _folded: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._folded = {path.casefold(): path for path in self.urls}

    def url(self, path: str) -> str:
        """The address of the file at `path`. KeyError when it is not part of the course."""
        return self.urls[path]

    def resolver(
        self, path: str, missed: list[Miss] | None = None, anchors: list[Anchor] | None = None
    ) -> Callable[[str], Link | None]:
        """Resolves targets written in the file at `path`; notes what is odd about them in the given lists."""

        def resolve(target: str) -> Link | None:
            written, _, fragment = target.partition("#")
            found = self._find(path, unquote(written.split("?", 1)[0]), target, missed)
            if found is None:
                return None
            if asset := self.assets.get(found):
                return Link(self.urls[found], asset.width, asset.height)
            return Link(self.urls[found] + self._place(found, fragment, target, anchors))

        return resolve

    def _find(self, path: str, written: str, target: str, missed: list[Miss] | None) -> str | None:
        misses = missed if missed is not None else []
        written = unicodedata.normalize("NFC", written)
        folder = "" if written.startswith("/") else posixpath.dirname(path)
        joined = posixpath.normpath(posixpath.join(folder, written.lstrip("/"))) if written else path
        if joined == ".." or joined.startswith("../"):
            misses.append(Miss("outside", target))
            return None
        if joined in self.urls:
            return joined
        if near := self._folded.get(joined.casefold()):
            misses.append(Miss("case", target, near))
            return near
        for spelling in _spellings(joined):
            if spelling in self.aliases:
                return self.aliases[spelling]
        misses.append(Miss("missing", target))
        return None

    def _place(self, path: str, fragment: str, target: str, anchors: list[Anchor] | None) -> str:
        fragment = unquote(fragment).lower()
        # The title is the page itself; a module has no page of its own but a place on the course's.
        if not fragment or "#" in self.urls[path] or fragment == slugify(self.titles.get(path, "")):
            return ""
        anchor = ANCHOR_PREFIX + fragment
        if anchors is not None:
            anchors.append(Anchor(target, path, anchor))
        return "#" + quote(anchor, safe="-_:.")


def _spellings(path: str) -> Iterator[str]:
    """The path without numbers; a name such as `2-ways-in` may begin with one of its own."""
    folders, names = path.lower().split("/")[:2], without_numbers(path).split("/")
    for kept in product(*zip(names[:2], folders, strict=True)):
        yield "/".join((*kept, *names[2:]))
    for name in (names[1], folders[1]) if len(names) > 1 else ():
        yield "/".join(("*", name, *names[2:]))


def link_map(course: CourseSource, base: str) -> LinkMap:
    """Addresses below `base`, the course's own (such as `/courses/<slug>`, without a slash at the end)."""
    urls = {"course.md": base, ".": base}
    titles = {"course.md": course.title}
    for module in course.modules:
        urls[module.path] = urls[posixpath.dirname(module.path)] = f"{base}#module-{module.slug}"
        titles[module.path] = module.title
        for lesson in module.lessons:
            here = f"{base}/lessons/{lesson.slug}"
            urls[lesson.path] = urls[posixpath.dirname(lesson.path)] = here
            titles[lesson.path] = lesson.title
            parts: tuple[PageSource | AssignmentSource, ...] = (*lesson.pages, *lesson.assignments)
            for part in parts:
                urls[part.path] = f"{here}/{part.slug}"
                titles[part.path] = part.title
            for quiz in lesson.quizzes:
                urls[quiz.path] = f"{here}/quizzes/{quiz.slug}"
                # Lessons name a quiz as GIFT, also once it asks what only XML can hold.
                urls.setdefault(posixpath.splitext(quiz.path)[0] + ".gift", urls[quiz.path])
    for asset in course.assets:
        urls[asset.path] = f"{base}/assets/{quote(asset.path)}"
    return LinkMap(urls, {asset.path: asset for asset in course.assets}, titles, _aliases(course, urls))


def _aliases(course: CourseSource, urls: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in urls:
        found.setdefault(without_numbers(path), path)
    folders = {posixpath.dirname(lesson.path): lesson for lesson in course.lessons}
    modules = {posixpath.dirname(module.path): module for module in course.modules}
    tails: dict[str, list[str]] = {}
    for path in urls:
        parts = path.split("/")
        inside, folder = "/".join(parts[2:]), "/".join(parts[:2])
        if lesson := folders.get(folder):
            for names in ((modules[parts[0]].slug, lesson.slug), (lesson.id,)):
                found.setdefault(without_numbers("/".join(filter(None, (*names, inside)))), path)
        if len(parts) > 2:
            tails.setdefault(without_numbers("/".join(parts[1:])), []).append(path)
    for name in ("", "/module.md"):
        for folder, module in modules.items():
            found.setdefault(without_numbers(module.slug + name), folder + name)
    return found | {"*/" + tail: paths[0] for tail, paths in tails.items() if len(paths) == 1}
