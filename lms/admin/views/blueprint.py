"""The blueprints that all pages of this module stand on."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")
"""The operator's screens."""

membership = Blueprint("membership", __name__)
"""What everyone does about belonging here: accept an invitation, apply to teach, take their data, leave."""
