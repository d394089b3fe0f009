"""Every text of a course as HTML, and every reference in it checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lms.core.phrases import Phrase
from lms.courses.markdown import Finding, Rendered, labels_for, render
from lms.interop.course_folder.links import Anchor, LinkMap, Miss, link_map
from lms.interop.course_folder.model import CourseSource, Problem
from lms.interop.course_folder.problems import Problems
from lms.interop.course_folder.question_links import located
from lms.interop.gift.report import GiftQuestion

MOST_QUOTED = 100
"""Characters of a formula or link in what is said of it."""


@dataclass(frozen=True, slots=True)
class RenderedCourse:
    """`texts` by path of the file in the course folder, assignments without their rubric; `questions` by path
    of their quiz or of the bank."""

    texts: Mapping[str, Rendered]
    questions: Mapping[str, tuple[GiftQuestion, ...]]
    problems: tuple[Problem, ...]
    links: LinkMap

    @property
    def ok(self) -> bool:
        return not any(problem.severity == "error" for problem in self.problems)


def texts_of(course: CourseSource) -> Iterator[tuple[str, str]]:
    """(path, Markdown) of every text, in the course's order."""
    yield "course.md", course.description
    for module in course.modules:
        yield module.path, module.body
        for lesson in module.lessons:
            yield lesson.path, lesson.body
            yield from ((page.path, page.body) for page in lesson.pages)
            yield from ((assignment.path, assignment.body) for assignment in lesson.assignments)


def render_course(course: CourseSource, base: str) -> RenderedCourse:
    """The course's texts for the address `base`, and what is wrong with their references.

    A file that should be in the folder and is not is an error. One that lies outside of it cannot be
    meant for import: a warning, and the reader gets the words of the link or the image's description.
    """
    links, labels, problems = link_map(course, base), labels_for(course.language), Problems()
    texts: dict[str, Rendered] = {}
    pointed: dict[str, list[Anchor]] = {}
    for path, body in texts_of(course):
        missed: list[Miss] = []
        pointed[path] = []
        text = texts[path] = render(body, link=links.resolver(path, missed, pointed[path]), labels=labels)
        _report(problems, course, path, text, missed)
    for path, anchors in pointed.items():
        for anchor in anchors:
            if anchor.path not in texts or anchor.anchor not in texts[anchor.path].anchors:
                message = Phrase(
                    "links to %(target)s, but %(file)s has no such heading",
                    target=anchor.target,
                    file=anchor.path,
                )
                problems.warning(path, message, line_of(course, path, anchor.target))
    quizzes = (quiz for module in course.modules for lesson in module.lessons for quiz in lesson.quizzes)
    asked = {quiz.path: quiz.questions for quiz in quizzes}
    if course.bank:
        asked[course.bank.path] = course.bank.questions
    questions = {path: located(found, path, base, links, problems) for path, found in asked.items()}
    return RenderedCourse(texts, questions, problems.all(), links)


def _report(problems: Problems, course: CourseSource, path: str, text: Rendered, missed: list[Miss]) -> None:
    images = {reference.target for reference in text.images}
    for miss in missed:
        tell = problems.error if miss.kind == "missing" else problems.warning
        tell(path, _missed(miss, miss.target in images), line_of(course, path, miss.target))
    for finding in text.findings:
        if finding.kind != "unresolved":
            problems.warning(path, _found(finding), line_of(course, path, finding.target))


def _missed(miss: Miss, is_image: bool) -> Phrase:
    target = miss.target
    if miss.kind == "case":
        return Phrase(
            "links to %(target)s, but the file is called %(name)s; write it the same way",
            target=target,
            name=miss.near,
        )
    if miss.kind == "outside":
        return Phrase(
            "links to %(target)s, which lies outside the course folder; only its text is shown", target=target
        )
    if is_image:
        return Phrase("the image %(target)s is not in the course; add it or correct the link", target=target)
    return Phrase("the file %(target)s is not in the course; add it or correct the link", target=target)


def _found(finding: Finding) -> Phrase:
    target = finding.target
    if finding.kind == "anchor":
        return Phrase("links to %(target)s, but this text has no such heading", target=target)
    if finding.kind == "alt":
        return Phrase(
            "the image %(target)s has no description; put one between the brackets: ![...]", target=target
        )
    target = target[:MOST_QUOTED]
    if finding.kind == "math":
        return Phrase("%(formula)s is no formula that can be shown: %(why)s", formula=target, why=finding.why)
    return Phrase("the link %(target)s is not of a kind that is allowed", target=target)


def line_of(course: CourseSource, path: str, target: str) -> int | None:
    """The line of the file at `path` where `target` first stands; None when it is written in another way."""
    body = next((body for where, body in texts_of(course) if where == path), "")
    for spelling in (target, unquote(target)):
        if spelling and (at := body.find(spelling)) >= 0:
            return course.first_lines.get(path, 1) + body.count("\n", 0, at)
    return None
