"""A course as it stands, from `learner_figures`.

Parameters: `courses`; `today`, the beginning of the day (UTC); `at`, the moment.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text

from lms.analytics import rules
from lms.analytics.rollups.learners import ASKED
from lms.core.db import db

_COUNT = text(f"""
    with learner as (
        select course_id, state, completed_at, is_recent, done, minutes,
               case when state in ('active', 'completed')
                     and enrolled_at <= cast(:today as timestamptz) - interval '{rules.SETTLING_DAYS} days'
                    then done / greatest(extract(epoch from coalesce(completed_at, :today) - enrolled_at)::float8
                                         / 604800, 1) end as pace
          from learner_figures where course_id = any(:courses)),
    asked as (
        select c.id as course_id, count(l.id) filter (where {ASKED}) as required
          from courses c left join lessons l on l.course_id = c.id where c.id = any(:courses) group by c.id),
    fresh as (
        select course_id, required, count(state) as enrollments, count(*) filter (where state = 'active') as active,
               count(completed_at) as completed,
               count(*) filter (where state in ('dropped', 'expired')) as dropped,
               count(*) filter (where is_recent) as recent,
               coalesce(round(100.0 * sum(least(done, required)::int) filter (where state in ('active', 'completed'))
                   / nullif(required * count(*) filter (where state in ('active', 'completed')), 0), 2), 0) as progress,
               coalesce(sum(minutes::int), 0) as minutes,
               case when count(pace) >= {rules.PACED}
                    then round((percentile_cont(0.5) within group (order by pace))::numeric, 2) end as pace
          from asked left join learner using (course_id) group by course_id, required)
    insert into course_figures as f (course_id, enrollments, active, completed, dropped, recent, at_risk, progress,
                                     minutes, required, pace, counted_at, refreshed_at)
    select course_id, enrollments, active, completed, dropped, recent, 0, progress, minutes, required, pace, :at, :at
      from fresh
    on conflict (course_id) do update
       set (enrollments, active, completed, dropped, recent, progress, minutes, required, pace, counted_at, refreshed_at)
         = (excluded.enrollments, excluded.active, excluded.completed, excluded.dropped, excluded.recent,
            excluded.progress, excluded.minutes, excluded.required, excluded.pace,
            case when :anew then excluded.counted_at else f.counted_at end, excluded.refreshed_at)
""")  # noqa: S608 - our own words
_PACES = text("select course_id, pace from course_figures where course_id = any(:courses)")


def count(courses: Sequence[int], today: datetime, at: datetime, *, anew: bool) -> None:
    """All figures of these courses but how many are at risk. `anew`: everything they rest on was counted anew."""
    db.session.execute(_COUNT, {"courses": courses, "today": today, "at": at, "anew": anew})


def paces(courses: Sequence[int]) -> Mapping[int, Decimal | None]:
    """The median pace of each course, as it was counted last."""
    return {row.course_id: row.pace for row in db.session.execute(_PACES, {"courses": courses})}
