"""analytics"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ce81b1fc6b6c"
down_revision = "1def2dfef2d6"
branch_labels = None
depends_on = None

FUNCTIONS = """
create function note_enrollment_change() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then insert into analytics_changes (course_id) values (old.course_id); end if;
    if tg_op <> 'DELETE' then insert into analytics_changes (course_id) values (new.course_id); end if;
    return null;
end $$;

create function note_progress_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id)
    select e.course_id from enrollments e
     where e.id = case when tg_op = 'DELETE' then old.enrollment_id else new.enrollment_id end;
    return null;
end $$;

create function note_attempt_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id)
    select q.course_id from quizzes q
     where q.id = case when tg_op = 'DELETE' then old.quiz_id else new.quiz_id end;
    return null;
end $$;

create function note_part_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id)
    values (case when tg_op = 'DELETE' then old.course_id else new.course_id end);
    return null;
end $$;

create function note_course_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id) values (new.id);
    return null;
end $$;

create function note_day_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (day) values (case when tg_op = 'DELETE' then old.day else new.day end);
    return null;
end $$;

create function note_user_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (day)
    values ((case when tg_op = 'DELETE' then old.created_at else new.created_at end at time zone 'UTC')::date);
    return null;
end $$;
"""

# An update of `last_active_at` counts when somebody comes back after a day: not each lesson that they open.
TRIGGERS = """
create trigger analytics_enrolled after insert or delete on enrollments
    for each row execute function note_enrollment_change();
create trigger analytics_enrollment_moved
    after update of state, completed_at, dropped_at, enrolled_at, course_id, last_active_at on enrollments
    for each row when (
        (old.state, old.completed_at, old.dropped_at, old.enrolled_at, old.course_id)
            is distinct from (new.state, new.completed_at, new.dropped_at, new.enrolled_at, new.course_id)
        or new.last_active_at > old.last_active_at + interval '1 day' or new.last_active_at < old.last_active_at)
    execute function note_enrollment_change();
create trigger analytics_progress after insert or delete on lesson_progress
    for each row execute function note_progress_change();
create trigger analytics_lesson_completed after update of completed_at, started_at on lesson_progress
    for each row when ((old.completed_at, old.started_at) is distinct from (new.completed_at, new.started_at))
    execute function note_progress_change();
create trigger analytics_attempt_removed after delete on attempts
    for each row execute function note_attempt_change();
create trigger analytics_attempt_made after insert on attempts
    for each row when (new.state <> 'open') execute function note_attempt_change();
create trigger analytics_attempt_graded after update of state, percent, passed, submitted_at on attempts
    for each row when ((old.state, old.percent, old.passed, old.submitted_at)
                       is distinct from (new.state, new.percent, new.passed, new.submitted_at))
    execute function note_attempt_change();
create trigger analytics_lesson
    after insert or delete or update of position, minutes, is_required, is_published, removed_at on lessons
    for each row execute function note_part_change();
create trigger analytics_quiz
    after insert or delete or update of counts, mode, is_required, passing_percent, removed_at on quizzes
    for each row execute function note_part_change();
create trigger analytics_course after insert or update of ends_at on courses
    for each row execute function note_course_change();
create trigger analytics_course_day after insert or update or delete on course_days
    for each row execute function note_day_change();
create trigger analytics_user after insert or delete or update of role, erased_at, created_at on users
    for each row execute function note_user_change();
"""

DROP = """
drop trigger analytics_enrolled on enrollments;
drop trigger analytics_enrollment_moved on enrollments;
drop trigger analytics_progress on lesson_progress;
drop trigger analytics_lesson_completed on lesson_progress;
drop trigger analytics_attempt_removed on attempts;
drop trigger analytics_attempt_made on attempts;
drop trigger analytics_attempt_graded on attempts;
drop trigger analytics_lesson on lessons;
drop trigger analytics_quiz on quizzes;
drop trigger analytics_course on courses;
drop trigger analytics_course_day on course_days;
drop trigger analytics_user on users;
drop function note_enrollment_change, note_progress_change, note_attempt_change, note_part_change,
              note_course_change, note_day_change, note_user_change;
"""

# What is there already is counted at the first refresh.
BEGIN = """
insert into analytics_changes (course_id) select id from courses;
insert into analytics_changes (day) select distinct (created_at at time zone 'UTC')::date from users;
"""


def number(name):
    return sa.Column(name, sa.BigInteger(), nullable=False)


def key(name, other, primary=True):
    return sa.Column(
        name,
        sa.BigInteger(),
        sa.ForeignKey(f"{other}.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary,
    )


def upgrade() -> None:
    op.create_table(
        "analytics_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), primary_key=True),
        sa.Column("course_id", sa.BigInteger()),
        sa.Column("day", sa.Date()),
    )
    op.create_index("ix_analytics_changes_course_id", "analytics_changes", ["course_id"])
    op.create_table(
        "analytics_state",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="one"),
    )
    op.create_table(
        "course_figures",
        key("course_id", "courses"),
        *map(number, ("enrollments", "active", "completed", "dropped", "recent", "at_risk")),
        sa.Column("progress", sa.Numeric(5, 2), nullable=False),
        number("minutes"),
        number("required"),
        sa.Column("pace", sa.Numeric(10, 4)),
        sa.Column("took", sa.Float(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_course_figures_refreshed_at", "course_figures", ["refreshed_at"])
    op.create_table(
        "lesson_figures",
        key("lesson_id", "lessons"),
        key("course_id", "courses", False),
        *map(number, ("reached", "completed", "stopped")),
        sa.Column("stopped_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
    )
    op.create_index("ix_lesson_figures_course_id", "lesson_figures", ["course_id"])
    op.create_table(
        "quiz_figures",
        key("quiz_id", "quizzes"),
        key("course_id", "courses", False),
        number("learners"),
        number("passed"),
        sa.Column("average", sa.Numeric(5, 2), nullable=False),
        sa.Column("tenths", postgresql.ARRAY(sa.BigInteger()), nullable=False),
    )
    op.create_index("ix_quiz_figures_course_id", "quiz_figures", ["course_id"])
    op.create_table(
        "course_days",
        key("course_id", "courses"),
        sa.Column("day", sa.Date(), primary_key=True),
        *map(number, ("enrollments", "completions", "lessons", "quizzes", "active")),
        sa.Column("active_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
    )
    op.create_index("ix_course_days_day", "course_days", ["day"])
    op.create_table(
        "learners_at_risk",
        key("enrollment_id", "enrollments"),
        key("course_id", "courses", False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(none_as_null=True), nullable=False),
    )
    op.create_index(
        "ix_learners_at_risk_course_id", "learners_at_risk", ["course_id", "weight", "enrollment_id"]
    )
    op.create_table(
        "site_days",
        sa.Column("day", sa.Date(), primary_key=True),
        *map(number, ("users", "instructors", "enrollments", "completions", "lessons", "quizzes", "active")),
    )
    op.create_table(
        "site_samples",
        sa.Column("day", sa.Date(), primary_key=True),
        *map(number, ("courses", "files_size", "database_size", "jobs_failed", "emails_failed")),
    )
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)
    op.execute(BEGIN)


def downgrade() -> None:
    op.execute(DROP)
    for table in (
        "site_samples",
        "site_days",
        "learners_at_risk",
        "course_days",
        "quiz_figures",
        "lesson_figures",
        "course_figures",
        "analytics_state",
        "analytics_changes",
    ):
        op.drop_table(table)
