"""Back from somebody else's view of the site."""

from flask import Response

from lms.accounts import sessions, view_as
from lms.admin.views.blueprint import membership
from lms.core import clock, web
from lms.core.access import signed_in, signed_in_viewer


@membership.post("/view-as/end")
@signed_in
def end_view_as() -> Response:
    person = signed_in_viewer()
    if person.viewed_by_id is None:
        return web.redirect_to("learning.dashboard")
    view_as.end(person.session_id, person.id, person.name, clock.now())
    sessions.rotate(person.session_id)
    return web.redirect_to("admin.user", user_id=person.id)
