"""Fills an empty database with enrollments and what learners did in their courses, made by the database itself.

Every table is a part of the same whole: twenty opened lessons for each enrollment, an attempt for every second one and
work on an assignment for every third; one course has about a tenth of all learners, as the most popular one of a
large school might.
"""

import hashlib
import time

import psycopg

from benchmarks.dataset import token_of

LESSONS = 30
OPENED = 20
TEACHERS = 20

# Keys and triggers are off while rows are loaded, as when a dump is restored; everything is counted afterwards.
_SCHOOL = """
    insert into users (email, name, password_hash, role, is_active, is_verified_instructor, bio, language, time_zone,
                       created_at)
    select format('person%%s@example.org', n), format('Person %%s', n), '!',
           case when n = 1 then 'admin' when n <= %(teachers)s + 1 then 'instructor' else 'student' end, true, true,
           '', 'en', 'UTC', now() - random() * interval '700 days'
      from generate_series(1, %(users)s) n;
"""
_COURSES = """
    insert into courses (slug, title, summary, description, description_html, category, level, language, license,
                         source_url, authors, tags, access, certificate, state, published_at, owner_id, lesson_count,
                         minutes, enrollment_count, rating_count, rating_average)
    select format('course-%%s', n), format('Course %%s', n), '', '', '', '', 'beginner', 'en', '', '', '{}', '{}',
           'open', true, 'published', now() - interval '500 days', 2 + (n - 1) %% %(teachers)s, %(lessons)s, 300, 0,
           0, 0
      from generate_series(1, %(courses)s) n;
    insert into modules (course_id, source_id, slug, title, body, body_html, position)
    select id, 'm', 'm', 'Module', '', '', 1 from courses;
    insert into lessons (course_id, module_id, source_id, slug, title, body, body_html, minutes, is_preview,
                         is_required, is_published, position)
    select m.course_id, m.id, format('m/%%s', n), format('lesson-%%s', n), format('Lesson %%s', n), '', '', 10,
           false, true, true, n
      from modules m cross join generate_series(1, %(lessons)s) n order by m.course_id, n;
    insert into quizzes (course_id, lesson_id, source_id, slug, title, mode, is_required, passing_percent, counts,
                         shuffle_questions, shuffle_options, one_per_page, reveal, position)
    select course_id, id, format('q%%s', position), 'q', 'Quiz', 'graded', true, 70, 'best', false, true, false,
           'submission', 1
      from lessons where position in (5, 20) order by id;
"""
_ENROLLMENTS = """
    insert into enrollments (course_id, user_id, state, enrolled_at, last_active_at)
    select distinct on (person, course) course, person, 'active', at, at + random() * (now() - at)
      from (select 1 + floor(%(courses)s * power(random(), 3))::bigint as course,
                   %(teachers)s + 2 + n %% (%(users)s - %(teachers)s - 1) as person,
                   now() - random() * interval '365 days' as at
              from generate_series(1, (%(enrollments)s * 1.16)::bigint) n) drawn
     limit %(enrollments)s;
"""
_PROGRESS = """
    insert into lesson_progress (enrollment_id, lesson_id, started_at, completed_at, position)
    select e.id, (e.course_id - 1) * %(lessons)s + n,
           e.enrolled_at + (e.last_active_at - e.enrolled_at) * (n - 1) / reach,
           case when n < reach or reach = %(lessons)s or random() < 0.5
                then e.enrolled_at + (e.last_active_at - e.enrolled_at) * n / reach end, 1
      from (select id, course_id, enrolled_at, last_active_at,
                   greatest(1, ceil(%(lessons)s * power(random(), 0.5)))::int as reach from enrollments) e
     cross join lateral generate_series(1, reach) n;
    update enrollments e set state = 'completed', completed_at = last_active_at
     where exists (select from lesson_progress p
                    where p.enrollment_id = e.id and p.lesson_id = e.course_id * %(lessons)s);
    update enrollments set state = 'dropped', dropped_at = last_active_at
     where state = 'active' and id %% 9 = 0;
"""
_ATTEMPTS = """
    insert into attempts (quiz_id, user_id, enrollment_id, number, state, layout, started_at, submitted_at, closed_by,
                          percent, passed)
    select (e.course_id - 1) * 2 + 1, e.user_id, e.id, 1, 'graded', '[]', e.last_active_at, e.last_active_at,
           'learner', percent, percent >= 70
      from (select *, round((100 * power(random(), 0.6))::numeric, 2) as percent from enrollments where id %% 2 = 0) e;
"""
# Two assignments a course, both due; most work is graded, some waits, one in fifty learners has more days.
_WORK = """
    insert into assignments (course_id, lesson_id, source_id, slug, title, body, body_html, max_points, is_required,
                             due_at, late_policy, late_percent, passing_percent, position)
    select course_id, id, format('a%%s', position), 'assignment', 'Assignment', '', '', 20, position = 8,
           now() - position * interval '5 days', 'percent', 10, 50, 1
      from lessons where position in (8, 24) order by id;
    insert into extensions (assignment_id, user_id, extra_days, reason, changed_at)
    select (course_id - 1) * 2 + 1, user_id, 1 + id %% 14, '', now() from enrollments where id %% 50 = 0;
    insert into submissions (assignment_id, user_id, enrollment_id, state, number, draft, draft_seq, submitted_at)
    select (course_id - 1) * 2 + 1 + id %% 2, user_id, id, case when random() < 0.9 then 'graded' else 'submitted' end, 1,
           '', 0, last_active_at
      from enrollments where id %% 3 = 0;
    insert into submission_versions (submission_id, number, text, submitted_at, points, out_of, graded_at, released_at)
    select id, 1, 'Work', submitted_at, points, 20, at, at
      from (select *, case when state = 'graded' then round((20 * power(random(), 0.6))::numeric, 2) end as points,
                   case when state = 'graded' then submitted_at + random() * interval '9 days' end as at from submissions) s;
"""
_SESSIONS = """
    insert into user_sessions (user_id, token_hash, created_at, expires_at, user_agent, address)
    values (%s, %s, now(), now() + interval '1 day', '', '')
"""


def load(url: str, enrollments: int) -> dict[str, int]:
    """A school of so many enrollments. Returns how many rows the largest tables have."""
    size = {
        "enrollments": enrollments,
        "users": max(200, enrollments // 4),
        "courses": max(20, enrollments // 1000),
        "teachers": TEACHERS,
        "lessons": LESSONS,
    }
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set work_mem = '64MB'")
        connection.execute("select setseed(0.7)")
        for statements in (_SCHOOL, _COURSES, _ENROLLMENTS, _PROGRESS, _ATTEMPTS, _WORK):
            for statement in statements.split(";\n"):
                if statement.strip():
                    connection.execute(statement, size)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
        names = ("users", "courses", "enrollments", "lesson_progress", "attempts", "submissions")
        counts = " union all ".join(f"select '{name}', count(*) from {name}" for name in names)
        return dict(connection.execute(counts).fetchall())


def sign_in(url: str, numbers: tuple[int, ...]) -> None:
    """Sessions for these people, as `workload.Learners` names them."""
    with psycopg.connect(url, autocommit=True) as connection:
        for number in numbers:
            digest = hashlib.sha256(token_of(number).encode()).hexdigest()
            connection.execute(_SESSIONS, (number, digest))
        connection.execute("analyze user_sessions")


def learn(url: str, lessons: int) -> float:
    """So many lessons are completed in courses all over the school; returns milliseconds for each, written alone."""
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        connection.execute(
            "update lesson_progress set completed_at = now() where (enrollment_id, lesson_id) in ("
            " select p.enrollment_id, p.lesson_id from enrollments e"
            " join lesson_progress p on p.enrollment_id = e.id and p.completed_at is null"
            " where e.state = 'active' order by e.id limit %s)",
            (lessons,),
        )
        return 1000 * (time.perf_counter() - began) / lessons


def hand_in(url: str, works: int) -> None:
    """So many learners hand in an assignment, in courses all over the school."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "with handed as ("
            " insert into submissions (assignment_id, user_id, enrollment_id, state, number, draft, draft_seq, submitted_at)"
            " select (course_id - 1) * 2 + 1, user_id, id, 'submitted', 1, '', 0, now() from enrollments e"
            "  where state = 'active' and not exists (select from submissions s where s.enrollment_id = e.id)"
            "  order by md5(id::text) limit %s returning id)"
            " insert into submission_versions (submission_id, number, text, submitted_at)"
            " select id, 1, 'Work', now() from handed",
            (works,),
        )
