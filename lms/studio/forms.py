"""What authors type."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from lms.accounts import bulk
from lms.accounts.naming import is_address
from lms.core.forms import Form, no_control_characters
from lms.core.i18n import local, utc
from lms.core.merging import SharedForm
from lms.courses.models import LEVELS
from lms.courses.words import language_name, level_name
from lms.learning.release import SCORE
from lms.studio.rubric_field import RubricField

LONGEST_BODY = 500_000
LARGEST_LIST = 200_000
"""Bytes of a file of addresses."""

LANGUAGES = (
    "en", "ar", "bn", "cs", "de", "el", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl",
    "pt", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
_MINUTES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""What browsers send for a date and time; the first is also shown."""

_TITLE = [
    DataRequired(_l("Give it a title.")),
    Length(max=255, message=_l("At most 255 characters.")),
    no_control_characters,
]
_COURSE_TITLE = [
    DataRequired(_l("Give the course a title.")),
    Length(3, 255, message=_l("Use 3 to 255 characters.")),
    no_control_characters,
]


class TitleForm(Form):
    """A module or lesson, named or renamed."""

    title = StringField(_l("Title"), validators=_TITLE)


class CourseForm(SharedForm):
    """The least that makes a course."""

    title = StringField(_l("Title"), validators=_COURSE_TITLE)
    level = SelectField(_l("Level"))
    language = SelectField(_l("Language of the course"))
    category = StringField(
        _l("Subject"),
        description=_l("A word or two, such as Gardening; courses with the same one stand together."),
        validators=[Length(max=80), no_control_characters],
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.level.choices = [SelectChoice(level, level_name(level)) for level in LEVELS]
        known = dict.fromkeys((*LANGUAGES, *filter(None, [self.language.object_data])))
        named = sorted((language_name(code), code) for code in known)
        self.language.choices = [SelectChoice(code, name) for name, code in named]


class SettingsForm(CourseForm):
    """Everything about a course that is not its outline."""

    together = (("access", "access_code"), ("starts_at", "ends_at"))

    slug = StringField(
        _l("Address"),
        description=_l(
            "The last part of the course's address. When you change it, links to the old one still lead here."
        ),
        validators=[DataRequired(_l("Give the course an address.")), Length(max=80)],
    )
    summary = TextAreaField(
        _l("Summary"),
        description=_l("One or two sentences for the catalogue."),
        validators=[Length(max=500, message=_l("At most 500 characters."))],
    )
    description = TextAreaField(
        _l("Description"),
        description=_l("What learners will be able to do, in Markdown."),
        validators=[Length(max=LONGEST_BODY)],
    )
    tags = StringField(
        _l("Tags"), description=_l("Words, with commas between them."), validators=[Length(max=500)]
    )
    authors = StringField(
        _l("Authors"), description=_l("Names, with commas between them."), validators=[Length(max=1000)]
    )
    license = StringField(_l("Licence"), description=_l("Such as CC BY 4.0."), validators=[Length(max=200)])
    certificate = BooleanField(_l("Learners get a certificate when they complete the course"))
    access = RadioField(
        _l("Who can enroll"),
        choices=[
            SelectChoice("open", _l("Everyone")),
            SelectChoice("code", _l("Those who know a code")),
            SelectChoice("invitation", _l("Only those whom you or an administrator bring in")),
        ],
    )
    access_code = StringField(
        _l("Code"), description=_l("4 to 40 characters."), validators=[Optional(), Length(4, 40)]
    )
    capacity = IntegerField(
        _l("Places"),
        description=_l("Leave it empty for no limit."),
        validators=[Optional(), NumberRange(1, 1_000_000, message=_l("A whole number from 1."))],
    )
    starts_at = DateTimeLocalField(_l("Begins"), format=_MINUTES, validators=[Optional()])
    ends_at = DateTimeLocalField(_l("Ends"), format=_MINUTES, validators=[Optional()])

    def validate_slug(self, field: StringField) -> None:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", field.data or ""):
            raise ValidationError(_l("Use small letters a to z, digits, and single hyphens between them."))

    def validate_access(self, field: RadioField) -> None:
        if field.data == "code" and not self.access_code.data:
            raise ValidationError(_l("Give the code that learners will type, in the field below."))

    def validate_ends_at(self, field: DateTimeLocalField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_l("The end must come after the beginning."))

    def values(self) -> dict[str, Any]:
        """The fields as columns of the course; times in UTC."""
        chosen = ("title", "slug", "level", "language", "certificate", "access", "capacity")
        return {
            **{name: self[name].data for name in chosen},
            "category": self.category.data or "",
            "license": self.license.data or "",
            "summary": " ".join((self.summary.data or "").split()),
            "description": (self.description.data or "").replace("\r\n", "\n"),
            "access_code": self.access_code.data or None,
            "tags": names(self.tags.data),
            "authors": names(self.authors.data),
            "starts_at": utc(self.starts_at.data),
            "ends_at": utc(self.ends_at.data),
        }

    @classmethod
    def of(cls, course: Any) -> "SettingsForm":
        """The form as it shows a course: times in the author's zone."""
        form = cls(formdata=None, obj=course)
        form.tags.data, form.authors.data = ", ".join(course.tags), ", ".join(course.authors)
        form.starts_at.data, form.ends_at.data = local(course.starts_at), local(course.ends_at)
        return form


class FirstForm(Form):
    """A course that comes before this one: its address, or the last part of it."""

    course = StringField(
        _l("Address of the course"),
        validators=[
            DataRequired(_l("Paste the address of a course.")),
            Length(max=500),
            no_control_characters,
        ],
    )

    def address(self) -> str:
        """The slug in what was typed."""
        typed = (self.course.data or "").split("?")[0].split("#")[0].rstrip("/")
        named = re.search(r"/(?:courses|teaching)/([^/]+)", typed)
        return named[1] if named else typed.rpartition("/")[2]


class PeopleForm(Form):
    """Addresses of people who are to come in, typed or as a file."""

    addresses = TextAreaField(
        _l("Email addresses"),
        description=_l("One a line, with a name or without, such as Ada Example, ada@example.org"),
        validators=[Length(max=60_000, message=_l("This list is too long. Cut it in parts."))],
    )
    file = FileField(
        _l("Or a CSV file"),
        description=_l(
            "A table with a column of email addresses. A file counts instead of what is typed above."
        ),
    )

    def validate_addresses(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and not self.file.data:
            raise ValidationError(_l("Enter at least one address, or choose a file."))

    def validate_file(self, field: FileField) -> None:
        if field.data and len(field.data.stream.read(LARGEST_LIST + 1)) > LARGEST_LIST:
            raise ValidationError(_l("This list is too long. Cut it in parts."))

    def listed(self) -> str:
        """What is to be read. Raises bulk.Unreadable for a file that is no text."""
        if not self.file.data:
            return self.addresses.data or ""
        self.file.data.stream.seek(0)
        return bulk.decoded(self.file.data.stream.read())


class InstructorForm(Form):
    """Somebody who is to teach the course too."""

    email = EmailField(
        _l("Email address"),
        validators=[DataRequired(_l("Enter an email address.")), is_address, Length(max=254)],
    )


class TextForm(SharedForm):
    """A text with its title, and settings beside it. `base` says which version of the text it began from; two versions
    are compared line by line, see `revisions`."""

    apart = frozenset({"title", "body"})

    title = StringField(_l("Title"), validators=_TITLE)
    body = TextAreaField(
        _l("Text"), validators=[Length(max=LONGEST_BODY, message=_l("This text is too long."))]
    )
    base = HiddenField(validators=[Length(max=64)])


_RELEASE = {
    "date": ("release_date",),
    "days": ("release_days",),
    "after": ("release_after",),
    "quiz": ("release_quiz", "release_score"),
}


class LessonForm(TextForm):
    """A lesson: its text, and how it stands in the course."""

    together = (("release", *(name for names in _RELEASE.values() for name in names)),)

    minutes = IntegerField(
        _l("Duration in minutes"),
        validators=[
            InputRequired(_l("Say how long it takes; 0 when you don't know.")),
            NumberRange(0, 10_000, message=_l("A whole number from 0 to 10,000.")),
        ],
    )
    is_published = BooleanField(_l("Learners see this lesson"))
    is_preview = BooleanField(_l("Preview: everyone may read it without enrolling"))
    is_required = BooleanField(_l("Required: it counts for progress and the certificate"))
    release = RadioField(
        _l("When it opens"),
        choices=[
            SelectChoice("", _l("At once")),
            SelectChoice("date", _l("On a date")),
            SelectChoice("days", _l("Some days after the learner enrolled")),
            SelectChoice("after", _l("When the learner completed another lesson")),
            SelectChoice("quiz", _l("When the learner has a score in a quiz")),
        ],
        default="",
    )
    release_date = DateTimeLocalField(_l("Date and time"), format=_MINUTES, validators=[Optional()])
    release_days = IntegerField(_l("Days after enrolling"), validators=[Optional(), NumberRange(1, 3650)])
    release_after = SelectField(_l("Lesson to complete first"), validators=[Optional()], validate_choice=True)
    release_quiz = SelectField(_l("Quiz to take first"), validators=[Optional()], validate_choice=True)
    release_score = IntegerField(
        _l("Least score in percent"),
        validators=[Optional(), NumberRange(1, 100, message=_l("A whole number from 1 to 100."))],
    )

    def validate_release(self, field: RadioField) -> None:
        if field.data and not self[f"release_{field.data}"].data:
            raise ValidationError(_l("Say when, in the field below."))

    def counted(self, name: str, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Of the release rule only the fields of its kind: the others keep what they held before."""
        return ("release", *_RELEASE.get(self.release.data or "", ())) if name == "release" else fields

    def values(self) -> dict[str, Any]:
        """The lesson's settings; `release` is a rule."""
        plain = ("minutes", "is_published", "is_preview", "is_required")
        return {**{name: self[name].data for name in plain}, "release": self.rule()}

    def rule(self) -> dict[str, Any] | None:
        """The release rule as it is stored; None for at once."""
        if self.release.data == "date":
            moment = utc(self.release_date.data)
            return {"date": moment.isoformat()} if moment else None
        if self.release.data == "quiz":
            return {"quiz": self.release_quiz.data, "score": self.release_score.data or SCORE}
        if self.release.data in ("days", "after"):
            return {self.release.data: self[f"release_{self.release.data}"].data}
        return None


class AccessForm(Form):
    """A learner and a lesson: may the one see the other?"""

    email = EmailField(
        _l("Email address of the learner"),
        validators=[DataRequired(_l("Enter an email address.")), Length(max=254)],
    )
    lesson = SelectField(_l("Lesson"))


class PageForm(TextForm):
    """An extra page."""


class BriefForm(TextForm):
    """The brief of an assignment."""

    max_points = IntegerField(
        _l("Points"),
        validators=[
            InputRequired(_l("A whole number from 0 to 10,000.")),
            NumberRange(0, 10_000, message=_l("A whole number from 0 to 10,000.")),
        ],
        invalid_value_message=_l("A whole number from 0 to 10,000."),
    )
    is_required = BooleanField(_l("Required: the lesson is complete only with it"))
    rubric = RubricField(_l("Rubric"))

    def values(self) -> dict[str, Any]:
        """The assignment's settings; `rubric` as it is stored."""
        return {**super().values(), "rubric": self.rubric.data.as_rubric()}


def names(text: str | None) -> list[str]:
    """Parts between commas, each once, in order."""
    return list(dict.fromkeys(filter(None, (" ".join(part.split()) for part in (text or "").split(",")))))
