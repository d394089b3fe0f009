"""All courses of one instructor, side by side."""

from flask import Response
from flask_babel import gettext as _

from lms.analytics import rules
from lms.analytics.queries import courses as queries
from lms.analytics.views.blueprint import bp
from lms.core import charts, csv_file, web
from lms.core.access import signed_in_viewer, teachers_only

_ADDED = ("enrollments", "active", "recent", "completed", "at_risk", "waiting")


@bp.get("/teaching/analytics")
@teachers_only
def teaching() -> Response:
    """A line for each course, most learners first, and what they come to together."""
    courses = queries.taught_by(signed_in_viewer().id)
    return web.render(
        "analytics/teaching.html",
        courses=courses,
        total={name: sum(getattr(row, name) or 0 for row in courses) for name in _ADDED},
        share=charts.share,
        rules=rules,
    )


@bp.get("/teaching/analytics.csv")
@teachers_only
def teaching_csv() -> Response:
    """The same as a file."""
    heads = [
        _("Course"), _("State"), _("Enrollments"), _("Active"), _("Completed"), _("Left"), _("Active in 7 days"),
        _("At risk"), _("Average progress in percent"), _("Minutes of completed lessons"), _("Rating"), _("Ratings"),
        _("To grade"),
    ]  # fmt: skip
    rows = (
        [
            row.title, row.state, row.enrollments, row.active, row.completed, row.dropped, row.recent, row.at_risk,
            row.progress, row.minutes, row.rating_average, row.rating_count, row.waiting,
        ]
        for row in queries.taught_by(signed_in_viewer().id)
    )  # fmt: skip
    return csv_file.answer("courses.csv", heads, rows)
