"""Discussions of a course: finding, asking, replying, and what staff do with posts."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _
from sqlalchemy import Row

from lms.core import access, clock, errors, web
from lms.core.access import allow, found, signed_in, signed_in_viewer
from lms.core.paging import Page, page_number
from lms.core.security import limiter
from lms.discussions import posts, reading, rules, seen
from lms.discussions.forms import QuestionForm, ReasonForm, ReplyForm
from lms.discussions.models import Post
from lms.discussions.scope import joined, taught
from lms.learning.standing import Standing

bp = Blueprint("discussions", __name__)

PLACE = "/courses/<slug>/discussion"
QUESTION = f"{PLACE}/<int:thread_id>"
POST = f"{PLACE}/posts/<int:post_id>"


def _takes_part(standing: Standing) -> bool:
    return standing.is_staff or standing.leaves_traces


def _may_write(standing: Standing) -> bool:
    """Learners write until the course ends; after that they read, and its staff may still answer."""
    return rules.may_write(
        takes_part=_takes_part(standing), is_staff=standing.is_staff, season=standing.season
    )


def _over(standing: Standing) -> Response | None:
    """The answer to a learner who writes after the end: what they typed stays on their page."""
    if _may_write(standing) or not _takes_part(standing):
        return None
    return errors.answer(
        403,
        title=_("The course has ended"),
        advice=_("Its discussions can be read, and nothing is written in them any more."),
    )


def _ended_at(standing: Standing) -> datetime | None:
    """When the course ended; None while it runs."""
    ended: datetime | None = standing.row.ends_at if standing.season == "over" else None
    return ended


def _question(standing: Standing, thread_id: int) -> Row[Any]:
    """A question that this person sees; of a lesson that is not open to them yet they see nothing."""
    person = signed_in_viewer()
    row = found(reading.question(standing.row.id, thread_id, person.id))
    is_open = standing.is_staff or (row.is_published and row.lesson_id not in standing.holds)
    is_shown = row.hidden_at is None or standing.is_staff or row.author_id == person.id
    return found(row if is_open and is_shown else None)


@bp.get(PLACE)
@signed_in
def index(slug: str) -> Response:
    """All questions of a course, of one lesson, or those with certain words."""
    standing, person, number = joined(slug), signed_in_viewer(), page_number(request.args.get("page"))
    show = request.args.get("show", "")
    wish = reading.Wish(
        q=request.args.get("q", "").strip()[:200],
        lesson=request.args.get("lesson", ""),
        show=show if show in reading.SHOWS else "all",
        closed=tuple(standing.holds),
        is_staff=standing.is_staff,
        language=standing.row.language,
        since=standing.row.news_since,
    )
    page = reading.questions(standing.row.id, person.id, wish, number)
    if number > 1 and not page.items:
        abort(404)
    lesson = next((line for line in standing.outline.lines if line.slug == wish.lesson), None)
    return web.render(
        "discussions/index.html",
        course=standing.row,
        page=page,
        wish=wish,
        lesson=lesson,
        is_staff=standing.is_staff,
        may_write=_may_write(standing),
        ended_at=_ended_at(standing),
    )


@bp.route(f"{PLACE}/new/<lesson>", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
@signed_in
def ask(slug: str, lesson: str) -> Response:
    """Ask about a lesson."""
    standing, form = joined(slug), QuestionForm()
    line = found(next((line for line in standing.outline.lines if line.slug == lesson), None))
    if (over := _over(standing)) is not None:
        return over
    allow(_may_write(standing) and line.id not in standing.holds)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return web.render("discussions/ask.html", status=status, course=standing.row, lesson=line, form=form)
    by_id, at = signed_in_viewer().id, clock.now()
    number = posts.ask(
        standing.row, line.id, by_id, form.title.data, form.body.data, at, by_staff=standing.is_staff
    )
    flash(_("Your question is asked. You hear of every reply."), "success")
    return web.redirect_to("discussions.show", slug=slug, thread_id=number)


@bp.get(QUESTION)
@signed_in
def show(slug: str, thread_id: int) -> Response:
    """A question with its replies."""
    standing = joined(slug)
    return _show(standing, _question(standing, thread_id), ReplyForm(formdata=None))


def _show(
    standing: Standing, question: Row[Any], form: ReplyForm, status: int = 200, number: int | None = None
) -> Response:
    person = signed_in_viewer()
    number = number or page_number(request.args.get("page"))
    page = reading.replies(question.id, person.id, number, is_staff=standing.is_staff)
    if number > 1 and not page.items:
        abort(404)
    _note_seen(standing, question, page)
    at, is_open = clock.now(), question.locked_at is None and _may_write(standing)

    def may_edit(post: Any) -> bool:
        return rules.may_edit(post.author_id, person.id, post.created_at, at, is_open=is_open)

    return web.render(
        "discussions/show.html",
        fragment="discussions/_replies.html",
        status=status,
        course=standing.row,
        question=question,
        page=page,
        form=form,
        may_edit=may_edit,
        takes_part=_takes_part(standing),
        may_reply=is_open or standing.is_staff,
        ended_at=_ended_at(standing),
        may_accept=_may_write(standing)
        and rules.may_accept(question.author_id, person.id, is_staff=standing.is_staff),
        is_staff=standing.is_staff,
    )


def _note_seen(standing: Standing, question: Row[Any], page: Page[Any]) -> None:
    """What stands on the page is no longer new; what came behind its last reply is."""
    until = question.last_at if page.number >= page.pages else page.items[-1].created_at
    is_known = question.seen_at is not None and question.seen_at >= until
    if _takes_part(standing) and not is_known and not access.is_watched():
        seen.see_question(question.id, signed_in_viewer().id, until)


@bp.post(f"{QUESTION}/replies")
@limiter.limit("20 per minute")
@signed_in
def reply(slug: str, thread_id: int) -> Response:
    """Reply to a question."""
    standing, form = joined(slug), ReplyForm()
    question = _question(standing, thread_id)
    if (over := _over(standing)) is not None:
        return over
    allow(_may_write(standing) and (question.locked_at is None or standing.is_staff))
    if not form.validate_on_submit():
        return _show(standing, question, form, 422)
    post = found(reading.post(standing.row.id, thread_id))
    number = posts.reply(post, signed_in_viewer().id, form.body.data, clock.now(), by_staff=standing.is_staff)
    last = question.reply_count // reading.REPLIES + 1
    if web.wants_fragment():
        return _show(standing, _question(standing, thread_id), ReplyForm(formdata=None), number=last)
    page = last if last > 1 else None
    return web.redirect_to(
        "discussions.show", slug=slug, thread_id=thread_id, page=page, _anchor=f"post-{number}"
    )


def _post(slug: str, post_id: int, *, as_staff: bool = False) -> tuple[Standing, Row[Any], Post]:
    """A post with its question, when this person sees both; locked for a change."""
    standing = taught(slug) if as_staff else joined(slug)
    post = found(reading.post(standing.row.id, post_id))
    question = _question(standing, post.question_id or post.id)
    is_shown = post.hidden_at is None or standing.is_staff or post.author_id == signed_in_viewer().id
    return standing, question, found(post if is_shown else None)


@bp.route(f"{POST}/edit", methods=["GET", "POST"])
@signed_in
def edit(slug: str, post_id: int) -> Response:
    """Change one's own post."""
    standing, question, post = _post(slug, post_id)
    if (over := _over(standing)) is not None:
        return over
    at, is_open = clock.now(), question.locked_at is None
    may = rules.may_edit(post.author_id, signed_in_viewer().id, post.created_at, at, is_open=is_open)
    allow(may and _may_write(standing))
    is_question = post.question_id is None
    form = QuestionForm(title=post.title, body=post.body) if is_question else ReplyForm(body=post.body)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        facts: dict[str, Any] = {"course": standing.row, "question": question, "post": post, "form": form}
        return web.render("discussions/edit.html", status=status, **facts)
    posts.change(post, form["title"].data if is_question else "", form.body.data, at)
    return _back(slug, question, post_id)


@bp.post(f"{POST}/removal")
@signed_in
def remove(slug: str, post_id: int) -> Response:
    """Take one's own post back, as long as it may be changed and no reply hangs on it."""
    standing, question, post = _post(slug, post_id)
    if (over := _over(standing)) is not None:
        return over
    at, is_open, is_question = clock.now(), question.locked_at is None, post.question_id is None
    may = rules.may_edit(post.author_id, signed_in_viewer().id, post.created_at, at, is_open=is_open)
    allow(may and _may_write(standing) and not (is_question and reading.has_replies(post_id)))
    posts.remove(post)
    flash(_("Your post is deleted."), "success")
    if is_question:
        return web.redirect_to("discussions.index", slug=slug, lesson=question.lesson_slug)
    return _back(slug, question, question.id)


@bp.post(f"{QUESTION}/following")
@signed_in
def follow(slug: str, thread_id: int) -> Response:
    """Hear of replies, or no longer."""
    standing = joined(slug)
    question = _question(standing, thread_id)
    allow(_takes_part(standing))
    posts.follow(thread_id, signed_in_viewer().id, wants=request.form.get("follow") == "yes")
    return _back(slug, question, thread_id)


@bp.post(f"{QUESTION}/accepted")
@signed_in
def accept(slug: str, thread_id: int) -> Response:
    """Say which reply answered the question, or that none did."""
    standing, _row, question = _post(slug, thread_id)
    person = signed_in_viewer()
    if (over := _over(standing)) is not None:
        return over
    allow(
        _may_write(standing) and rules.may_accept(question.author_id, person.id, is_staff=standing.is_staff)
    )
    typed = request.form.get("reply", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    if not posts.accept(question, number):
        abort(404)
    return _back(slug, _row, number or thread_id)


def _back(slug: str, question: Row[Any], post_id: int) -> Response:
    page = page_number(request.form.get("page"))
    return web.redirect_to(
        "discussions.show",
        slug=slug,
        thread_id=question.id,
        page=page if page > 1 else None,
        _anchor=f"post-{post_id}",
    )


@bp.post(f"{QUESTION}/state")
@signed_in
def set_state(slug: str, thread_id: int) -> Response:
    """Pin or lock a question, or undo it."""
    _standing, row, question = _post(slug, thread_id, as_staff=True)
    if "pinned" in request.form:
        posts.pin(question, is_pinned=request.form["pinned"] == "yes")
    if "locked" in request.form:
        posts.lock(question, clock.now(), is_locked=request.form["locked"] == "yes")
    return _back(slug, row, thread_id)


@bp.route(f"{POST}/hiding", methods=["GET", "POST"])
@signed_in
def hide(slug: str, post_id: int) -> Response:
    """Take a post out of sight, with a reason."""
    standing, question, post = _post(slug, post_id, as_staff=True)
    return _with_reason(standing, question, post, "hide") or _back(slug, question, post_id)


@bp.post(f"{POST}/hiding/end")
@signed_in
def show_again(slug: str, post_id: int) -> Response:
    """Bring a hidden post back."""
    _standing, question, post = _post(slug, post_id, as_staff=True)
    posts.show(post, clock.now())
    return _back(slug, question, post_id)


@bp.route(f"{POST}/report", methods=["GET", "POST"])
@limiter.limit("10 per hour", methods=["POST"])
@signed_in
def report(slug: str, post_id: int) -> Response:
    """Tell the staff that something is wrong with a post."""
    standing, question, post = _post(slug, post_id)
    allow(_takes_part(standing))
    return _with_reason(standing, question, post, "report") or _back(slug, question, post_id)


def _with_reason(standing: Standing, question: Row[Any], post: Post, what: str) -> Response | None:
    """Ask for the reason; None when it was given and the thing is done."""
    form = ReasonForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        facts: dict[str, Any] = {
            "course": standing.row,
            "question": question,
            "post": post,
            "form": form,
            "what": what,
        }
        return web.render("discussions/reason.html", status=status, **facts)
    person, at = signed_in_viewer(), clock.now()
    if what == "hide":
        posts.hide(post, person.id, form.reason.data, at)
        flash(_("The post is hidden. Its author sees the reason."), "success")
    else:
        posts.report(post, person.id, form.reason.data, at)
        flash(_("Thank you. The staff of the course will look at it."), "success")
    return None


@bp.get(f"{PLACE}/reports")
@signed_in
def reports(slug: str) -> Response:
    """What was reported and nobody has looked at."""
    standing = taught(slug)
    waiting = reading.open_reports(standing.row.id, page_number(request.args.get("page")))
    return web.render("discussions/reports.html", course=standing.row, page=waiting)


@bp.post(f"{PLACE}/reports/<int:report_id>/settlement")
@signed_in
def settle(slug: str, report_id: int) -> Response:
    """Leave the post as it is."""
    standing = taught(slug)
    if not posts.settle(report_id, standing.row.id, clock.now()):
        abort(404)
    return web.redirect_to("discussions.reports", slug=slug)
