"""Every page of the module, on one blueprint."""

from lms.accounts.views import (
    credentials,
    first_run,
    language,
    passwords,
    profile,
    register,
    second_factor,
    second_step,
    sessions,
    sign_in,
)
from lms.accounts.views.blueprint import bp

__all__ = [
    "bp",
    "credentials",
    "first_run",
    "language",
    "passwords",
    "profile",
    "register",
    "second_factor",
    "second_step",
    "sessions",
    "sign_in",
]
