"""Staff look at their course as a learner would: as somebody who has just enrolled. Nothing of it is kept."""

from flask import Response, g, request, session, url_for
from flask_babel import gettext as _

from lms.core import access, clock, errors, web, work
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses import queries as courses
from lms.studio import admission, queries
from lms.studio.forms import AccessForm
from lms.studio.views.blueprint import COURSE, bp, course_to_show


@bp.post(f"{COURSE}/view")
@teachers_only
def look(slug: str) -> Response:
    """From now on the course looks to its instructor as it does to a learner, in this browser."""
    found(courses.course_to_edit(slug, signed_in_viewer()))
    session["looks_at"] = slug
    return web.redirect(_below(slug, request.form.get("next")) or url_for("courses.show", slug=slug))


@bp.post(f"{COURSE}/view/end")
@teachers_only
def stop_looking(slug: str) -> Response:
    """Back to the studio."""
    if session.pop("looks_at", "") != slug:
        course_to_show(slug, signed_in_viewer())
    return web.redirect_to("studio.show", slug=slug)


def _below(slug: str, target: str | None) -> str | None:
    """A page of the course itself, else None."""
    path = web.safe_next(target)
    return path if path and path.startswith(f"/courses/{slug}/") else None


def is_looking() -> bool:
    """Whether this request is for the course that its instructor only looks at."""
    person = access.viewer()
    if person is None or not person.looks_at:
        return False
    home = f"/courses/{person.looks_at}"
    return request.path == home or request.path.startswith(f"{home}/")


bp.add_app_template_global(is_looking)


@bp.before_app_request
def refuse_changes() -> Response | None:
    """A learner's buttons would write a learner's work."""
    if request.method in ("GET", "HEAD", "OPTIONS") or not is_looking():
        return None
    return errors.answer(
        403,
        title=_("You are only looking"),
        advice=_(
            "You see the course as a learner does, and nothing is recorded. Leave the view to change something."
        ),
    )


@bp.after_app_request
def take_back(response: Response) -> Response:
    """What reading would have noted."""
    if "_login_user" in g and request.method in ("GET", "HEAD") and is_looking():
        work.discard()
    return response


@bp.get(f"{COURSE}/access")
@teachers_only
def explain_access(slug: str) -> Response:
    """Why a learner sees a lesson, or why not: every rule with what it says about them."""
    person = signed_in_viewer()
    course = course_to_show(slug, person)
    form = AccessForm(request.args, meta={"csrf": False})
    form.lesson.choices = [(lesson.slug, lesson.title) for lesson in queries.lesson_choices(course.id)]
    decision = None
    if "email" in request.args and form.validate():
        decision = admission.explained(slug, form.lesson.data, form.email.data, clock.now())
        if decision is None:
            form.email.errors = [_("Nobody is registered here with this address.")]
    status = 422 if form.errors else 200
    return web.render(
        "studio/access.html",
        status=status,
        course=course,
        form=form,
        decision=decision,
    )
