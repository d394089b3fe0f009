"""Room: what takes how much of it, and giving back what nothing needs."""

from typing import Any

from flask import Response, current_app, flash, request
from flask_babel import gettext as _

from lms.admin import disk, words
from lms.admin.actions import storage as actions
from lms.admin.queries import storage as queries
from lms.admin.views.blueprint import bp
from lms.core import charts, clock, web
from lms.core.access import admins_only
from lms.core.paging import Page, page_number
from lms.files import orphans


@bp.get("/storage")
@admins_only
def storage() -> Response:
    q, sort = request.args.get("q", "").strip()[:200], request.args.get("sort", "size")
    sort = sort if sort in queries.SORTS else "size"
    page = queries.courses(q, sort, page_number(request.args.get("page")))
    if web.wants_fragment():
        return web.render("admin/_storage.html", fragment="admin/_storage.html", **_courses(page, q, sort))
    uses = queries.uses()
    return web.render(
        "admin/storage.html",
        fragment="admin/_storage.html",
        uses=uses,
        use_words=words.USES,
        whole=sum(row.size for row in uses),
        files=sum(row.files for row in uses),
        unused=next((row for row in uses if row.use == "unused" and row.files), None),
        kinds=queries.kinds(),
        kind_words=words.KINDS,
        database=queries.database(),
        free=disk.free_bytes(),
        grace=orphans.GRACE.days,
        **_courses(page, q, sort),
    )


def _courses(page: Page[Any], q: str, sort: str) -> dict[str, Any]:
    quota = current_app.config["LECTERN"].course_quota
    return {"page": page, "q": q, "sort": sort, "quota": quota, "share": charts.share}


@bp.post("/storage/clean-up")
@admins_only
def clean_storage() -> Response:
    actions.clean_up(clock.now())
    flash(_("The clean-up is under way. Look again in a minute."), "success")
    return web.redirect_to("admin.storage")
