-- A believable school; %(courses)s, %(learners)s, %(each)s (enrollments of one learner) and %(sitters)s set its size.
-- Rows are right by construction; foreign keys are not asked for each of a million rows.
set session_replication_role = replica;

create temp table size as
    select %(courses)s::int as courses, %(learners)s::int as learners,
           %(each)s::int as each, greatest(%(courses)s::int / 10, 1) as teachers;

insert into users (email, name, password_hash, role, is_active, is_verified_instructor, email_verified_at, bio, language, time_zone, created_at)
select format('teacher%%s@example.org', n), format('Teacher %%s', n), '!', 'instructor', true, true, now(),
       'Has taught this for many years and still likes the questions best.', 'en', 'UTC', now()
  from size, generate_series(1, teachers) n;

insert into users (email, name, password_hash, role, is_active, is_verified_instructor, email_verified_at, bio, language, time_zone, created_at)
select format('learner%%s@example.org', n),
       (array['Amina','Ben','Chloé','Dmitri','Elif','Farid','Grace','Hiro','Inês','Jonas'])[1 + n %% 10] || ' ' ||
       (array['Abara','Brandt','Costa','Dubois','Eriksen','Farouk','Gupta','Haddad','Ivanova','Jansen'])[1 + n / 10 %% 10],
       '!', 'student', true, false, now(), '', 'en', 'Europe/Berlin', now()
  from size, generate_series(1, learners) n;

create temp table learner as
    select id, (row_number() over (order by id))::int as n from users where role = 'student';

insert into courses (slug, title, summary, description, description_html, category, level, language, license, source_url,
                     authors, tags, access, certificate, state, published_at, owner_id, lesson_count, minutes,
                     enrollment_count, rating_count, rating_average, created_at, updated_at)
select format('course-%%s', n),
       (array['Reading','Writing','Measuring','Drawing','Repairing','Growing','Explaining','Counting'])[1 + n %% 8] || ' ' ||
       (array['maps','statistics','sentences','machines','gardens','networks','markets','melodies','proofs','rivers'])[1 + n / 8 %% 10]
       || format(' (%%s)', n),
       'What one needs to know to begin, told in twelve lessons with examples, exercises and short quizzes.',
       '', '<p>' || repeat('The course begins with what you can see from your window and ends with a small work of your own. ', 8) || '</p>',
       (array['Science','Language','Crafts','Computing','History','Music','Mathematics','Health'])[1 + n %% 8],
       (array['beginner','intermediate','advanced'])[1 + n %% 3], 'en', 'CC BY 4.0', '',
       array['A. Author'], array['sample'], 'open', true, 'published', now() - n * interval '1 day',
       1 + n %% teachers, 12, 12 * 25, 0, n %% 40, 3.5 + n %% 15 / 10.0, now(), now()
  from size, generate_series(1, courses) n;

insert into modules (course_id, source_id, slug, title, body, body_html, position)
select c.id, format('part-%%s', m), format('part-%%s', m),
       (array['First steps','The matter itself','A work of your own'])[m], '',
       '<p>What this part is about, and what you will be able to do after it.</p>', m
  from courses c, generate_series(1, 3) m order by c.id, m;

insert into lessons (course_id, module_id, source_id, slug, title, body, body_html, minutes, is_preview, is_required,
                     is_published, position, created_at, updated_at)
select m.course_id, m.id, format('%%s/lesson-%%s', m.slug, l), format('lesson-%%s', l),
       (array['Where to begin','The tools','A first look','What the words mean','Looking closer','Common mistakes',
              'A longer example','Two ways to do it','When it goes wrong','Doing it alone','Showing it to others','What comes next'])[l],
       '', t.html, 25, l = 1, true, true, l, now(), now()
  from modules m
  join generate_series(1, 12) l on (l - 1) / 4 + 1 = m.position
  join lesson_texts t on t.n = (m.course_id * 12 + l) %% (select count(*) from lesson_texts)
 order by m.course_id, l;

-- A quiz closes each part.
insert into quizzes (course_id, lesson_id, source_id, slug, title, mode, is_required, passing_percent, counts,
                     shuffle_questions, shuffle_options, one_per_page, reveal, position)
select course_id, id, source_id || '/check', 'check', 'Check: ' || title, 'graded', true, 70, 'best',
       false, true, false, 'submission', 1
  from lessons where position %% 4 = 0 order by id;

insert into assignments (course_id, lesson_id, source_id, slug, title, body, body_html, max_points, is_required, due_at, position)
select course_id, id, source_id || '/assignment', 'assignment', 'Write what you saw', 'A page will do.', '<p>A page will do.</p>',
       100, false, now() + interval '7 days', 1
  from lessons where position %% 4 = 2 order by id;

insert into questions (quiz_id, source_id, position, points)
select q.id, format('q%%s', n), n, 1 from quizzes q, generate_series(1, 5) n order by q.id, n;

insert into question_versions (question_id, number, kind, content, key, created_at)
select n.id, 1, k.content ->> 'type', k.content, k.key, now()
  from questions n join question_kinds k on k.n = n.position order by n.id;

update questions set version_id = v.id from question_versions v where v.question_id = questions.id;

-- How far somebody came: 0 to 12 lessons.
create temp table journey as
    select l.id as user_id, l.n as learner, 1 + (l.n * 7 + k) %% s.courses as course,
           (l.n * 31 + k * 17) %% 13 as reached, now() - ((l.n * 13 + k * 29) %% 90) * interval '1 day' as at
      from size s, learner l, generate_series(0, s.each - 1) k;

insert into enrollments (course_id, user_id, state, enrolled_at, completed_at, last_lesson_id, last_active_at)
select j.course, j.user_id, case when reached = 12 then 'completed' else 'active' end, at - interval '60 days',
       case when reached = 12 then at end, l.id, at
  from journey j join lessons l on l.course_id = j.course and l.position = least(j.reached + 1, 12)
 order by j.user_id, j.course;

update courses set enrollment_count = n.many
  from (select course_id, count(*) as many from enrollments group by course_id) n where n.course_id = courses.id;

insert into lesson_progress (enrollment_id, lesson_id, started_at, completed_at, position)
select e.id, l.id, e.last_active_at - (13 - l.position) * interval '1 day',
       case when l.position <= j.reached then e.last_active_at - (13 - l.position) * interval '23 hours' end,
       case when l.position <= j.reached then 1 else 0.4 end
  from journey j
  join enrollments e on e.user_id = j.user_id and e.course_id = j.course
  join lessons l on l.course_id = j.course and l.position <= j.reached + 1;

-- One graded attempt at each quiz that was passed on the way; those who sit in the benchmark have the others open.
insert into attempts (quiz_id, user_id, enrollment_id, number, state, layout, started_at, submitted_at, closed_by,
                      score, points, percent, passed)
select q.id, j.user_id, e.id, 1, case when is_past then 'graded' else 'open' end, p.layout, e.last_active_at,
       case when is_past then e.last_active_at + interval '9 minutes' end, case when is_past then 'learner' end,
       case when is_past then 5 end, case when is_past then 5 end, case when is_past then 100 end,
       case when is_past then true end
  from journey j
  join enrollments e on e.user_id = j.user_id and e.course_id = j.course
  join lessons l on l.course_id = j.course and l.position %% 4 = 0
  join quizzes q on q.lesson_id = l.id
  cross join lateral (select l.position <= j.reached as is_past) past
  join lateral (
      select jsonb_agg(jsonb_build_object('question', n.id, 'version', n.version_id, 'points', '1.00',
                       'options', coalesce((select jsonb_agg(o ->> 'id') from jsonb_array_elements(k.content -> 'options') o), '[]'))
                       order by n.position) as layout
        from questions n join question_kinds k on k.n = n.position where n.quiz_id = q.id) p on true
 where is_past or j.learner <= %(sitters)s
 order by e.id, q.id;

insert into answers (attempt_id, slot, response, seq, saved_at, fraction, state)
select a.id, k.n - 1, k.response, 1, a.started_at + interval '1 minute' * k.n, 1, 'correct'
  from attempts a, question_kinds k where a.state = 'graded';

insert into certificates (number, enrollment_id, user_id, course_id, recipient, course_title, instructors, language, minutes,
                          completed_on, issued_at)
select format('CERT-%%s-%%s', to_char(e.completed_at, 'YYYYMMDD'), upper(substr(md5(e.id::text), 1, 10))), e.id, u.id, c.id,
       u.name, c.title, '', 'en', c.minutes, e.completed_at::date, e.completed_at
  from enrollments e join users u on u.id = e.user_id join courses c on c.id = e.course_id
 where e.state = 'completed';

-- What a course's page shows of its reviews: the first ones.
insert into reviews (course_id, user_id, rating, body, created_at)
select course_id, user_id, 3 + n %% 3,
       'The examples are from real life and the quizzes ask what matters. I would have liked a longer last part.', at
  from (select e.course_id, e.user_id, e.completed_at as at, row_number() over (partition by e.course_id order by e.id) as n
          from enrollments e join courses c on c.id = e.course_id
         where e.state = 'completed' and c.rating_count > 0) done
 where n <= 5;

insert into user_sessions (user_id, token_hash, created_at, expires_at, user_agent, address)
select l.id, t.token_hash, now(), now() + interval '1 day', 'benchmark', '127.0.0.1'
  from session_tokens t join learner l on l.n = t.n;

set session_replication_role = default;
