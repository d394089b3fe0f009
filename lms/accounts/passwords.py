"""Password hashing. bcrypt reads 72 bytes, so longer passwords are hashed first instead of being cut."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from functools import lru_cache

import bcrypt

UNUSABLE = "!"
"""In the place of a hash: nobody signs in with a password until an invitation or a reset has set one."""


def _prepared(password: str) -> bytes:
    digest = hashlib.sha256(password.encode("utf-8")).digest()
    return base64.b64encode(digest)


def hashed(password: str, cost: int) -> str:
    """A bcrypt hash (2**cost rounds) of the whole password."""
    return bcrypt.hashpw(_prepared(password), bcrypt.gensalt(cost)).decode("ascii")


def matches(password: str, stored: str) -> bool:
    """Whether the password is the one behind the hash; False for a hash that can't be read."""
    try:
        return bcrypt.checkpw(_prepared(password), stored.encode("ascii"))
    except ValueError:
        return False


def is_usable(stored: str) -> bool:
    """Whether there is a password at all."""
    return not stored.startswith(UNUSABLE)


def needs_renewal(stored: str, cost: int) -> bool:
    """Whether the hash was made at another cost than configured."""
    parts = stored.split("$")
    return len(parts) < 4 or parts[2] != f"{cost:02d}"


def waste_time(cost: int) -> None:
    """Spend what a real check costs, so that an unknown address is answered no faster."""
    hashed("nobody's password", cost)


def is_common(password: str) -> bool:
    """Whether it is among the passwords that guessers try first, or one sign repeated."""
    plain = password.casefold()
    return len(set(plain)) < 3 or plain in _common()


def is_about(password: str, words: Iterable[str]) -> bool:
    """Whether it is only one of these words (a name, an address, the product) with figures around it."""
    bare = re.sub(r"[\W\d_]", "", password.casefold())
    return any(bare == re.sub(r"[\W\d_]", "", word.casefold()) for word in words if word)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Some 11,600 of the 30,000 most used passwords: those that are long enough to be asked about."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # 14 MB that most processes never need

    return frozenset(word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8)


def derived_secret(secret_key: str, purpose: str, number: int) -> str:
    """The secret in a mailed link, derived from its row's number: the database holds none."""
    digest = hmac.new(secret_key.encode(), f"{purpose}:{number}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode("ascii")


def fingerprint(secret: str) -> str:
    """SHA-256 in hex: how secrets are kept."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
