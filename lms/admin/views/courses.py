"""Every course, whoever owns it."""

from flask import Response, request

from lms.admin.queries import catalogue as queries
from lms.admin.views.blueprint import bp
from lms.core import web
from lms.core.access import admins_only
from lms.core.paging import page_number


@bp.get("/courses")
@admins_only
def courses() -> Response:
    q = request.args.get("q", "").strip()[:200]
    state = request.args.get("state", "")
    state = state if state in queries.STATES else ""
    sort = request.args.get("sort", "fullest")
    sort = sort if sort in queries.SORTS else "fullest"
    return web.render(
        "admin/courses.html",
        fragment="admin/_courses.html",
        page=queries.courses(q, state, sort, page_number(request.args.get("page"))),
        q=q,
        state=state,
        sort=sort,
    )
