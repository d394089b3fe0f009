"""Selects that pages ask again and again: put into SQL once, sent by psycopg, with nothing between but what is needed.

A page waits for three to five statements. For each of them SQLAlchemy looks up the words, puts the values in order,
describes the columns and makes a result, and psycopg turns the names of values into numbers anew where a statement has
more than 4,096 signs: together a sixth of a page's time (docs/developers/performance.md).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import psycopg
from sqlalchemy import ARRAY, Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Compiled, result_tuple
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.sql.elements import ClauseElement

from lms.core.db import READS, AnyRow, db

_DIALECT: Any = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


class Prepared:
    """A statement that only reads, asked as `core.db.read` asks it, with rows of the same kind.

    Its values are `bindparam`s by name; lists of values (`IN`) are none. Raises TypeError where a column needs Python
    to be read: such a statement goes through `read`. `alone` says why no transaction is opened for it, as in `core.db`.
    """

    def __init__(self, statement: Executable, alone: Mapping[str, str] = READS) -> None:
        self.statement = statement
        self._alone = alone
        self._make: Callable[[tuple[Any, ...]], AnyRow] | None = None

    def all(self, **values: Any) -> Sequence[AnyRow]:
        """Every row; none of a statement that writes. Values that the statement does not know are passed over.

        Raises KeyError for a value that is missing, and SQLAlchemy's DBAPIError for what the database says.
        """
        connection = db.session.connection()
        raw: Any = connection.connection.dbapi_connection
        sql, given = self._plan.sql, self._plan.values(values)
        context = SimpleNamespace(execution_options=self._alone, dialect=_DIALECT)
        with psycopg.RawCursor(raw) as cursor:
            for listen in connection.dispatch.before_cursor_execute:
                listen(connection, cursor, sql, given, context, False)
            try:
                cursor.execute(self._plan.sent, given)
                rows = [] if cursor.rownumber is None else cursor.fetchall()
            except psycopg.Error as error:
                if raw.closed:
                    # A connection that is gone is given up by SQLAlchemy, in its own words.
                    options = dict(self._alone)
                    return connection.execute(self.statement, values, execution_options=options).all()
                raise DBAPIError.instance(
                    sql, None, error, psycopg.Error, hide_parameters=True, dialect=_DIALECT
                ) from error
            for listen in connection.dispatch.after_cursor_execute:
                listen(connection, cursor, sql, given, context, False)
            if not rows:
                return rows
            make = self._make or self._maker(cursor)
        return [make(row) for row in rows]

    def one_or_none(self, **values: Any) -> AnyRow | None:
        """The row, if there is one. Raises MultipleResultsFound."""
        rows = self.all(**values)
        if len(rows) > 1:
            raise MultipleResultsFound("Several rows were found where one was expected")
        return rows[0] if rows else None

    def one(self, **values: Any) -> AnyRow:
        """The row. Raises NoResultFound and MultipleResultsFound."""
        if (row := self.one_or_none(**values)) is None:
            raise NoResultFound("No row was found where one was expected")
        return row

    def _maker(self, cursor: Any) -> Callable[[tuple[Any, ...]], AnyRow]:
        _refuse_columns(self.statement, cursor.description)
        self._make = result_tuple([column.name for column in cursor.description])
        return self._make

    @cached_property
    def _plan(self) -> "_Plan":
        if not isinstance(self.statement, ClauseElement):
            raise TypeError("only statements of SQLAlchemy can be prepared")
        return _Plan(self.statement.compile(dialect=_DIALECT))


class _Plan:
    """The SQL of a statement, and its values in the order of their numbers."""

    def __init__(self, compiled: Compiled) -> None:
        made: Any = compiled
        if made.post_compile_params or made.literal_execute_params:
            raise TypeError("a list of values can't be prepared: its length is part of the words")
        self.sql: str = made.string
        self.sent = self.sql.encode()
        self._row: list[Any] = []
        self._places: list[tuple[str, int, Callable[[Any], Any] | None]] = []
        for place, name in enumerate(made.positiontup):
            parameter = made.binds[name]
            write = parameter.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
            if parameter.required:
                self._places.append((name, place, write))
            value = None if parameter.required else parameter.effective_value
            self._row.append(value if parameter.required or write is None else write(value))

    def values(self, given: dict[str, Any]) -> list[Any]:
        row = list(self._row)
        for name, place, write in self._places:
            row[place] = given[name] if write is None else write(given[name])
        return row


def _refuse_columns(statement: Any, described: Sequence[Any]) -> None:
    """Numbers come as the database says; everything else that SQLAlchemy would change on its way is no plain column."""
    for column, found in zip(getattr(statement, "selected_columns", ()), described, strict=False):
        plain = column.type.item_type if isinstance(column.type, ARRAY) else column.type
        if plain.dialect_impl(_DIALECT).result_processor(_DIALECT, found.type_code) is not None:
            raise TypeError(f"column {found.name} is read by Python: {column.type!r}")
