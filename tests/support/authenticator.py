"""An authenticator app on somebody's phone."""

import re
from datetime import datetime

import pyotp
from flask.testing import FlaskClient

from lms.core import clock
from tests.factories import PASSWORD
from tests.support.forms import post

FACTOR = "/profile/second-factor"


class Phone:
    """Shows codes for the key that a page gave it."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key)

    def code(self, at: datetime | None = None) -> str:
        """What it shows now, or at that moment."""
        return self.totp.at(int((at or clock.now()).timestamp()))

    def wrong(self) -> str:
        """Six digits that are not right now."""
        now = int(clock.now().timestamp())
        near = {self.totp.at(now + seconds) for seconds in range(-90, 91, 30)}
        return next(code for code in ("123456", "234567", "345678", "456789") if code not in near)


def phone_of(client: FlaskClient) -> Phone:
    """Begin the set-up and scan the picture."""
    post(client, f"{FACTOR}/setup", {}, form_at=FACTOR)
    key = re.search(r'id="totp-key">([^<]+)<', client.get(FACTOR).text)
    assert key
    return Phone(key[1].replace(" ", ""))


def set_up(client: FlaskClient, at: datetime | None = None) -> tuple[Phone, list[str]]:
    """Set the second factor up; the phone and the recovery codes."""
    phone = phone_of(client)
    answer = post(client, FACTOR, {"code": phone.code(at), "current": PASSWORD})
    codes = re.findall(r"<li><code>([^<]+)</code>", answer.text)
    assert len(codes) == 10, answer.text
    return phone, codes
