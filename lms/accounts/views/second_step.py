"""The second step of signing in: a code of the app, a mailed one, or a recovery code."""

from flask import Response, flash, request, session
from flask_babel import gettext as _

from lms.accounts import second_factor, second_step, sessions
from lms.accounts.forms import CodeForm
from lms.accounts.models import User
from lms.accounts.views.blueprint import bp
from lms.core import clock, web, work
from lms.core.access import public
from lms.core.security import by_visitor, limiter


def _who_waits() -> str:
    state = session.get(second_step.KEY)
    return f"second step:{state['user']}" if state else by_visitor()


@bp.route("/sign-in/second-step", methods=["GET", "POST"], endpoint="second_step")
@limiter.limit("30 per minute", key_func=_who_waits, methods=["POST"])
@public
def enter_code() -> Response:
    at = clock.now()
    user = second_step.waiting(at)
    if user is None:
        return _begin_again(_("That took too long. Please begin again."))
    form = CodeForm()
    problem = ""
    if form.validate_on_submit():
        problem = second_factor.check(user, form.code.data, request.remote_addr or "", at)
        work.keep()
        if problem == "ok":
            return _sign_in(user)
        if problem == "locked":
            return _begin_again(_("Too many wrong codes. Wait 15 minutes, then sign in again."))
    return web.render(
        "accounts/second_step.html",
        fragment="accounts/_second_step.html",
        form=form,
        problem=problem,
        hint=_hidden(user.email),
        status=422 if form.is_submitted() else 200,
    )


def _sign_in(user: User) -> Response:
    at, (remember, target) = clock.now(), second_step.choices()
    sessions.begin(user, at, remember=remember, second_factor_at=at)
    return web.redirect(target)


def _begin_again(words: str) -> Response:
    second_step.leave()
    flash(words, "warning")
    return web.redirect_to("accounts.sign_in")


@bp.post("/sign-in/second-step/code")
@limiter.limit("4 per minute", key_func=_who_waits)
@public
def send_sign_in_code() -> Response:
    at = clock.now()
    user = second_step.waiting(at)
    if user is None:
        return _begin_again(_("That took too long. Please begin again."))
    second_factor.send_code(user, at)
    flash(
        _("We sent six digits to %(email)s. They work once, for 10 minutes.", email=_hidden(user.email)),
        "info",
    )
    return web.redirect_to("accounts.second_step")


def _hidden(email: str) -> str:
    """Enough of an address for its owner to know it."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
