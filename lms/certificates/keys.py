"""The keys that credentials are signed with: one signs, those before it can still be verified. Nothing here commits."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from lms.accounts import audit
from lms.certificates import signing
from lms.certificates.models import BadgeKey
from lms.core import web
from lms.core.db import db


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signs now, and the address of its public half."""

    private_key: bytes
    kid: str


def current(at: datetime) -> SigningKey:
    """The key that signs; made when there is none yet, or when the secret key of the installation changed."""
    kept = _kept()
    if kept is None:
        _make(at)
        kept = _kept()
        assert kept is not None
    try:
        opened = signing.unseal(kept.sealed_key or "", _secret())
    except signing.Sealed:
        _retire(at)
        return current(at)
    return SigningKey(opened, address(kept.thumbprint))


def rotate(at: datetime) -> SigningKey:
    """Sign with a new key from now on. What older ones signed stays valid: their public halves stay published."""
    _retire(at)
    made = current(at)
    audit.record("badge_key.rotated", at, subject_kind="badge key", subject_name=made.kid)
    return made


def public_keys() -> list[dict[str, str]]:
    """Every public key there ever was as a JWK, the newest first."""
    rows = db.session.execute(
        select(BadgeKey.public_key, BadgeKey.thumbprint).order_by(BadgeKey.id.desc())
    ).all()
    return [signing.jwk(row.public_key, address(row.thumbprint)) for row in rows]


def public_key(thumbprint: str) -> dict[str, str] | None:
    """One of them."""
    found = db.session.scalar(select(BadgeKey.public_key).where(BadgeKey.thumbprint == thumbprint))
    return signing.jwk(found, address(thumbprint)) if found else None


def address(thumbprint: str) -> str:
    """Where a public key is published."""
    return web.absolute_url("certificates.public_key", thumbprint=thumbprint)


def _kept() -> BadgeKey | None:
    return db.session.scalars(select(BadgeKey).where(BadgeKey.retired_at.is_(None))).one_or_none()


def _make(at: datetime) -> None:
    private_key = signing.new_private_key()
    public = signing.public_key_of(private_key)
    db.session.execute(
        # Two first requests at once: the second one's key is dropped, and both sign with the same.
        insert(BadgeKey)
        .values(
            thumbprint=signing.thumbprint(public),
            public_key=public,
            sealed_key=signing.seal(private_key, _secret()),
            created_at=at,
        )
        .on_conflict_do_nothing()
    )


def _retire(at: datetime) -> None:
    db.session.execute(
        update(BadgeKey)
        .where(BadgeKey.retired_at.is_(None))
        .values(retired_at=at, sealed_key=None)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def _secret() -> str:
    return str(current_app.config["LECTERN"].secret_key)
