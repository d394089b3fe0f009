"""Room for files."""

import shutil
from urllib.parse import urlsplit

from flask import current_app


def free_bytes() -> int | None:
    """Bytes that are free where files are kept; None when that is no disk of this machine."""
    parts = urlsplit(current_app.config["LECTERN"].storage_url)
    if parts.scheme != "file":
        return None
    try:
        return shutil.disk_usage(parts.path).free
    except OSError:
        return None
