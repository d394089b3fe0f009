"""Who may do what: every route with every kind of person, and how it answers them.

`sign in` leads a visitor to the sign-in page and back. 404: for this person it does not exist.
403: they see it but may not do that. 303 after POST: done, go on. 401: a form sent without being signed in.
bob is enrolled in `tea` and was in `attic`, which is a draft again; alice owns both, frank teaches them with her.
`lesson 1` of each is open for preview, `lesson 3` is not published yet.
"""

from dataclasses import dataclass

from tests.architecture import rights_of_admins, rights_of_people, rights_of_work

PEOPLE = ("visitor", "charlie", "bob", "erin", "alice", "frank", "dana")

TABLE = """
endpoint                  method on            visitor charlie bob erin alice frank dana

# Accounts: the forms lead on those who are signed in already
accounts.sign_in          GET    -             200     303     303 303  303   303   303
accounts.sign_in          POST   -             422     303     303 303  303   303   303
accounts.register         GET    -             200     303     303 303  303   303   303
accounts.register         POST   -             422     303     303 303  303   303   303
accounts.signed_in_again  GET    -             sign-in 200     200 200  200   200   200
accounts.sign_out         POST   -             303     303     303 303  303   303   303
accounts.check_mail       GET    -             200     200     200 200  200   200   200
accounts.verify           GET    -             410     410     410 410  410   410   410
accounts.send_verification POST  -             401     303     303 303  303   303   303
accounts.forgot           GET    -             200     200     200 200  200   200   200
accounts.forgot           POST   -             422     422     422 422  422   422   422
accounts.reset_sent       GET    -             200     200     200 200  200   200   200
accounts.reset            GET    -             410     410     410 410  410   410   410
accounts.reset            POST   -             410     410     410 410  410   410   410
accounts.profile          GET    -             sign-in 200     200 200  200   200   200
accounts.profile          POST   -             401     422     422 422  422   422   422
accounts.end_session      POST   bob's         401     404     303 404  404   404   404
accounts.sessions         GET    -             sign-in 200     200 200  200   200   200
accounts.end_other_sessions POST -             401     303     303 303  303   303   303
accounts.security         GET    -             sign-in 200     200 200  200   200   200
accounts.password         GET    -             sign-in 200     200 200  200   200   200
accounts.password         POST   -             401     422     422 422  422   422   422
accounts.email            GET    -             sign-in 200     200 200  200   200   200
accounts.email            POST   -             401     422     422 422  422   422   422
accounts.confirm_email    GET    -             410     410     410 410  410   410   410
accounts.confirm_email    POST   -             410     410     410 410  410   410   410
accounts.second_factor    GET    -             sign-in 200     200 200  200   200   200
accounts.second_factor    POST   -             401     422     422 422  422   422   422
accounts.start_second_factor POST -            401     303     303 303  303   303   303
accounts.remove_second_factor GET -            sign-in 404     404 404  404   404   404
accounts.remove_second_factor POST -           401     404     404 404  404   404   404
accounts.renew_recovery_codes GET -            sign-in 404     404 404  404   404   404
accounts.renew_recovery_codes POST -           401     404     404 404  404   404   404
accounts.second_step      GET    -             303     303     303 303  303   303   303
accounts.second_step      POST   -             303     303     303 303  303   303   303
accounts.send_sign_in_code POST  -             303     303     303 303  303   303   303
accounts.language         POST   -             303     303     303 303  303   303   303
accounts.setup            GET    -             404     404     404 404  404   404   404
accounts.setup            POST   -             404     404     404 404  404   404   404
files.avatar              GET    bob's         sign-in 200     200 200  200   200   200
files.set_avatar          POST   -             401     303     303 303  303   303   303
files.remove_avatar       POST   -             401     303     303 303  303   303   303

# The catalogue and a course
courses.home              GET    -             200     303     303 303  303   303   303
courses.index             GET    -             200     200     200 200  200   200   200
courses.show              GET    tea           200     200     200 200  200   200   200
courses.show              GET    attic         404     404     404 404  200   200   200
courses.asset             GET    tea           403     403     200 403  200   200   200
courses.asset             GET    attic         404     404     404 404  200   200   200
courses.lesson            GET    tea           403     403     200 403  200   200   200
courses.lesson            GET    tea-1         200     200     200 200  200   200   200
courses.lesson            GET    tea-3         404     404     404 404  200   200   200
courses.lesson            GET    attic         404     404     404 404  200   200   200
courses.lesson            GET    attic-1       404     404     404 404  200   200   200
courses.search_in         GET    tea           200     200     200 200  200   200   200
courses.search_in         GET    attic         404     404     404 404  200   200   200
courses.lesson_page       GET    tea           403     403     200 403  200   200   200
courses.lesson_page       GET    attic         404     404     404 404  200   200   200

# Teaching
courses.teaching          GET    -             sign-in 403     403 200  200   200   200
courses.publish           POST   tea           401     403     403 404  303   303   303
courses.publish           POST   attic         401     403     403 404  303   303   303
courses.unpublish         POST   tea           401     403     403 404  303   303   303
courses.unpublish         POST   attic         401     403     403 404  303   303   303
interop.import_course     GET    -             sign-in 403     403 200  200   200   200
interop.import_course     POST   -             401     403     403 422  422   422   422
interop.task              GET    alice's       sign-in 403     403 404  200   404   404
interop.apply_import      POST   alice's       401     403     403 404  404   404   404
interop.difference        GET    alice's       sign-in 403     403 404  404   404   404
interop.export_course     GET    tea           sign-in 403     403 404  200   200   200
interop.export_course     GET    attic         sign-in 403     403 404  200   200   200
interop.export_course     POST   tea           401     403     403 404  303   303   303
interop.copy_course       POST   tea           401     403     403 404  303   303   303
interop.export_task       GET    alice's       sign-in 403     403 404  200   404   404
interop.download_export   GET    alice's       sign-in 403     403 404  404   404   404

# Figures: a course's own instructors see them, everybody their own, admins the whole site
analytics.course          GET    tea           sign-in 403     403 404  200   200   200
analytics.learners        GET    tea           sign-in 403     403 404  200   200   200
analytics.risk            GET    tea           sign-in 403     403 404  200   200   200
analytics.course_csv      GET    tea           sign-in 403     403 404  200   200   200
analytics.teaching        GET    -             sign-in 403     403 200  200   200   200
analytics.teaching_csv    GET    -             sign-in 403     403 200  200   200   200
analytics.activity        GET    -             sign-in 200     200 200  200   200   200
analytics.activity_csv    GET    -             sign-in 200     200 200  200   200   200
analytics.site            GET    -             sign-in 403     403 403  403   403   200
analytics.site_csv        GET    -             sign-in 403     403 403  403   403   200

# The studio: a course's own instructors make it; its owner alone, or an admin, names them and deletes it
studio.new                GET    -             sign-in 403     403 200  200   200   200
studio.new                POST   -             401     403     403 422  422   422   422
studio.removed            GET    -             sign-in 403     403 200  200   200   200
studio.show               GET    tea           sign-in 403     403 404  200   200   200
studio.show               GET    attic         sign-in 403     403 404  200   200   200
studio.publish            POST   attic         401     403     403 404  303   303   303
studio.unpublish          POST   tea           401     403     403 404  303   303   303
studio.archive            POST   tea           401     403     403 404  303   303   303
studio.reopen             POST   tea           401     403     403 404  303   303   303
studio.remove             POST   tea           401     403     403 404  303   404   404
studio.restore            POST   tea           401     403     403 404  404   404   404
studio.add_module         POST   tea           401     403     403 404  422   422   422
studio.add_lesson         POST   tea           401     403     403 404  422   422   422
studio.rename_module      POST   tea           401     403     403 404  422   422   422
studio.rename_lesson      POST   tea           401     403     403 404  422   422   422
studio.move_module        POST   tea           401     403     403 404  400   400   400
studio.move_lesson        POST   tea           401     403     403 404  400   400   400
studio.copy_module        POST   tea           401     403     403 404  303   303   303
studio.copy_lesson        POST   tea           401     403     403 404  303   303   303
studio.show_module        POST   tea           401     403     403 404  303   303   303
studio.show_lesson        POST   tea           401     403     403 404  303   303   303
studio.remove_module      POST   tea           401     403     403 404  303   404   404
studio.remove_lesson      POST   tea           401     403     403 404  303   404   404
studio.undo_removal       POST   tea           401     403     403 404  303   303   303
studio.learners           GET    tea           sign-in 403     403 404  200   200   200
studio.check_learners     POST   tea           401     403     403 404  422   422   422
studio.admit_learners     POST   tea           401     403     403 404  422   422   422
studio.resend_invitation  POST   tea           401     403     403 404  404   404   404
studio.revoke_invitation  POST   tea           401     403     403 404  404   404   404
studio.show_settings      GET    attic         sign-in 403     403 404  200   200   200
studio.change_settings    POST   tea           401     403     403 404  422   422   422
studio.set_cover          POST   tea           401     403     403 404  303   303   303
studio.instructors        GET    tea           sign-in 403     403 404  200   403   200
studio.add_instructor     POST   tea           401     403     403 404  422   403   422
studio.remove_instructor  POST   tea           401     403     403 404  404   403   404
studio.edit               GET    tea           sign-in 403     403 404  200   200   200
studio.edit               GET    attic         sign-in 403     403 404  200   200   200
studio.save               POST   tea           401     403     403 404  422   422   422
studio.preview            POST   attic         401     403     403 404  200   200   200
studio.keep_draft         POST   tea           401     403     403 404  303   303   303
studio.drop_draft         POST   tea           401     403     403 404  303   303   303
studio.add_page           POST   tea           401     403     403 404  303   303   303
studio.history            GET    attic         sign-in 403     403 404  200   200   200
studio.revision           GET    attic         sign-in 403     403 404  200   200   200
studio.restore_revision   POST   tea           401     403     403 404  303   303   303

# Quizzes and questions in the studio
studio.add_quiz           POST   tea           401     403     403 404  422   422   422
studio.quiz               GET    tea           sign-in 403     403 404  200   200   200
studio.quiz               GET    attic         sign-in 403     403 404  200   200   200
studio.show_quiz_settings GET    tea           sign-in 403     403 404  200   200   200
studio.change_quiz_settings POST tea           401     403     403 404  422   422   422
studio.show_quiz          POST   tea           401     403     403 404  303   303   303
studio.move_quiz          POST   tea           401     403     403 404  404   404   404
studio.remove_quiz        POST   tea           401     403     403 404  303   404   404
studio.add_draw           POST   tea           401     403     403 404  422   422   422
studio.remove_draw        POST   tea           401     403     403 404  303   404   404
studio.preview_quiz       GET    tea           sign-in 403     403 404  200   200   200
studio.preview_quiz       POST   tea           401     403     403 404  200   200   200
studio.new_question       GET    tea           sign-in 403     403 404  200   200   200
studio.new_question       POST   tea           401     403     403 404  422   422   422
studio.question           GET    attic         sign-in 403     403 404  200   200   200
studio.question           POST   tea           401     403     403 404  422   422   422
studio.move_question      POST   tea           401     403     403 404  400   400   400
studio.set_draw_points    POST   tea           401     403     403 404  422   422   422
studio.set_points         POST   tea           401     403     403 404  422   422   422
studio.copy_question      POST   tea           401     403     403 404  303   303   303
studio.keep_in_bank       POST   tea           401     403     403 404  303   303   303
studio.remove_question    POST   tea           401     403     403 404  303   404   404
studio.undo_question_removal POST tea          401     403     403 404  303   303   303
studio.bank               GET    tea           sign-in 403     403 404  200   200   200
studio.new_bank_question  GET    tea           sign-in 403     403 404  200   200   200
studio.new_bank_question  POST   tea           401     403     403 404  422   422   422
studio.use_questions      POST   tea           401     403     403 404  303   303   303
question_files.load       GET    tea           sign-in 403     403 404  200   200   200
question_files.load       POST   tea           401     403     403 404  422   422   422
question_files.quiz_gift  GET    tea           sign-in 403     403 404  200   200   200
question_files.quiz_xml   GET    tea           sign-in 403     403 404  200   200   200
question_files.bank_xml   GET    attic         sign-in 403     403 404  200   200   200
question_files.bank_gift  GET    attic         sign-in 403     403 404  200   200   200
studio.add_assignment     POST   tea           401     403     403 404  303   303   303
studio.move_part          POST   tea           401     403     403 404  400   400   400
studio.remove_part        POST   tea           401     403     403 404  303   404   404
studio.undo_part_removal  POST   tea           401     403     403 404  404   404   404
studio.look               POST   tea           401     403     403 404  303   303   303
studio.stop_looking       POST   tea           401     403     403 404  303   303   303
studio.explain_access     GET    tea           sign-in 403     403 404  200   200   200
studio.add_prerequisite   POST   tea           401     403     403 404  422   422   422
studio.remove_prerequisite POST  tea           401     403     403 404  404   404   404

# The files of a course
library.index             GET    tea           sign-in 403     403 404  200   200   200
library.index             GET    attic         sign-in 403     403 404  200   200   200
library.upload            POST   tea           401     403     403 404  422   422   422
library.begin_upload      POST   tea           401     403     403 404  422   422   422
library.show_upload       GET    tea           sign-in 403     403 404  404   404   404
library.add_piece         POST   tea           401     403     403 404  404   404   404
library.finish_upload     POST   tea           401     403     403 404  404   404   404
library.show              GET    tea           sign-in 403     403 404  200   200   200
library.show              GET    attic         sign-in 403     403 404  200   200   200
library.replace           POST   tea           401     403     403 404  422   422   422
library.remove            POST   tea           401     403     403 404  303  404   404
library.remove            POST   attic         401     403     403 404  303  404   404

# Learning
learning.dashboard        GET    -             sign-in 200     200 200  200   200   200
learning.enroll           POST   tea           401     303     303 303  303   303   303
learning.enroll           POST   attic         401     404     404 404  303   303   303
learning.leave            POST   tea           401     303     303 303  303   303   303
learning.leave            POST   attic         401     404     404 404  303   303   303
learning.resume           GET    tea           sign-in 303     303 303  303   303   303
learning.resume           GET    attic         sign-in 404     404 404  303   303   303
learning.complete         POST   tea           401     403     422 403  403   403   403
learning.complete         POST   tea-1         401     403     303 403  403   403   403
learning.complete         POST   tea-3         401     404     404 404  403   403   403
learning.complete         POST   attic         401     404     404 404  403   403   403
learning.position         POST   tea           401     404     404 404  404   404   404
learning.position         POST   attic         401     404     404 404  404   404   404

# Reviews: learners from a fifth of the course on write them, its staff answers, admins hide
reviews.index             GET    tea           200     200     200 200  200   200   200
reviews.index             GET    attic         404     404     404 404  200   200   200
reviews.mine              GET    tea           sign-in 403     403 200  403   403   403
reviews.mine              GET    attic         sign-in 404     404 404  403   403   403
reviews.write             POST   tea           401     403     403 403  403   403   403
reviews.write             POST   attic         401     404     404 404  403   403   403
reviews.remove            POST   tea           401     303     303 303  303   303   303
reviews.mark              POST   tea           401     303     303 303  303   303   303
reviews.mark              POST   attic         401     404     404 404  303   303   303
reviews.answer            POST   tea           401     403     403 403  303   303   303
reviews.answer            POST   attic         401     404     404 404  303   303   303
reviews.hide              POST   tea           401     403     403 403  403   403   422
reviews.hide              POST   attic         401     404     404 404  403   403   422
reviews.show              POST   tea           401     403     403 403  403   403   303

# Quizzes: whoever teaches the course reads them, the attempts are their learner's alone
quizzes.show              GET    tea           sign-in 404     200 404  200   200   200
quizzes.show              GET    attic         sign-in 404     404 404  200   200   200
quizzes.start             POST   tea           401     404     303 404  403   403   403
quizzes.start             POST   attic         401     404     404 404  403   403   403
quizzes.attempt           GET    tea-open      sign-in 404     200 404  404   404   404
quizzes.attempt           GET    tea-closed    sign-in 404     303 404  404   404   404
quizzes.save              POST   tea-open      401     404     303 404  404   404   404
quizzes.save              POST   tea-closed    401     404     409 404  404   404   404
quizzes.review            GET    tea-open      sign-in 404     200 404  404   404   404
quizzes.submit            POST   tea-open      401     404     303 404  404   404   404
quizzes.submit            POST   tea-closed    401     404     303 404  404   404   404
quizzes.result            GET    tea-open      sign-in 404     303 404  404   404   404
quizzes.result            GET    tea-closed    sign-in 404     200 404  404   404   404
quiz_statistics.show      GET    tea           sign-in 403     403 404  200   200   200
quiz_statistics.show      GET    attic         sign-in 403     403 404  200   200   200
quiz_statistics.download  GET    tea           sign-in 403     403 404  200   200   200
quiz_statistics.download  GET    attic         sign-in 403     403 404  200   200   200

# Grading by hand: staff of the course; an answer that is no essay is not there for anyone
marking.index             GET    tea           sign-in 403     403 404  200   200   200
marking.show              GET    tea-closed    sign-in 403     403 404  404   404   404
marking.mark              POST   tea-closed    401     403     403 404  404   404   404
quizzes.flag              POST   tea-open      401     404     303 404  404   404   404
quizzes.flag              POST   tea-closed    401     404     409 404  404   404   404

# Sittings of a quiz: its attempts, what single learners were given, regrading
sittings.index            GET    tea           sign-in 403     403 404  200   200   200
sittings.index            GET    attic         sign-in 403     403 404  200   200   200
sittings.download         GET    tea           sign-in 403     403 404  200   200   200
sittings.show             GET    tea-closed    sign-in 403     403 404  200   200   200
sittings.show             GET    tea-open      sign-in 403     403 404  200   200   200
sittings.accommodation_list GET  tea           sign-in 403     403 404  200   200   200
sittings.accommodation    GET    tea           sign-in 403     403 404  200   200   200
sittings.give             POST   tea           401     403     403 404  422   422   422
sittings.take_back        POST   tea           401     403     403 404  404   404   404
sittings.regrade          GET    tea           sign-in 403     403 404  200   200   200
sittings.apply_regrade    POST   tea           401     403     403 404  303   303   303
asides.index              GET    tea           sign-in 403     403 404  200   200   200
asides.show               GET    tea-closed    sign-in 403     403 404  200   200   200
asides.decide             POST   tea-closed    401     403     403 404  422   422   422
asides.take_back          POST   tea-closed    401     403     403 404  404   404   404
sittings.undo_regrade     POST   tea           401     403     403 404  404   404   404

# Tokens, and what they open: the API answers everybody without one alike
tokens.own                GET    -             sign-in 200     200 200  200   200   200
tokens.make_own           POST   -             401     422     422 422  422   422   422
tokens.revoke_own         POST   -             401     404     404 404  404   404   404
tokens.services           GET    -             sign-in 403     403 403  403   403   200
tokens.make_service       POST   -             401     403     403 403  403   403   422
tokens.revoke_service     POST   -             401     403     403 403  403   403   404
tokens.docs               GET    -             200     200     200 200  200   200   200
api.description           GET    -             200     200     200 200  200   200   200
api.me                    GET    -             401     401     401 401  401   401   401
api.courses               GET    -             401     401     401 401  401   401   401
api.course                GET    tea           401     401     401 401  401   401   401
api.enrollments           GET    -             401     401     401 401  401   401   401
api.progress              GET    tea           401     401     401 401  401   401   401
api.grades                GET    -             401     401     401 401  401   401   401
api.gradebook             GET    tea           401     401     401 401  401   401   401
api.certificates          GET    -             401     401     401 401  401   401   401
api.enroll                POST   -             401     401     401 401  401   401   401
api.leave                 DELETE tea           401     401     401 401  401   401   401
api.taught_courses        GET    -             401     401     401 401  401   401   401
api.learners              GET    tea           401     401     401 401  401   401   401
api.learners_grades       GET    tea           401     401     401 401  401   401   401
api.learners_gradebook    GET    tea           401     401     401 401  401   401   401
api.learners_certificates GET    tea           401     401     401 401  401   401   401

# Machines; the metrics are for listed addresses, as this one; the inbox of a development system is not here
ops.health                GET    -             200     200     200 200  200   200   200
ops.ready                 GET    -             200     200     200 200  200   200   200
ops.metrics               GET    -             200     200     200 200  200   200   200
ops.mails                 GET    -             404     404     404 404  404   404   404
ops.mail                  GET    -             404     404     404 404  404   404   404
ops.mail_html             GET    -             404     404     404 404  404   404   404
ops.styleguide            GET    -             404     404     404 404  404   404   404
"""

FORMS: dict[str, dict[str, str]] = {
    "accounts.profile": {"name": ""},
    "accounts.language": {"language": "en"},
    "admin.change_role": {"role": "king"},
    "quizzes.save": {"seq": "1", "option": "2"},
    "quizzes.submit": {"then": "save"},
    "assignments.keep_draft": {"text": "A draft", "seen": "1.1"},
    "assignments.submit": {"text": "A cup of words.", "seen": "1.1"},
    "assignments.remove_file": {"text": "A cup of words.", "seen": "1.1"},
    "assignments.keep_notes": {"number": "1", "points": "many"},
    "assignments.grade": {"number": "1", "points": "many"},
    "learning.position": {"position": "0.5"},
}
"""What is sent to a route; others get an empty form, which they refuse only after asking who sends it."""


@dataclass(frozen=True)
class Row:
    """One line: how `endpoint` answers each person, about the thing `on`."""

    endpoint: str
    method: str
    on: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.on}"


def _rows() -> list[Row]:
    table = (TABLE + rights_of_people.TABLE + rights_of_work.TABLE + rights_of_admins.TABLE).splitlines()
    lines = [line.split() for line in table if line.strip() and not line.startswith("#")]
    head, *body = lines
    assert tuple(head[3:]) == PEOPLE
    assert all(len(words) == len(head) for words in body), [
        words for words in body if len(words) != len(head)
    ]
    return [Row(*words[:3], dict(zip(PEOPLE, words[3:], strict=True))) for words in body]


ROWS = _rows()
