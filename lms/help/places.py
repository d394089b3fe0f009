"""Where the documentation explains a page of the product: what the "?" beside a heading leads to."""

from flask import url_for

from lms.courses.markdown import ANCHOR_PREFIX

PLACES = {
    "accounts.second_factor": "learners/start#a-second-factor",
    "accounts.security": "learners/start#a-second-factor",
    "assignments.show": "learners/assignments",
    "calendars.show": "learners/calendar",
    "gradebook.own": "learners/assignments",
    "membership.privacy": "learners/start#your-data",
    "notifications.preferences": "learners/messages#what-reaches-you-and-how",
    "quizzes.show": "learners/quizzes",
    "analytics.course": "instructors/analytics#figures",
    "analytics.risk": "instructors/analytics#who-may-not-finish",
    "announcements.new": "instructors/announcements#tell-everybody-in-a-course",
    "assignments.queue": "instructors/assignments#grading",
    "assignments.settings": "instructors/assignments#setting-one",
    "certificates.choose_awards": "instructors/certificates#awarding-by-hand",
    "certificates.design": "instructors/certificates#how-they-look",
    "gradebook.index": "instructors/assignments#the-gradebook",
    "gradebook.settings": "instructors/assignments#the-gradebook",
    "interop.export_course": "instructors/course-folder",
    "interop.import_course": "instructors/course-folder",
    "library.index": "instructors/files",
    "marking.index": "instructors/grading",
    "question_files.load": "instructors/question-files",
    "quiz_statistics.show": "instructors/statistics",
    "sittings.accommodation": "instructors/sittings#accommodations",
    "sittings.accommodation_list": "instructors/sittings#accommodations",
    "sittings.index": "instructors/sittings#attempts",
    "sittings.regrade": "instructors/sittings#regrading",
    "studio.bank": "instructors/quizzes#the-question-bank",
    "studio.explain_access": "instructors/courses#seeing-what-learners-see",
    "studio.instructors": "instructors/start#teaching-with-others",
    "studio.quiz": "instructors/quizzes#questions",
    "studio.show": "instructors/courses#outline",
    "studio.show_quiz_settings": "instructors/quizzes#settings",
    "studio.show_settings": "instructors/courses",
    "admin.dashboard": "admins/daily-work",
    "admin.errors": "admins/daily-work#errors",
    "admin.import_people": "admins/people#letting-them-in",
    "admin.invitations": "admins/people#letting-them-in",
    "admin.jobs": "admins/daily-work",
    "admin.settings": "admins/people#settings",
    "admin.user": "admins/people#helping-them",
    "analytics.site": "admins/analytics",
    "machine.health": "operators/troubleshooting",
    "tokens.services": "developers/api",
    "webhooks.create": "admins/webhooks#which-addresses",
    "webhooks.index": "admins/webhooks",
    "webhooks.message": "admins/webhooks#looking-after-it",
    "webhooks.show": "admins/webhooks#looking-after-it",
}


def explained_at(endpoint: str | None) -> str | None:
    """The address of the explanation of a page; None for a page that explains itself."""
    place = PLACES.get(endpoint or "")
    if place is None:
        return None
    path, _, heading = place.partition("#")
    section, _, name = path.partition("/")
    return url_for(
        "help.show", section=section, name=name, _anchor=ANCHOR_PREFIX + heading if heading else None
    )
