"""From files to a course: what is a module, a lesson, an asset, and what is none of them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path, PurePosixPath

from lms.core.phrases import Phrase
from lms.interop.course_folder import categories, naming
from lms.interop.course_folder.assets import media_type, read_asset
from lms.interop.course_folder.documents import Document, read_document
from lms.interop.course_folder.files import Tree, suffix
from lms.interop.course_folder.lessons import LessonReader
from lms.interop.course_folder.model import (
    AssetSource,
    BankSource,
    CourseSource,
    LessonSource,
    Limits,
    ModuleSource,
    Reading,
)
from lms.interop.course_folder.opening import open_tree
from lms.interop.course_folder.problems import Problems
from lms.interop.course_folder.quizzes import BANK, HEAD, ParseGift, is_moodle_quiz, read_bank
from lms.interop.gift.parser import parse as parse_gift_text

COURSE_FIELDS = frozenset(
    {
        "title",
        "slug",
        "summary",
        "language",
        "level",
        "category",
        "license",
        "authors",
        "source",
        "tags",
        "certificate",
        "prerequisites",
        "cover",
        "bank_points",
        "access",
        "capacity",
        "starts",
        "ends",
        categories.NAME,
    }
)
MODULE_FIELDS = frozenset({"id", "slug", "title"})
DEFAULTS = Limits()
ACCESS = ("open", "code", "invitation")
LEVELS = ("beginner", "intermediate", "advanced")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TEXTS = frozenset({".md", ".gift"})


def read(source: Path, limits: Limits = DEFAULTS, parse_gift: ParseGift = parse_gift_text) -> Reading:
    """The course in a folder or zip, with everything that is wrong with it, in one pass.

    Writes nothing and raises nothing for bad content: problems are in the result, whose `ok` says
    whether the course may be imported. References between pages are checked by `render_course`.
    """
    problems = Problems()
    tree = open_tree(source, limits, problems)
    course = None
    # Foreign names or too much of it: say so, and open nothing inside.
    if not problems.fatal:
        course = _Reader(tree, parse_gift).course()
    return Reading(course, problems.all(), tree.close)


class _Reader:
    def __init__(self, tree: Tree, parse_gift: ParseGift) -> None:
        self.tree = tree
        self.problems = tree.problems
        self.parse_gift = parse_gift
        self.lesson_reader = LessonReader(tree, parse_gift)
        self.module_slugs: set[str] = set()
        self.quiz_files = {
            p for p in tree.entries if suffix(p) == ".xml" and is_moodle_quiz(tree.head(p, HEAD))
        }
        self.paths = sorted(tree.entries, key=lambda path: [naming.order(p) for p in path.split("/")])
        self.modules = {p.split("/")[0]: None for p in self.paths if self._is_module(p)}
        self.lessons = {str(PurePosixPath(p).parent): None for p in self.paths if self._is_lesson(p)}

    def _is_module(self, path: str) -> bool:
        """Folders with a module.md, or with numbered names and text in them, are meant as modules."""
        parts = path.split("/")
        if len(parts) < 2 or parts[0] == "assets":
            return False
        named = len(parts) == 2 and parts[1] == "module.md"
        lesson = len(parts) == 3 and parts[2] == "lesson.md"
        return named or lesson or (naming.number_of(parts[0]) is not None and suffix(path) in _TEXTS)

    def _is_lesson(self, path: str) -> bool:
        parts = path.split("/")
        return len(parts) == 3 and parts[2] == "lesson.md" and parts[0] in self.modules

    def course(self) -> CourseSource | None:
        if "course.md" not in self.tree.entries:
            message = Phrase(
                "there is no course.md; put it at the top of the folder, with at least a `title:`"
            )
            self.problems.error("course.md", message)
            return None
        document = read_document(self.tree, "course.md", COURSE_FIELDS)
        modules = tuple(module for name in self.modules if (module := self._module(name)))
        # What is wrong with those that can't be read is said of each.
        if not self.lessons:
            message = Phrase(
                "has no lessons; a lesson is a file such as %(example)s",
                example="01-start/01-welcome/lesson.md",
            )
            self.problems.error("", message)
        assets = self._assets()
        self._refuse_doubles(modules)
        return self._head(document, modules, assets) if document else None

    def _head(
        self, document: Document, modules: tuple[ModuleSource, ...], assets: tuple[AssetSource, ...]
    ) -> CourseSource | None:
        said = document.fields
        title = said.text("title") or document.heading
        if not 3 <= len(title) <= 255:
            message = Phrase("needs a `title:` of 3 to 255 characters in its front matter")
            self.problems.error("course.md", message, said.line("title"))
            return None
        language = said.text("language") or "en"
        if not _LANGUAGE.fullmatch(language):
            said.wrong("language", "`%(field)s` must be a language tag such as en, ar or pt-BR")
        wanted = said.text("slug")
        slug = naming.slug(wanted)
        if wanted and slug != wanted:
            said.wrong("slug", "`%(field)s` may hold lower-case letters a-z, digits and hyphens only")
        source = said.text("source", 2_000)
        if source and not source.startswith(("https://", "http://")):
            said.wrong("source", "`%(field)s` must begin with https://")
            source = ""
        cover = said.text("cover", 1_000).removeprefix("./") or None
        if cover and cover not in {a.path for a in assets if a.media_type.startswith("image/")}:
            said.wrong(
                "cover", "`%(field)s` names %(name)s, which is not an image of this course", name=cover
            )
        starts_at, ends_at = said.window("starts", "ends")
        return CourseSource(
            title=title,
            slug=slug or naming.slug_for("course", "", title, title),
            summary=said.text("summary", 1_000),
            description=document.body,
            language=language,
            level=said.choice("level", LEVELS, "beginner"),  # type: ignore[arg-type]
            category=said.text("category"),
            license=said.text("license"),
            authors=said.texts("authors"),
            source_url=source,
            tags=said.texts("tags"),
            certificate=said.flag("certificate") is not False,
            cover=cover,
            prerequisites=said.texts("prerequisites"),
            modules=modules,
            assets=assets,
            bank=self._bank(said.amounts("bank_points", 0, 100_000)),
            access=said.choice("access", ACCESS),
            capacity=said.number("capacity", 1, 1_000_000),
            starts_at=starts_at,
            ends_at=ends_at,
            grade_categories=categories.read_categories(said, modules),
            first_lines=dict(self.tree.first_lines),
        )

    def _module(self, name: str) -> ModuleSource | None:
        path, fallback = f"{name}/module.md", naming.words(name)
        folders = [folder for folder in self.lessons if folder.split("/")[0] == name]
        lessons = tuple(lesson for folder in folders if (lesson := self._lesson(folder)))
        for folder in {"/".join(p.split("/")[:2]) for p in self.paths if self._is_lost_lesson(p, name)}:
            self.problems.error(folder, Phrase("has no lesson.md; name the lesson's main text so"))
        if not folders:
            message = Phrase(
                "the module has no lessons; learners would see it empty. Add one or remove the folder"
            )
            self.problems.warning(name, message)
        identity, title, body, wanted = naming.identity_of(path), fallback, "", ""
        if path not in self.tree.entries:
            message = Phrase('is missing, so the module is called "%(title)s"', title=fallback)
            self.problems.warning(path, message)
        elif document := read_document(self.tree, path, MODULE_FIELDS):
            identity = document.fields.identity() or identity
            title, body = document.title(self.tree, fallback), document.body
            wanted = naming.slug(document.fields.text("slug"))
        slug = naming.take(wanted or naming.slug_for("module", name, title, identity), self.module_slugs)
        return ModuleSource(identity, slug, title, body, path, lessons)

    def _is_lost_lesson(self, path: str, module: str) -> bool:
        parts = path.split("/")
        folder = "/".join(parts[:2])
        inside = len(parts) > 2 and parts[0] == module and folder not in self.lessons
        return inside and suffix(path) in _TEXTS and parts[1] != "assets"

    def _lesson(self, folder: str) -> LessonSource | None:
        files = [p for p in self.paths if p.startswith(f"{folder}/") and self._is_text_of_lesson(p)]
        return self.lesson_reader.read(folder, files)

    def _is_text_of_lesson(self, path: str) -> bool:
        parts = path.split("/")
        return (
            len(parts) > 2
            and "/".join(parts[:2]) in self.lessons
            and (suffix(path) in _TEXTS or path in self.quiz_files)
            and "assets" not in parts[2:-1]
        )

    def _bank(self, points: Mapping[str, int | Decimal]) -> BankSource | None:
        path = next((name for name in BANK if name in self.tree.entries), None)
        return read_bank(self.tree, path, points, self.parse_gift) if path else None

    def _assets(self) -> tuple[AssetSource, ...]:
        found: list[AssetSource] = []
        for path in self.paths:
            parts = path.split("/")
            if path in ("course.md", *BANK) or self._is_text_of_lesson(path):
                continue
            if len(parts) == 2 and parts[0] in self.modules and parts[1] == "module.md":
                continue
            if self._is_lost_lesson(path, parts[0]) and parts[0] in self.modules:
                continue
            text_astray = suffix(path) in _TEXTS and "assets" not in parts[:-1]
            if media_type(path) is None or (text_astray and not self._is_licence(path)):
                self.problems.warning(path, _not_imported(path))
            elif asset := read_asset(self.tree, path):
                found.append(asset)
        return tuple(found)

    def _is_licence(self, path: str) -> bool:
        return "/" not in path and suffix(path) != ".gift" and not path.lower().startswith("readme")

    def _refuse_doubles(self, modules: Iterable[ModuleSource]) -> None:
        """An id names one thing for good: learners' progress hangs on it."""
        seen: dict[tuple[str, str], str] = {}
        for module in modules:
            things = [("module", module.id, module.path)]
            for lesson in module.lessons:
                things.append(("lesson", lesson.id, lesson.path))
                things += [("page", page.id, page.path) for page in lesson.pages]
                things += [("quiz", quiz.id, quiz.path) for quiz in lesson.quizzes]
                things += [("assignment", a.id, a.path) for a in lesson.assignments]
            for kind, identity, path in things:
                first = seen.setdefault((kind, identity), path)
                if first != path:
                    message = Phrase(
                        "has the same id as %(other)s (%(id)s); give one of them another `id:`",
                        other=first,
                        id=identity,
                    )
                    self.problems.error(path, message)


def _not_imported(path: str) -> Phrase:
    if suffix(path) in _TEXTS:
        return Phrase(
            "is not imported: it belongs to no lesson; move it into a lesson's folder or into assets/"
        )
    if suffix(path):
        return Phrase("is not imported: %(ending)s files have no place in a course", ending=suffix(path))
    return Phrase("is not imported: files without an ending have no place in a course")
