"""What a lesson's page sends by itself."""

from wtforms import FloatField
from wtforms.validators import InputRequired, NumberRange

from lms.core.forms import Form


class PositionForm(Form):
    """How far down the lesson somebody read: 0 is its beginning, 1 its end."""

    position = FloatField(validators=[InputRequired(), NumberRange(0, 1)])
