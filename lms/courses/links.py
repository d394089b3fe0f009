"""Where relative links in a stored course lead. Texts link as if they were files of a course folder:
`module/lesson/lesson.md`, pages beside it, pictures and downloads under `assets/`."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from sqlalchemy import select

from lms.core.db import AnyRow, db
from lms.courses.markdown import ANCHOR_PREFIX, Link, Resolver, slugify
from lms.courses.models import Course, CourseAsset, Lesson, LessonPage, Module
from lms.courses.naming import without_numbers
from lms.files.models import StoredFile

ASSETS = "../../assets"
"""The folder of uploads as a lesson, or anything beside it, writes it."""


@dataclass
class Places:
    """`links` and the `titles` of texts by path without numbers; `folders` by lesson id."""

    base: str
    links: dict[str, Link] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def put(self, path: str, link: Link, title: str | None = None) -> None:
        key = without_numbers(path)
        self.links.setdefault(key, link)
        if title is not None:
            self.titles.setdefault(key, title)

    def put_part(self, lesson_id: int, file: str, address: str, title: str | None = None) -> None:
        """A quiz, brief or page that lies beside a lesson; `address` is below the lesson's own."""
        if lesson_id in self.folders:
            link = Link(f"{self.addresses[lesson_id]}/{address}")
            self.put(f"{self.folders[lesson_id]}/{file}", link, title)

    def resolver(self, path: str) -> Resolver:
        """Resolves what is written in the file at `path` of the folder."""
        here = without_numbers(path)

        def resolve(target: str) -> Link | None:
            written, _, fragment = target.partition("#")
            written = unquote(written.split("?", 1)[0])
            folder = "" if written.startswith("/") else posixpath.dirname(here)
            joined = posixpath.normpath(posixpath.join(folder, written.lstrip("/"))) if written else here
            key = without_numbers(joined)
            link = self.links.get(key)
            if link is None or not fragment or "#" in link.url or link.width is not None:
                return link
            if unquote(fragment).lower() == slugify(self.titles.get(key, "")):
                return link
            return Link(f"{link.url}#{quote(ANCHOR_PREFIX + unquote(fragment).lower(), safe='-_:.')}")

        return resolve


Part = tuple[int, str, str, str | None]
"""What a lesson holds besides its own text: (lesson id, file, address below the lesson's, title)."""


def places(course: Course, parts: Iterable[Part] = ()) -> Places:
    """Everything in the course that a text can link to; `parts` are those that other modules keep."""
    base = f"/courses/{course.slug}"
    found = Places(base)
    found.put("course.md", Link(base), course.title)
    found.put(".", Link(base))
    for row in _lessons(course.id):
        chapter, address = f"{base}#module-{row.module_slug}", f"{base}/lessons/{row.slug}"
        found.folders[row.id] = f"{row.module_source}/{row.slug}"
        found.addresses[row.id] = address
        for module in (row.module_source, row.module_slug):
            found.put(module, Link(chapter))
            found.put(f"{module}/module.md", Link(chapter), row.module_title)
            for folder in (row.source_id, f"{module}/{row.slug}"):
                found.put(folder, Link(address))
                found.put(f"{folder}/lesson.md", Link(address), row.title)
    for page in _pages(course.id):
        found.put_part(page.lesson_id, f"{page.slug}.md", page.slug, page.title)
    for part in parts:
        found.put_part(*part)
    for asset in _assets(course.id):
        found.put(asset.path, Link(f"{base}/assets/{quote(asset.path)}", asset.width, asset.height))
    return found


def _lessons(course_id: int) -> Iterable[AnyRow]:
    return db.session.execute(
        select(
            Lesson.id,
            Lesson.slug,
            Lesson.title,
            Lesson.source_id,
            Module.slug.label("module_slug"),
            Module.title.label("module_title"),
            Module.source_id.label("module_source"),
        )
        .join(Module, Module.id == Lesson.module_id)
        .where(Lesson.course_id == course_id, Lesson.removed_at.is_(None))
        .order_by(Lesson.position)
    )


def _pages(course_id: int) -> Iterable[AnyRow]:
    return db.session.execute(
        select(LessonPage.lesson_id, LessonPage.slug, LessonPage.title)
        .join(Lesson, Lesson.id == LessonPage.lesson_id)
        .where(Lesson.course_id == course_id, LessonPage.removed_at.is_(None))
    )


def _assets(course_id: int) -> Iterable[AnyRow]:
    return db.session.execute(
        select(CourseAsset.path, StoredFile.width, StoredFile.height)
        .join(StoredFile, StoredFile.id == CourseAsset.file_id)
        .where(CourseAsset.course_id == course_id)
    )
