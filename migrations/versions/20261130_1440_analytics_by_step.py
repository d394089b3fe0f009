"""analytics by step: a change says what is more or less; what each learner did is kept"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7d3c5e1a94b2"
down_revision = "b41e07c95a3d"
branch_labels = None
depends_on = None

# A row without a kind asks for the whole course to be counted anew: what is rare and touches much.
FUNCTIONS = """
create function day_of(moment timestamptz) returns date language sql immutable parallel safe
    as $$ select (moment at time zone 'UTC')::date $$;

create or replace function note_enrollment_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.course_id <> new.course_id then
        insert into analytics_changes (course_id) values (old.course_id);
    end if;
    if tg_op = 'UPDATE' and old.course_id <> new.course_id then
        insert into analytics_changes (course_id) values (new.course_id);
    elsif tg_op = 'INSERT' then
        insert into analytics_changes (course_id, kind, enrollment_id, day, step)
        select new.course_id, kind, new.id, day_of(moment), 1
          from (values ('enrolled', new.enrolled_at), ('completed', new.completed_at)) as t (kind, moment)
         where moment is not null;
    elsif tg_op = 'UPDATE' then
        insert into analytics_changes (course_id, kind, enrollment_id, day, step)
        select new.course_id, kind, new.id, day_of(moment), step
          from (values ('enrolled', old.enrolled_at, -1, old.enrolled_at is distinct from new.enrolled_at),
                       ('enrolled', new.enrolled_at, 1, old.enrolled_at is distinct from new.enrolled_at),
                       ('completed', old.completed_at, -1, old.completed_at is distinct from new.completed_at),
                       ('completed', new.completed_at, 1, old.completed_at is distinct from new.completed_at),
                       ('moved', null, null, true)) as t (kind, moment, step, counts)
         where counts and (moment is not null or kind = 'moved');
    end if;
    return null;
end $$;

create or replace function note_progress_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into analytics_changes (course_id)
        select coalesce((select e.course_id from enrollments e where e.id = old.enrollment_id),
                        (select l.course_id from lessons l where l.id = old.lesson_id));
    elsif tg_op = 'INSERT' then
        insert into analytics_changes (course_id, kind, enrollment_id, user_id, lesson_id, day, step)
        select e.course_id, kind, e.id, e.user_id, new.lesson_id, day_of(moment), 1
          from enrollments e
         cross join (values ('opened', new.started_at), ('done', new.completed_at)) as t (kind, moment)
         where e.id = new.enrollment_id and moment is not null;
    else
        insert into analytics_changes (course_id, kind, enrollment_id, user_id, lesson_id, day, step)
        select e.course_id, kind, e.id, e.user_id, new.lesson_id, day_of(moment), step
          from enrollments e
         cross join (values ('opened', old.started_at, -1, old.started_at is distinct from new.started_at),
                            ('opened', new.started_at, 1, old.started_at is distinct from new.started_at),
                            ('done', old.completed_at, -1, old.completed_at is distinct from new.completed_at),
                            ('done', new.completed_at, 1, old.completed_at is distinct from new.completed_at)
                    ) as t (kind, moment, step, counts)
         where e.id = new.enrollment_id and counts and moment is not null;
    end if;
    return null;
end $$;

create or replace function note_attempt_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        insert into analytics_changes (course_id) select q.course_id from quizzes q where q.id = old.quiz_id;
    elsif tg_op = 'INSERT' then
        insert into analytics_changes (course_id, kind, enrollment_id, user_id, quiz_id, day, step)
        select q.course_id, case when new.submitted_at is null then 'graded' else 'sat' end, new.enrollment_id,
               new.user_id, q.id, day_of(new.submitted_at), 1
          from quizzes q where q.id = new.quiz_id;
    else
        insert into analytics_changes (course_id, kind, enrollment_id, user_id, quiz_id, day, step)
        select q.course_id, kind, new.enrollment_id, new.user_id, q.id, day, step
          from quizzes q
         cross join (values
             ('sat', case when old.state <> 'open' then day_of(old.submitted_at) end, -1),
             ('sat', case when new.state <> 'open' then day_of(new.submitted_at) end, 1),
             ('graded', null, null)) as t (kind, day, step)
         where q.id = new.quiz_id and (day is not null or kind = 'graded');
    end if;
    return null;
end $$;

create or replace function note_day_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (day) select distinct day from gone;
    return null;
end $$;
"""
# Who writes a day of a course tells the site of it; only courses that are deleted tell of theirs here.
TRIGGERS = """
drop trigger analytics_course_day on course_days;
create trigger analytics_course_day after delete on course_days referencing old table as gone
    for each statement execute function note_day_change();
drop trigger analytics_attempt_removed on attempts;
create trigger analytics_attempt_removed after delete on attempts
    for each row when (old.state <> 'open') execute function note_attempt_change();
"""
BEFORE = """
drop trigger analytics_course_day on course_days;
drop trigger analytics_attempt_removed on attempts;
create or replace function note_enrollment_change() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then insert into analytics_changes (course_id) values (old.course_id); end if;
    if tg_op <> 'DELETE' then insert into analytics_changes (course_id) values (new.course_id); end if;
    return null;
end $$;
create or replace function note_progress_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id)
    select e.course_id from enrollments e
     where e.id = case when tg_op = 'DELETE' then old.enrollment_id else new.enrollment_id end;
    return null;
end $$;
create or replace function note_attempt_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id)
    select q.course_id from quizzes q
     where q.id = case when tg_op = 'DELETE' then old.quiz_id else new.quiz_id end;
    return null;
end $$;
create or replace function note_day_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (day) values (case when tg_op = 'DELETE' then old.day else new.day end);
    return null;
end $$;
create trigger analytics_course_day after insert or update or delete on course_days
    for each row execute function note_day_change();
create trigger analytics_attempt_removed after delete on attempts
    for each row execute function note_attempt_change();
drop function day_of;
"""
ALL = "insert into analytics_changes (course_id) select id from courses"


def upgrade() -> None:
    op.add_column("analytics_changes", sa.Column("kind", sa.Text()))
    op.add_column("analytics_changes", sa.Column("step", sa.SmallInteger()))
    for name in ("enrollment_id", "user_id", "lesson_id", "quiz_id"):
        op.add_column("analytics_changes", sa.Column(name, sa.BigInteger()))
    op.create_table(
        "learner_figures",
        sa.Column("enrollment_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("course_id", "done", "minutes")),
        *(sa.Column(name, sa.BigInteger()) for name in ("furthest_id", "stopped_id")),
        sa.Column("failed", postgresql.JSONB(none_as_null=True)),
    )
    op.create_index("ix_learner_figures_course_id", "learner_figures", ["course_id"])
    op.create_index(
        "ix_learner_figures_stopped",
        "learner_figures",
        ["stopped_id", "enrollment_id"],
        postgresql_where=sa.text("stopped_id is not null"),
    )
    for name in ("course", "enrollment"):
        op.drop_constraint(f"fk_learners_at_risk_{name}_id", "learners_at_risk", type_="foreignkey")
    op.create_index("ix_enrollments_course_id_id", "enrollments", ["course_id", "id"])
    # The release before goes on writing these two; new rows need not know of them.
    op.alter_column("lesson_figures", "stopped_ids", server_default="{}")
    op.alter_column("course_figures", "took", server_default="0")
    now = sa.text("now()")
    op.add_column(
        "course_figures",
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False, server_default=now),
    )
    op.execute("update course_figures set counted_at = refreshed_at")
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)
    op.execute(ALL)


def downgrade() -> None:
    op.execute(BEFORE)
    op.drop_column("course_figures", "counted_at")
    op.alter_column("course_figures", "took", server_default=None)
    op.alter_column("lesson_figures", "stopped_ids", server_default=None)
    op.drop_index("ix_enrollments_course_id_id", "enrollments")
    op.execute("truncate learners_at_risk")
    for name in ("course", "enrollment"):
        op.create_foreign_key(
            f"fk_learners_at_risk_{name}_id",
            "learners_at_risk",
            f"{name}s",
            [f"{name}_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.drop_table("learner_figures")
    for name in ("quiz_id", "lesson_id", "user_id", "enrollment_id", "step", "kind"):
        op.drop_column("analytics_changes", name)
    op.execute(ALL)
