"""a decision about a quiz changes who may not finish"""

from alembic import op

revision = "e3b7d05c91a6"
down_revision = "f3b1a96e0d58"
branch_labels = None
depends_on = None

CREATE = """
create function note_quiz_decision() returns trigger language plpgsql as $$
declare it record;
begin
    if tg_op = 'DELETE' then it := old; else it := new; end if;
    insert into analytics_changes (course_id, kind, enrollment_id)
    select q.course_id, 'worked', it.enrollment_id from quizzes q where q.id = it.quiz_id;
    return null;
end $$;
create trigger analytics_quiz_decided after insert or update of percent, is_excused on grade_overrides
    for each row when (new.quiz_id is not null) execute function note_quiz_decision();
create trigger analytics_quiz_undecided after delete on grade_overrides
    for each row when (old.quiz_id is not null) execute function note_quiz_decision();
"""
DROP = """
drop trigger analytics_quiz_decided on grade_overrides;
drop trigger analytics_quiz_undecided on grade_overrides;
drop function note_quiz_decision;
"""


def upgrade() -> None:
    op.execute(CREATE)
    # What is known of these learners was counted without the decisions.
    op.execute("""
        insert into analytics_changes (course_id, kind, enrollment_id)
        select q.course_id, 'worked', o.enrollment_id from grade_overrides o join quizzes q on q.id = o.quiz_id
    """)


def downgrade() -> None:
    op.execute(DROP)
