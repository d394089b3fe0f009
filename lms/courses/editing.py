"""Changing the outline of a course: modules and lessons. The course is locked by who calls; nothing commits.

A function answers None when the course holds no such module or lesson.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from lms.core.db import db
from lms.courses.models import Course, Lesson, LessonPage, Module
from lms.courses.naming import slug, unused

UP, DOWN = "up", "down"


def add_module(course: Course, title: str, at: datetime) -> Module:
    """A new, empty module at the end."""
    taken = _taken(Module.source_id, course)
    name = unused(slug(title, "module"), taken | _taken(Module.slug, course))
    module = Module(
        course_id=course.id, source_id=name, slug=name, title=title, position=_last(Module, course) + 1
    )
    db.session.add(module)
    _changed(course, at)
    return module


def add_lesson(course: Course, module_id: int, title: str, at: datetime) -> Lesson | None:
    """A new, empty lesson at the end of its module. Once the course has been published it begins hidden."""
    module = module_of(course, module_id)
    if module is None:
        return None
    name = unused(slug(title, "lesson"), _taken(Lesson.slug, course))
    lesson = Lesson(
        course_id=course.id,
        module_id=module.id,
        source_id=unused(f"{module.source_id}/{name}", _taken(Lesson.source_id, course)),
        slug=name,
        title=title,
        is_published=course.state == "draft",
        position=_last(Lesson, course) + 1,
        created_at=at,
        updated_at=at,
    )
    db.session.add(lesson)
    _changed(course, at)
    _order(course)
    return lesson


def add_page(course: Course, lesson: Lesson, title: str, at: datetime) -> LessonPage:
    """A new, empty extra page of a lesson. Its address must not be that of an assignment's short form."""
    pages = db.session.scalars(select(LessonPage).where(LessonPage.lesson_id == lesson.id)).all()
    name = unused(slug(title, "page"), {"assignment", *(page.slug for page in pages)})
    position = max((page.position for page in pages), default=0) + 1
    page = LessonPage(lesson_id=lesson.id, slug=name, title=title, position=position)
    db.session.add(page)
    _changed(course, at)
    return page


def rename_module(course: Course, module_id: int, title: str, at: datetime) -> Module | None:
    """Another title; the address stays."""
    module = module_of(course, module_id)
    if module is not None and module.title != title:
        module.title = title
        _changed(course, at)
    return module


def rename_lesson(course: Course, name: str, title: str, at: datetime) -> Lesson | None:
    """Another title; the address stays, so that links and bookmarks do."""
    lesson = lesson_of(course, name)
    if lesson is not None and lesson.title != title:
        lesson.title = title
        lesson.updated_at = at
        _changed(course, at)
    return lesson


def show_lesson(course: Course, name: str, shown: bool, at: datetime) -> Lesson | None:
    """Let learners see the lesson, or hide it from them."""
    lesson = lesson_of(course, name)
    if lesson is not None and lesson.is_published != shown:
        lesson.is_published = shown
        lesson.updated_at = at
        _changed(course, at)
        db.session.flush()
        count(course)
    return lesson


def show_module(course: Course, module_id: int, at: datetime) -> Module | None:
    """Let learners see all lessons of a module."""
    module = module_of(course, module_id)
    if module is not None:
        for lesson in lessons_in(course, module):
            show_lesson(course, lesson.slug, True, at)
    return module


def move_module(course: Course, module_id: int, to: str | int, at: datetime) -> Module | None:
    """One place `up` or `down`, or to a place counted from 0."""
    modules = modules_of(course)
    module = next((module for module in modules if module.id == module_id), None)
    if module is None:
        return None
    here = modules.index(module)
    place = here + {UP: -1, DOWN: 1}[to] if isinstance(to, str) else to
    modules.remove(module)
    modules.insert(max(0, min(place, len(modules))), module)
    for position, each in enumerate(modules, 1):
        each.position = position
    _changed(course, at)
    _order(course)
    return module


def move_lesson(
    course: Course, name: str, to: str | int, at: datetime, *, module_id: int | None = None
) -> Lesson | None:
    """One place `up` or `down`, past the module's edge into its neighbour, or to a place in `module_id`, from 0."""
    lesson, modules = lesson_of(course, name), modules_of(course)
    if lesson is None or (module_id is not None and module_id not in {module.id for module in modules}):
        return None
    shelves = _shelves(course, modules)
    shelf = next(shelf for module, shelf in shelves if module.id == lesson.module_id)
    here = shelf.index(lesson)
    if isinstance(to, str):
        goal, place = _step(shelves, shelf, here, to)
    else:
        goal = next(lessons for module, lessons in shelves if module.id == (module_id or lesson.module_id))
        place = to
    shelf.remove(lesson)
    goal.insert(max(0, min(place, len(goal))), lesson)
    lesson.module_id = next(module.id for module, lessons in shelves if lessons is goal)
    for position, each in enumerate((each for _, lessons in shelves for each in lessons), 1):
        each.position = position
    _changed(course, at)
    return lesson


Shelf = tuple[Module, list[Lesson]]


def _step(shelves: Sequence[Shelf], shelf: list[Lesson], here: int, to: str) -> tuple[list[Lesson], int]:
    """The list and the place in it that lie one step away."""
    number = next(n for n, (_, lessons) in enumerate(shelves) if lessons is shelf)
    if to == UP and here == 0 and number > 0:
        before = shelves[number - 1][1]
        return before, len(before)
    if to == DOWN and here == len(shelf) - 1 and number < len(shelves) - 1:
        return shelves[number + 1][1], 0
    return shelf, here + (-1 if to == UP else 1)


def copy_lesson(course: Course, name: str, title: str, at: datetime) -> Lesson | None:
    """The text and settings of a lesson with its extra pages, right behind it. What higher modules hang on
    a lesson is theirs to copy."""
    lesson = lesson_of(course, name)
    if lesson is None:
        return None
    made = _copied(course, lesson, lesson.module_id, title, at)
    lessons = [each.slug for each in _lessons(course) if each.module_id == lesson.module_id]
    move_lesson(course, made.slug, lessons.index(lesson.slug) + 1, at)
    count(course)
    return made


def copy_module(
    course: Course, module_id: int, title: str, at: datetime
) -> tuple[Module, list[tuple[Lesson, Lesson]]] | None:
    """A module with all its lessons, right behind it; and each lesson with its copy."""
    module = module_of(course, module_id)
    if module is None:
        return None
    made = add_module(course, title, at)
    made.body, made.body_html = module.body, module.body_html
    db.session.flush()
    lessons = [each for each in _lessons(course) if each.module_id == module.id]
    copies = [(lesson, _copied(course, lesson, made.id, lesson.title, at)) for lesson in lessons]
    modules = modules_of(course)
    move_module(course, made.id, modules.index(module) + 1, at)
    count(course)
    return made, copies


def _copied(course: Course, lesson: Lesson, module_id: int, title: str, at: datetime) -> Lesson:
    made = add_lesson(course, module_id, title, at)
    assert made is not None
    for name in ("body", "body_html", "minutes", "is_preview", "is_required", "release"):
        setattr(made, name, getattr(lesson, name))
    made.is_published = made.is_published and lesson.is_published
    db.session.flush()
    there = select(LessonPage).where(LessonPage.lesson_id == lesson.id, LessonPage.removed_at.is_(None))
    for page in db.session.scalars(there):
        facts = {name: getattr(page, name) for name in ("slug", "title", "body", "body_html", "position")}
        db.session.add(LessonPage(lesson_id=made.id, **facts))
    return made


def remove_lesson(course: Course, name: str, at: datetime) -> Lesson | None:
    """Take the lesson out. Its text, quizzes and learners' work stay for `restore`."""
    lesson = lesson_of(course, name)
    if lesson is not None:
        lesson.removed_at = at
        _changed(course, at)
        count(course)
    return lesson


def remove_module(course: Course, module_id: int, at: datetime) -> Module | None:
    """Take the module out with its lessons, for `restore`."""
    module = module_of(course, module_id)
    if module is not None:
        module.removed_at = at
        db.session.execute(
            update(Lesson)
            .where(Lesson.module_id == module.id, Lesson.removed_at.is_(None))
            .values(removed_at=at)
            .execution_options(synchronize_session="fetch")
        )
        _changed(course, at)
        count(course)
    return module


def restore_lesson(course: Course, lesson_id: int, at: datetime) -> Lesson | None:
    """Undo a removal: back to its place, or to the end when its module is gone meanwhile."""
    lesson = db.session.scalars(
        select(Lesson).where(Lesson.id == lesson_id, Lesson.course_id == course.id)
    ).one_or_none()
    if lesson is None or lesson.removed_at is None:
        return lesson
    module = db.session.get_one(Module, lesson.module_id)
    module.removed_at = None
    lesson.slug = unused(lesson.slug, {each.slug for each in _lessons(course)})
    lesson.removed_at = None
    _changed(course, at)
    _order(course)
    count(course)
    return lesson


def restore_module(course: Course, module_id: int, at: datetime) -> Module | None:
    """Undo a removal, with the lessons that went with it and no others."""
    module = db.session.scalars(
        select(Module).where(Module.id == module_id, Module.course_id == course.id)
    ).one_or_none()
    if module is None or module.removed_at is None:
        return module
    gone = db.session.scalars(
        select(Lesson).where(Lesson.module_id == module.id, Lesson.removed_at == module.removed_at)
    ).all()
    module.removed_at = None
    for lesson in gone:
        lesson.slug = unused(lesson.slug, {each.slug for each in _lessons(course)})
        lesson.removed_at = None
        db.session.flush()
    _changed(course, at)
    _order(course)
    count(course)
    return module


def module_of(course: Course, module_id: int) -> Module | None:
    """A module that is there."""
    statement = select(Module).where(
        Module.id == module_id, Module.course_id == course.id, Module.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def lesson_of(course: Course, name: str) -> Lesson | None:
    """A lesson that is there, by its slug."""
    statement = select(Lesson).where(
        Lesson.slug == name, Lesson.course_id == course.id, Lesson.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def lesson_by_id(course: Course, lesson_id: int) -> Lesson | None:
    """A lesson that is there, by its number."""
    statement = select(Lesson).where(
        Lesson.id == lesson_id, Lesson.course_id == course.id, Lesson.removed_at.is_(None)
    )
    return db.session.scalars(statement).one_or_none()


def modules_of(course: Course) -> list[Module]:
    """The modules in order."""
    statement = select(Module).where(Module.course_id == course.id, Module.removed_at.is_(None))
    return list(db.session.scalars(statement.order_by(Module.position, Module.id)))


def count(course: Course) -> None:
    """Bring the counts of the course to what its learners see."""
    counted = select(func.count(), func.coalesce(func.sum(Lesson.minutes), 0)).where(
        Lesson.course_id == course.id, Lesson.removed_at.is_(None), Lesson.is_published
    )
    course.lesson_count, course.minutes = db.session.execute(counted).one()


def _shelves(course: Course, modules: Sequence[Module]) -> list[Shelf]:
    lessons = _lessons(course)
    return [(module, [each for each in lessons if each.module_id == module.id]) for module in modules]


def lessons_in(course: Course, module: Module) -> list[Lesson]:
    """The lessons of a module in order."""
    return [lesson for lesson in _lessons(course) if lesson.module_id == module.id]


def _lessons(course: Course) -> list[Lesson]:
    statement = select(Lesson).where(Lesson.course_id == course.id, Lesson.removed_at.is_(None))
    return list(db.session.scalars(statement.order_by(Lesson.position, Lesson.id)))


def _order(course: Course) -> None:
    """Number the lessons through the course, module after module."""
    db.session.flush()
    shelves = _shelves(course, modules_of(course))
    for position, lesson in enumerate((each for _, lessons in shelves for each in lessons), 1):
        lesson.position = position
    count(course)


def _taken(column: object, course: Course) -> set[str]:
    """Names that are in use, by what was removed too: it may come back."""
    table = Module if column in (Module.slug, Module.source_id) else Lesson
    return set(db.session.scalars(select(column).where(table.course_id == course.id)))  # type: ignore[call-overload]


def _last(table: type[Module] | type[Lesson], course: Course) -> int:
    # The import moves modules that left the folder far behind the others.
    statement = select(func.coalesce(func.max(table.position), 0)).where(
        table.course_id == course.id, table.removed_at.is_(None)
    )
    return int(db.session.scalar(statement) or 0)


def _changed(course: Course, at: datetime) -> None:
    course.updated_at = at
