-- A course that %(learners)s learn, and everything that staff look at in its size: alice owns it, dana looks after the site.
-- Rows are right by construction; foreign keys and triggers are not asked for each of them.
set local session_replication_role = replica;

create temp table scene on commit drop as
    select %(learners)s::int as many, now() - interval '60 days' as begun,
           (select id from users where email = 'alice@example.org') as alice,
           (select id from users where email = 'dana@example.org') as dana;

-- People, and what an admin sees of them.
create temp table learner on commit drop as select n from scene, generate_series(1, many) n;
alter table learner add column user_id bigint;
with made as (
    insert into users (email, name, password_hash, role, is_active, is_verified_instructor, email_verified_at, bio, language, time_zone)
    select case n when 1 then 'erin@example.org' else format('learner%%s@example.org', n) end, format('Learner %%s of the Crowd', n), '!', 'student', true, false, now(), '', 'en', 'UTC'
      from learner order by n
    returning id, email)
update learner set user_id = id from made
 where email = case n when 1 then 'erin@example.org' else format('learner%%s@example.org', n) end;

insert into instructor_applications (user_id, bio, expertise, state, submitted_at, reason)
select user_id, 'Has drawn maps for twenty years.', array['maps'], 'submitted', now(), '' from learner;
insert into invitations (email, name, role, course_id, token_hash, created_at, expires_at)
select format('guest%%s@example.org', n), format('Guest %%s', n), 'student', place, md5(format('%%s-%%s', n, place)), now(),
       now() + interval '7 days'
  from learner, (values (null), (1)) places(place);
insert into user_sessions (user_id, token_hash, created_at, expires_at, user_agent, address)
select alice, md5(n::text), now(), now() + interval '9 days', 'Mozilla/5.0', '192.0.2.1' from learner, scene;
insert into api_tokens (name, user_id, created_by_id, token_hash, ending, scopes, created_at, expires_at)
select format('Service %%s', n), null, dana, md5(n::text), 'abcd', array['me'], now(), now() + interval '90 days' from learner, scene where n <= 20;
insert into audit_entries (at, actor_id, actor_name, action, subject_kind, subject_id, subject_name, address, details)
select now() - n * interval '1 minute', alice, 'Alice', 'course.settings_changed', 'course', 1, 'How to read a map', '192.0.2.1', '{}'
  from learner, scene;
insert into emails (template, user_id, to_address, language, facts, state, attempts, due_at, last_error, sent_at)
select 'enrolled', user_id, format('learner%%s@example.org', n), 'en', '{}', (array['sent','failed','queued'])[1 + n %% 3], 1, now(),
       case when n %% 3 = 1 then 'The server is away.' end, now()
  from learner;
insert into events (name, payload, occurred_at) select 'user.registered', '{}', now() from learner;
insert into deliveries (event_id, subscriber, state, attempts, due_at, finished_at, last_error)
select n, 'notifications.welcome', 'failed', 9, now(), now(), 'ConnectionError: away' from learner;
insert into faults (fingerprint, source, exception, place, trace, route, request_id, version, count, first_at, last_at, is_back)
select md5(n::text), 'web', 'LookupError', format('f%%s in lms/x.py', n), 'Traceback', 'GET /x', '', '', 3, now(), now(), false
  from learner;
insert into fault_sightings (fault_id, at, route, request_id, version) select 1, now(), 'GET /x', md5(n::text), '' from learner where n <= 50;
insert into webhook_endpoints (url, description, events, seed, is_on, failures, created_at)
select format('https://hooks.example.org/%%s', n), 'Books', array['user.registered'], md5(n::text), true, 0, now()
  from generate_series(1, 5) n;
insert into webhook_messages (endpoint_id, event_id, uid, name, body, state, attempts, attempts_before, due_at, status, outcome, created_at)
select 1, n, format('msg_%%s', n), 'user.registered', '{}', 'failed', 9, 0, now(), 500, 'status', now() from learner;
insert into webhook_attempts (message_id, number, at, url, address, request_headers, outcome, status, detail, response_headers, response_body, milliseconds)
select 1, n, now(), 'https://hooks.example.org/1', '192.0.2.9', '{}', 'status', 500, '', '{}', '', 20 from generate_series(1, 12) n;
insert into tasks (kind, owner_id, state, arguments, step, done, total, result, attempts, finished_at)
select 'interop.import_course', alice, 'failed', '{"key": "none", "dry_run": true}', '', 0, 0, '{"error": "OSError: gone"}', 3, now()
  from learner, scene;
insert into stored_files (key, sha256, size, media_type)
select format('crowd/%%s', n), md5(n::text), 1000, 'image/png' from learner;

-- The course, beside thirty others of alice's, some of them deleted.
insert into courses (slug, title, summary, description, description_html, category, level, language, license, source_url, authors, tags,
                     access, certificate, state, published_at, owner_id, lesson_count, minutes, enrollment_count, rating_count,
                     rating_average, created_at, updated_at, removed_at)
select case n when 1 then 'how-to-read-a-map' else format('map-%%s', n) end, format('How to read map %%s', n), 'Of maps.', '', '<p>Maps.</p>',
       'Science', 'beginner', 'en', 'CC BY 4.0', '', array['A. Author'], array['maps'], 'open', true, 'published', begun, alice,
       case n when 1 then 30 else 1 end, 300, case n when 1 then many else 1 end, 0, 0, begun, begun, case when n > 1 and n %% 3 = 0 then now() end
  from scene, generate_series(1, 31) n order by n;
insert into modules (course_id, source_id, slug, title, body, body_html, position)
select c.id, format('part-%%s', m), format('part-%%s', m), format('Part %%s', m), '', '', m
  from courses c, generate_series(1, case c.id when 1 then 3 else 1 end) m order by c.id, m;
insert into lessons (course_id, module_id, source_id, slug, title, body, body_html, minutes, is_preview, is_required, is_published,
                     position, created_at, updated_at)
select m.course_id, m.id, format('%%s/lesson-%%s', m.slug, l), case l when 1 then 'a-picture-with-opinions' when 2 then 'scale'
       else format('lesson-%%s', l) end, format('Lesson %%s', l), 'Words.', '<p>Words.</p>', 10, l = 1, true, true, l, begun, begun
  from scene, modules m, generate_series(m.position * 10 - 9, case m.course_id when 1 then m.position * 10 else 1 end) l
 order by m.course_id, l;
insert into lesson_pages (lesson_id, slug, title, body, body_html, position) values (2, 'more', 'More', 'More.', '<p>More.</p>', 1);
insert into text_revisions (course_id, kind, text_id, number, title, body, author_id, created_at)
select 1, 'lesson', 2, n, 'Scale', format('Words of %%s.', n), alice, begun from learner, scene;
insert into course_assets (course_id, path, file_id) select 1, format('assets/leaf-%%s.png', n), n from learner;
insert into announcements (course_id, author_id, title, body, body_html, created_at, publish_at, published_at)
select 1, alice, format('News %%s', n), 'The walk is at nine.', '<p>The walk is at nine.</p>', begun, begun, begun from learner, scene;

insert into enrollments (course_id, user_id, state, enrolled_at, completed_at, last_lesson_id, last_active_at)
select 1, user_id, case when n %% 5 = 0 then 'completed' else 'active' end, begun, case when n %% 5 = 0 then now() end, 1,
       now() - n %% 40 * interval '1 day'
  from learner, scene order by n;
insert into lesson_progress (enrollment_id, lesson_id, started_at, completed_at, position)
select e.id, l.id, begun, case when l.position < 30 or e.state = 'completed' then now() - l.position * interval '1 day' end, 1
  from scene, enrollments e join lessons l on l.course_id = 1 and (e.state = 'completed' or l.position <= e.id %% 30);

-- Five quizzes of ten questions; the first has a key that was corrected since, the second ends with an essay.
insert into quizzes (course_id, lesson_id, source_id, slug, title, mode, is_required, passing_percent, counts, shuffle_questions,
                     shuffle_options, one_per_page, reveal, position)
select 1, 2 + (n - 1) * 5, format('quiz-%%s', n), 'check', format('Check %%s', n), 'graded', true, 70, 'best', false, false, false, 'submission', 1
  from generate_series(1, 5) n;
insert into questions (quiz_id, source_id, position, points)
select q, format('q%%s', n), n, 1 from generate_series(1, 5) q, generate_series(1, %(questions)s) n order by q, n;
insert into question_versions (question_id, number, kind, content, key, created_at)
select q.id, 1, k.content ->> 'type', k.content, k.key, begun
  from scene, questions q join question_kinds k on k.n = case when q.quiz_id = 2 and q.position = %(questions)s then 6
       else 1 + (q.position - 1) %% 5 end order by q.id;
update questions set version_id = v.id from question_versions v where v.question_id = questions.id;
insert into questions (course_id, source_id, title, tags, position, points)
select 1, format('bank-%%s', n), format('In the bank: %%s', n), array['leaf'], n, 1 from learner;
insert into question_versions (question_id, number, kind, content, key, created_at)
select q.id, 1, k.content ->> 'type', k.content, k.key, begun from scene, questions q, question_kinds k
 where q.course_id is not null and k.n = 1 order by q.id;
update questions set version_id = v.id from question_versions v where v.question_id = questions.id and course_id is not null;

create temp table layouts on commit drop as
    select q.quiz_id, jsonb_agg(jsonb_build_object('question', q.id, 'version', q.version_id, 'points', '1.00', 'options',
           coalesce((select jsonb_agg(o ->> 'id') from jsonb_array_elements(v.content -> 'options') o), '[]')) order by q.position) as layout
      from questions q join question_versions v on v.id = q.version_id where q.quiz_id is not null group by q.quiz_id;
insert into attempts (quiz_id, user_id, enrollment_id, number, state, layout, started_at, submitted_at, closed_by, score, points, percent, passed)
select z.id, e.user_id, e.id, 1, case z.id when 2 then 'needs_grading' else 'graded' end, l.layout, a.at, a.at + interval '9 minutes',
       'learner', e.id %% (%(questions)s + 1), %(questions)s, 100.0 * (e.id %% (%(questions)s + 1)) / %(questions)s,
       e.id %% (%(questions)s + 1) >= 0.7 * %(questions)s
  from enrollments e cross join quizzes z join layouts l on l.quiz_id = z.id
  cross join lateral (select now() - (e.id %% 30 + 1) * interval '1 day') a(at) order by e.id, z.id;
insert into answers (attempt_id, slot, response, seq, saved_at, fraction, state)
select a.id, s.slot, case when s.is_right or k.n = 6 then k.response else '{"option": "1", "options": ["3"], "text": "north"}' end, 1, a.started_at + interval '20 seconds' * (s.slot + 1),
       case when k.n < 6 then s.is_right::int end, case when k.n = 6 then 'needs_grading' when s.is_right then 'correct' else 'incorrect' end
  from attempts a
  cross join lateral (select slot, (slot + a.enrollment_id) %% %(questions)s < a.score as is_right
                        from generate_series(0, %(questions)s - 1) slot) s
  join question_kinds k on k.n = case when a.quiz_id = 2 and s.slot = %(questions)s - 1 then 6 else 1 + s.slot %% 5 end;
insert into question_versions (question_id, number, kind, content, key, created_at)
select question_id, 2, kind, content, jsonb_set(key, '{options,0,weight}', '"100"'), now() from question_versions where question_id = 1;
update questions set version_id = (select max(id) from question_versions where question_id = 1) where id = 1;
insert into accommodations (quiz_id, user_id, extra_percent, extra_minutes, extra_attempts, untimed, reason, given_by_id, changed_at)
select 1, user_id, 25, 0, 0, false, 'Reads slowly.', alice, now() from learner, scene;

-- Five assignments: graded, waiting, waiting again; what was decided by hand; certificates.
insert into assignments (course_id, lesson_id, source_id, slug, title, body, body_html, max_points, is_required, due_at, position)
select 1, 2 + (n - 1) * 6, format('work-%%s', n), 'assignment', format('Draw it %%s', n), 'Draw.', '<p>Draw.</p>', 100, false,
       now() - interval '2 days', 1
  from generate_series(1, 5) n;
insert into submissions (assignment_id, user_id, enrollment_id, state, number, draft, draft_seq, submitted_at)
select a.id, e.user_id, e.id, case when (e.id + a.id) %% 2 = 0 then 'graded' else 'submitted' end, 1, '', 1, now() - interval '3 days'
  from enrollments e, assignments a order by e.id, a.id;
insert into submission_versions (submission_id, number, text, submitted_at, points, out_of, revision, graded_by_id, graded_at, released_at)
select s.id, 1, 'I drew it.', s.submitted_at, case when is_graded then 40 + s.id %% 60 end, case when is_graded then 100 end, 1,
       case when is_graded then alice end, case when is_graded then now() end, case when is_graded then now() end
  from scene, submissions s cross join lateral (select s.state = 'graded') g(is_graded);
insert into extensions (assignment_id, user_id, extra_days, reason, given_by_id, changed_at)
select 1, user_id, 3, 'Was ill.', alice, now() from learner, scene;
insert into grade_overrides (enrollment_id, assignment_id, percent, is_excused, reason, by_id, at)
select e.id, 2, 80, false, 'Shown in class.', alice, now() from enrollments e, scene where e.id %% 2 = 0;
insert into certificates (number, enrollment_id, user_id, course_id, recipient, course_title, instructors, language, minutes, completed_on, issued_at)
select 'CERT-20260302-' || upper(substr(md5(e.id::text), 1, 10)), e.id, e.user_id, 1, 'Learner of the Crowd', 'How to read a map', '', 'en', 300,
       current_date, now()
  from enrollments e order by e.id;

-- What people say: reviews, questions with reports, and what alice is told.
insert into reviews (course_id, user_id, rating, body, created_at)
select 1, user_id, 1 + n %% 5, 'I read contours on the bus now.', now() from learner;
insert into discussion_posts (course_id, lesson_id, author_id, by_staff, language, title, body, body_html, created_at, reply_count, last_at,
                              has_staff_reply, is_pinned)
select 1, 2, user_id, false, 'en', format('Why is %%s large-scale?', n), 'I mix them up.', '<p>I mix them up.</p>', now(), 0, now(), false, false
  from learner where n %% 10 < 3 order by n;
insert into discussion_posts (course_id, lesson_id, question_id, author_id, by_staff, language, title, body, body_html, created_at, reply_count,
                              last_at, has_staff_reply, is_pinned)
select 1, 2, 1, user_id, false, 'en', '', 'So do I.', '<p>So do I.</p>', now(), 0, now(), false, false from learner order by n;
update discussion_posts set reply_count = (select many from scene) where id = 1;
insert into discussion_reports (course_id, post_id, reporter_id, reason, created_at)
select 1, p.id, alice, 'Not a nice tone', now() from discussion_posts p, scene;
insert into notices (user_id, kind, facts, link, dedupe_key, in_inbox, mail, created_at)
select person, 'question', '{"who": "Somebody", "title": "Why?", "course": "Maps", "excerpt": "I mix them up."}', '/courses', format('asked:%%s-%%s', person, n),
       true, 'none', now()
  from learner, scene, lateral (values (alice), (dana)) p(person);

insert into analytics_changes (course_id) select id from courses;
set local session_replication_role = default;
