"""Bringing people into a course by their addresses: looked at first, then done; and invitations that wait."""

from typing import Any

from flask import Response, abort, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts import audit, bulk, invitations
from lms.core import clock, web
from lms.core.access import Viewer, allow, found, signed_in_viewer, teachers_only
from lms.core.paging import page_number
from lms.core.security import limiter
from lms.courses import rules as course_rules
from lms.courses.models import Course
from lms.notifications import inviting
from lms.studio import address_list, queries
from lms.studio.forms import PeopleForm
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show

LEARNERS = f"{COURSE}/learners"
INVITATION = f"{COURSE}/invitations/<int(max={2**63 - 1}):invitation_id>"


@bp.get(LEARNERS)
@teachers_only
def learners(slug: str) -> Response:
    """Who can be brought in, and who was invited and has not come yet."""
    return _page(course_to_show(slug, signed_in_viewer()), PeopleForm())


def _page(course: Course, form: PeopleForm, status: int = 200) -> Response:
    return web.render(
        "studio/learners.html",
        status=status,
        course=course,
        form=form,
        waiting=invitations.waiting(course.id, page_number(request.args.get("page"))),
        may_bring=course.state != "archived" and course_rules.may_publish(signed_in_viewer()),
        now=clock.now(),
    )


def _course(slug: str, person: Viewer) -> Course:
    """The course, locked, for who may bring people in. An archived one takes nobody."""
    course = course_to_change(slug, person)
    allow(course_rules.may_publish(person) and course.state != "archived")
    return course


@bp.post(LEARNERS)
@limiter.limit("60 per hour")
@teachers_only
def check_learners(slug: str) -> Response:
    """What would happen; nothing is changed and nobody is written to."""
    course, form = _course(slug, signed_in_viewer()), PeopleForm()
    if not form.validate_on_submit():
        return _page(course, form, 422)
    try:
        people = address_list.read(form.listed())
    except bulk.Unreadable as error:
        form.file.errors = [str(error)]
        return _page(course, form, 422)
    if not people.names and not people.bad:
        form.addresses.errors = [_("There is no email address in the list.")]
        return _page(course, form, 422)
    if len(people.names) > address_list.MOST:
        form.addresses.errors = [
            _("At most %(most)s addresses at once. Cut the list in parts.", most=address_list.MOST)
        ]
        return _page(course, form, 422)
    here = queries.learning_here(course.id, people.names)
    new = {address: name for address, name in people.names.items() if address.lower() not in here}
    facts: dict[str, Any] = {
        "people": people,
        "new": new,
        "known": [address for address in people.names if address not in new],
        "written": address_list.written(new),
    }
    return web.render("studio/learners_check.html", course=course, **facts)


@bp.post(f"{LEARNERS}/admission")
@limiter.limit("30 per hour")
@teachers_only
def admit_learners(slug: str) -> Response:
    """Enroll who has an account, invite the others."""
    person, at = signed_in_viewer(), clock.now()
    course, form = _course(slug, person), PeopleForm()
    names = address_list.read(form.addresses.data or "").names
    if not names or len(names) > address_list.MOST:
        abort(422)
    sent = inviting.invite_many(names, role="student", course_id=course.id, by=person, at=at)
    audit.record(
        "course.people_brought",
        at,
        subject_kind="course",
        subject_id=course.id,
        subject_name=course.title,
        enrolled=sent.enrolled,
        invited=len(sent.invited),
    )
    for said in _said(sent):
        flash(said, "success")
    return web.redirect_to("studio.learners", slug=slug)


def _said(sent: inviting.Sent) -> list[str]:
    said = []
    if sent.enrolled:
        said.append(
            ngettext(
                "%(num)s person is enrolled and gets a message.",
                "%(num)s people are enrolled and get a message.",
                sent.enrolled,
            )
        )
    if sent.invited:
        said.append(
            ngettext(
                "%(num)s invitation is on its way.",
                "%(num)s invitations are on their way.",
                len(sent.invited),
            )
        )
    return said or [_("Everybody in the list is in the course already.")]


@bp.post(f"{INVITATION}/resend")
@limiter.limit("60 per hour")
@teachers_only
def resend_invitation(slug: str, invitation_id: int) -> Response:
    """The link by mail once more, good for seven days from now."""
    person = signed_in_viewer()
    _invited(_course(slug, person), invitation_id)
    inviting.resend(invitation_id, person, clock.now())
    flash(_("The invitation is sent again, and good for seven days."), "success")
    return web.redirect_to("studio.learners", slug=slug)


@bp.post(f"{INVITATION}/revocation")
@teachers_only
def revoke_invitation(slug: str, invitation_id: int) -> Response:
    """The link stops working."""
    _invited(course_to_change(slug, signed_in_viewer()), invitation_id)
    invitations.revoke(invitation_id, clock.now())
    flash(_("The invitation is revoked; its link works no longer."), "success")
    return web.redirect_to("studio.learners", slug=slug)


def _invited(course: Course, invitation_id: int) -> None:
    """404 unless the invitation waits and is one to this course."""
    found(invitations.is_waited_for(invitation_id, course.id) or None)
