"""What people do with accounts. Nothing here commits."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit, passwords, queries, rules, site, tokens
from lms.accounts.models import AccountToken, SignInFailure, User, UserSession
from lms.core import events
from lms.core.db import db

log = logging.getLogger(__name__)

Outcome = Literal["ok", "wrong", "locked", "short", "unverified", "second_step"]
Check = Literal["ok", "wrong", "locked"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a sign-in ended; `user` is there when the password was right."""

    outcome: Outcome
    user: User | None = None


def register(
    *, name: str, email: str, password: str, language: str, time_zone: str, at: datetime
) -> User | None:
    """Create a student. None when the address is taken (the form says so by mail, not on the page)."""
    user_id = db.session.scalar(
        insert(User)
        .values(
            name=name,
            email=email,
            password_hash=passwords.hashed(password, _cost()),
            role="student",
            language=language,
            time_zone=time_zone,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(User.id)
    )
    if user_id is None:
        return None
    user = db.session.get_one(User, user_id)
    token = tokens.issue(user, "verify_email", at)
    audit.record("user.registered", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    events.record("user.registered", at, user_id=user.id, token_id=token.id)
    return user


def create_user(
    *, name: str, email: str, password: str, role: str, at: datetime, verified: bool = True
) -> User:
    """An account made by a command or an admin. Raises ValueError when the address is taken."""
    if queries.user_by_email(email):
        raise ValueError(f"{email} has an account already.")
    user = User(
        name=name,
        email=email,
        password_hash=passwords.hashed(password, _cost()),
        role=role,
        is_verified_instructor=role in ("instructor", "admin"),
        email_verified_at=at if verified else None,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    return user


def sign_in(*, email: str, password: str, address: str, at: datetime) -> SignIn:
    """Check a password. Failures are counted for the account, never for the network address alone."""
    cost = _cost()
    lock_account(email)
    if rules.is_locked(queries.recent_failures(email, at)):
        passwords.waste_time(cost)
        return SignIn("locked")
    user = queries.user_by_email(email)
    if user is None or not user.is_active or not passwords.is_usable(user.password_hash):
        passwords.waste_time(cost)
        count_failure(email, None, address, at)
        return SignIn("wrong")
    if not passwords.matches(password, user.password_hash):
        count_failure(email, user, address, at)
        return SignIn("wrong")
    if passwords.needs_renewal(user.password_hash, cost):
        user.password_hash = passwords.hashed(password, cost)
    if len(password) < rules.shortest_password(user.role):
        # Of somebody who became an admin: only here is the length of a password known.
        return SignIn("short", user)
    if site.current().confirms_addresses and user.email_verified_at is None:
        return SignIn("unverified", user)
    if user.totp_confirmed_at is not None:
        # Failures stay counted until the second step succeeds: a known password buys no more guesses.
        return SignIn("second_step", user)
    forgive(user.email)
    return SignIn("ok", user)


def confirm_password(user: User, password: str, address: str, at: datetime) -> Check:
    """Ask for the password again before something sensitive; failures count as those at sign-in do."""
    lock_account(user.email)
    if rules.is_locked(queries.recent_failures(user.email, at)):
        passwords.waste_time(_cost())
        return "locked"
    if not passwords.matches(password, user.password_hash):
        count_failure(user.email, user, address, at)
        return "wrong"
    return "ok"


def lock_account(email: str) -> None:
    """One attempt at a time for an account, so that many at once don't all see the same count of failures."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(email.lower(), 0))))


def count_failure(email: str, user: User | None, address: str, at: datetime) -> None:
    """Note a wrong password or code. The fifth within the window locks, and the owner is told."""
    log.info("wrong password or code for %s from %s", f"user {user.id}" if user else "no account", address)
    db.session.add(SignInFailure(email=email.lower(), at=at, address=address))
    db.session.flush()
    failures = queries.recent_failures(email, at)
    if user and failures == rules.LOCK_FAILURES:
        audit.record("account.locked", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
        events.record("account.locked", at, user_id=user.id)


def forgive(email: str) -> None:
    """Forget the failures: the owner is in."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.email == email.lower()))


def end_session(session_id: int, user_id: int, at: datetime) -> bool:
    """Sign one browser out. False when it is not this person's or has ended."""
    ended = db.session.scalar(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
        .returning(UserSession.id)
    )
    if ended is not None:
        audit.record("session.ended", at, subject_kind="session", subject_id=session_id)
    return ended is not None


def end_all_sessions(user_id: int, at: datetime, *, but: int | None = None) -> int:
    """Sign every browser of a person out, or every one `but` that of a session. Returns how many."""
    ended = db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.id.is_distinct_from(but),
        )
        .values(ended_at=at)
        .returning(UserSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(ended)


def request_verification(user: User, at: datetime) -> None:
    """Mail the verification link again; older links stop working."""
    if user.email_verified_at is None:
        token = tokens.issue(user, "verify_email", at)
        events.record("verification.requested", at, user_id=user.id, token_id=token.id)


def verify_email(secret: str, at: datetime) -> User | None:
    """Use a verification link; None when it is no good. A second click on a good one is answered alike."""
    token = queries.token_by_hash(passwords.fingerprint(secret), "verify_email")
    if token is None:
        return None
    user = db.session.get_one(User, token.user_id)
    if user.email_verified_at is not None and user.email == token.email:
        return user
    if user.email != token.email or not rules.token_is_good(token.expires_at, token.used_at, at):
        return None
    token.used_at = at
    user.email_verified_at = at
    events.record("address.confirmed", at, user_id=user.id)
    return user


def ask_for_reset(email: str, at: datetime) -> None:
    """Somebody forgot a password. A job looks up whether the address has an account, so that the answer
    takes the same time either way."""
    events.record("password_reset.asked", at, email=email)


def request_reset(email: str, at: datetime) -> None:
    """Mail a reset link if the address has an account."""
    user = queries.user_by_email(email)
    if user and user.is_active:
        token = tokens.issue(user, "reset_password", at)
        events.record("password_reset.requested", at, user_id=user.id, token_id=token.id)


def good_reset_token(secret: str, at: datetime) -> AccountToken | None:
    """The reset link's row while it may be used."""
    token = queries.token_by_hash(passwords.fingerprint(secret), "reset_password")
    return token if token and rules.token_is_good(token.expires_at, token.used_at, at) else None


def reset_password(token: AccountToken, password: str, at: datetime) -> User:
    """Set the new password, use the link up, sign every browser out, lift a lock."""
    user = db.session.get_one(User, token.user_id)
    token.used_at = at
    tokens.withdraw(user.id, "change_email", at)
    user.password_hash = passwords.hashed(password, _cost())
    if user.email_verified_at is None:
        user.email_verified_at = at
        events.record("address.confirmed", at, user_id=user.id)
    end_all_sessions(user.id, at)
    forgive(user.email)
    audit.record("password.reset", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    events.record("password.changed", at, user_id=user.id)
    return user


def _cost() -> int:
    cost: int = current_app.config["LECTERN"].bcrypt_cost
    return cost


def change_profile(user: User, *, name: str, bio: str, language: str, time_zone: str) -> None:
    """Change what a person says about themself."""
    user.name, user.bio, user.language, user.time_zone = name, bio, language, time_zone


def change_language(user_id: int, language: str) -> None:
    """Change only the language."""
    db.session.execute(update(User).where(User.id == user_id).values(language=language))
