"""The database: one SQLAlchemy registry, naming rules, column types that all tables share."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, CursorResult, DateTime, Executable, Identity, MetaData, Row, Select, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

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


def read(statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
    """Rows of columns in the transaction of the session, for what every page asks.

    Goes past the part of the session that is for entities, which took longer than the statement itself;
    so nothing that waits in the session is written before it.
    """
    return db.session.connection().execute(statement, values)
