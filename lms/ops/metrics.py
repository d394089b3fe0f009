"""Prometheus metrics."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Count and time every request."""
