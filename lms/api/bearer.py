"""Who is asking: a token in the `Authorization` header (RFC 6750), and nothing else. Cookies are not looked at."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from flask_limiter.util import get_remote_address

from lms.accounts import rules as account_rules
from lms.accounts import site
from lms.accounts.passwords import fingerprint
from lms.api import actions, queries, rules
from lms.api.problems import Problem


@dataclass(frozen=True, slots=True)
class Caller:
    """A person's or (user_id None) a service's program, and what it may do."""

    name: str
    scopes: tuple[str, ...]
    expires_at: datetime
    user_id: int | None
    user_name: str
    email: str
    sees_everything: bool

    @property
    def is_service(self) -> bool:
        return self.user_id is None

    @property
    def person(self) -> int:
        """Whose it is. Raises Problem for a service."""
        if self.user_id is None:
            raise Problem(403, "A service's token belongs to nobody, so there is nothing of its own to read.")
        return self.user_id


def _given() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


def limit_key() -> str:
    """Requests are counted by token; without one by address."""
    token = _given()
    return f"token:{fingerprint(token)}" if token else f"address:{get_remote_address()}"


def caller(scope: str | None, at: datetime) -> Caller:
    """Who asks, if the token works and carries the scope. Raises Problem."""
    token = _given()
    if token is None:
        raise _unauthorized("", "Send a token: `Authorization: Bearer ...`.")
    row = queries.bearer(token) if token.isascii() else None
    if row is None or not rules.works(row.expires_at, row.revoked_at, at) or row.is_active is False:
        raise _unauthorized(', error="invalid_token"', "The token is unknown, revoked or too old.")
    g.caller = {"api_token": row.id, **({"user": row.user_id} if row.user_id else {})}  # for the log
    # A role that was taken away takes its scopes along.
    scopes = tuple(name for name in row.scopes if name in rules.grantable(row.role))
    demands = site.current()
    is_powerful = row.user_id is None or row.role == "admin"
    if is_powerful and not demands.admin_may_work_from(request.remote_addr or ""):
        raise Problem(403, "This token works only from the addresses that are listed in the settings.")
    if row.user_id is not None and account_rules.must_set_up_second_factor(
        row.role, row.totp_confirmed_at is not None, demands.second_factor_roles
    ):
        raise Problem(403, "Set up a second factor first; until then no program comes in for you.")
    if scope is not None and scope not in scopes:
        wanted = {"WWW-Authenticate": f'Bearer realm="Lectern", error="insufficient_scope", scope="{scope}"'}
        raise Problem(403, f"The token does not carry the scope {scope}.", headers=wanted)
    if row.last_used_on != at.date():
        actions.note_use(row.id, at.date())
    return Caller(
        row.name, scopes, row.expires_at, row.user_id, row.user_name or "", row.email or "", is_powerful
    )


def _unauthorized(error: str, detail: str) -> Problem:
    return Problem(401, detail, headers={"WWW-Authenticate": f'Bearer realm="Lectern"{error}'})
