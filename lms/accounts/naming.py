"""What is a person's name, and what is an address that mail can reach: one rule each, wherever they are typed."""

import unicodedata
from email.errors import MessageError
from email.headerregistry import Address

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from lms.core.forms import Form

LONGEST_NAME = 120
JOINERS = "\u200c\u200d"
"""Persian and the scripts of India write with them, between letters of scripts without capitals."""

BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks by their category, of which nothing is seen."""


def fault(name: str) -> str:
    """What is wrong with a name, in the reader's words; "" when it can be used."""
    if len(name) > LONGEST_NAME:
        return str(_("Use at most 120 characters."))
    if hidden := next((sign for place, sign in enumerate(name) if _is_hidden(name, place)), None):
        sign = f"U+{ord(hidden):04X}"
        return str(_("A sign in this name can't be seen: %(sign)s. Type the name again.", sign=sign))
    if not any(unicodedata.category(sign)[0] == "L" for sign in name):
        return str(_("Write the name with letters."))
    return ""


def is_name(form: Form, field: Field) -> None:
    """A validator for the name of a person."""
    if problem := fault(field.data or ""):
        raise ValidationError(problem)


def _is_hidden(name: str, place: int) -> bool:
    """Controls, overrides of the direction, and whatever else has no looks of its own."""
    sign = name[place]
    if sign in JOINERS:
        around = name[place - 1 : place] + name[place + 1 : place + 2]
        return len(around) < 2 or not all(_is_joined(other) for other in around)
    return sign in BLANK or unicodedata.category(sign) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")


def _is_joined(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and sign.upper() == sign.lower()


def address(typed: str) -> str | None:
    """An address in the form in which it is kept; None for one that is none, or that no mail can reach.

    Signs beyond ASCII are taken in the domain alone (IDNA): before the "@" they need servers that speak SMTPUTF8
    (RFC 6531) all the way.
    """
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.normalized


def is_address(form: Form, field: Field) -> None:
    """A validator for an email address, which is given on in the form in which it is kept."""
    if found := address(field.data or ""):
        field.data = found
        return
    if not (field.data or "").rpartition("@")[0].isascii():
        raise ValidationError(
            _(
                "Mail can't reach this address: before the @ only the letters a to z, digits and signs may stand."
            )
        )
    raise ValidationError(_("This does not look like an email address. It should be like name@example.org."))


def recipient(name: str, kept: str) -> Address:
    """Where a message goes, as it is written into one. Raises ValueError for an address that no mail can reach."""
    local, _at, domain = kept.rpartition("@")
    if not local.isascii():
        raise ValueError("signs beyond ASCII before the @")
    try:
        reachable = domain if domain.isascii() else domain.encode("idna").decode()
        return Address(" ".join(name.split()), addr_spec=f"{local}@{reachable}")
    except (MessageError, IndexError) as error:
        raise ValueError(str(error)) from error
