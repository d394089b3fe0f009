"""Awarding by hand: who is meant, what would come of it, and only then the award."""

from typing import Any

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.certificates import actions, queries, rules
from lms.certificates.forms import AwardForm
from lms.certificates.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import found, signed_in, signed_in_viewer

PATH = "/courses/<slug>/certificates/award"


@bp.get(PATH)
@signed_in
def choose_awards(slug: str) -> Response:
    """Learners to tick, and room for pasted addresses."""
    course = found(queries.course_for_staff(slug, signed_in_viewer()))
    return _page(course, AwardForm(), ticked=request.args.getlist("enrollment", type=int))


@bp.post(PATH)
@signed_in
def award(slug: str) -> Response:
    """Show what would come of it; with `confirmed`, award those who were shown, each once."""
    person, form = signed_in_viewer(), AwardForm()
    course = found(queries.course_for_staff(slug, person))
    ticked = request.form.getlist("enrollment", type=int)[: rules.MOST_AT_ONCE]
    typed = rules.addresses(form.people.data or "")
    if not form.validate_on_submit():
        return _page(course, form, 422, ticked=ticked)
    if not course.certificate:
        form.people.errors = [_("This course gives no certificates. Switch them on in its settings first.")]
    elif not ticked and not typed:
        form.people.errors = [_("Tick somebody, or paste at least one address.")]
    elif len(typed) > rules.MOST_AT_ONCE:
        form.people.errors = [_("At most %(most)s people at once.", most=rules.MOST_AT_ONCE)]
    if form.errors:
        return _page(course, form, 422, ticked=ticked)
    if "confirmed" in request.form:
        return _award(course, ticked, form.reason.data, person.id)
    meant = queries.awardable(course.id, typed, ticked)
    return _page(course, form, ticked=ticked, plan=rules.candidates(typed, ticked, meant))


def _award(course: queries.Facts, enrollment_ids: list[int], reason: str, by: int) -> Response:
    now = clock.now()
    bases = queries.bases(course.id, enrollment_ids)
    made = [basis for basis in bases if actions.award(basis, by=by, reason=reason, at=now)]
    if made:
        flash(
            ngettext("%(num)s certificate is awarded.", "%(num)s certificates are awarded.", len(made)),
            "success",
        )
    if len(made) < len(enrollment_ids):
        others = len(enrollment_ids) - len(made)
        flash(
            ngettext(
                "%(num)s person had a certificate already; nothing was changed for them.",
                "%(num)s people had a certificate already; nothing was changed for them.",
                others,
            ),
            "info",
        )
    return web.redirect_to("certificates.index", slug=course.slug)


def _page(course: queries.Facts, form: AwardForm, status: int = 200, **more: Any) -> Response:
    facts: dict[str, Any] = {
        "course": course,
        "form": form,
        "plan": None,
        "learners": queries.without_certificate(course.id),
        "most": queries.MOST_TICKED,
    }
    return web.render("certificates/award.html", status=status, **facts | more)
