"""Rows of a whole database, out and in again, with PostgreSQL's own COPY: no program of another version is needed.

The structure comes from the migrations, so a backup is restored by this release or a later one.
"""

import gzip
import hashlib
from collections.abc import Iterator
from typing import IO, Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
PIECE = 1024 * 1024
AHEAD = 10_000
"""How far numbers go on beyond the backup: one that was given out after it may stand in somebody's mail."""


class Sum:
    """Rows counted and summed up in whatever order they come: a table lies in the order in which its rows were last
    written, and comes back in the order in which it was saved.

    Each row's SHA-512 is added modulo 2**512, so a row that is missing, doubled or another one shows. The sum tells
    accidents, not forgery: the archive's own sums stand beside it.
    """

    def __init__(self) -> None:
        self.rows, self._total = 0, 0

    def add(self, row: bytes) -> None:
        """One row as COPY writes it, with its line end."""
        self.rows += 1
        self._total += int.from_bytes(hashlib.sha512(row).digest())

    @property
    def content(self) -> str:
        """The sum in hexadecimal."""
        return f"{self._total % (1 << 512):0128x}"


def connect(url: str) -> Connection:
    """A plain connection to a database named as in DATABASE_URL; UTC and no prepared statements."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return psycopg.connect(plain, autocommit=True, prepare_threshold=None, connect_timeout=10)


def snapshot(connection: Connection) -> None:
    """From here to the end of the transaction everything is read as of one moment."""
    connection.execute("set transaction isolation level repeatable read, read only")


def names(connection: Connection) -> list[str]:
    """All our tables by name."""
    rows = connection.execute(
        "select tablename from pg_tables where schemaname = current_schema()"
        " and tablename <> 'alembic_version' order by 1"
    )
    return [row[0] for row in rows]


def revision(connection: Connection) -> str | None:
    """The migration that the database is at; None without our tables."""
    if connection.execute("select to_regclass('alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("select version_num from alembic_version").fetchone()
    return row[0] if row else None


def rows_anywhere(connection: Connection) -> str | None:
    """A table that holds something, if there is one."""
    for table in names(connection):
        found = connection.execute(sql.SQL("select 1 from {} limit 1").format(sql.Identifier(table)))
        if found.fetchone():
            return table
    return None


def _columns(connection: Connection, table: str) -> sql.Composed:
    """Those that are stored as they were given; what is computed is computed again."""
    rows = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and attgenerated = '' order by attnum",
        (table,),
    )
    return sql.SQL(", ").join(sql.Identifier(row[0]) for row in rows)


def write(connection: Connection, table: str, out: IO[bytes] | None) -> Sum:
    """All rows of a table, compressed into `out` (None: only counted and summed up)."""
    total = Sum()
    packed = gzip.GzipFile(fileobj=out, mode="wb", compresslevel=3, mtime=0) if out else None
    query = sql.SQL("copy {} ({}) to stdout").format(sql.Identifier(table), _columns(connection, table))
    with connection.cursor().copy(query) as copy:
        for piece in copy:
            # One row is one piece, and a line break within a text is written as two signs.
            total.add(bytes(piece))
            if packed:
                packed.write(piece)
    if packed:
        packed.close()
    return total


def summed(source: IO[bytes]) -> Sum:
    """The sum of the rows that `write` wrote."""
    total = Sum()
    with gzip.GzipFile(fileobj=source, mode="rb") as packed:
        for row in packed:
            total.add(row)
    return total


def read(connection: Connection, table: str, source: IO[bytes]) -> None:
    """The rows that `write` wrote, into an empty table of the same structure."""
    query = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(table), _columns(connection, table))
    with gzip.GzipFile(fileobj=source, mode="rb") as packed, connection.cursor().copy(query) as copy:
        while piece := packed.read(PIECE):
            copy.write(piece)


def sequences(connection: Connection) -> dict[str, int]:
    """The last number that each sequence gave out; 0 for one that was never asked."""
    rows = connection.execute(
        "select sequencename, coalesce(last_value, 0) from pg_sequences where schemaname = current_schema()"
    )
    return {row[0]: row[1] for row in rows}


def go_on_from(connection: Connection, last: dict[str, int], ahead: int = AHEAD) -> None:
    """Let sequences give out numbers that nobody has seen."""
    for name in sequences(connection):
        number = last.get(name, 0)
        connection.execute(
            "select setval(%s::regclass, %s, false)", (name, number + 1 + (ahead if number else 0))
        )


class Unbound:
    """Within the block, tables take rows in any order: foreign keys and triggers are away and come back at its end,
    when every key is checked. Needs an open transaction, and only the rights of the tables' owner."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._keys = self._foreign_keys()

    def _foreign_keys(self) -> list[tuple[str, str, str]]:
        rows = self.connection.execute(
            "select t.relname, k.conname, pg_get_constraintdef(k.oid) from pg_constraint k"
            " join pg_class t on t.oid = k.conrelid"
            " where k.contype = 'f' and k.connamespace = current_schema()::regnamespace order by 1, 2"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def __enter__(self) -> "Unbound":
        for table in names(self.connection):
            self._alter(table, sql.SQL("disable trigger user"))
        for table, key, _ in self._keys:
            self._alter(table, sql.SQL("drop constraint {}").format(sql.Identifier(key)))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            return
        for table, key, definition in self._keys:
            words = sql.SQL(definition)  # PostgreSQL's own words about our table
            self._alter(table, sql.SQL("add constraint {} {}").format(sql.Identifier(key), words))
        for table in names(self.connection):
            self._alter(table, sql.SQL("enable trigger user"))

    def _alter(self, table: str, change: sql.Composable) -> None:
        self.connection.execute(sql.SQL("alter table {} {}").format(sql.Identifier(table), change))


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    """A file in pieces of PIECE bytes."""
    while piece := source.read(PIECE):
        yield piece
