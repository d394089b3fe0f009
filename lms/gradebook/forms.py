"""What is typed about grades."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from lms.core.forms import no_control_characters
from lms.core.merging import SharedForm
from lms.core.numbers import read_number
from lms.core.plain import decimal_text
from lms.gradebook.actions import Decision
from lms.gradebook.queries import Cell
from lms.gradebook.words import decision_words


class DecisionForm(SharedForm):
    """Another percent for one grade, or that it does not count; always with a reason."""

    together = (("what", "percent", "reason"),)

    what = RadioField(
        _l("What counts"),
        choices=[
            SelectChoice("work", _l("What the work itself was given")),
            SelectChoice("percent", _l("Another percent")),
            SelectChoice("excused", _l("Nothing: the learner is excused")),
        ],
    )
    percent = StringField(_l("Percent"))
    reason = TextAreaField(
        _l("Reason"), [Length(max=500, message=_l("At most 500 characters.")), no_control_characters]
    )

    cell: Cell | None = None

    @classmethod
    def of(cls, cell: Cell) -> "DecisionForm":
        """The form as it shows what is decided."""
        known = cell.found
        percent = decimal_text(known.decided) if known.decided is not None else ""
        what = "excused" if known.is_excused else "percent" if percent else "work"
        form = cls(formdata=None, data={"what": what, "percent": percent, "reason": cell.reason})
        form.cell = cell
        return form

    def counted(self, name: str, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Without a percent where none is set, without a reason where nothing is decided."""
        return {"work": ("what",), "excused": ("what", "reason")}.get(self.what.data, fields)

    def words(self, name: str, fields: tuple[str, ...]) -> str:
        """What stands there already says by whom."""
        return decision_words(self.cell) if self.cell else super().words(name, fields)

    def validate_percent(self, field: StringField) -> None:
        if self.what.data != "percent":
            return
        number = read_number(field.data or "")
        if number is None or not 0 <= number <= 100 or round(number, 2) != number:
            raise ValidationError(_("Give a number from 0 to 100, with at most two decimals."))

    def validate_reason(self, field: TextAreaField) -> None:
        if self.what.data != "work" and not (field.data or "").strip():
            raise ValidationError(_("Say why: the learner reads it."))

    def decision(self) -> Decision | None:
        """What was decided; after validation."""
        if self.what.data == "work":
            return None
        number = read_number(self.percent.data or "") if self.what.data == "percent" else None
        return Decision(number, self.reason.data or "")
