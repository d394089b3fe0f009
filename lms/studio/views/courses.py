"""A course's workbench: made, laid out, published."""

import re
from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.core import clock, i18n, web
from lms.core.access import Viewer, allow, found, signed_in_viewer, teachers_only
from lms.courses import actions as course_actions
from lms.courses import queries as course_queries
from lms.courses import rules as course_rules
from lms.courses import settings
from lms.courses.models import Course
from lms.learning import queries as learning
from lms.quizzes import queries as quizzes
from lms.studio import queries, rules
from lms.studio.forms import CourseForm
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show


@bp.route("/teaching/new", methods=["GET", "POST"])
@teachers_only
def new() -> Response:
    """Make a draft."""
    form = CourseForm(language=i18n.language())
    if not form.validate_on_submit():
        return web.render("studio/new.html", form=form, status=422 if form.is_submitted() else 200)
    values = {name: form[name].data or "" for name in ("title", "level", "language", "category")}
    course = settings.create(signed_in_viewer().id, **values, at=clock.now())
    flash(_("Your course is here, as a draft that nobody else sees. Begin with a module."), "success")
    return web.redirect_to("studio.show", slug=course.slug)


@bp.get(COURSE)
@teachers_only
def show(slug: str) -> Response:
    """The outline, and what is still missing."""
    person = signed_in_viewer()
    kind, _hyphen, number = request.args.get("undo", "").partition("-")
    undo = (
        (kind, int(number))
        if kind in ("module", "lesson", "quiz") and re.fullmatch(r"\d{1,18}", number)
        else None
    )
    return workbench(course_to_show(slug, person), person, undo=undo)


def workbench(course: Course, person: Viewer, status: int = 200, **more: Any) -> Response:
    """The page, or its outline alone for htmx. `more` overrides facts: a form with its errors, a removal to undo."""
    shelves = queries.outline(course.id, person.id)
    unfit, circles = quizzes.unfit_quizzes(course.id), learning.circles(course.id)
    checks = rules.checklist(course, shelves, unfit, circles)
    facts: dict[str, Any] = {
        "wrong": None,
        "undo": None,
        "said": None,
        "shelves": shelves,
        "checks": checks,
        "is_ready": rules.may_be_published(checks),
        "may_publish": course_rules.may_publish(person),
    }
    return web.render(
        "studio/show.html", fragment="studio/_changed.html", status=status, course=course, **facts | more
    )


@bp.post(f"{COURSE}/publication")
@teachers_only
def publish(slug: str) -> Response:
    """Open the course to everyone; when something is missing, the checklist says what."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    allow(course_rules.may_publish(person))
    unfit, circles = quizzes.unfit_quizzes(course.id), learning.circles(course.id)
    missing = course_actions.publish(
        course, person, clock.now(), unfit_quizzes=len(unfit), circles=len(circles)
    )
    if not missing:
        flash(_("“%(title)s” is published.", title=course.title), "success")
    else:
        flash(_("The course can’t be published yet. The list says what is missing."), "warning")
    return web.redirect_to("studio.show", slug=slug)


@bp.post(f"{COURSE}/publication/end")
@teachers_only
def unpublish(slug: str) -> Response:
    """Back to a draft; learners keep their work."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    allow(course_rules.may_publish(person))
    course_actions.unpublish(course, clock.now())
    flash(_("“%(title)s” is a draft again. Only its instructors see it.", title=course.title), "success")
    return web.redirect_to("studio.show", slug=slug)


@bp.post(f"{COURSE}/archive")
@teachers_only
def archive(slug: str) -> Response:
    """Close the course to newcomers."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    settings.archive(course, clock.now())
    flash(
        _("“%(title)s” is archived: who is enrolled reads on, nobody new comes in.", title=course.title),
        "success",
    )
    return web.redirect_to("studio.show", slug=slug)


@bp.post(f"{COURSE}/archive/end")
@teachers_only
def reopen(slug: str) -> Response:
    """Out of the archive, as a draft."""
    course = course_to_change(slug, signed_in_viewer())
    settings.reopen(course, clock.now())
    flash(_("“%(title)s” is a draft again. Publish it when it is ready.", title=course.title), "success")
    return web.redirect_to("studio.show", slug=slug)


@bp.post(f"{COURSE}/removal")
@teachers_only
def remove(slug: str) -> Response:
    """Delete the course; its owner has 30 days to think again."""
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    allow(rules.may_keep_staff(person, course.owner_id))
    settings.remove(course, clock.now())
    flash(_("“%(title)s” is deleted. You can bring it back for 30 days.", title=course.title), "success")
    return web.redirect_to("studio.removed")


@bp.get("/teaching/removed")
@teachers_only
def removed() -> Response:
    """Deleted courses that can be brought back."""
    since = clock.now() - settings.UNDELETE
    rows = course_queries.removed_by(signed_in_viewer().id, since)
    return web.render("studio/removed.html", courses=rows, keep_for=settings.UNDELETE)


@bp.post(f"{COURSE}/removal/end")
@teachers_only
def restore(slug: str) -> Response:
    """Bring a deleted course back as a draft."""
    course = found(course_queries.removed_course(slug, signed_in_viewer()))
    if not settings.restore(course, clock.now()):
        flash(_("The 30 days are over; this course can’t be brought back."), "danger")
        return web.redirect_to("studio.removed")
    flash(_("“%(title)s” is back, as a draft.", title=course.title), "success")
    return web.redirect_to("studio.show", slug=slug)
