"""Unexpected errors as an admin reads them."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy import text as sql

from lms.core.db import AnyRow, db
from lms.core.models import Fault, FaultSighting
from lms.core.paging import PER_PAGE, Page

STATES = ("open", "settled", "every")
SORTS = ("latest", "count")


def faults(state: str, q: str, sort: str, page: int) -> Page[AnyRow]:
    """Kinds of errors. `q` is the number that an error page shows (its beginning will do), or words of where and
    what."""
    where = _conditions(state, q)
    total = db.session.scalar(select(func.count()).select_from(Fault).where(*where)) or 0
    order = Fault.count.desc() if sort == "count" else Fault.last_at.desc()
    rows = db.session.execute(
        select(
            Fault.id,
            Fault.source,
            Fault.exception,
            Fault.place,
            Fault.route,
            Fault.count,
            Fault.first_at,
            Fault.last_at,
            Fault.is_back,
            Fault.settled_at,
        )
        .where(*where)
        .order_by(order, Fault.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return Page(rows, page, total)


def _conditions(state: str, q: str) -> list[ColumnElement[bool]]:
    where: list[Any] = []
    if state != "every":
        where.append(Fault.settled_at.is_(None) if state == "open" else Fault.settled_at.is_not(None))
    for word in q.split()[:6]:
        seen = exists().where(
            FaultSighting.fault_id == Fault.id, FaultSighting.request_id.startswith(word, autoescape=True)
        )
        fields = (Fault.exception, Fault.place, Fault.route)
        where.append(or_(seen, *(field.icontains(word, autoescape=True) for field in fields)))
    return where


_COUNTS = sql("""
    select count(*) filter (where settled_at is null) as open,
           count(*) filter (where settled_at is not null) as settled
      from faults
""")


def counts() -> AnyRow:
    """How many kinds of each state, for the tabs."""
    return db.session.execute(_COUNTS).one()


def fault(fault_id: int) -> Fault | None:
    """One kind, whole."""
    return db.session.get(Fault, fault_id)


def sightings(fault_id: int) -> list[AnyRow]:
    """Its last times, the newest first."""
    return list(
        db.session.execute(
            select(FaultSighting.at, FaultSighting.route, FaultSighting.request_id, FaultSighting.version)
            .where(FaultSighting.fault_id == fault_id)
            .order_by(FaultSighting.id.desc())
        )
    )
