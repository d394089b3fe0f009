"""The blueprint of all dashboards."""

from flask import Blueprint, request

bp = Blueprint("analytics", __name__)

SPANS = (30, 90, 365)
"""Days that the charts over time may show."""


def span() -> int:
    """The days asked for in the address; anything odd is 30."""
    asked = request.args.get("days", "")
    return int(asked) if asked in map(str, SPANS) else SPANS[0]
