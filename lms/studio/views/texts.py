"""The editor of lessons, their extra pages and the briefs of assignments."""

import re
from typing import Any

from flask import Response, flash, jsonify, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from lms.assignments import grading, redrafting, staff_queries
from lms.core import clock, web, work
from lms.core.access import Viewer, found, signed_in_viewer, teachers_only
from lms.core.i18n import local
from lms.courses import editing, revisions
from lms.courses.revisions import Written
from lms.learning import actions as learning
from lms.learning.release import moment_of, score_of
from lms.studio import actions, differences, queries, silent
from lms.studio.actions import Place
from lms.studio.forms import LONGEST_BODY, BriefForm, LessonForm, PageForm, TextForm
from lms.studio.typed_rubrics import unsaved
from lms.studio.views.blueprint import COURSE, bp, course_to_change, course_to_show

LESSON = f"{COURSE}/lessons/<lesson>"
PART = f"{LESSON}/<any(page,assignment):kind>/<part>"
MODULE = f"{COURSE}/introductions/<part>"
OWN = {"kind": "lesson", "part": ""}
INTRODUCTION = {"kind": "module", "lesson": ""}


def place(slug: str, lesson: str, kind: str, part: str) -> Place:
    """The text of the address with its course locked; 404 for who does not teach it."""
    return found(actions.place(course_to_change(slug, signed_in_viewer()), lesson, kind, part))


def place_to_show(slug: str, lesson: str, kind: str, part: str) -> Place:
    """The text without a lock: pages that only show it, and drafts, which are their author's alone."""
    return found(actions.place(course_to_show(slug, signed_in_viewer()), lesson, kind, part))


def address(at: Place) -> dict[str, Any]:
    """The parameters of the text's pages."""
    if at.lesson is None:
        return {"slug": at.course.slug, "part": str(at.text.id), **INTRODUCTION}
    part = {} if at.kind == "lesson" else {"kind": at.kind, "part": at.text.slug}
    return {"slug": at.course.slug, "lesson": at.lesson.slug, **part}


def _shown_to_learners(at: Place) -> str:
    """The page on which learners read it."""
    slug = at.course.slug
    if at.lesson is None:
        return url_for("courses.show", slug=slug) + f"#module-{at.text.slug}"
    if at.kind == "lesson":
        return url_for("courses.lesson", slug=slug, lesson=at.lesson.slug)
    return url_for("courses.lesson_page", slug=slug, lesson=at.lesson.slug, page=at.text.slug)


def form_for(at: Place, **values: Any) -> TextForm:
    """The form of the text's kind."""
    if at.kind in ("page", "module"):
        return PageForm(**values)
    if at.kind == "assignment":
        return BriefForm(rubric=at.text.rubric, **values)
    assert at.lesson is not None
    form = LessonForm(**values)
    others = [("", "–"), *queries.lessons_before(at.course.id, at.lesson.id)]
    form.release_after.choices = [SelectChoice(value, title) for value, title in others]
    quizzes = [("", "–"), *queries.quizzes_elsewhere(at.course.id, at.lesson.id)]
    form.release_quiz.choices = [SelectChoice(value, title) for value, title in quizzes]
    return form


def _release(at: Place) -> dict[str, Any]:
    """The release rule of a lesson, as its form shows it."""
    rule = at.text.release or {}
    kind = next((name for name in ("date", "days", "after", "quiz") if name in rule), "")
    return {
        "release": kind,
        "release_date": local(moment_of(rule.get("date"))) if kind == "date" else None,
        "release_days": rule.get("days"),
        "release_after": rule.get("after", ""),
        "release_quiz": queries.quiz_named(at.course.id, rule.get("quiz", "")),
        "release_score": score_of(rule) if kind == "quiz" else None,
    }


def _stored(at: Place) -> TextForm:
    """The form as it shows what is stored."""
    form = form_for(at, obj=at.text, formdata=None)
    if isinstance(form, LessonForm):
        for name, value in _release(at).items():
            form[name].data = value
    return form


@bp.get(LESSON, defaults=OWN)
@bp.get(PART)
@bp.get(MODULE, defaults=INTRODUCTION)
@teachers_only
def edit(slug: str, lesson: str, kind: str, part: str) -> Response:
    """The text with its settings; what the author typed and did not save comes first."""
    at = place_to_show(slug, lesson, kind, part)
    form = _stored(at)
    form.remember()
    draft = revisions.draft_of(kind, at.text.id, signed_in_viewer().id)
    form.base.data = revisions.fingerprint(at.text.title, at.text.body)
    if draft is not None:
        form.title.data, form.body.data, form.base.data = draft.title, draft.body, draft.base
        if draft.more and isinstance(form, BriefForm):
            # Who changed the rubric since then is told, not written over.
            shown = form.rubric.mark
            if (began := form.rubric.resume(draft.more)) != shown:
                form.remember(rubric=began)
            form.rubric.begin_from(at.text.rubric)
    return _page(at, form, draft=draft)


def _undone() -> tuple[str, int] | None:
    """The page or assignment that was just deleted."""
    match = re.fullmatch(r"(page|assignment)-(\d{1,18})", request.args.get("undo", ""))
    return (match[1], int(match[2])) if match else None


def _page(at: Place, form: TextForm, status: int = 200, **more: Any) -> Response:
    facts: dict[str, Any] = {"draft": None, "stands": None, "differing": None}
    return web.render(
        "studio/edit.html",
        status=status,
        course=at.course,
        lesson=at.lesson,
        kind=at.kind,
        text=at.text,
        form=form,
        address=address(at),
        quizzes=queries.quizzes_of(at.lesson.id) if at.kind == "lesson" and at.lesson else [],
        undo=_undone(),
        pages=queries.pages_of(at.lesson.id) if at.kind == "lesson" and at.lesson else [],
        assignments=queries.briefs_of(at.lesson.id) if at.kind == "lesson" and at.lesson else [],
        handed_in=staff_queries.handed_in(at.lesson.id) if at.kind == "lesson" and at.lesson else {},
        learners_page=_shown_to_learners(at),
        preview=actions.rendered(at, form.body.data or "").html,
        chosen=redrafting.used(at.text.id) if at.kind == "assignment" else 0,
        **facts | more,
    )


@bp.post(LESSON, defaults=OWN)
@bp.post(PART)
@bp.post(MODULE, defaults=INTRODUCTION)
@teachers_only
def save(slug: str, lesson: str, kind: str, part: str) -> Response:
    """Publish the text; when somebody else saved meanwhile, show both and let the author decide."""
    at, person, now = place(slug, lesson, kind, part), signed_in_viewer(), clock.now()
    form = form_for(at)
    if isinstance(form, BriefForm) and "rubric-do" in request.form:
        return _reshaped(at, form, person)
    if isinstance(form, BriefForm):
        form.rubric.begin_from(at.text.rubric)
    if not form.settles(_stored(at)) and not form.clashes:
        return _page(at, form, 422)
    written = Written(form.title.data, form.body.data or "", form.base.data or "", _beside(at))
    if form.clashes or revisions.is_overtaken(at.text, written):
        _set_aside(at, written, person)
        return _conflict(at, form, written)
    if "max_points" in form.touched and not _points_fit(at, form):
        return _page(at, form, 422)
    if "release" in form.touched and (circle := _circle(at, form)):
        form["release"].errors = [circle]
        return _page(at, form, 422)
    change = _rubric_change(at, form) if "rubric" in form.touched else None
    if change is not None and change.lost:
        return _page(at, form, 422)
    actions.save(at, written, person.id, now)
    if change is not None:
        change.follow()
    _apply(at, form)
    shown = [at.lesson] if at.lesson and "is_published" in form.touched else []
    flash(f"{_said(at)} {silent.keep_back(at.course, shown, now)}".strip(), "success")
    if "preview" in request.form:
        return web.redirect(_shown_to_learners(at))
    return web.redirect_to("studio.edit", **address(at))


def _circle(at: Place, form: TextForm) -> str:
    """What is wrong when the lesson would wait for one that waits for it, or for itself over others."""
    if not isinstance(form, LessonForm) or at.lesson is None:
        return ""
    titles = actions.circle_with(at.lesson, form.rule())
    if not titles:
        return ""
    return str(
        _(
            "These lessons would wait for each other, and nobody could open them: %(lessons)s. Nothing is saved yet.",
            lessons=" → ".join([*titles, titles[0]]),
        )
    )


def _said(at: Place) -> str:
    """What saving has done, for those who learn."""
    if "preview" in request.form:
        return str(_("Saved."))
    if at.lesson is not None and not at.lesson.is_published:
        return str(_("Saved. Learners don’t see this lesson yet."))
    if at.course.state == "draft":
        return str(_("Saved. Learners see it once the course is published."))
    return str(_("Saved. Learners see it from now on."))


def _apply(at: Place, form: TextForm) -> None:
    """The settings beside the text that were changed."""
    for name, value in form.changes().items():
        setattr(at.text, name, value)
    if isinstance(form, LessonForm):
        editing.count(at.course)
        learning.complete_who_is_done(at.course.id, clock.now())


def _reshaped(at: Place, form: BriefForm, person: Viewer) -> Response:
    """The page again with a criterion or level more or less, or at another place. Only a draft is kept of it."""
    form.rubric.focus = form.rubric.data.change(request.form["rubric-do"])
    title, body = form.title.data or "", form.body.data or ""
    if len(body) <= LONGEST_BODY:
        _set_aside(at, Written(title[:255], body, (form.base.data or "")[:64], _beside(at)), person)
    return _page(at, form)


def _beside(at: Place) -> dict[str, str] | None:
    """What was typed beside the text and is a part of its draft: the rubric of a brief."""
    return unsaved(request.form, at.text.rubric) if at.kind == "assignment" else None


def _points_fit(at: Place, form: TextForm) -> bool:
    """Whether there is something to earn, where others have earned something already."""
    if form["max_points"].data or not grading.has_graded(at.text.id):
        return True
    form["max_points"].errors = [
        _("Work is graded already, and keeps its points. With 0 points what comes later could earn nothing.")
    ]
    return False


def _rubric_change(at: Place, form: TextForm) -> redrafting.Change:
    """What the typed rubric does to grades; one that would lose what they chose says so at its place."""
    change = redrafting.change(at.text, *form["rubric"].data.origins())
    if change.lost:
        names = _(", ").join(f"“{name}”" for name in change.lost)
        form["rubric"].errors = [
            _(
                "Graders’ notes have chosen %(names)s. What was chosen can be reworded or moved, but not removed "
                "before that work is graded. Nothing is saved yet.",
                names=names,
            )
        ]
    return change


def _set_aside(at: Place, written: Written, person: Viewer) -> None:
    """Keep what could not be saved as the author's draft: they may close the page before they decide."""
    now = clock.now()
    revisions.keep_draft(at.kind, at.text, written, course_id=at.course.id, user_id=person.id, at=now)
    work.keep()


def _conflict(at: Place, form: TextForm, written: Written) -> Response:
    """409: what stands there now, what was written, and their difference. Saving again merges on purpose."""
    if not revisions.is_overtaken(at.text, written):
        return _page(at, form, 409)
    form.base.data = revisions.fingerprint(at.text.title, at.text.body)
    lines = differences.lines(at.text.body, form.body.data or "")
    return _page(at, form, 409, stands=at.text, differing=lines)


@bp.post(f"{LESSON}/preview", defaults=OWN)
@bp.post(f"{PART}/preview")
@bp.post(f"{MODULE}/preview", defaults=INTRODUCTION)
@teachers_only
def preview(slug: str, lesson: str, kind: str, part: str) -> Response:
    """The typed text as its reader will see it, with what is wrong in its links."""
    at = place_to_show(slug, lesson, kind, part)
    shown = actions.rendered(at, request.form.get("body", "")[:LONGEST_BODY])
    return web.render("studio/_preview.html", course=at.course, html=shown.html, findings=shown.findings)


@bp.post(f"{LESSON}/draft", defaults=OWN)
@bp.post(f"{PART}/draft")
@bp.post(f"{MODULE}/draft", defaults=INTRODUCTION)
@teachers_only
def keep_draft(slug: str, lesson: str, kind: str, part: str) -> Response:
    """Keep what was typed; sent by the editor every few seconds."""
    at, person, now = place_to_show(slug, lesson, kind, part), signed_in_viewer(), clock.now()
    written = Written(
        request.form.get("title", "")[:255],
        request.form.get("body", "")[:LONGEST_BODY].replace("\r\n", "\n"),
        request.form.get("base", "")[:64],
        _beside(at),
    )
    revisions.keep_draft(kind, at.text, written, course_id=at.course.id, user_id=person.id, at=now)
    if request.accept_mimetypes.best != "application/json":
        return web.redirect_to("studio.edit", **address(at))
    return jsonify(saved_at=now.isoformat())


@bp.post(f"{LESSON}/draft/removal", defaults=OWN)
@bp.post(f"{PART}/draft/removal")
@bp.post(f"{MODULE}/draft/removal", defaults=INTRODUCTION)
@teachers_only
def drop_draft(slug: str, lesson: str, kind: str, part: str) -> Response:
    """Back to what learners see."""
    at = place_to_show(slug, lesson, kind, part)
    revisions.drop_draft(kind, at.text.id, signed_in_viewer().id)
    flash(_("Your draft is discarded."), "success")
    return web.redirect_to("studio.edit", **address(at))
