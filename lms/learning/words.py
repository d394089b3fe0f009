"""What pages say about lessons that are not open yet, and about who cannot enroll."""

from flask_babel import gettext as _

from lms.core.i18n import moment
from lms.learning.release import Hold


def hold_words(hold: Hold) -> str:
    """When a lesson opens, for who waits for it."""
    if hold.is_course and hold.opens_at is not None:
        return str(_("The course begins on %(moment)s", moment=moment(hold.opens_at)))
    if hold.opens_at is not None:
        return str(_("Opens on %(moment)s", moment=moment(hold.opens_at)))
    if hold.after:
        return str(_("Opens when you have completed “%(title)s”", title=hold.after))
    if hold.reached is None:
        return str(
            _(
                "Opens when you have at least %(score)s %% in the quiz “%(title)s”",
                score=f"{hold.score:g}",
                title=hold.quiz,
            )
        )
    return str(
        _(
            "Opens when you have at least %(score)s %% in the quiz “%(title)s”; you have %(reached)s %%",
            score=f"{hold.score:g}",
            title=hold.quiz,
            reached=f"{hold.reached:g}",
        )
    )


def refusal_words(refusal: str, *, is_back: bool = False) -> str:
    """Why somebody cannot enroll, for them; `is_back` is who left and may return."""
    if is_back and refusal == "full":
        return str(
            _(
                "All places in this course are taken at the moment. You may come back as soon as one is free; its "
                "instructor can bring you back at any time."
            )
        )
    words: dict[str, str] = {
        "closed": _("This course does not take anyone new at the moment."),
        "ended": _("This course has ended."),
        "invitation": _("This course is by invitation. Ask its instructor for one."),
        "code": _("This course is for those who know its code. Check what you typed."),
        "full": _("All places in this course are taken."),
        "prerequisites": _("Another course comes before this one. Complete it first, then enroll here."),
    }
    return words[refusal]
