"""Logging."""

from flask import Flask

from config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Set the format and level."""
