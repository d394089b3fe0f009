"""The blueprint that the pages of assignments share."""

from flask import Blueprint

bp = Blueprint("assignments", __name__)
