"""The second factor: an authenticator app, recovery codes, a mailed code instead. Nothing here commits."""

import re
import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, insert, or_, select, update

from lms.accounts import actions, audit, passwords, queries, rules, tokens, totp
from lms.accounts.models import RecoveryCode, User
from lms.core import events
from lms.core.db import db

RECOVERY_CODES = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs that are not taken for one another; ten of them are 50 bits."""


def begin_setup(user: User) -> None:
    """Make a key for the app. It counts for nothing until a code from it was typed."""
    if user.totp_confirmed_at is None:
        user.totp_secret = totp.new_seed()
        user.totp_last_step = None


def key_for(user: User) -> str:
    """The app's key of somebody who has begun."""
    return totp.key_of(user.totp_secret or "", current_app.config["LECTERN"].secret_key)


def confirm_setup(user: User, code: str, at: datetime) -> list[str] | None:
    """Switch it on when the app shows the right code. Returns the recovery codes, shown only this once."""
    if user.totp_secret is None or user.totp_confirmed_at is not None or not _use_app_code(user, code, at):
        return None
    user.totp_confirmed_at = at
    _note("second_factor.enabled", user, at)
    return renew_recovery_codes(user, at)


def switch_off(user: User, at: datetime) -> None:
    """Its owner no longer wants it."""
    _remove(user, "second_factor.disabled", at)


def take_off(user: User, at: datetime) -> None:
    """An admin helps somebody who lost phone and codes. The owner is told, in case they did not ask."""
    _remove(user, "second_factor.reset", at)


def _remove(user: User, action: str, at: datetime) -> None:
    """Forget the key and every code."""
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    tokens.withdraw(user.id, "sign_in_code", at)
    _note(action, user, at)


def renew_recovery_codes(user: User, at: datetime) -> list[str]:
    """Ten new ways in; the old ones stop working. Only hashes are kept."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.execute(
        insert(RecoveryCode), [{"user_id": user.id, "code_hash": _hash(user.id, code)} for code in codes]
    )
    audit.record(
        "recovery_codes.renewed", at, subject_kind="user", subject_id=user.id, subject_name=user.name
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def send_code(user: User, at: datetime) -> None:
    """Mail six digits instead; they replace those that were mailed before."""
    token = tokens.issue(user, "sign_in_code", at)
    events.record("sign_in_code.requested", at, user_id=user.id, token_id=token.id)


def check(user: User, typed: str, address: str, at: datetime) -> actions.Check:
    """Take a code of the app, a mailed one, or a recovery code. Wrong ones count towards the lock."""
    actions.lock_account(user.email)
    if rules.is_locked(queries.recent_failures(user.email, at)):
        return "locked"
    # Another request may have used a code while this one waited for the lock.
    db.session.refresh(user)
    if _is_right(user, typed, at):
        actions.forgive(user.email)
        return "ok"
    actions.count_failure(user.email, user, address, at)
    if rules.is_locked(queries.recent_failures(user.email, at)):
        tokens.withdraw(user.id, "sign_in_code", at)
        return "locked"
    return "wrong"


def _is_right(user: User, typed: str, at: datetime) -> bool:
    code = re.sub(r"[\s-]", "", typed).upper()
    if re.fullmatch(r"[0-9]{6}", code):
        return _use_app_code(user, code, at) or tokens.use_code(user, code, at)
    return _use_recovery_code(user, code, at)


def _use_app_code(user: User, code: str, at: datetime) -> bool:
    """Each step of the clock is taken once, also when two requests bring the same code together."""
    if user.totp_secret is None:
        return False
    step = totp.step_of(key_for(user), re.sub(r"\s", "", code), at)
    if step is None:
        return False
    taken = db.session.scalar(
        update(User)
        .where(User.id == user.id, or_(User.totp_last_step.is_(None), User.totp_last_step < step))
        .values(totp_last_step=step)
        .returning(User.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def _use_recovery_code(user: User, code: str, at: datetime) -> bool:
    row = (
        select(RecoveryCode.id)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(user.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .limit(1)
        .scalar_subquery()
    )
    used = db.session.scalar(
        update(RecoveryCode)
        .where(RecoveryCode.id == row, RecoveryCode.used_at.is_(None))
        .values(used_at=at)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        return False
    audit.record("recovery_code.used", at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    events.record("recovery_code.used", at, user_id=user.id)
    return True


def _hash(user_id: int, code: str) -> str:
    """Fifty bits could be tried one by one, so the hash is keyed: the database alone does not suffice."""
    return passwords.derived_secret(
        current_app.config["LECTERN"].secret_key, f"recovery code {code}", user_id
    )


def _note(action: str, user: User, at: datetime) -> None:
    audit.record(action, at, subject_kind="user", subject_id=user.id, subject_name=user.name)
    events.record("second_factor.changed", at, user_id=user.id, enabled=action.endswith("enabled"))
