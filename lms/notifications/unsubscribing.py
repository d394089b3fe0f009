"""The links by which a reader ends messages of one kind without signing in (RFC 8058: one click)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.core import web
from lms.notifications.kinds import KINDS

DIGEST = "digest"
"""Not a kind of its own: everything that comes by the digest."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Who no longer wants mail of which kind."""

    user_id: int
    kind: str


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["LECTERN"].secret_key, salt="unsubscribe")


def address(user_id: int, kind: str) -> str:
    """The link for the mail's header and foot. It does not run out: old mail must be stoppable too."""
    return web.absolute_url("notifications.unsubscribe", token=_signer().dumps([user_id, kind]))


def wish(token: str) -> Wish | None:
    """What the link asks for; None when it is not one of ours."""
    try:
        user_id, kind = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    return Wish(user_id, kind) if kind in KINDS or kind == DIGEST else None


def kinds_of(wish: Wish, chosen: Mapping[str, Any]) -> list[str]:
    """The kinds that end with this wish; `chosen` are rows of `queries.preferences`."""
    if wish.kind != DIGEST:
        return [wish.kind]
    return [
        kind.name
        for kind in KINDS.values()
        if (chosen[kind.name].email if kind.name in chosen else kind.email) == "digest"
    ]
