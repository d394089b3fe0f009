"""What programs change, and that services leave a trace in the log: nobody else was there."""

from dataclasses import dataclass
from datetime import datetime

from lms.accounts import audit
from lms.api.problems import Problem
from lms.learning import actions, admission
from lms.learning.actions import Enrolled
from lms.learning.words import refusal_words


@dataclass(frozen=True, slots=True)
class Target:
    """The course and the person that a change is about."""

    course_id: int
    course: str
    user_id: int
    name: str


def checked(outcome: Enrolled) -> bool:
    """Whether somebody was enrolled just now. Raises Problem with the reason why they can't be."""
    if outcome.refusal:
        raise Problem(409, refusal_words(outcome.refusal), reason=outcome.refusal)
    return outcome.is_new


def enroll(target: Target, service: str, at: datetime) -> bool:
    """Whatever access and capacity say; who left comes back to their work. Raises Problem."""
    is_new = admission.admit(target.course_id, [target.user_id], at) > 0 or checked(
        actions.enroll(target.course_id, target.user_id, at)
    )
    if is_new:
        _note("enrollment.made", target, service, at)
    return is_new


def remove(target: Target, service: str, at: datetime) -> None:
    """Take somebody out of a course, if they are in it."""
    if actions.leave(target.course_id, target.user_id, at, may_return=False):
        _note("enrollment.ended", target, service, at)


def _note(action: str, target: Target, service: str, at: datetime) -> None:
    audit.record(
        action,
        at,
        subject_kind="user",
        subject_id=target.user_id,
        subject_name=target.name,
        actor_name=service,
        course=target.course,
    )
