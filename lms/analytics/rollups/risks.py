"""Learners who may not finish, by the rules. What they are measured by was counted before."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import text

from lms.analytics import rules
from lms.analytics.rollups.learners import CHANGED
from lms.analytics.rollups.owed import LOW, OVERDUE
from lms.core.db import AnyRow, db

_ON_THE_WAY = f"""
    with {OVERDUE}, {LOW}
    select e.id, e.course_id, e.enrolled_at, e.last_active_at, f.done, f.failed, k.required, k.pace::float8 as pace,
           c.ends_at, o.works as overdue, w.works as low
      from enrollments e
      join learner_figures f on f.enrollment_id = e.id
      join course_figures k on k.course_id = e.course_id
      join courses c on c.id = e.course_id
      left join overdue o on o.id = e.id
      left join low w on w.id = e.id
     where e.state = 'active' and f.done < k.required and {{who}}
     order by e.course_id
"""  # noqa: S608 - our own words
_WRITE = """
    with fresh as (
        select * from jsonb_to_recordset(cast(:risks as jsonb))
            as r(id bigint, course bigint, weight smallint, reasons jsonb)),
    gone as (delete from learners_at_risk r where {whose} and enrollment_id not in (select id from fresh))
    insert into learners_at_risk as r (enrollment_id, course_id, weight, reasons)
    select id, course, weight, reasons from fresh
     where not exists (select from learners_at_risk o where o.enrollment_id = fresh.id
                          and (o.weight, o.reasons) is not distinct from (fresh.weight, fresh.reasons))
    on conflict (enrollment_id) do update set (weight, reasons) = (excluded.weight, excluded.reasons)
"""
_EVERYONE = (
    text(_ON_THE_WAY.format(who="e.course_id = any(:courses)")),
    text(_WRITE.format(whose="r.course_id = any(:courses)")),
)
_MOVED = (
    text(_ON_THE_WAY.format(who=f"e.id in {CHANGED}")),
    text(_WRITE.format(whose=f"r.enrollment_id in {CHANGED}")),
)
_SUM = text("""
    update course_figures f set at_risk = c.number
      from (select k.course_id, count(r.enrollment_id) as number
              from course_figures k left join learners_at_risk r on r.course_id = k.course_id
             where k.course_id = any(:courses) group by k.course_id) c
     where f.course_id = c.course_id and f.at_risk <> c.number
""")


def judge(courses: Sequence[int], today: datetime, *, everyone: bool) -> None:
    """Write who may not finish: of everyone in these courses, or of those of whom something changed."""
    if not courses:
        return
    find, write = _EVERYONE if everyone else _MOVED
    rows = db.session.execute(find, {"courses": courses, "today": today})
    found = [
        risk for _, learners in groupby(rows, lambda row: row.course_id) for risk in _risks(learners, today)
    ]
    db.session.execute(write, {"courses": courses, "risks": json.dumps(found)})


def count(courses: Sequence[int]) -> None:
    """How many they are in each course."""
    db.session.execute(_SUM, {"courses": courses})


def _risks(learners: Iterable[AnyRow], today: datetime) -> Iterable[dict[str, Any]]:
    course = None
    for row in learners:
        course = course or rules.Course(row.required, row.pace, row.ends_at)
        learner = rules.Learner(
            row.enrolled_at, row.last_active_at, row.done, row.failed or (), row.overdue or (), row.low or ()
        )
        found = rules.reasons(learner, course, today)
        if found:
            weight = sum(reason.weight for reason in found)
            reasons = [reason.to_json() for reason in found]
            yield {"id": row.id, "course": row.course_id, "weight": weight, "reasons": reasons}
