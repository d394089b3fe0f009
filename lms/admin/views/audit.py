"""The audit log: read, filtered, and as a file."""

from datetime import date, datetime, time, timedelta

from flask import Response, request
from flask_babel import gettext as _

from lms.admin import log_words, words
from lms.admin.queries import log as queries
from lms.admin.views.blueprint import bp
from lms.core import clock, csv_file, i18n, web
from lms.core.access import admins_only
from lms.core.paging import page_number


@bp.get("/audit")
@admins_only
def audit() -> Response:
    asked, wish = _asked()
    return web.render(
        "admin/audit.html",
        fragment="admin/_audit.html",
        page=queries.entries(wish, page_number(request.args.get("page"))),
        asked=asked,
        actions=queries.actions(),
        action_words=words.action,
        details=log_words.details,
    )


@bp.get("/audit.csv")
@admins_only
def audit_csv() -> Response:
    """The same entries, all of them, sent while they are read."""
    _shown, wish = _asked()
    heads = [
        _("When (UTC)"),
        _("Who"),
        _("Who (number)"),
        _("Action"),
        _("Kind"),
        _("Whom"),
        _("Whom (number)"),
        _("From"),
        _("Details"),
    ]
    rows = (
        [
            e.at.isoformat(),
            e.actor_name,
            e.actor_id,
            e.action,
            e.subject_kind,
            e.subject_name,
            e.subject_id,
            e.address,
            log_words.details(e.details),
        ]
        for e in queries.all_entries(wish)
    )
    return csv_file.answer(f"audit-{clock.now():%Y-%m-%d}.csv", heads, rows)


def _asked() -> tuple[dict[str, str], queries.Wish]:
    """The filters as they stand in the address, and what they mean; days are those of the reader's zone."""
    asked = {
        name: request.args.get(name, "").strip()[:100] for name in ("person", "action", "since", "until")
    }
    since, until = _day(asked["since"]), _day(asked["until"])
    wish = queries.Wish(
        asked["person"],
        asked["action"],
        since=_begin(since) if since else None,
        until=_begin(until + timedelta(days=1)) if until else None,
    )
    return asked, wish


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 3000 else None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, i18n.zone_info())
