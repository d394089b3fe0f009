"""The whole site, for its admins."""

from datetime import date

from flask import Response
from flask_babel import gettext as _

from lms.analytics import drawing
from lms.analytics.queries import site as queries
from lms.analytics.views.blueprint import SPANS, bp, span
from lms.core import charts, clock, csv_file, web
from lms.core.access import admins_only

MEGABYTE = 1_000_000


@bp.get("/admin/analytics")
@admins_only
def site() -> Response:
    """Figures, and how they went: people, learning, storage and failures."""
    days = drawing.days_until(clock.now().date(), span())
    return web.render(
        "analytics/site.html",
        figures=queries.figures(days[-1]),
        liveliest=queries.liveliest(),
        trends=_trends(days),
        share=charts.share,
        days=len(days),
        weekly=drawing.in_weeks(days),
        spans=SPANS,
    )


def _trends(days: list[date]) -> dict[str, charts.Lines]:
    rows = queries.days(days[0], days[-1])
    active: list[drawing.Series] = [(_("Active learners"), "active", "mean")]
    joined: list[drawing.Series] = [
        (_("New people"), "users", "sum"),
        (_("New enrollments"), "enrollments", "sum"),
        (_("Completions"), "completions", "sum"),
    ]
    storage: list[drawing.Series] = [
        (_("Files, in MB"), "files_size", "last"),
        (_("Database, in MB"), "database_size", "last"),
    ]
    failures: list[drawing.Series] = [
        (_("Failed jobs"), "jobs_failed", "last"),
        (_("Failed messages"), "emails_failed", "last"),
    ]
    errors: list[drawing.Series] = [(_("Unexpected errors"), "errors", "sum")]
    return {
        "active": drawing.over_time(days, rows, active),
        "joined": drawing.over_time(days, rows, joined),
        "storage": drawing.over_time(days, rows, storage, scale=MEGABYTE),
        "failures": drawing.over_time(days, rows, failures),
        "errors": drawing.over_time(days, rows, errors),
    }


@bp.get("/admin/analytics.csv")
@admins_only
def site_csv() -> Response:
    """The days as a file; sizes in bytes."""
    names = [
        "users", "instructors", "enrollments", "active", "completions", "lessons", "quizzes", "courses",
        "files_size", "database_size", "jobs_failed", "emails_failed", "errors",
    ]  # fmt: skip
    heads = [
        _("Day"), _("New people"), _("New instructors"), _("New enrollments"), _("Active learners"), _("Completions"),
        _("Lessons"), _("Quizzes"), _("Courses"), _("Files"), _("Database"), _("Failed jobs"), _("Failed messages"),
        _("Unexpected errors"),
    ]  # fmt: skip
    days = drawing.days_until(clock.now().date(), span())
    rows = queries.days(days[0], days[-1]).values()
    return csv_file.answer(
        "site.csv", heads, ([row.day.isoformat(), *(getattr(row, name) for name in names)] for row in rows)
    )
