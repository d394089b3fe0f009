"""Which event tells whom of what. Each function is called by the job that hears of the event."""

from datetime import datetime

from lms.discussions import queries as discussions
from lms.notifications import notices, queries
from lms.notifications.notices import Told


def enrolled(enrollment_id: int, again: str, at: datetime) -> None:
    """Confirm an enrollment: once, also when the learner leaves and returns. `again` is the moment at which somebody
    brought them back."""
    row = queries.enrollment(enrollment_id)
    if row is not None:
        mail = {"enrollment_id": enrollment_id}
        link = f"/courses/{row.slug}"
        key = f"enrolled:{enrollment_id}" + (f":{again}" if again else "")
        told = Told(row.user_id, key, {"course": row.title}, link, mail)
        notices.tell("enrolled", [told], at, template="enrolled")


def decision(application_id: int, at: datetime) -> None:
    """Tell an applicant the decision, once for each application."""
    row = queries.application(application_id)
    if row is not None:
        is_verified = row.state == "verified"
        link = "/teaching" if is_verified else "/teaching/apply"
        facts = {"is_verified": is_verified, "reason": row.reason}
        mail = {"application_id": application_id}
        told = Told(row.user_id, f"instructor_decision:{application_id}", facts, link, mail)
        notices.tell("decision", [told], at, template="instructor_decision")


def certificate(certificate_id: int, at: datetime) -> None:
    """Send a certificate, once."""
    row = queries.certificate(certificate_id)
    if row is not None:
        mail = {"certificate_id": certificate_id}
        link = f"/certificates/{row.number}"
        told = Told(
            row.user_id, f"certificate_ready:{certificate_id}", {"course": row.course_title}, link, mail
        )
        notices.tell("certificate", [told], at, template="certificate_ready")


def graded(attempt_id: int, at: datetime) -> None:
    """What somebody had to read is graded. The score itself stands only where the quiz's rules show it."""
    row = queries.attempt(attempt_id)
    if row is not None:
        facts = {"quiz": row.quiz, "course": row.course}
        told = Told(row.user_id, f"graded:{attempt_id}", facts, f"/attempts/{attempt_id}/result")
        notices.tell("graded", [told], at)


def assignment(submission_id: int, number: int, outcome: str, at: datetime, revision: int = 0) -> None:
    """Work on an assignment is `graded`, or `returned` to be revised: once for each time that it was handed in. Or a
    grade they know is `regraded`: once for each `revision`. The grade itself stands on its page, which says how it
    came about."""
    row = queries.submission(submission_id)
    if row is not None:
        facts = {"assignment": row.assignment, "course": row.course, outcome: True}
        link = f"/courses/{row.slug}/lessons/{row.lesson_slug}/assignments/{row.assignment_slug}"
        key = f"assignment_{outcome}:{submission_id}:{number}" + (f":{revision}" if revision else "")
        told = Told(row.user_id, key, facts, link)
        notices.tell("graded", [told], at)


def regraded(
    user_id: int, quiz_id: int, regrade_id: int, attempt_ids: list[int], undone: bool, at: datetime
) -> None:
    """Once for a regrade and once for its undoing, however many attempts of the learner it touched."""
    row = queries.attempt(max(attempt_ids))
    if row is not None:
        key = f"regraded:{regrade_id}:{user_id}" + (":undone" if undone else "")
        facts = {"quiz": row.quiz, "course": row.course, "undone": undone}
        link = f"/attempts/{max(attempt_ids)}/result"
        notices.tell("regraded", [Told(user_id, key, facts, link)], at)


def handed_over(course_ids: list[int], before_id: int, after_id: int, on: str, at: datetime) -> None:
    """The new owner hears of it and the one before, once for all courses that changed hands together."""
    rows = queries.courses(course_ids)
    if not rows:
        return
    names = queries.names([before_id, after_id])
    key = f"handed_over:{course_ids[0]}:{before_id}:{after_id}:{on}"
    link = f"/teaching/{rows[0].slug}" if len(rows) == 1 and not rows[0].removed_at else "/teaching"
    facts = {"first": rows[0].title, "more": len(rows) - 1}
    gained = {**facts, "is_yours": True, "who": names.get(before_id, "")}
    lost = {**facts, "is_yours": False, "who": names.get(after_id, "")}
    told = [
        Told(after_id, f"{key}:{after_id}", gained, link),
        Told(before_id, f"{key}:{before_id}", lost, "/teaching"),
    ]
    notices.tell("handed_over", told, at)


def webhook_off(endpoint_id: int, url: str, reason: str, failing_since: str, at: datetime) -> None:
    """Admins hear of it once for each time that it happens."""
    link = f"/admin/webhooks/{endpoint_id}"
    facts = {"url": url, "reason": reason}
    key = f"webhook_off:{endpoint_id}:{failing_since}"
    told = [Told(admin, f"{key}:{admin}", facts, link) for admin in queries.admins()]
    notices.tell("webhook_off", told, at)


def announcement(announcement_id: int, at: datetime) -> None:
    """Everybody who learns in the course hears of it; who wrote it knows."""
    row = discussions.to_tell(announcement_id)
    if row is None:
        return
    facts = {"title": row.title, "course": row.course}
    link = f"/courses/{row.slug}/announcements#announcement-{announcement_id}"
    mail = {"announcement_id": announcement_id}
    told = [
        Told(user_id, f"announcement:{announcement_id}:{user_id}", facts, link, mail)
        for user_id in discussions.learners(row.course_id)
        if user_id != row.author_id
    ]
    notices.tell("announcement", told, at, template="announcement")
