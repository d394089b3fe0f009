"""What a lesson's page sends by itself."""

from wtforms import FloatField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.core.forms import Form, no_control_characters


class PositionForm(Form):
    """How far down the lesson somebody read: 0 is its beginning, 1 its end."""

    position = FloatField(validators=[InputRequired(), NumberRange(0, 1)])


class RecordingForm(Form):
    """Where in a video or sound somebody stopped, in seconds; `recording` is its address in the lesson."""

    recording = StringField(validators=[DataRequired(), Length(max=500), no_control_characters])
    seconds = FloatField(validators=[InputRequired(), NumberRange(0, 86_400)])
