"""What may leave for Sentry: what was raised, where in the code, by which route and request. Nothing that somebody typed.

An address may hold the secret of a link, an exception's words and a log line's values anything at all. None of them
goes along; the log, which stays here, has more under the same request's id.
"""

from typing import Any

from flask import has_request_context
from structlog.contextvars import get_contextvars

from lms.ops import logs

FACTS = ("request_id", "job", "job_id")


def scrub(event: Any, _hint: Any) -> Any:
    """Sentry's `before_send`."""
    for name in ("breadcrumbs", "extra", "spans", "message"):
        event.pop(name, None)
    if "request" in event:
        route = logs.route() if has_request_context() else "unknown"
        event["request"] = {"method": event["request"].get("method", ""), "url": route}
        event["transaction"] = route
    for raised in event.get("exception", {}).get("values", ()):
        raised["value"] = ""
        for frame in (raised.get("stacktrace") or {}).get("frames", ()):
            frame.pop("vars", None)
    if "logentry" in event:
        event["logentry"] = {"message": logs.without_secrets(event["logentry"].get("message") or "")}
    event.get("contexts", {}).get("trace", {}).pop("data", None)
    known = get_contextvars()
    event["tags"] = {name: known[name] for name in FACTS if name in known}
    return event
