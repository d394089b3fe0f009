"""What pages say about files."""

from flask_babel import gettext as _

from lms.core.i18n import size
from lms.files.intake import Reason


def refusal(reason: Reason, name: str, largest: int) -> str:
    """Why a file is not taken, and what to do."""
    match reason:
        case "empty":
            return str(_("%(name)s is empty. Choose another file.", name=name))
        case "large":
            return str(
                _(
                    "%(name)s is larger than %(size)s. Make it smaller, or split it.",
                    name=name,
                    size=size(largest),
                )
            )
        case "kind":
            return str(
                _(
                    "%(name)s is of a kind that courses can't carry. Take a picture, video, sound, PDF, office "
                    "document, text or archive.",
                    name=name,
                )
            )
        case "content":
            return str(
                _(
                    "%(name)s is not what its name says: the content is of another kind. Save it again, or give it "
                    "the right ending.",
                    name=name,
                )
            )
        case "picture":
            return str(
                _("%(name)s can't be read as a picture. Save it again as PNG, JPEG or WebP.", name=name)
            )
        case "pixels":
            return str(_("%(name)s has more than 40 million pixels. Make it smaller.", name=name))
        case "room":
            return str(
                _("There is no room for %(name)s. Remove files that the course does not need.", name=name)
            )
