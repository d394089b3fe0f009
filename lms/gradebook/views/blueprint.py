"""The blueprint that the pages of grades share."""

from flask import Blueprint

bp = Blueprint("gradebook", __name__)
