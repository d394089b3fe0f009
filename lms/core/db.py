"""The database: one SQLAlchemy registry, naming rules, column types that all tables share."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    BigInteger,
    CursorResult,
    DateTime,
    Executable,
    Identity,
    MetaData,
    Row,
    Select,
    Text,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from lms.core.reading import only_reads

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_AWAY = ("08", "57P01", "57P02", "57P03", "53300")
"""SQLSTATE of connections that are refused or cut: a class, a server that stops or starts, too many connections."""


NO_TABLES = "The database has no tables yet"


def has_no_tables(error: Exception) -> bool:
    """Whether a statement failed because nobody has made our tables."""
    return isinstance(getattr(error, "orig", None), psycopg.errors.UndefinedTable)


def is_away(error: BaseException) -> bool:
    """Whether the error says that no connection was to be had, or that it was cut: the next try may do."""
    if isinstance(error, PoolTimeoutError):
        return True
    cause = error.orig if isinstance(error, OperationalError) else error
    if not isinstance(cause, psycopg.OperationalError):
        return False
    # A server that can't be reached has no code to give.
    return cause.sqlstate is None or cause.sqlstate.startswith(_AWAY)


Id = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
"""A surrogate key, given by PostgreSQL."""


class Base(DeclarativeBase):
    """Base of every table: text is unbounded, times carry a zone, dictionaries are jsonb."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            int: BigInteger,
            str: Text,
            datetime: DateTime(timezone=True),
            dict[str, Any]: JSONB(none_as_null=True),
            list[Any]: JSONB(none_as_null=True),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of columns that the query names."""

AnySelect: TypeAlias = Select[*tuple[Any, ...]]
"""A select of columns."""


READS, STANDS_ALONE = {"alone": "reads"}, {"alone": "stands"}
"""Execution options of a statement that needs no transaction around it: because it only reads, or because what it
writes stands by itself."""


def read(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Rows of columns, for what every page asks; a statement that neither changes nor locks anything, else NotARead.

    Goes past the part of the session that is for entities, which took longer than the statement itself;
    so nothing that waits in the session is written before it. Where nothing was changed yet it opens no
    transaction, which saves two of the five or six times that a page waits for the database: each
    statement sees what is committed when it begins either way (READ COMMITTED).
    """
    return db.session.connection().execute(statement, values, execution_options=READS)


@event.listens_for(Engine, "before_cursor_execute")
def _open_transaction(
    connection: Connection, cursor: Any, statement: str, _values: Any, context: Any, _many: bool
) -> None:
    """Everything but a `read` is in a transaction; psycopg sends BEGIN with the first statement of one."""
    raw, alone = cursor.connection, context.execution_options.get("alone")
    is_alone = alone is not None
    if alone == "reads":
        only_reads(statement)
    if raw.autocommit == is_alone or connection.get_execution_options().get("isolation_level"):
        return
    # A connection that its engine made so is left as it is.
    if raw.pgconn.transaction_status == TransactionStatus.IDLE and (is_alone or "alone" in connection.info):
        raw.autocommit = is_alone
        connection.info["alone"] = True


def is_in_transaction(connection: Connection) -> bool:
    """Whether something other than a `read` was asked of the database since the last commit."""
    raw: Any = connection.connection.dbapi_connection
    return bool(raw.pgconn.transaction_status != TransactionStatus.IDLE)
