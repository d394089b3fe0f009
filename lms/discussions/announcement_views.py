"""Announcements of a course: read by who learns there, written by its staff."""

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _

from lms.core import access, clock, web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.core.i18n import local
from lms.core.paging import page_number
from lms.discussions import announcements, queries, seen
from lms.discussions.forms import AnnouncementForm
from lms.discussions.models import Announcement
from lms.discussions.scope import joined, taught
from lms.learning.standing import Standing

bp = Blueprint("announcements", __name__)

PLACE = "/courses/<slug>/announcements"


@bp.get(PLACE)
@signed_in
def index(slug: str) -> Response:
    """What was announced; staff see what waits as well."""
    standing, number = joined(slug), page_number(request.args.get("page"))
    since = standing.row.announcements_since
    reader = signed_in_viewer()
    page = queries.announcements(standing.row.id, reader.id, since, number, with_waiting=standing.is_staff)
    if number > 1 and not page.items:
        abort(404)
    may_note = (standing.is_staff or standing.leaves_traces) and not access.is_watched()
    if may_note and any(row.is_later for row in page.items):
        seen.see_announcements(standing.row.id, reader.id, clock.now())
    return web.render(
        "discussions/announcements.html", course=standing.row, page=page, is_staff=standing.is_staff
    )


@bp.route(f"{PLACE}/new", methods=["GET", "POST"])
@signed_in
def new(slug: str) -> Response:
    """Write one."""
    standing, form = taught(slug), AnnouncementForm()
    if not form.is_submitted() or "preview" in request.form or not form.validate():
        return _form(standing, form, None)
    by_id, at = signed_in_viewer().id, clock.now()
    made = announcements.announce(standing.row, by_id, form.title.data, form.body.data, form.when, at)
    return _done(slug, made)


@bp.route(f"{PLACE}/<int:announcement_id>", methods=["GET", "POST"])
@signed_in
def edit(slug: str, announcement_id: int) -> Response:
    """Change one."""
    standing = taught(slug)
    announcement = found(queries.announcement(standing.row.id, announcement_id))
    form = AnnouncementForm(
        title=announcement.title,
        body=announcement.body,
        publish_at=local(announcement.publish_at) if announcement.published_at is None else None,
    )
    if not form.is_submitted() or "preview" in request.form or not form.validate():
        return _form(standing, form, announcement)
    announcements.change(announcement, standing.row, form.title.data, form.body.data, form.when, clock.now())
    return _done(slug, announcement)


def _form(standing: Standing, form: AnnouncementForm, announcement: Announcement | None) -> Response:
    is_look = not form.is_submitted() or "preview" in request.form
    return web.render(
        "discussions/announcement.html",
        fragment="discussions/_preview.html",
        status=200 if is_look else 422,
        course=standing.row,
        form=form,
        announcement=announcement,
        html=announcements.rendered(form.body.data or "", standing.row.language),
    )


def _done(slug: str, announcement: Announcement) -> Response:
    if announcement.published_at is None:
        flash(_("It goes out by itself when its time has come."), "success")
    else:
        flash(_("The announcement is out."), "success")
    return web.redirect_to("announcements.index", slug=slug, _anchor=f"announcement-{announcement.id}")


@bp.post(f"{PLACE}/<int:announcement_id>/removal")
@signed_in
def remove(slug: str, announcement_id: int) -> Response:
    """Take one away."""
    standing = taught(slug)
    announcements.remove(found(queries.announcement(standing.row.id, announcement_id)), clock.now())
    flash(_("The announcement is deleted."), "success")
    return web.redirect_to("announcements.index", slug=slug)
