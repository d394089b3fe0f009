"""How gunicorn serves `wsgi:app` wherever it is started; measured in docs/developers/performance.md."""

import os

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"  # noqa: S104 - inside a container
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Threads of one listening socket accept unevenly.
reuse_port = True
# A proxy keeps its connections open longer than the default of 2 s.
keepalive = 75
graceful_timeout = 20
timeout = 60
# Memory that leaked is given back, not by all workers at once.
max_requests = 20_000
max_requests_jitter = 2_000
# Heartbeats in memory: a slow disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
# Requests are logged by the application, one line each.
accesslog = None
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
