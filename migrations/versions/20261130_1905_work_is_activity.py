"""who hands in work or writes in a discussion is active"""

from alembic import op

revision = "f3b1a96e0d58"
down_revision = "c5e81f07a934"
branch_labels = None
depends_on = None

# As for a lesson, a learner's line is written once in 15 minutes, not at every draft that is kept. Nobody waits for it:
# whoever has locked the line may be waiting for the row that fires this.
FUNCTIONS = """
create function note_work_activity() returns trigger language plpgsql as $$
declare moment timestamptz := greatest(new.submitted_at, new.draft_saved_at);
begin
    update enrollments set last_active_at = moment
     where id = (select id from enrollments
                  where id = new.enrollment_id and last_active_at < moment - interval '15 minutes'
                    for no key update skip locked);
    return null;
end $$;

create function note_attempt_activity() returns trigger language plpgsql as $$
declare moment timestamptz := greatest(new.started_at, new.submitted_at);
begin
    update enrollments set last_active_at = moment
     where id = (select id from enrollments
                  where id = new.enrollment_id and last_active_at < moment - interval '15 minutes'
                    for no key update skip locked);
    return null;
end $$;

create function note_post_activity() returns trigger language plpgsql as $$
begin
    update enrollments set last_active_at = new.created_at
     where id = (select id from enrollments
                  where course_id = new.course_id and user_id = new.author_id
                    and last_active_at < new.created_at - interval '15 minutes'
                    for no key update skip locked);
    return null;
end $$;

create function note_hand_in() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id, kind, enrollment_id, user_id, assignment_id, day)
    select a.course_id, 'worked', s.enrollment_id, s.user_id, a.id, day_of(moment)
      from submissions s
      join assignments a on a.id = s.assignment_id
     cross join (select new.submitted_at as moment
                 union select case when tg_op = 'UPDATE' then old.submitted_at end) as t
     where s.id = new.submission_id and moment is not null;
    return null;
end $$;

create function note_work_removed() returns trigger language plpgsql as $$
begin
    insert into analytics_changes (course_id) select a.course_id from assignments a where a.id = old.assignment_id;
    return null;
end $$;

create function note_post_change() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into analytics_changes (course_id, kind, user_id, day)
        values (old.course_id, 'posted', old.author_id, day_of(old.created_at));
    end if;
    if tg_op <> 'DELETE' then
        insert into analytics_changes (course_id, kind, user_id, day)
        values (new.course_id, 'posted', new.author_id, day_of(new.created_at));
    end if;
    return null;
end $$;
"""
TRIGGERS = """
create trigger activity_of_work after insert or update of submitted_at, draft_saved_at on submissions
    for each row execute function note_work_activity();
create trigger activity_of_attempt after insert or update of submitted_at on attempts
    for each row execute function note_attempt_activity();
create trigger activity_of_post after insert on discussion_posts
    for each row when (not new.by_staff) execute function note_post_activity();
create trigger analytics_work_handed_in after insert or update of submitted_at on submission_versions
    for each row execute function note_hand_in();
create trigger analytics_work_gone after delete on submissions
    for each row when (old.number > 0) execute function note_work_removed();
create trigger analytics_post after insert or delete or update of author_id, created_at on discussion_posts
    for each row execute function note_post_change();
"""
DROP = """
drop trigger activity_of_work on submissions;
drop trigger activity_of_attempt on attempts;
drop trigger activity_of_post on discussion_posts;
drop trigger analytics_work_handed_in on submission_versions;
drop trigger analytics_work_gone on submissions;
drop trigger analytics_post on discussion_posts;
drop function note_work_activity, note_attempt_activity, note_post_activity, note_hand_in, note_work_removed,
              note_post_change;
"""
UNTIL_NOW = """
update enrollments e set last_active_at = d.at
  from (select enrollment_id, max(at) as at
          from (select enrollment_id, greatest(submitted_at, draft_saved_at) as at from submissions
                union all select enrollment_id, greatest(started_at, submitted_at) from attempts
                union all select l.id, p.created_at
                            from discussion_posts p
                            join enrollments l on l.course_id = p.course_id and l.user_id = p.author_id
                           where not p.by_staff) each
         group by enrollment_id) d
 where e.id = d.enrollment_id and e.last_active_at < d.at
"""
ALL = "insert into analytics_changes (course_id) select id from courses"


def upgrade() -> None:
    op.execute(FUNCTIONS)
    op.execute(TRIGGERS)
    op.execute(UNTIL_NOW)
    op.execute(ALL)


def downgrade() -> None:
    op.execute(DROP)
    op.execute("delete from analytics_changes where kind = 'posted'")
    op.execute(ALL)
