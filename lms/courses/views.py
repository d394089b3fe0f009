"""Pages of courses: the landing page, the catalogue, a course, its files, and what a teacher has."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.assignments import queries as assignments
from lms.certificates import queries as certificates
from lms.core import access, clock, web
from lms.core.access import allow, found, public, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.courses import actions, catalogue, forms, queries, rules, words
from lms.discussions import queries as discussions
from lms.files import delivery, variants
from lms.learning import queries as learning
from lms.learning import reviews_queries as reviews
from lms.quizzes import queries as quizzes

bp = Blueprint("courses", __name__)
for _word in words.GLOBALS:
    bp.add_app_template_global(_word)

SHOWN_AT_HOME = 6


@bp.get("/")
@public
def home() -> Response:
    """What Lectern is, for visitors; who is signed in goes on with their courses."""
    if access.viewer() is not None:
        return web.redirect_to("learning.dashboard")
    return web.render("courses/home.html", courses=catalogue.newest(SHOWN_AT_HOME))


@bp.get("/courses")
@public
def index() -> Response:
    """The catalogue; its form sends each change and gets the results alone."""
    wish, number = forms.wish_from(request.args), page_number(request.args.get("page"))
    found_now = catalogue.look_up(wish, number)
    if number > 1 and not found_now.page.items:
        abort(404)
    response = web.render(
        "courses/index.html",
        fragment="courses/_found.html",
        wish=wish,
        found=found_now,
        page=found_now.page,
        choices=words.facet_choices(found_now.facets, wish.filters),
    )
    if web.wants_fragment():
        response.headers["HX-Replace-Url"] = url_for("courses.index", **wish.asked)
    return response


@bp.get("/courses/<slug>")
@public
def show(slug: str) -> Response:
    """A course: what it is, its outline, and the way in."""
    standing = found(learning.course_page(slug, access.viewer()))
    course = standing.row
    finished = standing.is_learner and course.completed_at is not None
    return web.render(
        "courses/show.html",
        course=course,
        standing=standing,
        outline=standing.outline,
        may_search=standing.reads_all or any(line.is_preview for line in standing.outline.lines),
        refusal=standing.refusal(clock.now()),
        resume=standing.outline.resume(course.last_lesson_id) if standing.is_learner else None,
        **learning.contents(standing),
        **_certificate(course, finished),
        **reviews.section(standing),
    )


def _certificate(course: Row[Any], finished: bool) -> dict[str, Any]:
    certificate = certificates.of_enrollment(course.enrollment_id) if finished else None
    return {
        "enrollment": course if finished else None,
        "certificate": certificate,
        "is_expected": finished and (course.certificate or certificate is not None),
        "is_late": False,
    }


@bp.get("/courses/<slug>/assets/<path:path>")
@public
def asset(slug: str, path: str) -> Response:
    """A file of a course, for who may read the course. The cover, and what the description or a preview
    lesson of a published course shows, are for everyone."""
    standing = found(learning.asset(slug, path, access.viewer()))
    file = standing.row
    allow(
        standing.may_read
        or file.path == file.cover_path
        or learning.is_shown_publicly(file.course_id, url_for("courses.asset", slug=slug, path=path))
    )
    file = variants.in_width(path, file.key, request.args.get("w")) or file
    return delivery.send(
        file.key,
        name=path,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        at=file.created_at,
    )


@bp.get("/teaching")
@teachers_only
def teaching() -> Response:
    """A teacher's own courses."""
    return web.render("courses/teaching.html", refused=None, **_teaching_facts(signed_in_viewer()))


def _teaching_facts(person: access.Viewer) -> dict[str, Any]:
    taught = queries.taught_by(person.id)
    return {
        "courses": taught,
        "can_publish": rules.may_publish(person),
        "essays": quizzes.essays_to_mark([course.id for course in taught]),
        "questions": discussions.unanswered([course.id for course in taught]),
        "submissions": assignments.waiting([course.id for course in taught]),
    }


@bp.post("/courses/<slug>/publication")
@teachers_only
def publish(slug: str) -> Response:
    """Open a course to everyone; when something is missing, say what."""
    person = signed_in_viewer()
    course = found(queries.course_to_change(slug, person))
    allow(rules.may_publish(person))
    unfit, circles = quizzes.unfit_quizzes(course.id), learning.circles(course.id)
    missing = actions.publish(course, person, clock.now(), unfit_quizzes=len(unfit), circles=len(circles))
    if missing == (rules.CIRCLE,):
        flash(_("The course can’t be published yet. The list says what is missing."), "warning")
        return web.redirect_to("studio.show", slug=slug)
    if missing:
        refused = {"course": course, "needs_lesson": rules.NO_LESSON in missing, "quizzes": unfit}
        return web.render("courses/teaching.html", status=422, refused=refused, **_teaching_facts(person))
    flash(_("“%(title)s” is published.", title=course.title), "success")
    return web.redirect_to("courses.teaching")


@bp.post("/courses/<slug>/publication/end")
@teachers_only
def unpublish(slug: str) -> Response:
    """Take a course back; its learners keep their work."""
    person = signed_in_viewer()
    course = found(queries.course_to_change(slug, person))
    allow(rules.may_publish(person))
    actions.unpublish(course, clock.now())
    flash(_("“%(title)s” is a draft again. Only its instructors see it.", title=course.title), "success")
    return web.redirect_to("courses.teaching")
