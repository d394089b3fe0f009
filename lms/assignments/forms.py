"""What is typed about assignments."""

from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from lms.assignments import rubrics
from lms.assignments.grading import Notes
from lms.assignments.submitting import MOST_CHARACTERS
from lms.core.forms import Form
from lms.core.marking_form import MarkingForm
from lms.core.plain import decimal_text, is_storable


class WorkForm(Form):
    """A learner's text; `seen` says what this window knew of it."""

    text = TextAreaField(
        _l("Your text"),
        [
            Length(
                max=MOST_CHARACTERS,
                message=_l("It is longer than 100,000 characters. Hand in a file instead."),
            )
        ],
    )
    seen = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        if not is_storable(field.data or ""):
            raise ValidationError(_("This holds a character that cannot be stored. Please type it again."))

    def words(self) -> str | None:
        """The text, its lines ended as they are stored; None where the page had no field for one."""
        if not self.text.raw_data:
            return None
        return (self.text.data or "").replace("\r\n", "\n").replace("\r", "\n")


class GradeForm(MarkingForm):
    """What a grader gives. `seen` is the revision of the grade that this window began from, `number` says which of
    the learner's submissions it is about. The levels of a rubric come as `criterion-0`, `criterion-1`, ..."""

    number = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(Decimal(0), *args, **kwargs)
        self.rubric: dict[str, Any] | None = None
        self.chosen: dict[str, int] = self._typed_levels()

    def _typed_levels(self) -> dict[str, int]:
        """The chosen levels as they were sent; what the rubric does not have is dropped by `notes`."""
        typed = request.form if request else {}
        return {
            name.removeprefix("criterion-"): _whole(value)
            for name, value in typed.items()
            if name.startswith("criterion-")
        }

    def validate_on_submit(self, *args: Any, **kwargs: Any) -> bool:
        """Where every criterion has its level and no points were typed, the points are those of the levels."""
        chosen = rubrics.known(self.rubric, self.chosen)
        if self.rubric and not (self.points.data or "").strip():
            total = rubrics.total(self.rubric, self.most, chosen)
            self.points.data = decimal_text(total) if total is not None else ""
            self.points.raw_data = [self.points.data]
        return bool(super().validate_on_submit(*args, **kwargs))

    def validate_partly(self) -> bool:
        """For notes: everything may still be missing."""
        was_empty = not (self.points.data or "").strip()
        return self.validate_on_submit() or (was_empty and set(self.errors) == {"points"})

    def notes(self) -> Notes:
        """What was given; after validation."""
        has_points = (self.points.data or "").strip()
        return Notes(
            self.given_points() if has_points else None, self.words(), rubrics.known(self.rubric, self.chosen)
        )

    def seen_revision(self) -> int:
        """Anything odd is a window that knew nothing."""
        return _whole(self.seen.data)

    def version(self) -> int:
        return _whole(self.number.data)


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
