"""A course's settings, its cover, and who teaches it."""

from typing import Any

from flask import Response, current_app, flash, request, url_for
from flask_babel import gettext as _

from lms.accounts import queries as accounts
from lms.core import clock, web
from lms.core.access import Viewer, allow, found, signed_in_viewer, teachers_only
from lms.courses import library, prerequisites, settings
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.files.intake import Refused
from lms.files.kinds import RASTER, ending
from lms.learning import actions as learning
from lms.studio import actions, queries, rules
from lms.studio.forms import FirstForm, InstructorForm, SettingsForm
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show


@bp.get(f"{COURSE}/settings")
@teachers_only
def show_settings(slug: str) -> Response:
    """What the course is, and for whom."""
    person = signed_in_viewer()
    course = course_to_show(slug, person)
    return _page(course, person, SettingsForm.of(course).remember())


def _page(course: Course, person: Viewer, form: SettingsForm, status: int = 200, **more: Any) -> Response:
    facts: dict[str, Any] = {
        "course": course,
        "form": form,
        "slug": course.slug,
        "may_keep_staff": rules.may_keep_staff(person, course.owner_id),
        "prerequisites": prerequisites.of(course.id),
        "own_courses": [row for row in courses.taught_by(person.id) if row.id != course.id],
        "first": FirstForm(formdata=None),
    }
    return web.render("studio/settings.html", status=status, **facts | more)


@bp.post(f"{COURSE}/settings")
@teachers_only
def change_settings(slug: str) -> Response:
    person, form = signed_in_viewer(), SettingsForm()
    course = course_to_change(slug, person)
    if not form.settles(SettingsForm.of(course)):
        return _page(course, person, form, form.refusal)
    if not settings.is_free(form.slug.data, course):
        form.slug.errors = [_("Another course has this address. Choose another one.")]
        return _page(course, person, form, 422)
    at = clock.now()
    settings.change(course, form.changes(), at)
    learning.follow_dates(at, course.id)
    course.description_html = actions.described(course, course.description)
    flash(_("The settings are saved."), "success")
    return web.redirect_to("studio.show_settings", slug=course.slug)


@bp.post(f"{COURSE}/prerequisites")
@teachers_only
def add_prerequisite(slug: str) -> Response:
    """Another course comes first."""
    person, form = signed_in_viewer(), FirstForm()
    course = course_to_change(slug, person)
    refusal = prerequisites.add(course, form.address()) if form.validate_on_submit() else None
    if refusal:
        form.course.errors = [_why_not_first(refusal)]
    if form.errors:
        return _page(course, person, SettingsForm.of(course).remember(), 422, first=form)
    flash(_("Learners complete that course before they enroll in this one."), "success")
    return web.redirect(url_for("studio.show_settings", slug=slug) + "#first")


def _why_not_first(refusal: str) -> str:
    words: dict[str, str] = {
        prerequisites.UNKNOWN: _("There is no course at this address. Paste the address of its page."),
        prerequisites.ITSELF: _("That is this very course."),
        prerequisites.CIRCLE: _("That course comes after this one already; nobody could begin either."),
    }
    return words[refusal]


@bp.post(f"{COURSE}/prerequisites/<int:required_id>/removal")
@teachers_only
def remove_prerequisite(slug: str, required_id: int) -> Response:
    """That course need not come first any more."""
    course = course_to_change(slug, signed_in_viewer())
    found(prerequisites.remove(course, required_id) or None)
    flash(_("Learners can enroll without that course."), "success")
    return web.redirect(url_for("studio.show_settings", slug=slug) + "#first")


@bp.post(f"{COURSE}/cover")
@teachers_only
def set_cover(slug: str) -> Response:
    """Use the uploaded picture, or none."""
    course = course_to_change(slug, signed_in_viewer())
    upload = request.files.get("cover")
    if "remove" in request.form:
        settings.change(course, {"cover_path": None}, clock.now())
        flash(_("The cover is removed."), "success")
        return web.redirect_to("studio.show_settings", slug=slug)
    if upload is None or not upload.filename:
        flash(_("Choose a picture first."), "danger")
        return web.redirect_to("studio.show_settings", slug=slug)
    config = current_app.config["LECTERN"]
    limits = library.Limits(config.upload_limit, config.course_quota)
    try:
        if ending(upload.filename) not in RASTER:
            raise Refused("picture")
        asset = library.add(course, upload.filename, upload.stream, limits, clock.now())
    except Refused:
        flash(
            _("This can’t be the cover. Choose a picture as JPEG, PNG, WebP or GIF that is not damaged."),
            "danger",
        )
        return web.redirect_to("studio.show_settings", slug=slug)
    settings.change(course, {"cover_path": asset.path}, clock.now())
    flash(_("The cover is changed."), "success")
    return web.redirect_to("studio.show_settings", slug=slug)


@bp.get(f"{COURSE}/instructors")
@teachers_only
def instructors(slug: str) -> Response:
    """Who teaches the course; for its owner and admins."""
    person = signed_in_viewer()
    course = course_to_show(slug, person)
    allow(rules.may_keep_staff(person, course.owner_id))
    return _instructors(course, InstructorForm())


def _instructors(course: Course, form: InstructorForm, status: int = 200) -> Response:
    owner = accounts.user_by_id(course.owner_id)
    people = queries.co_instructors(course.id)
    return web.render(
        "studio/instructors.html", status=status, course=course, form=form, people=people, owner=owner
    )


@bp.post(f"{COURSE}/instructors")
@teachers_only
def add_instructor(slug: str) -> Response:
    person, form = signed_in_viewer(), InstructorForm()
    course = course_to_change(slug, person)
    allow(rules.may_keep_staff(person, course.owner_id))
    if not form.validate_on_submit():
        return _instructors(course, form, 422)
    other = accounts.user_by_email(form.email.data)
    if other is None or not other.is_active or other.role not in ("instructor", "admin"):
        form.email.errors = [_("No instructor has this address. They register and apply to teach first.")]
        return _instructors(course, form, 422)
    if settings.add_instructor(course, other.id, other.name, clock.now()):
        flash(_("%(name)s teaches this course with you now.", name=other.name), "success")
    else:
        flash(_("%(name)s teaches this course already.", name=other.name))
    return web.redirect_to("studio.instructors", slug=slug)


@bp.post(f"{COURSE}/instructors/<int:user_id>/removal")
@teachers_only
def remove_instructor(slug: str, user_id: int) -> Response:
    person = signed_in_viewer()
    course = course_to_change(slug, person)
    allow(rules.may_keep_staff(person, course.owner_id))
    other = found(accounts.user_by_id(user_id))
    found(settings.remove_instructor(course, user_id, other.name, clock.now()) or None)
    flash(_("%(name)s does not teach this course any more.", name=other.name), "success")
    return web.redirect_to("studio.instructors", slug=slug)
