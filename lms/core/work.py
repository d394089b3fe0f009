"""The unit of work: the only place that commits.

A web request is one unit: below status 400 it commits, else it rolls back. Jobs and commands open one
with `unit()`. What was recorded is handed to the queue after the commit, never before.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, Response, g
from sqlalchemy import Update, func

from lms.core import events
from lms.core.db import STANDS_ALONE, db, is_in_transaction
from lms.core.prepared import Prepared

log = logging.getLogger(__name__)

Claimed = TypeVar("Claimed")


def init_app(app: Flask) -> None:
    """Must be the first extension to register `after_request`, so that it runs last."""
    app.after_request(_finish_request)


def keep() -> None:
    """Commit this request although it answers 4xx: an outcome (a failed sign-in) must persist."""
    g.keep_work = True


def discard() -> None:
    """Roll this request back although it answers well: it was only a look."""
    g.discard_work = True


class Note:
    """A statement that writes down what stands by itself and may be written again, such as that a page was opened.

    Where the request has changed nothing yet it is committed at once, stays though the request fails later, and
    nobody waits until the disk has it: when the database's machine loses its power, the notes of the last second
    may be lost. Else it is a part of the transaction under way, and as safe as that.
    """

    def __init__(self, statement: Update) -> None:
        self._within = statement
        at_once = statement.where(func.set_config("synchronous_commit", "off", True) == "off")
        self._alone = Prepared(at_once, STANDS_ALONE)

    def write(self, **values: Any) -> None:
        """Run it, with the values of its parameters."""
        connection = db.session.connection()
        if is_in_transaction(connection):
            connection.execute(self._within, values)
        else:
            self._alone.all(**values)


def _finish_request(response: Response) -> Response:
    if g.pop("discard_work", False):
        events.take_waiting()
        db.session.rollback()
    elif response.status_code < 400 or g.pop("keep_work", False):
        _commit()
    else:
        db.session.rollback()
    return response


def _commit() -> None:
    waiting = events.take_waiting()
    db.session.commit()
    if waiting:
        events.hand_over(waiting)


@contextmanager
def unit() -> Iterator[None]:
    """One transaction of a job or command. Raising rolls back everything in it."""
    try:
        yield
        _commit()
    except BaseException:
        events.take_waiting()
        db.session.rollback()
        raise
    finally:
        db.session.remove()


def attempt(
    claim: Callable[[], Claimed | None],
    do: Callable[[Claimed], None],
    postpone: Callable[[Claimed, Exception], None],
) -> None:
    """Work under a lease: claim it, do it, put it off when that failed, each in its own transaction.

    Nothing happens when `claim` answers None: somebody else has the work, or it is done. `do` opens its
    units itself. What it raises is noted by `postpone` and raised again: a failed job is seen to fail.
    """
    with unit():
        claimed = claim()
    if claimed is None:
        return
    try:
        do(claimed)
    except Exception as error:
        with unit():
            postpone(claimed, error)
        raise
