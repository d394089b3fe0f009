"""The WSGI entry point: `gunicorn wsgi:app`, `flask --app wsgi`."""

import sys

from config import ConfigError, Settings
from lms.app import create_app
from lms.ops import beside

try:
    app = create_app(Settings.from_env(beside.environment()))
except ConfigError as error:
    # One sentence that names the variable, and no trace around it.
    sys.exit(f"Lectern could not start. {error}")
