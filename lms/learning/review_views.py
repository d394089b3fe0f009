"""Pages of reviews: reading them, writing one's own, answering and hiding."""

from typing import Any

from flask import Blueprint, Response, abort, flash, request
from flask_babel import gettext as _

from lms.core import access, clock, web
from lms.core.access import allow, found, public, signed_in, signed_in_viewer
from lms.core.paging import page_number
from lms.core.security import limiter
from lms.learning import queries, reviews, reviews_queries, reviews_rules
from lms.learning.reviews_forms import AnswerForm, HideForm, ReviewForm
from lms.learning.reviews_models import Review
from lms.learning.standing import Standing

bp = Blueprint("reviews", __name__)

REVIEWS = "/courses/<slug>/reviews"


def _course(slug: str) -> Standing:
    return found(queries.course(slug, access.viewer()))


@bp.get(REVIEWS)
@public
def index(slug: str) -> Response:
    """What learners say of the course."""
    return _index(_course(slug))


def _index(standing: Standing, status: int = 200, **refused: Any) -> Response:
    """`refused` is a form that was not valid, by its name, and the `review_id` that it is about."""
    person, row = access.viewer(), standing.row
    order = request.args.get("sort", "")
    order = order if order in reviews_queries.SORTS else "helpful"
    number = page_number(request.args.get("page"))
    viewer_id = person.id if person else 0
    page = reviews_queries.page(row.id, viewer_id, order, number, with_hidden=standing.is_staff)
    if number > 1 and not page.items:
        abort(404)
    return web.render(
        "reviews/index.html",
        status=status,
        course=row,
        page=page,
        order=order,
        shares=reviews_rules.shares(row.rating_counts),
        may_answer=standing.is_staff,
        may_hide=person is not None and person.is_admin,
        may_write=reviews_queries.refusal(standing) is None,
        refused={"review_id": 0, "answer": None, "hide": None, **refused},
    )


@bp.get(f"{REVIEWS}/mine")
@signed_in
def mine(slug: str) -> Response:
    """Write a review, or change one's own."""
    standing = _course(slug)
    review = reviews_queries.own(standing.row.id, signed_in_viewer().id)
    form = ReviewForm(rating=str(review.rating), body=review.body) if review else ReviewForm()
    return _mine(standing, review, form)


def _mine(standing: Standing, review: Review | None, form: ReviewForm, status: int = 200) -> Response:
    refusal = reviews_queries.refusal(standing)
    return web.render(
        "reviews/mine.html",
        status=403 if refusal and status == 200 and review is None else status,
        course=standing.row,
        review=review,
        form=form,
        refusal=refusal,
        percent=standing.percent if standing.is_learner else 0,
        least=reviews_rules.LEAST_PERCENT,
    )


@bp.post(f"{REVIEWS}/mine")
@limiter.limit("20 per minute")
@signed_in
def write(slug: str) -> Response:
    """Publish it."""
    standing, person = _course(slug), signed_in_viewer()
    allow(reviews_queries.refusal(standing) is None)
    form = ReviewForm()
    if not form.validate_on_submit():
        return _mine(standing, reviews_queries.own(standing.row.id, person.id), form, 422)
    reviews.write(standing.row.id, person.id, int(form.rating.data), form.body.data, clock.now())
    flash(_("Thank you. Your review stands on the course’s page."), "success")
    return web.redirect_to("courses.show", slug=slug, _anchor="reviews")


@bp.post(f"{REVIEWS}/mine/removal")
@signed_in
def remove(slug: str) -> Response:
    """Take it back."""
    standing = _course(slug)
    if reviews.remove(standing.row.id, signed_in_viewer().id):
        flash(_("Your review is deleted."), "success")
    return web.redirect_to("courses.show", slug=slug, _anchor="reviews")


@bp.post(f"{REVIEWS}/<int:review_id>/mark")
@limiter.limit("60 per minute")
@signed_in
def mark(slug: str, review_id: int) -> Response:
    """Say that a review was helpful, or take that back."""
    review, _standing = _review(slug, review_id)
    reviews.mark(review, signed_in_viewer().id, is_helpful=request.form.get("helpful") == "yes")
    back = web.safe_next(request.form.get("next")) or web.path("reviews.index", slug=slug)
    return web.redirect(f"{back}#review-{review_id}")


def _review(slug: str, review_id: int) -> tuple[Review, Standing]:
    standing = _course(slug)
    review = found(reviews_queries.one(standing.row.id, review_id))
    if review.hidden_at is not None and not standing.is_staff:
        abort(404)
    return review, standing


@bp.post(f"{REVIEWS}/<int:review_id>/answer")
@signed_in
def answer(slug: str, review_id: int) -> Response:
    """Answer as the course's staff."""
    review, standing = _review(slug, review_id)
    allow(standing.is_staff)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _index(standing, 422, review_id=review_id, answer=form)
    reviews.answer(review, form.answer.data or "", signed_in_viewer().id, clock.now())
    flash(
        _("Your answer stands below the review.") if review.answer else _("The answer is deleted."), "success"
    )
    return web.redirect_to("reviews.index", slug=slug, _anchor=f"review-{review_id}")


@bp.post(f"{REVIEWS}/<int:review_id>/hiding")
@signed_in
def hide(slug: str, review_id: int) -> Response:
    """Take a review out of sight, with a reason."""
    review, standing = _review(slug, review_id)
    person, form = signed_in_viewer(), HideForm()
    allow(person.is_admin)
    if not form.validate_on_submit():
        return _index(standing, 422, review_id=review_id, hide=form)
    reviews.hide(review, standing.row.title, form.reason.data, person.id, clock.now())
    flash(_("The review is hidden and no longer counts."), "success")
    return web.redirect_to("reviews.index", slug=slug, _anchor=f"review-{review_id}")


@bp.post(f"{REVIEWS}/<int:review_id>/hiding/end")
@signed_in
def show(slug: str, review_id: int) -> Response:
    """Bring it back."""
    review, standing = _review(slug, review_id)
    allow(signed_in_viewer().is_admin)
    reviews.show(review, standing.row.title, clock.now())
    flash(_("The review is shown again."), "success")
    return web.redirect_to("reviews.index", slug=slug, _anchor=f"review-{review_id}")
