"""What a text said before: list, differences, restore."""

from flask import Response, flash
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.courses import revisions
from lms.studio import actions, differences
from lms.studio.views.blueprint import bp
from lms.studio.views.texts import INTRODUCTION, LESSON, MODULE, OWN, PART, address, place, place_to_show


@bp.get(f"{LESSON}/revisions", defaults=OWN)
@bp.get(f"{PART}/revisions")
@bp.get(f"{MODULE}/revisions", defaults=INTRODUCTION)
@teachers_only
def history(slug: str, lesson: str, kind: str, part: str) -> Response:
    """Every saved version, newest first."""
    at = place_to_show(slug, lesson, kind, part)
    return web.render(
        "studio/history.html",
        course=at.course,
        lesson=at.lesson,
        text=at.text,
        address=address(at),
        revisions=revisions.history(kind, at.text.id),
    )


@bp.get(f"{LESSON}/revisions/<int:version>", defaults=OWN)
@bp.get(f"{PART}/revisions/<int:version>")
@bp.get(f"{MODULE}/revisions/<int:version>", defaults=INTRODUCTION)
@teachers_only
def revision(slug: str, lesson: str, kind: str, part: str, version: int) -> Response:
    """One version: what it changed, and how it differs from today's."""
    at = place_to_show(slug, lesson, kind, part)
    shown = found(revisions.revision(kind, at.text.id, version))
    before = revisions.revision(kind, at.text.id, version - 1)
    return web.render(
        "studio/revision.html",
        course=at.course,
        lesson=at.lesson,
        text=at.text,
        address=address(at),
        revision=shown,
        changed=differences.lines(before.body if before else "", shown.body),
        until_now=differences.lines(shown.body, at.text.body),
        is_current=(shown.title, shown.body) == (at.text.title, at.text.body),
    )


@bp.post(f"{LESSON}/revisions/<int:version>/restoration", defaults=OWN)
@bp.post(f"{PART}/revisions/<int:version>/restoration")
@bp.post(f"{MODULE}/revisions/<int:version>/restoration", defaults=INTRODUCTION)
@teachers_only
def restore_revision(slug: str, lesson: str, kind: str, part: str, version: int) -> Response:
    """Make it the text again; what stood there is a revision too."""
    at = place(slug, lesson, kind, part)
    found(actions.restore(at, version, signed_in_viewer().id, clock.now()) or None)
    flash(_("Revision %(number)s is the text again.", number=version), "success")
    return web.redirect_to("studio.edit", **address(at))
