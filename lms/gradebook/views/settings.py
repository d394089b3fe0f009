"""How the grades of a course are counted together."""

from flask import Response, flash, request
from flask_babel import gettext as _

from lms.core import clock, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.core.forms import Form
from lms.courses import queries as courses
from lms.courses.models import Course
from lms.gradebook import actions, queries
from lms.gradebook.category_form import MOST_CATEGORIES, CategoriesForm
from lms.gradebook.views.blueprint import bp
from lms.gradebook.views.grid import BOOK, course_of


@bp.get(f"{BOOK}/settings")
@teachers_only
def settings(slug: str) -> Response:
    course = course_of(slug, signed_in_viewer())
    book = queries.book(course.id)
    return _page(course, book, CategoriesForm(book))


@bp.post(f"{BOOK}/settings")
@teachers_only
def change_settings(slug: str) -> Response:
    """Save all categories with what belongs to them; a row without a name is dropped."""
    course = found(courses.course_to_change(slug, signed_in_viewer()))
    book = queries.book(course.id)
    form = CategoriesForm(book, request.form)
    if not form.settles():
        return _page(course, book, form, 409)
    wanted = form.wanted()
    if wanted is None:
        return _page(course, book, form, 422)
    actions.set_categories(course, *wanted, book.items, clock.now())
    flash(_("The gradebook is counted this way from now on."), "success")
    return web.redirect_to("gradebook.settings", slug=slug)


def _page(course: Course, book: queries.Book, form: CategoriesForm, status: int = 200) -> Response:
    empty = {"id": "", "name": "", "weight": "", "drop": ""}
    more = max(min(2, MOST_CATEGORIES - len(form.rows)), 0) if all(row["name"] for row in form.rows) else 0
    return web.render(
        "gradebook/settings.html",
        status=status,
        course=course,
        book=book,
        form=form,
        rows=[*form.rows, *([empty] * more)],
        token=Form(),
    )
