"""What instructors bring."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, TextAreaField
from wtforms.validators import ValidationError

from lms.core.forms import Form, largest_upload
from lms.interop.question_files import LARGEST


class ImportForm(Form):
    """A zipped course folder."""

    archive = FileField(
        _l("Course folder as .zip"),
        validators=[FileRequired(_l("Choose the .zip file of the course."))],
    )
    dry_run = BooleanField(_l("Only show what would change"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.archive.description = _(
            "At most %(size)s. The folder holds course.md and a folder for each module.",
            size=largest_upload(),
        )

    def validate_archive(self, field: FileField) -> None:
        start = field.data.stream.read(4)
        field.data.stream.seek(0)
        if start != b"PK\x03\x04":
            raise ValidationError(
                _l("This is not a .zip file. Pack the course folder as .zip and choose that.")
            )


class ExportForm(Form):
    """Nothing to say but that it is wanted."""


class QuestionsForm(Form):
    """Questions of another system: a file, or what was pasted."""

    file = FileField(_l("File with questions"))
    text = TextAreaField(_l("Questions"), default="")

    def validate_text(self, field: TextAreaField) -> None:
        if not self.data_given():
            raise ValidationError(_l("Choose a file, or paste the questions."))
        if len(self.data_given()) > LARGEST:
            raise ValidationError(_l("This is more than 20 MB. Import it in parts."))

    def data_given(self) -> bytes | str:
        """The file when there is one, else what was pasted."""
        upload = self.file.data
        if not upload:
            return self.text.data or ""
        upload.stream.seek(0)
        return bytes(upload.stream.read(LARGEST + 1)) or (self.text.data or "")
