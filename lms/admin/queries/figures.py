"""The numbers of the first page."""

from datetime import datetime, timedelta

from sqlalchemy import text

from lms.core.db import AnyRow, db

ACTIVE_WITHIN = timedelta(days=7)
LATE = timedelta(minutes=10)
"""What is due for so long is done by nobody: no worker runs, or it can't keep up."""

_FIGURES = text("""
    select
      (select count(*) from users where erased_at is null) as users,
      (select count(*) from users where role = 'instructor' and is_active) as instructors,
      (select count(*) from (
          select user_id from enrollments where last_active_at > :since
          union select user_id from user_sessions where created_at > :since) as seen) as active,
      (select count(*) from courses where state = 'published') as published,
      (select count(*) from courses) as courses,
      (select count(*) from enrollments where state <> 'dropped') as enrollments,
      (select count(*) from enrollments where completed_at is not null) as completed,
      (select count(*) from deliveries where state = 'pending')
          + (select count(*) from tasks where state in ('queued', 'running')) as jobs_waiting,
      (select count(*) from deliveries where state = 'failed')
          + (select count(*) from tasks where state = 'failed') as jobs_failed,
      (select count(*) from deliveries where state = 'pending' and due_at < :late)
          + (select count(*) from emails where state = 'queued' and due_at < :late)
          + (select count(*) from webhook_messages m join webhook_endpoints e on e.id = m.endpoint_id
              where m.state = 'waiting' and m.due_at < :late and e.is_on) as late,
      (select count(*) from webhook_messages where state = 'failed') as webhooks_failed,
      (select count(*) from certificates) as certificates,
      (select count(*) from emails where state = 'queued') as emails_waiting,
      (select count(*) from emails where state = 'failed') as emails_failed,
      (select count(*) from faults where settled_at is null) as errors,
      (select coalesce(sum(count), 0)::bigint from fault_days
        where day >= (cast(:since as timestamptz) at time zone 'UTC')::date) as errors_lately,
      (select count(*) from instructor_applications where state = 'submitted') as applications,
      (select coalesce(sum(size), 0)::bigint from stored_files) as files_size,
      pg_database_size(current_database()) as database_size
""")


def figures(at: datetime) -> AnyRow:
    """All of them in one statement; sizes in bytes, `active` and `errors_lately` within ACTIVE_WITHIN."""
    return db.session.execute(_FIGURES, {"since": at - ACTIVE_WITHIN, "late": at - LATE}).one()
