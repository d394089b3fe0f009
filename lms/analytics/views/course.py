"""The dashboard of one course, the rows behind its figures, and its tables as files."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import Row

from lms.analytics import drawing, rules
from lms.analytics.queries import courses as queries
from lms.analytics.queries import learners as people
from lms.analytics.views.blueprint import SPANS, bp, span
from lms.analytics.words import reasons_of, time_words
from lms.core import charts, clock, csv_file, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.paging import PER_PAGE, Page, page_number

COURSE = "/teaching/<slug>/analytics"
FIRST_AT_RISK = 5

Table = tuple[Sequence[str], Iterable[Sequence[object]]]


def course_to_show(slug: str) -> Row[Any]:
    """The course with its figures; 404 for who does not teach it."""
    return found(queries.course(slug, signed_in_viewer()))


@bp.get(COURSE)
@teachers_only
def course(slug: str) -> Response:
    """Figures, where learners stop, scores, who is at risk, and what happened day by day."""
    days = drawing.days_until(clock.now().date(), span())
    taught, rows = queries.overview(slug, signed_in_viewer(), days[0], days[-1])
    shown = found(taught)
    lessons = queries.lessons(shown.id)
    return web.render(
        "analytics/course.html",
        course=shown,
        lessons=lessons,
        activity=drawing.over_time(
            days,
            rows,
            [(_("Active learners"), "active", "mean"), (_("New enrollments"), "enrollments", "sum")],
        ),
        quizzes=[
            (quiz, drawing.scores(quiz["tenths"], quiz["passing_percent"]) if quiz["tenths"] else None)
            for quiz in queries.quizzes_of(lessons)
        ],
        assignments=[
            (each, drawing.scores(each["tenths"], each["passing_percent"] or 0) if each["graded"] else None)
            for each in queries.assignments_of(lessons)
        ],
        time_words=time_words,
        at_risk=[(row, reasons_of(row)) for row in people.at_risk(shown.id, FIRST_AT_RISK)],
        share=charts.share,
        days=len(days),
        weekly=drawing.in_weeks(days),
        spans=SPANS,
        rules=rules,
    )


@bp.get(f"{COURSE}/learners")
@teachers_only
def learners(slug: str) -> Response:
    """The learners whom a figure counts."""
    course = course_to_show(slug)
    shown, lesson = _asked(course)
    number = page_number(request.args.get("page"))
    return web.render(
        "analytics/learners.html",
        course=course,
        shown=shown,
        lesson=lesson,
        page=people.learners(course, shown, lesson, number, clock.now()),
        rules=rules,
    )


def _asked(course: Row[Any]) -> tuple[str, Row[Any] | None]:
    """Which learners, and of which lesson where that matters; 404 for anything else."""
    shown, lesson_id = request.args.get("show", "all"), request.args.get("lesson", "")
    if shown not in people.SHOWN:
        abort(404)
    if shown not in people.OF_A_LESSON:
        return shown, None
    if not lesson_id.isdecimal() or len(lesson_id) > 18:
        abort(404)
    return shown, found(people.lesson(course.id, int(lesson_id)))


@bp.get(f"{COURSE}/risk")
@teachers_only
def risk(slug: str) -> Response:
    """Everybody who may not finish, with the reasons in words and the rules behind them."""
    course, number = course_to_show(slug), page_number(request.args.get("page"))
    rows = people.at_risk(course.id, PER_PAGE, (number - 1) * PER_PAGE)
    return web.render(
        "analytics/risk.html",
        course=course,
        page=Page([(row, reasons_of(row)) for row in rows], number, course.at_risk or 0),
        rules=rules,
    )


@bp.get(f"{COURSE}/<any(lessons, days, scores, assignments, learners, risk):figures>.csv")
@teachers_only
def course_csv(slug: str, figures: str) -> Response:
    """One table of the dashboard as a file; times in UTC."""
    heads, rows = _TABLES[figures](course_to_show(slug))
    return csv_file.answer(f"{slug}-{figures}.csv", heads, rows)


def _lessons(course: Row[Any]) -> Table:
    heads = [_("Number"), _("Lesson"), _("Reached"), _("Completed"), _("Stopped here")]
    rows = enumerate(queries.lessons(course.id), 1)
    return heads, ([n, row.title, row.reached, row.completed, row.stopped] for n, row in rows)


def _days(course: Row[Any]) -> Table:
    heads = [
        _("Day"),
        _("Active learners"),
        _("New enrollments"),
        _("Completions"),
        _("Lessons"),
        _("Quizzes"),
    ]
    days = drawing.days_until(clock.now().date(), span())
    rows = queries.days(course.id, days[0], days[-1]).values()
    return heads, (
        [row.day.isoformat(), row.active, row.enrollments, row.completions, row.lessons, row.quizzes]
        for row in rows
    )


def _scores(course: Row[Any]) -> Table:
    heads = [_("Quiz"), _("Learners"), _("Passed"), _("Average score"), *_tenths()]
    counted = (quiz for quiz in queries.quizzes_of(queries.lessons(course.id)) if quiz["tenths"])
    return heads, (
        [quiz["title"], quiz["learners"], quiz["passed"], f"{quiz['average']:.2f}", *quiz["tenths"]]
        for quiz in counted
    )


def _assignments(course: Row[Any]) -> Table:
    heads = [
        _("Assignment"), pgettext("how many", "Handed in"), _("On time"), _("Late"), _("To grade"),
        _("Not released"), _("Median minutes until graded"), _("Grades"), _("Average grade"), *_tenths(),
    ]  # fmt: skip
    counted = (each for each in queries.assignments_of(queries.lessons(course.id)) if each["tenths"])
    return heads, (
        [
            each["title"], each["handed_in"], each["handed_in"] - each["late"] if each["is_due"] else "",
            each["late"] if each["is_due"] else "", each["waiting"], each["unreleased"],
            _minutes(each["seconds_until_graded"]), each["graded"],
            "" if each["average"] is None else f"{each['average']:.2f}", *each["tenths"],
        ]
        for each in counted
    )  # fmt: skip


def _tenths() -> list[str]:
    return [f"{low}-{low + 10} %" for low in range(0, 100, 10)]


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f}"


def _learners(course: Row[Any]) -> Table:
    heads = [
        _("Learner"), _("Email address"), _("State"), _("Enrolled"), _("Completed"), _("Last active"),
        _("Required lessons completed"), _("Required lessons"), _("Minutes of completed lessons"),
    ]  # fmt: skip
    shown, lesson = _asked(course)
    everyone = people.all_learners(course.id, shown, lesson.id if lesson else None, clock.now())
    return heads, (
        [
            row.name, row.email, row.state, row.enrolled_at.isoformat(timespec="seconds"),
            row.completed_at and row.completed_at.isoformat(timespec="seconds"),
            row.last_active_at.isoformat(timespec="seconds"), row.done, course.required, row.minutes,
        ]
        for row in everyone
    )  # fmt: skip


def _risk(course: Row[Any]) -> Table:
    heads = [_("Learner"), _("Email address"), _("Last active"), _("Why")]
    return heads, (
        [row.name, row.email, row.last_active_at.isoformat(timespec="seconds"), _("; ").join(reasons_of(row))]
        for row in people.at_risk(course.id, None)
    )


_TABLES: dict[str, Callable[[Row[Any]], Table]] = {
    "lessons": _lessons,
    "days": _days,
    "scores": _scores,
    "assignments": _assignments,
    "learners": _learners,
    "risk": _risk,
}
