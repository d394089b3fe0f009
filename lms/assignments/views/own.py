"""What a learner handed in for something that is not asked for any more: it stays theirs to read."""

from flask import Response

from lms.assignments import queries, rules
from lms.assignments.reading import handed_in, unsent
from lms.assignments.views.blueprint import bp
from lms.core import web
from lms.core.access import found, signed_in, signed_in_viewer
from lms.learning.decisions import Decision


@bp.get(f"/submissions/<int(max={2**63 - 1}):submission_id>")
@signed_in
def own(submission_id: int) -> Response:
    """A learner's own work with what was said about it. While its lesson asks for it, its place is there."""
    brief = found(queries.own_work(submission_id, signed_in_viewer().id))
    if brief.is_asked_for:
        place = {"slug": brief.course_slug, "lesson": brief.lesson_slug, "assignment": brief.slug}
        return web.redirect_to("assignments.show", **place)
    terms = rules.Terms.of(brief)
    versions = handed_in(brief, terms)
    return web.render(
        "assignments/own.html",
        brief=brief,
        terms=terms,
        decision=Decision.of(brief.decided),
        versions=versions,
        newest=versions[0],
        unsent=unsent(brief, versions, is_open=False),
    )
