"""Errors that nobody expected, kept as rows that an admin reads: grouped by what was raised and where.

Only types, places and our own lines of code are kept, never a message or a value: an exception's words may hold
what somebody typed. Keeping one never makes a failing request worse: it has a connection and a transaction of its
own, at most a second or two to do it, and never raises. When the database itself is away there is only the log.
"""

import atexit
import hashlib
import logging
import time
import traceback
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Literal

from flask import Flask, current_app
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from lms.core import clock

log = logging.getLogger(__name__)

Source = Literal["web", "job"]

KEPT = timedelta(days=90)
"""How long an error that does not come back is kept."""
MOST_KINDS = 500
MOST_SIGHTINGS = 50
"""Of each kind so many of the last times are kept, each with the request's id."""
BURST = 20
"""Writes that a process may do at once, and in each second; what comes faster is counted and written along later."""
REST_SECONDS = 30.0
"""After a write that failed."""
LATER_SECONDS = 40.0
"""What was held back is written after so long when no other error takes it along; and when the process ends."""
MOST_WAITING = 100
LONGEST_TRACE = 8000
MOST_FRAMES = 25
MOST_CAUSES = 3

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Sight:
    """One time that it happened (`count` when several are told at once)."""

    source: Source
    exception: str
    place: str
    trace: str
    route: str
    request_id: str
    version: str
    at: datetime
    count: int = 1

    @property
    def fingerprint(self) -> str:
        """The same kind of error has the same, also in the next release, where its line has another number."""
        return hashlib.sha256(f"{self.source}\n{self.exception}\n{self.place}".encode()).hexdigest()


def init_app(app: Flask, version: str) -> None:
    """Keep what `record` is told by this application."""
    app.extensions["lectern-faults"] = _Keeper(
        app.config["SQLALCHEMY_DATABASE_URI"],
        app.config["SQLALCHEMY_ENGINE_OPTIONS"].get("connect_args", {}),
        version[:64],
    )


def record(error: BaseException, *, source: Source, route: str, request_id: str) -> None:
    """Keep an error. Never raises."""
    try:
        keeper: _Keeper = current_app.extensions["lectern-faults"]
        keeper.keep(
            Sight(
                source,
                _name(error)[:200],
                place(error)[:300],
                trace(error),
                route[:200],
                request_id[:64],
                keeper.version,
                clock.now(),
            )
        )
    except Exception as trouble:  # a failing request is not made worse, whatever it is
        log.warning("an error could not be kept: %s", type(trouble).__name__)


class _Keeper:
    """Writes, at its pace, on connections of its own: those of the pool may all be taken, which is then the error."""

    def __init__(self, url: str, connect_args: dict[str, Any], version: str) -> None:
        self.version = version
        self._url, self._connect_args = url, {**connect_args, "connect_timeout": 2}
        self._lock = Lock()
        self._waiting: dict[str, Sight] = {}
        self._allowance, self._counted_at, self._resting_until = float(BURST), time.monotonic(), 0.0
        self._later: Timer | None = None
        atexit.register(self.write_held_back)

    def keep(self, sight: Sight) -> None:
        with self._lock:
            self._wait(sight)
            may_write = self._may_write()
        if may_write:
            self.write_held_back()
        self._come_back()

    def write_held_back(self) -> None:
        """Write what waits, if anything does."""
        with self._lock:
            taken, self._waiting = list(self._waiting.values()), {}
        if not taken:
            return
        try:
            with self._engine().begin() as connection:
                connection.execute(_IN_TIME)
                for one in taken:
                    _write(connection, one)
        except Exception as trouble:  # every driver raises its own
            log.warning("errors can't be kept for %d s: %s", REST_SECONDS, type(trouble).__name__)
            with self._lock:
                self._resting_until = time.monotonic() + REST_SECONDS
                for one in taken:
                    self._wait(one)

    def _come_back(self) -> None:
        """See to it that what still waits is written, also when nothing else goes wrong."""
        with self._lock:
            if not self._waiting or self._later is not None:
                return
            self._later = Timer(LATER_SECONDS, self._try_again)
            self._later.daemon = True
            self._later.start()

    def _try_again(self) -> None:
        with self._lock:
            self._later = None
        self.write_held_back()
        self._come_back()

    def _wait(self, sight: Sight) -> None:
        known = self._waiting.get(sight.fingerprint)
        if known is not None:
            self._waiting[sight.fingerprint] = replace(sight, count=sight.count + known.count)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting[sight.fingerprint] = sight

    def _may_write(self) -> bool:
        now = time.monotonic()
        self._allowance = min(float(BURST), self._allowance + (now - self._counted_at) * BURST)
        self._counted_at = now
        if now < self._resting_until or self._allowance < 1:
            return False
        self._allowance -= 1
        return True

    def _engine(self) -> Engine:
        return create_engine(self._url, poolclass=NullPool, connect_args=self._connect_args)


_IN_TIME = text("select set_config('statement_timeout', '2s', true), set_config('lock_timeout', '1s', true)")
_KEEP = text("""
    insert into faults (fingerprint, source, exception, place, trace, route, request_id, version, count,
                        first_at, last_at, is_back)
    select :fingerprint, :source, :exception, :place, :trace, :route, :request_id, :version, :count, :at, :at, false
     where (select count(*) from faults) < :most_kinds
        or exists (select from faults where fingerprint = :fingerprint)
    on conflict (fingerprint) do update
       set (trace, route, request_id, version, count, last_at, is_back, settled_at)
         = (excluded.trace, excluded.route, excluded.request_id, excluded.version, faults.count + excluded.count,
            greatest(faults.last_at, excluded.last_at), faults.is_back or faults.settled_at is not null, null)
    returning id
""")
_SIGHT = text("""
    with today as (
        insert into fault_days (day, count) values ((cast(:at as timestamptz) at time zone 'UTC')::date, :count)
        on conflict (day) do update set count = fault_days.count + excluded.count),
    old as (
        delete from fault_sightings where id in (
            select id from fault_sightings where fault_id = :fault_id order by id desc offset :most - 1))
    insert into fault_sightings (fault_id, at, route, request_id, version)
    values (:fault_id, :at, :route, :request_id, :version)
""")


def _write(connection: Connection, sight: Sight) -> None:
    facts = {name: getattr(sight, name) for name in (*sight.__slots__, "fingerprint")}
    kept = connection.scalar(_KEEP, {**facts, "most_kinds": MOST_KINDS})
    if kept is not None:
        connection.execute(_SIGHT, {**facts, "fault_id": kept, "most": MOST_SIGHTINGS})


def place(error: BaseException) -> str:
    """The innermost function of ours that it came through, else the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_ours(frame.filename)]
    last = (own or frames)[-1:]
    return f"{_short(last[0].filename)} in {last[0].name}" if last else "nowhere"


def trace(error: BaseException) -> str:
    """The way that it came, the outermost call first, and below it what it came from. Without any value."""
    parts, seen = [], error
    for _ in range(MOST_CAUSES):
        parts.append("\n".join([_name(seen), *_lines(seen)]))
        cause = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        if cause is None:
            break
        seen = cause
    return "\n\nbecause of ".join(parts)[:LONGEST_TRACE]


def _lines(error: BaseException) -> list[str]:
    """Our own calls with their line, of other people's what we called and where it ended."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    ours = [_is_ours(frame.filename) for frame in frames]
    lines: list[str] = []
    for place, frame in enumerate(frames):
        if ours[place] or place in (0, len(frames) - 1) or ours[place - 1]:
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}")
            if ours[place] and frame.line:
                lines.append(f"    {frame.line[:200]}")
        elif lines[-1] != "  ...":
            lines.append("  ...")
    return lines


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _is_ours(file: str) -> bool:
    return file.startswith(f"{ROOT}/lms/") or file == "<template>"


def _short(file: str) -> str:
    """Without the folders of this machine."""
    inner = file.rpartition("site-packages/")[2].removeprefix(f"{ROOT}/")
    return inner if _is_ours(file) else "/".join(Path(inner).parts[-4:]).lstrip("/")
