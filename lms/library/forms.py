"""What people upload."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired, MultipleFileField

from lms.core.forms import Form, largest_upload


class UploadForm(Form):
    """Files for the course."""

    files = MultipleFileField(
        _l("Files"),
        validators=[FileRequired(_l("Choose a file first."))],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.files.description = _(
            "Pictures, videos, sound, PDF, office documents, text, archives; %(size)s each at most.",
            size=largest_upload(),
        )


class ReplaceForm(Form):
    """Other content for a file."""

    file = FileField(_l("New content"), validators=[FileRequired(_l("Choose a file first."))])
