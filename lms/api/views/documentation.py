"""The description of the API, for programs and for people."""

from flask import Response, abort, current_app, jsonify, request

from lms.api import openapi, rules, schemas
from lms.api.table import ENDPOINTS, bp
from lms.core import web
from lms.core.access import public
from lms.core.security import limiter


@bp.get("/openapi.json")
@limiter.limit("60 per minute")
@public
def description() -> Response:
    response = jsonify(openapi.document())
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response


def page() -> Response:
    """The description as a page, where the installation shows it."""
    if not current_app.config["LECTERN"].api_docs:
        abort(404)
    return web.render("api/docs.html", endpoints=ENDPOINTS, schemas=schemas.COMPONENTS, rules=rules)
