"""What people do with accounts. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import current_app
from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import passwords, queries, rules
from lms.accounts.models import AccountToken, SignInFailure, User, UserSession
from lms.core import events
from lms.core.db import db

Outcome = Literal["ok", "wrong", "locked", "unverified"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """How a sign-in ended; `user` is there when it is ok or only the verification is missing."""

    outcome: Outcome
    user: User | None = None


def register(*, name: str, email: str, password: str, language: str, time_zone: str, at: datetime) -> User | None:
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
    token = _issue_token(user, "verify_email", at)
    events.record("user.registered", at, user_id=user.id, token_id=token.id)
    return user


def create_user(*, name: str, email: str, password: str, role: str, at: datetime, verified: bool = True) -> User:
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
    settings = current_app.config["LECTERN"]
    if rules.is_locked(queries.recent_failures(email, at)):
        passwords.waste_time(settings.bcrypt_cost)
        return SignIn("locked")
    user = queries.user_by_email(email)
    if user is None or not user.is_active:
        passwords.waste_time(settings.bcrypt_cost)
        _count_failure(email, None, address, at)
        return SignIn("wrong")
    if not passwords.matches(password, user.password_hash):
        _count_failure(email, user, address, at)
        return SignIn("wrong")
    if passwords.needs_renewal(user.password_hash, settings.bcrypt_cost):
        user.password_hash = passwords.hashed(password, settings.bcrypt_cost)
    if settings.verification_required and user.email_verified_at is None:
        return SignIn("unverified", user)
    db.session.execute(delete(SignInFailure).where(SignInFailure.email == email.lower()))
    return SignIn("ok", user)


def _count_failure(email: str, user: User | None, address: str, at: datetime) -> None:
    db.session.add(SignInFailure(email=email.lower(), at=at, address=address))
    db.session.flush()
    if user and queries.recent_failures(email, at) == rules.LOCK_FAILURES:
        events.record("account.locked", at, user_id=user.id)


def end_session(session_id: int, user_id: int, at: datetime) -> bool:
    """Sign one browser out. False when it is not this person's or has ended."""
    ended = db.session.scalar(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.user_id == user_id, UserSession.ended_at.is_(None))
        .values(ended_at=at)
        .returning(UserSession.id)
    )
    return ended is not None


def end_all_sessions(user_id: int, at: datetime) -> None:
    """Sign every browser of a person out."""
    db.session.execute(
        update(UserSession).where(UserSession.user_id == user_id, UserSession.ended_at.is_(None)).values(ended_at=at)
    )


def request_verification(user: User, at: datetime) -> None:
    """Mail the verification link again; older links stop working."""
    if user.email_verified_at is None:
        token = _issue_token(user, "verify_email", at)
        events.record("verification.requested", at, user_id=user.id, token_id=token.id)


def verify_email(secret: str, at: datetime) -> User | None:
    """Use a verification link. A second click on a link that worked is answered alike; None when it is no good."""
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
    return user


def request_reset(email: str, at: datetime) -> None:
    """Mail a reset link if the address has an account; the caller answers the same either way."""
    user = queries.user_by_email(email)
    if user and user.is_active:
        token = _issue_token(user, "reset_password", at)
        events.record("password_reset.requested", at, user_id=user.id, token_id=token.id)


def good_reset_token(secret: str, at: datetime) -> AccountToken | None:
    """The reset link's row while it may be used."""
    token = queries.token_by_hash(passwords.fingerprint(secret), "reset_password")
    return token if token and rules.token_is_good(token.expires_at, token.used_at, at) else None


def reset_password(token: AccountToken, password: str, at: datetime) -> User:
    """Set the new password, use the link up, sign every browser out, lift a lock."""
    user = db.session.get_one(User, token.user_id)
    token.used_at = at
    user.password_hash = passwords.hashed(password, _cost())
    user.email_verified_at = user.email_verified_at or at
    end_all_sessions(user.id, at)
    db.session.execute(delete(SignInFailure).where(SignInFailure.email == user.email.lower()))
    return user


def _issue_token(user: User, purpose: Literal["verify_email", "reset_password"], at: datetime) -> AccountToken:
    """A new link; older ones of the same purpose stop working."""
    db.session.execute(
        update(AccountToken)
        .where(AccountToken.user_id == user.id, AccountToken.purpose == purpose, AccountToken.used_at.is_(None))
        .values(used_at=at)
    )
    number = db.session.scalar(func.nextval("account_tokens_id_seq"))
    assert number is not None
    secret = token_secret(number, purpose)
    lifetime = rules.VERIFY_LIFETIME if purpose == "verify_email" else rules.RESET_LIFETIME
    token = AccountToken(
        id=number,
        user_id=user.id,
        purpose=purpose,
        token_hash=passwords.fingerprint(secret),
        email=user.email,
        created_at=at,
        expires_at=at + lifetime,
    )
    db.session.add(token)
    db.session.flush()
    return token


def token_secret(number: int, purpose: str) -> str:
    """The secret that the mailed link carries."""
    return passwords.derived_secret(current_app.config["LECTERN"].secret_key, purpose, number)


def _cost() -> int:
    cost: int = current_app.config["LECTERN"].bcrypt_cost
    return cost


def change_profile(user: User, *, name: str, bio: str, language: str, time_zone: str) -> None:
    """Change what a person says about themself."""
    user.name, user.bio, user.language, user.time_zone = name, bio, language, time_zone
