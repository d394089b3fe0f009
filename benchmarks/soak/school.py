"""A course of one lesson with one timed quiz, and the learners who sit it: enrolled and signed in."""

from hashlib import sha256

import psycopg

from benchmarks import dataset

SLUG, LESSON, QUIZ = "soak", "paper", "paper"

_PEOPLE = """
    insert into users (email, name, password_hash, role, is_active, is_verified_instructor, email_verified_at, bio,
                       language, time_zone, created_at)
    select format('learner%%s@example.org', n), format('Learner %%s', n), '!', 'student', true, false, now(), '', 'en',
           'UTC', now() from generate_series(0, %(learners)s) n order by n;
    update users set role = 'instructor', is_verified_instructor = true where email = 'learner0@example.org';
"""
_COURSE = """
    insert into courses (slug, title, summary, description, description_html, category, level, language, license,
                         source_url, authors, tags, access, certificate, state, published_at, owner_id, lesson_count,
                         minutes, enrollment_count, rating_count, rating_average, created_at, updated_at)
    select %(slug)s, 'The long exam', '', '', '', '', 'beginner', 'en', '', '', '{}', '{}', 'open', true, 'published',
           now(), id, 1, 10, %(learners)s, 0, 0, now(), now() from users where role = 'instructor';
    insert into modules (course_id, source_id, slug, title, body, body_html, position)
    select id, 'm', 'm', 'The exam', '', '', 1 from courses;
    insert into lessons (course_id, module_id, source_id, slug, title, body, body_html, minutes, is_preview, is_required,
                         is_published, position, created_at, updated_at)
    select course_id, id, 'l', %(lesson)s, 'The paper', '', '<p>Good luck.</p>', 10, false, true, true, 1, now(), now()
      from modules;
    insert into quizzes (course_id, lesson_id, source_id, slug, title, mode, is_required, passing_percent, time_limit,
                         max_attempts, counts, shuffle_questions, shuffle_options, one_per_page, reveal, position)
    select course_id, id, 'q', %(quiz)s, 'The paper', 'graded', true, 70, %(time_limit)s, 1, 'best', false, true, false,
           'submission', 1 from lessons;
    insert into enrollments (course_id, user_id, state, enrolled_at, last_active_at)
    select c.id, u.id, 'active', now(), now() from courses c, users u where u.role = 'student' order by u.id;
    insert into user_sessions (user_id, token_hash, created_at, expires_at, user_agent, address)
    select u.id, t.token_hash, now(), now() + interval '1 day', 'soak', '127.0.0.1'
      from tokens t join users u on u.email = format('learner%%s@example.org', t.n);
"""
_QUESTIONS = """
    insert into questions (quiz_id, source_id, position, points)
    select q.id, format('q%%s', n), n, 1 from quizzes q, generate_series(1, %(questions)s) n order by n;
    insert into question_versions (question_id, number, kind, content, key, created_at)
    select n.id, 1, k.content ->> 'type', k.content, k.key, now()
      from questions n join kinds k on k.n = (n.position - 1) %% 5 + 1 order by n.id;
    update questions set version_id = v.id from question_versions v where v.question_id = questions.id;
"""


def fill(url: str, *, learners: int, questions: int, time_limit: int) -> None:
    """Fill an empty database. Learners are numbered from 1; `time_limit` in seconds."""
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        cursor = connection.cursor()
        cursor.execute("create temp table tokens (n int, token_hash text) on commit drop")
        cursor.execute(
            "create temp table kinds (n int, content jsonb, key jsonb, response jsonb) on commit drop"
        )
        with cursor.copy("copy tokens from stdin") as copy:
            for number in range(1, learners + 1):
                copy.write_row((number, sha256(dataset.token_of(number).encode()).hexdigest()))
        with cursor.copy("copy kinds from stdin") as copy:
            for row in dataset.questions():
                copy.write_row(row)
        facts = {
            "learners": learners,
            "questions": questions,
            "time_limit": time_limit,
            "slug": SLUG,
            "lesson": LESSON,
            "quiz": QUIZ,
        }
        for script in (_PEOPLE, _COURSE, _QUESTIONS):
            cursor.execute(script, facts)
