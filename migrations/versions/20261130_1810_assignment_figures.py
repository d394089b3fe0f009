"""figures of assignments, and what in them changed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a94d17e6c3b0"
down_revision = "a4c7d92e1b58"
branch_labels = None
depends_on = None

# worked: a learner's work, grade or dates are other ones. asked: what everybody in the course is measured by is.
FUNCTIONS = """
create function note_work_change() returns trigger language plpgsql as $$
declare it record;
begin
    if tg_op = 'DELETE' then it := old; else it := new; end if;
    insert into analytics_changes (course_id, kind, enrollment_id, assignment_id)
    select a.course_id, 'worked', it.enrollment_id, a.id from assignments a where a.id = it.assignment_id;
    return null;
end $$;

create function note_version_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id, kind, enrollment_id, assignment_id)
    select a.course_id, 'worked', s.enrollment_id, a.id
      from submissions s join assignments a on a.id = s.assignment_id where s.id = new.submission_id;
    return null;
end $$;

create function note_extension_change() returns trigger language plpgsql as $$
declare it record;
begin
    if tg_op = 'DELETE' then it := old; else it := new; end if;
    insert into analytics_changes (course_id, kind, enrollment_id, assignment_id)
    select a.course_id, 'worked', e.id, a.id
      from assignments a left join enrollments e on e.course_id = a.course_id and e.user_id = it.user_id
     where a.id = it.assignment_id;
    return null;
end $$;

create function note_assignment_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id, kind, assignment_id) values (old.course_id, 'asked', old.id);
    return null;
end $$;

create function note_category_change() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id, kind)
    values (case when tg_op = 'DELETE' then old.course_id else new.course_id end, 'asked');
    return null;
end $$;

create function note_place_change() returns trigger language plpgsql as $$
declare it record;
begin
    if tg_op = 'DELETE' then it := old; else it := new; end if;
    insert into analytics_changes (course_id, kind, assignment_id)
    select a.course_id, 'asked', a.id from assignments a where a.id = it.assignment_id;
    return null;
end $$;
"""

# Drafts and what graders note beside a grade are no change.
TRIGGERS = """
create trigger analytics_work_begun after insert on submissions
    for each row when (new.number > 0) execute function note_work_change();
create trigger analytics_work_moved after update of state, number, enrollment_id on submissions
    for each row when ((old.state, old.number, old.enrollment_id)
                       is distinct from (new.state, new.number, new.enrollment_id))
    execute function note_work_change();
create trigger analytics_work_removed after delete on submissions
    for each row when (old.number > 0) execute function note_work_change();
create trigger analytics_work_graded
    after update of points, out_of, graded_at, returned_at, released_at, submitted_at on submission_versions
    for each row when (
        (old.graded_at, old.returned_at, old.released_at, old.submitted_at)
            is distinct from (new.graded_at, new.returned_at, new.released_at, new.submitted_at)
        or new.graded_at is not null and (old.points, old.out_of) is distinct from (new.points, new.out_of))
    execute function note_version_change();
create trigger analytics_extension after insert or delete or update of extra_days on extensions
    for each row execute function note_extension_change();
create trigger analytics_override_made after insert or update of percent, is_excused on grade_overrides
    for each row when (new.assignment_id is not null) execute function note_work_change();
create trigger analytics_override_removed after delete on grade_overrides
    for each row when (old.assignment_id is not null) execute function note_work_change();
create trigger analytics_assignment
    after delete or update of lesson_id, max_points, is_required, due_at, time_zone, late_policy, late_percent,
        passing_percent, removed_at on assignments
    for each row execute function note_assignment_change();
create trigger analytics_category after insert or delete or update of weight on grade_categories
    for each row execute function note_category_change();
create trigger analytics_place_made after insert or update of category_id on grade_places
    for each row when (new.assignment_id is not null) execute function note_place_change();
create trigger analytics_place_removed after delete on grade_places
    for each row when (old.assignment_id is not null) execute function note_place_change();
"""
DROP = """
drop trigger analytics_work_begun on submissions;
drop trigger analytics_work_moved on submissions;
drop trigger analytics_work_removed on submissions;
drop trigger analytics_work_graded on submission_versions;
drop trigger analytics_extension on extensions;
drop trigger analytics_override_made on grade_overrides;
drop trigger analytics_override_removed on grade_overrides;
drop trigger analytics_assignment on assignments;
drop trigger analytics_category on grade_categories;
drop trigger analytics_place_made on grade_places;
drop trigger analytics_place_removed on grade_places;
drop function note_work_change, note_version_change, note_extension_change, note_assignment_change,
              note_category_change, note_place_change;
"""


def upgrade() -> None:
    op.add_column("analytics_changes", sa.Column("assignment_id", sa.BigInteger()))
    op.create_table(
        "assignment_figures",
        *(
            sa.Column(
                f"{one}_id",
                sa.BigInteger(),
                sa.ForeignKey(f"{one}s.id", ondelete="CASCADE"),
                nullable=False,
                primary_key=one == "assignment",
            )
            for one in ("assignment", "course")
        ),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("handed_in", "late", "waiting", "unreleased", "graded")
        ),
        sa.Column("average", sa.Numeric(5, 2)),
        sa.Column("tenths", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("seconds_until_graded", sa.BigInteger()),
    )
    op.create_index("ix_assignment_figures_course_id", "assignment_figures", ["course_id"])
    # An assignment without figures asks for them itself at the first refresh.
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)


def downgrade() -> None:
    op.execute(DROP)
    op.drop_table("assignment_figures")
    op.execute("delete from analytics_changes where kind in ('worked', 'asked')")
    op.drop_column("analytics_changes", "assignment_id")
    # Reasons that the release before has no words for.
    op.execute("truncate learners_at_risk")
    op.execute("insert into analytics_changes (course_id) select id from courses")
