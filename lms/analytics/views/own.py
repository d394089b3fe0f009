"""What a learner did, for themselves."""

from flask import Response
from flask_babel import gettext as _

from lms.analytics import drawing
from lms.analytics.own import Own
from lms.analytics.queries import own as queries
from lms.analytics.views.blueprint import bp
from lms.core import clock, csv_file, i18n, web
from lms.core.access import signed_in, signed_in_viewer

DAYS = 30


@bp.get("/learning/activity")
@signed_in
def activity() -> Response:
    """Figures over everything, and the last 30 days."""
    person, at = signed_in_viewer(), clock.now()
    days = drawing.days_until(at.astimezone(i18n.zone_info()).date(), DAYS)
    rows = queries.days(person.id, i18n.zone(), days[0])
    return web.render(
        "analytics/activity.html",
        own=Own.of(queries.courses(person.id), queries.works(person.id, at)),
        chart=drawing.per_day(days, rows, "completed"),
        opened=sum(row.opened for row in rows.values()),
        active_days=len(rows),
        at=at,
    )


@bp.get("/learning/activity.csv")
@signed_in
def activity_csv() -> Response:
    """The 30 days as a file; days are those of the reader's zone."""
    days = drawing.days_until(clock.now().astimezone(i18n.zone_info()).date(), DAYS)
    rows = queries.days(signed_in_viewer().id, i18n.zone(), days[0])
    heads = [
        _("Day"), _("Lessons opened"), _("Lessons completed"), _("Quizzes handed in"), _("Assignments handed in"),
        _("Posts in discussions"),
    ]  # fmt: skip
    return csv_file.answer(
        "activity.csv",
        heads,
        (
            [row.day.isoformat(), row.opened, row.completed, row.quizzes, row.works, row.posts]
            for row in rows.values()
        ),
    )
