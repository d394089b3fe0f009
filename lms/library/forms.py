"""What people upload."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField

from lms.core.forms import Form


class UploadForm(Form):
    """Files for the course."""

    files = MultipleFileField(
        _l("Files"),
        description=_l(
            "Pictures, videos, sound, PDF, office documents, text, archives; 100 MB each at most."
        ),
        validators=[FileRequired(_l("Choose a file first."))],
    )


class ReplaceForm(Form):
    """Other content for a file."""

    file = FileField(_l("New content"), validators=[FileRequired(_l("Choose a file first."))])
