"""Signing with Ed25519: keys as JWK (RFC 8037), compact signatures (RFC 7515), and a private key at rest.

Pure functions. Private keys are their 32 bytes.
"""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


class Sealed(Exception):
    """The private key can't be opened: the secret key of this installation is another one now."""


def new_private_key() -> bytes:
    """A fresh key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_key_of(private_key: bytes) -> str:
    """The public half as `x` of its JWK."""
    return encoded(Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw())


def thumbprint(public_key: str) -> str:
    """The name that follows from the key itself (RFC 7638, SHA-256)."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": public_key}
    return encoded(hashlib.sha256(_compact(members)).digest())


def jwk(public_key: str, address: str) -> dict[str, str]:
    """The public key as a JWK whose `kid` is the address where it can be read."""
    return {"kty": "OKP", "crv": "Ed25519", "x": public_key, "kid": address, "alg": "EdDSA", "use": "sig"}


def jws(payload: dict[str, Any], private_key: bytes, kid: str) -> str:
    """`payload` as a signed JWT. The same payload and key give the same token."""
    header = {"alg": "EdDSA", "kid": kid, "typ": "JWT"}
    signed = f"{encoded(_compact(header))}.{encoded(_compact(payload))}"
    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(signed.encode("ascii"))
    return f"{signed}.{encoded(signature)}"


def seal(private_key: bytes, secret_key: str) -> str:
    """The private key as it may lie in the database: AES-256-GCM under a key derived from `secret_key`."""
    nonce = secrets.token_bytes(_NONCE)
    return encoded(nonce + AESGCM(_sealing_key(secret_key)).encrypt(nonce, private_key, None))


def unseal(sealed: str, secret_key: str) -> bytes:
    """`seal` undone. Raises Sealed when `secret_key` is not the one it was sealed with."""
    data = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    try:
        return AESGCM(_sealing_key(secret_key)).decrypt(data[:_NONCE], data[_NONCE:], None)
    except InvalidTag as error:
        raise Sealed from error


def _sealing_key(secret_key: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"lectern badge signing key").derive(secret_key.encode())


def encoded(data: bytes) -> str:
    """Base 64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _compact(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
