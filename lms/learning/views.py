"""Pages of learning: the dashboard, joining and leaving, reading lessons and completing them."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from lms.assignments import queries as assignments
from lms.certificates import queries as certificates
from lms.core import access, clock, web
from lms.core.access import found, public, signed_in, signed_in_viewer
from lms.core.security import limiter
from lms.courses import queries as course_queries
from lms.courses.catalogue import LONGEST_QUERY
from lms.courses.views import bp as courses
from lms.learning import actions, listing, queries, rules, search
from lms.learning.dashboard import learning_of
from lms.learning.forms import PositionForm, RecordingForm
from lms.learning.missing import Missing, missing, missing_quizzes
from lms.learning.outline import Outline
from lms.learning.release import Hold
from lms.learning.standing import Standing
from lms.learning.words import hold_words, refusal_words
from lms.quizzes import queries as quizzes

bp = Blueprint("learning", __name__)

COURSE = "/courses/<slug>"
LESSON = f"{COURSE}/lessons/<lesson>"
STALE = timedelta(minutes=15)
"""How old "last active" may grow while somebody reads on in one lesson."""


@bp.get("/learning")
@signed_in
def dashboard() -> Response:
    """Where the learner stopped, their courses, and what they completed."""
    person = signed_in_viewer()
    mine = learning_of(person)
    going_on = mine.going_on
    return web.render(
        "learning/dashboard.html",
        active=mine.of_state("active"),
        expired=mine.of_state("expired"),
        completed=mine.of_state("completed"),
        left=mine.of_state("dropped"),
        percents=mine.percents,
        going_on=going_on,
        now=clock.now(),
        next_lesson=going_on.outline.resume(going_on.row.last_lesson_id) if going_on else None,
        certificates=certificates.of_user(person.id) if mine.may_have_certificates else (),
    )


@bp.post(f"{COURSE}/enrollment")
@limiter.limit("20 per minute")
@signed_in
def enroll(slug: str) -> Response:
    """Join the course, or come back to it."""
    person = signed_in_viewer()
    course = found(queries.course(slug, person))
    outcome = actions.enroll(course.row.id, person.id, clock.now(), code=request.form.get("code", "")[:100])
    if outcome.refusal:
        flash(refusal_words(outcome.refusal, is_back=course.is_back), "warning")
    elif outcome.is_new:
        flash(_("You are enrolled. Your place in the course is kept from now on."), "success")
    return web.redirect_to("courses.show", slug=slug)


bp.add_app_template_global(refusal_words)
bp.add_app_template_global(hold_words)


@bp.post(f"{COURSE}/enrollment/leave")
@signed_in
def leave(slug: str) -> Response:
    """Leave the course and keep the work."""
    person = signed_in_viewer()
    course = found(queries.course(slug, person))
    if actions.leave(course.row.id, person.id, clock.now()):
        flash(
            _("You left “%(title)s”. Your work is kept; enroll again to go on.", title=course.row.title),
            "success",
        )
    return web.redirect_to("courses.show", slug=slug)


@bp.get(f"{COURSE}/continue")
@signed_in
def resume(slug: str) -> Response:
    """Go on where the learner stopped."""
    course = found(queries.course(slug, signed_in_viewer()))
    goal = course.outline.resume(course.row.last_lesson_id) if course.is_learner else None
    if goal is None:
        return web.redirect_to("courses.show", slug=slug)
    return web.redirect_to("courses.lesson", slug=slug, lesson=goal.slug)


@courses.get(f"{COURSE}/search")
@public
def search_in(slug: str) -> Response:
    """What has the words, of all that this person may read; the fields beside lessons get the results alone."""
    standing = found(queries.course(slug, access.viewer()))
    q = " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]
    return web.render(
        "learning/search.html",
        fragment="learning/_found.html",
        course=standing.row,
        course_slug=slug,
        q=q,
        found=search.search(standing, q),
        may_search=bool(search.open_lessons(standing)),
    )


@courses.get(LESSON)
@public
def lesson(slug: str, lesson: str) -> Response:
    """Read a lesson. The address belongs to the course; that opening it is remembered is learning."""
    at = clock.now()
    reading = found(queries.reading(slug, lesson, access.viewer()))
    if not reading.may_read:
        return closed(reading)
    row = reading.row
    if (
        reading.leaves_traces
        and not access.is_watched()
        and (row.scroll is None or row.last_lesson_id != row.lesson_id or row.last_active_at < at - STALE)
    ):
        actions.open_lesson(row.enrollment_id, row.lesson_id, at)
    return web.render("learning/lesson.html", **_page_facts(reading))


def _page_facts(reading: Standing) -> dict[str, Any]:
    person, row = access.viewer(), reading.row
    outline = (
        reading.outline.with_state(row.lesson_id, "in_progress") if reading.is_learner else reading.outline
    )
    learner = person.id if person and not reading.looks else access.NOBODY
    asked = (
        quizzes.quizzes_of_lesson(row.lesson_id, learner, is_staff=reading.is_staff)
        if row.has_quizzes
        else ()
    )
    briefs = assignments.of_lesson(row.lesson_id, learner) if row.has_assignments else ()
    return {
        **reader_facts(reading, outline),
        **_panel_facts(outline, row.lesson_id, missing(asked, briefs)),
        "ended_at": reading.ended_at,
        "quizzes": asked,
        "assignments": briefs,
        "previous": outline.before(row.lesson_id),
    }


def reader_facts(reading: Standing, outline: Outline) -> dict[str, Any]:
    """What every page in the reader's layout needs."""
    row = reading.row
    return {
        "reading": reading,
        "row": row,
        "outline": outline,
        "percent": 100 if row.completed_at else outline.percent,
        "course_slug": row.course_slug,
        "course_title": row.course_title,
        "lesson_slug": row.slug,
        "lesson_base": url_for("courses.lesson", slug=row.course_slug, lesson="-")[:-1],
        **_contents(outline, reading.holds, row.slug),
    }


def _contents(outline: Outline, holds: dict[int, Hold], here: str) -> dict[str, Any]:
    """The lessons beside the text."""
    return {"parts": listing.parts(outline, holds), "places": listing.places(outline, holds, here)}


def _panel_facts(outline: Outline, lesson_id: int, unmet: list[Missing]) -> dict[str, Any]:
    here = outline.lines[outline.place(lesson_id) - 1]
    return {
        "state": here.state,
        "unmet": unmet,
        "next": outline.after(lesson_id),
        "is_course_done": outline.is_complete,
        "ended_at": None,
        "was_refused": False,
    }


def closed(reading: Standing) -> Response:
    """What a person sees of a lesson that they may not read: where it stands, and the way in or when it opens."""
    row = reading.row
    if reading.hold is not None and (reading.is_learner or row.is_preview):
        return web.render(
            "learning/held.html", status=403, row=row, hold=reading.hold, course_slug=row.course_slug
        )
    return web.render(
        "learning/closed.html",
        status=403,
        row=row,
        outline=reading.outline,
        course_slug=row.course_slug,
        refusal=reading.refusal(reading.at),
        is_back=reading.is_back,
    )


@courses.get(f"{LESSON}/<page>")
@public
def lesson_page(slug: str, lesson: str, page: str) -> Response:
    """Read an extra page of a lesson."""
    reading = found(queries.reading(slug, lesson, access.viewer()))
    if not reading.may_read:
        return closed(reading)
    extra = course_queries.extra_page(reading.row.lesson_id, page)
    if extra is None:
        brief = found(assignments.brief(reading.row.lesson_id, page))
        return web.redirect_to("assignments.show", slug=slug, lesson=lesson, assignment=brief.slug)
    return web.render("learning/page.html", extra=extra, **reader_facts(reading, reading.outline))


@bp.post(f"{LESSON}/completion")
@signed_in
def complete(slug: str, lesson: str) -> Response:
    """Mark the lesson as completed; when something required is missing, say what."""
    person, at = signed_in_viewer(), clock.now()
    place = queries.place_to_complete(slug, lesson, person.id, quizzes.UNMET_HERE)
    if place is None:
        found(queries.reading(slug, lesson, person))
        abort(403)
    if (kept := _kept_back(place, slug, lesson, at)) is not None:
        return kept
    unmet = _unmet(place, person.id)
    outcome = actions.complete_lesson(place.enrollment_id, place.lesson_id, unmet, at, locked=True)
    if outcome.outline is None:
        return _refused(slug, lesson, unmet)
    if not web.wants_fragment():
        done = _("You have completed the course.") if outcome.finished_course else _("Lesson completed.")
        flash(done, "success")
        return web.redirect(url_for("courses.lesson", slug=slug, lesson=lesson) + "#completion")
    return web.render(
        "learning/_completed.html",
        outcome=outcome,
        outline=outcome.outline,
        **_contents(outcome.outline, outcome.outline.holds(place.enrolled_at, at), lesson),
        percent=100 if place.completed_at else outcome.outline.percent,
        course_slug=slug,
        lesson_slug=lesson,
        lesson_base=url_for("courses.lesson", slug=slug, lesson="-")[:-1],
        **_panel_facts(outcome.outline, place.lesson_id, []),
    )


def _kept_back(place: Any, slug: str, lesson: str, at: datetime) -> Response | None:
    """The answer to who completes a lesson that is not open yet, or of a course that is over."""
    season = rules.season(place.starts_at, place.ends_at, at)
    if season == "over":
        return _refused(slug, lesson, [], ended_at=place.ends_at)
    if not place.has_release and season == "open":
        return None
    reading = found(queries.reading(slug, lesson, access.viewer()))
    return None if reading.may_read else closed(reading)


def _unmet(place: Any, learner: int) -> list[Missing]:
    """What the lesson still asks for; assignments cost their statement only where they are asked for."""
    briefs = assignments.of_lesson(place.lesson_id, learner) if place.asks_assignments else ()
    return [*missing_quizzes(place.unmet_quizzes or ()), *missing((), briefs)]


def _refused(slug: str, lesson: str, unmet: list[Missing], *, ended_at: datetime | None = None) -> Response:
    if web.wants_fragment():
        facts: dict[str, Any] = {
            "course_slug": slug,
            "lesson_slug": lesson,
            "unmet": unmet,
            "ended_at": ended_at,
            "was_refused": True,
        }
        return web.render(
            "learning/_completion.html",
            status=422,
            state="in_progress",
            next=None,
            is_course_done=False,
            **facts,
        )
    reading = found(queries.reading(slug, lesson, access.viewer()))
    return web.render("learning/lesson.html", status=422, **_page_facts(reading) | {"was_refused": True})


@bp.post(f"{LESSON}/position")
@signed_in
def position(slug: str, lesson: str) -> Response:
    """Remember how far down the lesson the learner read, or played; sent by the page itself."""
    reader = signed_in_viewer().id
    form: PositionForm | RecordingForm = RecordingForm() if "recording" in request.form else PositionForm()
    if not form.validate_on_submit():
        abort(422)
    if isinstance(form, RecordingForm):
        said = str(form.recording.data), int(form.seconds.data or 0)
        found(actions.remember_recording(slug, lesson, reader, *said) or None)
    else:
        found(actions.remember_position(slug, lesson, reader, form.position.data or 0.0) or None)
    return Response(status=204)
