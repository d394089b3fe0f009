"""What a person decided in the gradebook about one learner's work: it stands in the place of what the work was given,
in lessons, on pages and in figures alike."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, Self

from sqlalchemy import JSON, literal_column
from sqlalchemy.sql.elements import ColumnElement


@dataclass(frozen=True, slots=True)
class Decision:
    """`percent` is what counts; None: the learner is excused. `by` is a name, None for who has left."""

    percent: Decimal | None
    reason: str
    by: str | None

    @classmethod
    def of(cls, stored: dict[str, Any] | None) -> Self | None:
        """From the column of `decided_sql`."""
        if stored is None:
            return None
        percent = stored["percent"]
        return cls(None if percent is None else Decimal(percent), stored["reason"], stored["by"])

    @property
    def is_excused(self) -> bool:
        return self.percent is None

    def meets(self, needed: Decimal | None) -> bool:
        """Whether a lesson that requires the work asks for no more; `needed` None: any grade will do."""
        return self.percent is None or needed is None or self.percent >= needed


def decided_sql(kind: Literal["quiz", "assignment"], work: str, enrollment: str) -> str:
    """The decision as JSON, null for none. The names are those that the statement has for rows of quizzes or
    assignments, and for the enrollment's id."""
    return f"""(select json_build_object('percent', o.percent::text, 'reason', o.reason, 'by', b.name)
                  from grade_overrides o left join users b on b.id = o.by_id
                 where o.{kind}_id = {work}.id and o.enrollment_id = {enrollment})"""  # noqa: S608 - our own words


def decided_column(kind: Literal["quiz", "assignment"], work: str, enrollment: str) -> ColumnElement[Any]:
    """The same for statements that are not text."""
    return literal_column(decided_sql(kind, work, enrollment), JSON)


def undecided_sql(kind: Literal["quiz", "assignment"], work: str, enrollment: str) -> str:
    """Whether nobody decided anything: the work is still its learner's to do."""
    return f"""not exists (select from grade_overrides o
                            where o.{kind}_id = {work}.id and o.enrollment_id = {enrollment})"""


def meets_sql(kind: Literal["quiz", "assignment"], work: str, enrollment: str) -> str:
    """`Decision.meets` of what the work asks for; null without a decision."""
    return f"""(select o.is_excused or {work}.passing_percent is null or o.percent >= {work}.passing_percent
                  from grade_overrides o
                 where o.{kind}_id = {work}.id and o.enrollment_id = {enrollment})"""  # noqa: S608 - our own words
