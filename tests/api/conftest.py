"""Tokens for tests."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from lms.accounts.models import User
from lms.api import actions, rules
from lms.core import clock, work

Maker = Callable[..., dict[str, str]]


@pytest.fixture
def token_for(app: Flask) -> Maker:
    """Headers with a new token of somebody; None: of a service."""

    def make(user: User | None, *scopes: str, days: int = 90, maker: User | None = None) -> dict[str, str]:
        role: Any = user.role if user else None
        by = maker or user
        with app.app_context(), work.unit():
            token = actions.make(
                "a program",
                scopes or rules.grantable(role),
                days,
                clock.now(),
                made_by=by.id if by else None,  # type: ignore[arg-type]
                user_id=user.id if user else None,
            )
        return {"Authorization": f"Bearer {token}"}

    return make
