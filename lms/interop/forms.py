"""What instructors bring."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import ValidationError

from lms.core.forms import Form


class ImportForm(Form):
    """A zipped course folder."""

    archive = FileField(
        _l("Course folder as .zip"),
        description=_l("At most 100 MB. The folder holds course.md and a folder for each module."),
        validators=[FileRequired(_l("Choose the .zip file of the course."))],
    )
    dry_run = BooleanField(_l("Only show what would change"))

    def validate_archive(self, field: FileField) -> None:
        start = field.data.stream.read(4)
        field.data.stream.seek(0)
        if start != b"PK\x03\x04":
            raise ValidationError(
                _l("This is not a .zip file. Pack the course folder as .zip and choose that.")
            )


class ExportForm(Form):
    """Nothing to say but that it is wanted."""
