"""How gunicorn serves `wsgi:app` wherever it is started; measured in docs/developers/performance.md."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

# Gunicorn reads this file before it looks for modules where it was started.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from config import ConfigError, Settings
from lms.ops.serving import logging_settings

try:
    _settings = Settings.from_env()
except ConfigError as error:
    # Said once, here, and not by every process with its trace.
    sys.exit(f"Lectern could not start. {error}")

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - inside a container
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "lms.ops.serving.Worker"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Threads of one listening socket accept unevenly.
reuse_port = True
# A proxy keeps its connections open longer than the default of 2 s.
keepalive = 75
graceful_timeout = 20
timeout = 60
# No restart after a number of requests: with a socket for each worker, two that restart together refuse connections.
# Heartbeats in memory: a slow disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# Requests are logged by the application, one line each.
accesslog = None
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
if _settings.environment == "production":
    logconfig_dict = logging_settings(loglevel.upper())
# Nobody steers it from outside but by signals.
control_socket_disable = True

# Each worker counts into a file of its own, and /metrics adds them up.
_own_folder = "" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else tempfile.mkdtemp(prefix="lectern-metrics-")
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _own_folder)


def post_worker_init(worker: Any) -> None:
    """The first process of a server says in the log how an empty system is set up."""
    if worker.age == 1:
        # Imported late: only this process needs the application.
        from lms.accounts.first_run import announce

        announce(worker.app.wsgi())


def child_exit(server: Any, worker: Any) -> None:
    """A worker that ended no longer counts as having requests in progress."""
    # Imported late: the library looks for the folder once, when it is imported.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing of ours behind."""
    if _own_folder:
        shutil.rmtree(_own_folder, ignore_errors=True)
