"""The WSGI entry point: `gunicorn wsgi:app`, `flask --app wsgi`."""

import sys

from config import ConfigError
from lms.app import create_app

try:
    app = create_app()
except ConfigError as error:
    # One sentence that names the variable, and no trace around it.
    sys.exit(f"Lectern could not start. {error}")
