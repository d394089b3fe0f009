"""What pages say about lessons that are not open yet."""

from flask_babel import gettext as _

from lms.core.i18n import moment
from lms.learning.release import Hold


def hold_words(hold: Hold) -> str:
    """When a lesson opens, for who waits for it."""
    if hold.opens_at is not None:
        return str(_("Opens on %(moment)s", moment=moment(hold.opens_at)))
    return str(_("Opens when you have completed “%(title)s”", title=hold.after))
