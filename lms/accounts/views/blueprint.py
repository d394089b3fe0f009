"""The blueprint that all pages of this module stand on."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)

HOME = "learning.dashboard"
"""Where somebody goes who just came in."""
