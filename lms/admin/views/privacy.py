"""One's own data: a copy to take along, and erasure."""

from flask import Response, abort, current_app, request
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from lms.accounts import actions as accounts
from lms.accounts import queries as account_queries
from lms.accounts import sessions
from lms.admin import jobs
from lms.admin.actions import privacy as actions
from lms.admin.forms import EraseForm
from lms.admin.queries import privacy as queries
from lms.admin.views.blueprint import membership
from lms.core import clock, tasks, web, work
from lms.core.access import Viewer, found, public, signed_in, signed_in_viewer
from lms.core.security import limiter
from lms.files import storage


def _own() -> Viewer:
    """The person themself, never an admin who looks as them."""
    person = signed_in_viewer()
    if person.viewed_by_id is not None:
        abort(403)
    return person


@membership.get("/privacy")
@signed_in
def privacy() -> Response:
    person = _own()
    exports = queries.exports(person.id, clock.now())
    return web.render(
        "accounts/privacy/show.html",
        fragment="accounts/privacy/_exports.html",
        exports=exports,
        is_running=any(row.state in ("queued", "running") for row in exports),
        kept=queries.KEPT,
        step_words=actions.step_words,
    )


@membership.post("/privacy/exports")
@limiter.limit("10 per hour")
@signed_in
def start_export() -> Response:
    """Have the copy made; while one is under way there is no second."""
    person, at = _own(), clock.now()
    if not any(row.state in ("queued", "running") for row in queries.exports(person.id, at)):
        tasks.start(jobs.export_personal, person.id, at)
    return web.redirect_to("membership.privacy")


@membership.get("/privacy/exports/<int:task_id>")
@signed_in
def download_export(task_id: int) -> Response:
    """The ZIP, for its owner alone, while it is kept."""
    row = found(queries.export_of(task_id, _own().id, clock.now()))
    if row.state != "done":
        return web.redirect_to("membership.privacy")
    response = Response(storage.stream(row.result["key"]), mimetype="application/zip")
    response.content_length = row.result["size"]
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{row.finished_at:%Y-%m-%d}.zip"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@membership.route("/privacy/erasure", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
@signed_in
def erase() -> Response:
    """First what would go and what would stay; with the password, the erasure itself."""
    person, form, at = _own(), EraseForm(), clock.now()
    courses, is_last = queries.owned_courses(person.id), queries.is_last_admin(person.id)
    if courses or is_last or not form.validate_on_submit() or not _is_theirs(person, form):
        return web.render(
            "accounts/privacy/erase.html",
            form=form,
            foretold=queries.foretold(person.id),
            courses=courses,
            is_last=is_last,
            status=422 if form.is_submitted() else 200,
        )
    actions.begin_erasure(found(account_queries.user_by_id(person.id)), at)
    task = tasks.start(jobs.erase_personal, person.id, at)
    sessions.leave()
    return web.redirect_to("membership.erasure", ticket=_tickets().dumps(task.id))


def _is_theirs(person: Viewer, form: EraseForm) -> bool:
    user = found(account_queries.user_by_id(person.id))
    checked = accounts.confirm_password(user, form.password.data, request.remote_addr or "", clock.now())
    if checked == "ok":
        return True
    work.keep()
    form.password.errors = [
        _("Too many wrong passwords. Wait a quarter of an hour.")
        if checked == "locked"
        else _("This is not your password.")
    ]
    return False


@membership.get("/privacy/erasures/<ticket>")
@public
def erasure(ticket: str) -> Response:
    """How far it is, for somebody who has no account any longer; the address can't be guessed."""
    try:
        task = queries.erasure(int(_tickets().loads(ticket)))
    except (BadSignature, ValueError):
        task = None
    return web.render(
        "accounts/privacy/erased.html",
        fragment="accounts/privacy/_erasure.html",
        task=found(task),
        ticket=ticket,
        step_words=actions.step_words,
    )


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["LECTERN"].secret_key, salt="erasure")
