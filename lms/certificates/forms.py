"""Forms of certificates."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import Form


class RevokeForm(Form):
    """Why a certificate is void: public from then on."""

    reason = TextAreaField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Please give a reason; it is shown to everyone who verifies the certificate.")),
            Length(max=500, message=_l("Please keep the reason under 500 characters.")),
        ],
    )
