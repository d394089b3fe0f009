"""A form with one field of every kind, for the styleguide."""

from wtforms import (
    BooleanField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from lms.core.forms import Form


class SpecimenForm(Form):
    """Nothing is done with what it holds."""

    name = StringField("Name")
    email = StringField("Email")
    password = PasswordField("Password")
    bio = TextAreaField("About you")
    level = SelectField(
        "Level", choices=[SelectChoice("beginner", "Beginner"), SelectChoice("advanced", "Advanced")]
    )
    upload = FileField("Portrait")
    topics = SelectMultipleField(
        "Topics",
        choices=[SelectChoice("maps", "Maps"), SelectChoice("tea", "Tea"), SelectChoice("knots", "Knots")],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    updates = BooleanField("Send me news")
    rating = RadioField("Rating", choices=[SelectChoice(str(n), str(n)) for n in range(1, 6)])


def specimen() -> SpecimenForm:
    """The form as its reader sees it after mistakes."""
    form = SpecimenForm(formdata=None, data={"name": "Bob Brook", "email": "bob@", "topics": ["tea"]})
    form.email.errors = ["That is not an email address. It looks like name@example.org."]
    form.rating.errors = ["Choose from one to five stars."]
    return form
