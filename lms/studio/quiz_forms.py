"""What authors type about quizzes, questions, draws and the bank."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from lms.core.forms import Form, no_control_characters
from lms.core.i18n import local, utc
from lms.core.plain import decimal_text, is_storable
from lms.quizzes.content import Format, QuestionType
from lms.quizzes.models import Question, Quiz
from lms.studio.forms import TitleForm, names
from lms.studio.typed_questions import Typed
from lms.studio.typed_rows import Row

LONGEST_TEXT = 100_000
MOST_MINUTES = 100_000
MOST_POINTS = 10_000
_MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_POINTS = [
    InputRequired(_l("Say how many points it is worth.")),
    NumberRange(0, MOST_POINTS, message=_l("A number from 0 to 10,000.")),
]


def storable(_form: Form, field: Field) -> None:
    """A validator for texts of many lines."""
    if field.data and not is_storable(field.data):
        raise ValidationError(_("It holds a character that can’t be stored. Please type it again."))


class QuizForm(TitleForm):
    """Everything about a quiz that is not its questions."""

    mode = RadioField(
        _l("What it is for"),
        choices=[
            SelectChoice("graded", _l("It is graded")),
            SelectChoice("practice", _l("It is for practice")),
        ],
    )
    is_required = BooleanField(_l("Required: the lesson is complete only when it is passed"))
    passing_percent = DecimalField(
        _l("Percent that passes"),
        places=None,
        validators=[
            InputRequired(_l("Say how many percent pass.")),
            NumberRange(0, 100, message=_l("A number from 0 to 100.")),
        ],
    )
    minutes = DecimalField(
        _l("Time limit in minutes"),
        places=None,
        description=_l("Leave it empty for no limit."),
        validators=[Optional(), NumberRange(Decimal("0.1"), MOST_MINUTES, message=_l("A number above 0."))],
    )
    max_attempts = IntegerField(
        _l("Attempts"),
        description=_l("Leave it empty for as many as one likes."),
        validators=[Optional(), NumberRange(1, 1000, message=_l("A whole number from 1 to 1,000."))],
    )
    counts = RadioField(
        _l("Which attempt counts"),
        choices=[
            SelectChoice("best", _l("The best")),
            SelectChoice("last", _l("The last")),
            SelectChoice("average", _l("The average of all")),
        ],
    )
    shuffle_questions = BooleanField(_l("Shuffle the questions for each attempt"))
    shuffle_options = BooleanField(_l("Shuffle the answers to choose from"))
    one_per_page = BooleanField(_l("One question a page"))
    opens_at = DateTimeLocalField(_l("Opens"), format=_MINUTES, validators=[Optional()])
    closes_at = DateTimeLocalField(_l("Closes"), format=_MINUTES, validators=[Optional()])
    reveal = RadioField(
        _l("Right answers and explanations are shown"),
        choices=[
            SelectChoice("submission", _l("After handing in")),
            SelectChoice("close", _l("When the quiz has closed")),
            SelectChoice("never", _l("Never")),
        ],
    )
    reveal_score = RadioField(
        _l("Points and percent are shown"),
        choices=[
            SelectChoice("submission", _l("After handing in")),
            SelectChoice("close", _l("When the quiz has closed")),
        ],
    )
    closes_anyway = False
    """Whether the course ends, so that the quiz does too."""

    def validate_closes_at(self, field: DateTimeLocalField) -> None:
        if field.data and self.opens_at.data and field.data <= self.opens_at.data:
            raise ValidationError(_("It must close after it opens."))

    def validate_reveal(self, field: RadioField) -> None:
        if field.data == "close" and not self.closes_at.data and not self.closes_anyway:
            raise ValidationError(_("Say above when the quiz closes."))

    validate_reveal_score = validate_reveal

    def values(self) -> dict[str, Any]:
        """The fields as columns of the quiz; seconds and UTC."""
        own = (
            "title", "mode", "is_required", "passing_percent", "max_attempts", "counts", "shuffle_questions",
            "shuffle_options", "one_per_page", "reveal", "reveal_score",
        )  # fmt: skip
        return {
            **{name: self[name].data for name in own},
            "time_limit": int(self.minutes.data * 60) if self.minutes.data else None,
            "opens_at": utc(self.opens_at.data),
            "closes_at": utc(self.closes_at.data),
        }

    @classmethod
    def of(cls, quiz: Quiz) -> "QuizForm":
        """The form as it shows a quiz: minutes, and times in the author's zone."""
        form = cls(obj=quiz)
        form.minutes.data = Decimal(decimal_text(Decimal(quiz.time_limit) / 60)) if quiz.time_limit else None
        form.passing_percent.data = Decimal(decimal_text(quiz.passing_percent))
        form.opens_at.data, form.closes_at.data = local(quiz.opens_at), local(quiz.closes_at)
        return form


class QuestionForm(Form):
    """A question without its rows, which `typed_rows.read_rows` reads. `base` is the version it began from."""

    title = StringField(
        _l("Name"),
        description=_l("For you, to find it again. Learners don’t see it."),
        validators=[Length(max=255), no_control_characters],
    )
    tags = StringField(
        _l("Tags"),
        description=_l("Words, with commas between them."),
        validators=[Length(max=500), no_control_characters],
    )
    category = StringField(_l("Category"), validators=[Length(max=255), no_control_characters])
    points = DecimalField(_l("Points"), places=None, validators=_POINTS, default=1)
    text = TextAreaField(
        _l("Question"),
        validators=[
            DataRequired(_l("Write what is asked.")),
            Length(max=LONGEST_TEXT, message=_l("This text is too long.")),
            storable,
        ],
    )
    format = SelectField(_l("Written in"), default="markdown")
    general = TextAreaField(
        _l("Explanation"),
        description=_l("Shown with the right answer, whatever was answered."),
        validators=[Length(max=LONGEST_TEXT), storable],
    )
    partial_credit = BooleanField(_l("Part of the points for part of the answer"))
    case_sensitive = BooleanField(_l("Capital letters matter"))
    answer = RadioField(
        _l("Right answer"),
        choices=[SelectChoice("true", _l("True")), SelectChoice("false", _l("False"))],
        validators=[Optional()],
    )
    if_true = TextAreaField(_l("Said to who answers “true”"), validators=[Length(max=LONGEST_TEXT), storable])
    if_false = TextAreaField(
        _l("Said to who answers “false”"), validators=[Length(max=LONGEST_TEXT), storable]
    )
    distractors = TextAreaField(
        _l("Choices that fit nothing"),
        description=_l("One a line."),
        validators=[Length(max=LONGEST_TEXT), storable],
    )
    base = HiddenField(validators=[Length(max=20)])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        notations = {"markdown": _("Markdown"), "html": _("HTML"), "plain": _("Plain text")}
        if self.format.data == "moodle":
            notations["moodle"] = _("Lines with HTML, as Moodle has them")
        self.format.choices = [SelectChoice(value, name) for value, name in notations.items()]

    def typed(self, kind: QuestionType, rows: Sequence[Row]) -> Typed:
        """What was typed, as the studio reads questions."""
        return Typed(
            kind,
            self.text.data or "",
            cast(Format, self.format.data),
            self.general.data or "",
            bool(self.partial_credit.data),
            bool(self.case_sensitive.data),
            self.answer.data or "",
            self.if_true.data or "",
            self.if_false.data or "",
            (self.distractors.data or "").replace("\r\n", "\n"),
            list(rows),
        )

    @classmethod
    def of(cls, typed: Typed, question: Question | None) -> "QuestionForm":
        """The form as it shows a question, or a new one."""
        facts = {name: getattr(typed, name) for name in _OF_TYPED}
        if question is not None:
            facts |= {
                "title": question.title,
                "category": question.category,
                "tags": ", ".join(question.tags),
            }
            facts |= {
                "points": Decimal(decimal_text(question.points)),
                "base": str(question.version_id or ""),
            }
        return cls(formdata=None, data=facts)


_OF_TYPED = (
    "text", "format", "general", "partial_credit", "case_sensitive", "answer", "if_true", "if_false",
    "distractors",
)  # fmt: skip


def tag_list(text: str | None) -> tuple[str, ...]:
    """The tags that were typed, each once."""
    return tuple(names(text))


class PointsForm(Form):
    """How much one question is worth."""

    points = DecimalField(_l("Points"), validators=_POINTS)


class DrawForm(Form):
    """Questions to be drawn from the bank for each attempt."""

    count = IntegerField(
        _l("How many"),
        validators=[
            InputRequired(_l("Say how many questions.")),
            NumberRange(1, 100, message=_l("A whole number from 1 to 100.")),
        ],
        default=1,
    )
    tags = StringField(
        _l("With the tags"),
        description=_l("Words, with commas between them; a question must have all of them. Empty takes any."),
        validators=[Length(max=500), no_control_characters],
    )
    points = DecimalField(_l("Points each"), places=None, validators=_POINTS, default=1)
