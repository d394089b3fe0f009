"""Help: the documentation, for who it is written for."""

from flask import Blueprint, Response, abort, request
from flask_babel import gettext as _

from lms.core import access, i18n, web
from lms.core.access import found, public
from lms.help import book, places, rules
from lms.help.search import search

bp = Blueprint("help", __name__)
bp.add_app_template_global(places.explained_at)
_LONGEST_QUESTION = 200
_DAY = 86_400
_PICTURES = {".webp": "image/webp", ".svg": "image/svg+xml"}


@bp.get("/help")
@public
def index() -> Response:
    """What can be read, and the passages that hold what was asked for."""
    sections = rules.readable(access.viewer())
    asked = request.args.get("q", "").strip()[:_LONGEST_QUESTION]
    return web.render(
        "help/index.html",
        asked=asked,
        found=search(asked, sections, i18n.language()),
        pages=book.pages(sections, i18n.language()),
        titles=_titles(),
    )


@bp.get("/help/<section>/<name>")
@public
def show(section: str, name: str) -> Response:
    """A page. A visitor may be somebody it is written for, and signs in first."""
    language = i18n.language()
    page = found(book.page(section, name, language))
    viewer = access.viewer()
    sections = rules.readable(viewer)
    if section not in sections:
        abort(404 if viewer else 401)
    pages = book.pages(sections, language)
    at = pages.index(page)
    return web.render(
        "help/show.html",
        page=page,
        text=book.rendered(page, sections),
        pages=pages,
        previous=pages[at - 1] if at else None,
        next=pages[at + 1] if at + 1 < len(pages) else None,
        titles=_titles(),
    )


@bp.get("/help/img/<name>")
@public
def picture(name: str) -> Response:
    """A picture of the documentation; none shows anything but the demo."""
    file = found(book.picture(name))
    response = Response(file.read_bytes(), content_type=_PICTURES[file.suffix])
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    response.add_etag()
    response.make_conditional(request)
    return response


def _titles() -> dict[str, str]:
    return {
        "learners": _("To learn"),
        "instructors": _("To teach"),
        "admins": _("To look after a site"),
        "operators": _("To run it"),
        "developers": _("To build on it"),
    }
