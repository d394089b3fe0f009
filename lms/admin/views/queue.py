"""Jobs and messages: what waits, what failed and why, and trying it again."""

from typing import Literal

from flask import Response, flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.admin import machine_words
from lms.admin.actions import queue as actions
from lms.admin.queries import queue as queries
from lms.admin.queries import recurring
from lms.admin.views.blueprint import bp
from lms.core import clock, web
from lms.core.access import admins_only, found, signed_in_viewer
from lms.core.paging import page_number


@bp.get("/jobs")
@admins_only
def jobs() -> Response:
    state, q = _asked()
    page = queries.jobs(state, q, page_number(request.args.get("page")))
    return web.render(
        "admin/jobs.html",
        fragment="admin/_jobs.html",
        page=page,
        state=state,
        q=q,
        counts=queries.counts(),
        recurring=recurring.failures() if state == "failed" and not q else [],
        job_words=machine_words.job,
    )


@bp.get("/emails")
@admins_only
def emails() -> Response:
    state, q = _asked()
    page = queries.emails(state, q, page_number(request.args.get("page")))
    return web.render(
        "admin/emails.html",
        fragment="admin/_emails.html",
        page=page,
        state=state,
        q=q,
        counts=queries.counts(),
        message_words=machine_words.message,
    )


@bp.post("/jobs/<any(delivery, task):source>/<int:number>/retry")
@admins_only
def retry_job(source: Literal["delivery", "task"], number: int) -> Response:
    found(actions.retry_job(source, number, clock.now()) or None)
    flash(_("It is tried again now."), "success")
    return web.redirect_to("admin.jobs")


@bp.post("/jobs/recurring/<name>/run")
@admins_only
def run_job(name: str) -> Response:
    """A recurring job that failed, once more."""
    found(actions.run_again(name, clock.now()) or None)
    flash(_("It runs again now, and its failures are forgotten."), "success")
    return web.redirect_to("admin.jobs")


@bp.post("/emails/<int:email_id>/retry")
@admins_only
def retry_email(email_id: int) -> Response:
    found(actions.retry_email(email_id, clock.now()) or None)
    flash(_("The message is sent again now."), "success")
    return web.redirect_to("admin.emails")


@bp.post("/jobs/retries")
@admins_only
def retry_jobs() -> Response:
    """Everything that failed, once its cause is gone."""
    number = actions.retry_all_jobs(clock.now())
    flash(ngettext("%(num)s job is tried again now.", "%(num)s jobs are tried again now.", number), "success")
    return web.redirect_to("admin.jobs", state="waiting")


@bp.post("/emails/retries")
@admins_only
def retry_emails() -> Response:
    number = actions.retry_all_emails(clock.now())
    flash(
        ngettext("%(num)s message is sent again now.", "%(num)s messages are sent again now.", number),
        "success",
    )
    return web.redirect_to("admin.emails", state="waiting")


@bp.post("/emails/test")
@admins_only
def send_test() -> Response:
    """A message to oneself, on the way that every message takes."""
    person = signed_in_viewer()
    if actions.send_test(person.id, clock.now()):
        flash(_("A test is on its way to %(address)s. Here stands how it goes.", address=person.email))
    else:
        flash(_("Your own address was refused before. Confirm it under your messages first."), "danger")
    return web.redirect_to("admin.emails", state="waiting", q=person.email)


def _asked() -> tuple[str, str]:
    state, q = request.args.get("state", "failed"), request.args.get("q", "").strip()[:200]
    return state if state in queries.STATES else "failed", q
