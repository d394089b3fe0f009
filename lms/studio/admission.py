"""Why somebody sees a lesson or does not: each rule with what it says about this learner."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from lms.accounts import queries as accounts
from lms.accounts.models import User
from lms.core.i18n import moment
from lms.learning import queries as learning
from lms.learning.outline import Line
from lms.learning.release import Hold, hold, moment_of, score_of
from lms.learning.standing import Standing
from lms.learning.words import hold_words, refusal_words

YES, NO, NOTE = "yes", "no", "note"


@dataclass(frozen=True, slots=True)
class Reason:
    """`verdict` is YES, NO, or NOTE for what does not decide; `links` are (title, address) of courses it names."""

    verdict: str
    words: str
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The reasons in the order in which they are asked."""

    name: str
    reasons: tuple[Reason, ...]

    @property
    def sees(self) -> bool:
        return all(reason.verdict != NO for reason in self.reasons)


def explained(slug: str, lesson: str, email: str, at: datetime) -> Decision | None:
    """What decides about the person with this address; None when nobody has it or there is no such lesson."""
    person = accounts.user_by_email(email)
    place = learning.place_of(slug, lesson, person.id) if person else None
    if person is None or place is None:
        return None
    course, reading = place
    reasons = [_account(person)]
    if course.is_staff or person.role == "admin":
        reasons.append(Reason(YES, _("They teach this course or are an administrator, and see all of it.")))
        return Decision(person.name, tuple(filter(None, reasons)))
    reasons += [_state(course), _published(reading), _enrollment(course, reading, at), _release(reading)]
    return Decision(person.name, tuple(filter(None, reasons)))


def _account(person: User) -> Reason | None:
    return None if person.is_active else Reason(NO, _("Their account is switched off; they can’t sign in."))


def _state(course: Standing) -> Reason:
    if course.row.course_state == "draft":
        return Reason(NO, _("The course is a draft: only its instructors see it until it is published."))
    if course.row.course_state == "archived":
        return Reason(NOTE, _("The course is archived: who is enrolled reads on, nobody new comes in."))
    return Reason(YES, _("The course is published."))


def _published(reading: Standing) -> Reason:
    if reading.row.is_published:
        return Reason(YES, _("The lesson is there for learners."))
    return Reason(NO, _("The lesson is hidden: “Learners see this lesson” is off in its settings."))


def _enrollment(course: Standing, reading: Standing, at: datetime) -> Reason:
    row = course.row
    if course.is_learner:
        return Reason(YES, _("They have been enrolled since %(moment)s.", moment=moment(row.enrolled_at)))
    refusal = course.refusal(at)
    lacking = tuple(
        (required.title, required.slug) for required in course.prerequisites if not required.is_done
    )
    if row.enrollment_state is None:
        said = _("They are not enrolled.")
    else:
        said = _("They were enrolled and left; their work is kept.")
    if refusal == "prerequisites":
        said += " " + _("They can’t enroll yet: courses that come first are not completed.")
    elif refusal == "code":
        said += " " + _("To enroll they need the code of the course.")
    elif refusal:
        said += " " + refusal_words(refusal)
    elif row.enrollment_state is not None:
        said += " " + _("They can enroll again.")
    else:
        said += " " + _("Nothing keeps them from enrolling.")
    links = lacking if refusal == "prerequisites" else ()
    if reading.row.is_preview and row.course_state == "published":
        return Reason(
            NOTE, said + " " + _("As a preview this lesson is open to everyone all the same."), links
        )
    return Reason(NO, said, links)


def _release(reading: Standing) -> Reason:
    line = next((line for line in reading.outline.lines if line.id == reading.row.lesson_id), None)
    rule = line.release if line else None
    if reading.hold is not None and reading.hold.is_course:
        return Reason(NO, hold_words(reading.hold) + ".")
    if not line or not rule:
        return Reason(YES, _("The lesson opens at once: it has no release rule."))
    if reading.hold is not None:
        return Reason(NO, _("Its release rule is not fulfilled: %(rule)s.", rule=hold_words(reading.hold)))
    if not reading.is_learner:
        later = hold(rule, reading.at, reading.at, reading.outline.lines, line.quiz, line.id)
        return _once_enrolled(later)
    return Reason(YES, _fulfilled(line, rule, reading))


def _once_enrolled(later: Hold | None) -> Reason:
    """A rule counts from enrolling on; until then it decides nothing."""
    if later is None:
        return Reason(NOTE, _("Its release rule would keep them back no longer."))
    return Reason(NOTE, _("From enrolling on its release rule counts: %(rule)s.", rule=hold_words(later)))


def _fulfilled(line: Line, rule: dict[str, Any], reading: Standing) -> str:
    opened = moment_of(rule.get("date"))
    if opened:
        return str(_("It opened on %(moment)s.", moment=moment(opened)))
    if isinstance(rule.get("days"), int) and reading.enrolled_at:
        opened = reading.enrolled_at + timedelta(days=rule["days"])
        return str(_("It opened on %(moment)s, counted from their enrolling.", moment=moment(opened)))
    wanted = rule.get("after")
    first = next((other for other in reading.outline.lines if wanted in (other.source_id, other.slug)), None)
    if first is not None and first.state == "completed":
        return str(_("They have completed “%(title)s”, which opens it.", title=first.title))
    if line.quiz and line.quiz[4] is not None and line.quiz[4] >= score_of(rule):
        return str(
            _(
                "They have %(reached)s %% in the quiz “%(title)s”; %(score)s %% open it.",
                reached=f"{line.quiz[4]:g}",
                title=line.quiz[0],
                score=f"{score_of(rule):g}",
            )
        )
    return str(_("Its release rule names nothing that somebody could fulfil, so it holds nothing back."))
