"""Time-based one-time passwords (RFC 6238: SHA-1, six digits, 30 seconds), and how an app learns the key."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A code of the step before or after is taken as well: clocks differ, and people type slowly."""


def new_seed() -> str:
    """What is stored. It is of no use without the application's secret key."""
    return secrets.token_hex(20)


def key_of(seed: str, secret_key: str) -> str:
    """The key that the authenticator app holds, in base 32: 160 bits derived from the seed."""
    digest = hmac.new(secret_key.encode(), f"totp:{seed}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode("ascii")


def step_of(key: str, code: str, at: datetime) -> int | None:
    """The time step that `code` belongs to, None when it is not valid now. A step may be used once only."""
    app = pyotp.TOTP(key)
    now = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if hmac.compare_digest(app.generate_otp(step), code):
            found = step
    return found


def address(key: str, account: str, product: str) -> str:
    """The `otpauth:` address that an authenticator app reads."""
    return pyotp.TOTP(key).provisioning_uri(name=account, issuer_name=product)


def picture(address: str) -> str:
    """The address as a QR code: an SVG that stands in the page, without inline style."""
    return str(
        segno.make(address, error="m", micro=False).svg_inline(
            omitsize=True, dark="#000", light="#fff", border=3, svgclass="qr-code", lineclass=None
        )
    )
