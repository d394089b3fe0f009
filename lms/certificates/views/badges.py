"""Addresses for machines: credentials, who issues them, with which keys, and which are revoked."""

import json
from typing import Any

from flask import Response, abort, request
from flask_limiter.util import get_remote_address

from lms.certificates import badges, keys, queries, rules
from lms.certificates.views.blueprint import bp
from lms.core import clock
from lms.core.access import found, public
from lms.core.security import limiter

JSON_LD = "application/ld+json"
JWT = "application/vc+jwt"
KINDS = {
    JSON_LD: "json",
    "application/vc+ld+json": "json",
    "application/vc": "json",
    "application/json": "json",
    JWT: "jwt",
    "application/jwt": "jwt",
}
_LONG, _SHORT = 3600, 300
"""Seconds that others may keep what we publish; a revocation is seen everywhere within the shorter."""


def asked_for() -> str | None:
    """`json` or `jwt` when the request wants a credential and not the page for people, else None."""
    best = request.accept_mimetypes.best_match(["text/html", *KINDS], "text/html")
    return KINDS.get(best)


def answer(certificate: queries.Facts, kind: str) -> Response:
    """The credential of a certificate, signed (`jwt`) or as JSON-LD (`json`)."""
    document = badges.credential(certificate)
    if kind == "jwt":
        return _published(badges.signed(document, clock.now()), JWT, _SHORT)
    return _published(document, JSON_LD, _SHORT)


def _published(content: str | dict[str, Any], media_type: str, seconds: int) -> Response:
    """Anybody may read it from anywhere, also a script of another site; nobody is known by it."""
    body = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, indent=1)
    response = Response(body, mimetype=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers.add("Vary", "Accept")
    return response


@bp.get("/verify/<number>.jwt")
@limiter.limit("120 per minute", key_func=get_remote_address)
@public
def credential(number: str) -> Response:
    """The signed Open Badge of a certificate, also of a revoked one: its status list says that it is."""
    return answer(_certificate(number), "jwt")


@bp.get("/verify/<number>.json")
@limiter.limit("120 per minute", key_func=get_remote_address)
@public
def credential_json(number: str) -> Response:
    """The same to read: JSON-LD without a signature."""
    return answer(_certificate(number), "json")


def _certificate(number: str) -> queries.Facts:
    meant = rules.normalised(number)
    return found(queries.by_number(meant) if meant else None)


@bp.get("/credentials/status/<int(max=1_000_000):list_number>")
@limiter.limit("120 per minute", key_func=get_remote_address)
@public
def status_list(list_number: int) -> Response:
    """Which certificates are revoked; signed, or as JSON-LD for who asks for that."""
    now = clock.now()
    document = found(badges.status_credential(list_number, now))
    best = request.accept_mimetypes.best_match([JWT, *KINDS], JWT)
    if KINDS.get(best) == "json":
        return _published(document, JSON_LD, _SHORT)
    return _published(badges.signed(document, now), JWT, _SHORT)


@bp.get("/issuer")
@public
def issuer() -> Response:
    """The profile that every credential names as its issuer."""
    return _published(badges.issuer().document(), JSON_LD, _LONG)


@bp.get("/issuer/keys/<thumbprint>")
@public
def public_key(thumbprint: str) -> Response:
    """The public key that a signature names, also after it was replaced."""
    key = keys.public_key(thumbprint)
    if key is None:
        abort(404)
    return _published(key, "application/jwk+json", _LONG)


@bp.get("/.well-known/jwks.json")
@public
def jwks() -> Response:
    """All public keys; the first is the one that signs now."""
    keys.current(clock.now())
    return _published({"keys": keys.public_keys()}, "application/jwk-set+json", _SHORT)
