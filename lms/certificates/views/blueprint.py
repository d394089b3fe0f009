"""The blueprint that all views of certificates hang on."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
