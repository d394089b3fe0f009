"""One rule for names and one for addresses, wherever they are typed."""

import pytest
from sqlalchemy import select

from lms.accounts import bulk, naming
from lms.accounts.models import Invitation, User
from lms.core import clock, work
from lms.core.db import db
from lms.notifications import actions
from lms.notifications.models import Email
from tests import factories
from tests.support.forms import post

UNSEEN = {
    "nothing but zero width spaces": "\u200b\u200b",
    "a zero width space in it": "Bo\u200bb",
    "the direction turned round": "Bob \u202egro.elpmaxe",
    "an isolate": "Bob\u2067",
    "a soft hyphen": "Bo\u00adb",
    "a joiner between Latin letters": "Bo\u200db",
    "a joiner at the end": "Bob\u200c",
    "a Korean filler": "\u3164\u3164",
    "digits alone": "007",
    "signs alone": "...",
}
SEEN = [
    "李小龙",
    "Ольга",
    "מרים",
    "O’Brien-Ngũgĩ",
    "علی\u200cرضا محمدی",
    "র\u200d্যাব",
    "ශ්\u200dරී",
    "J. R. R.",
    "Bob 3rd",
]
UNREACHABLE = "ünï@example.org"


@pytest.mark.parametrize("name", SEEN)
def test_names_of_every_script_are_names(app, name):
    with app.test_request_context():
        assert naming.fault(name) == ""


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)
def test_a_name_that_can_not_be_seen_is_none_anywhere(app, client, as_user, bob, dana, name):
    registered = {"name": name, "email": "new@example.org", "password": factories.PASSWORD}
    refused = post(client, "/register", registered)
    assert refused.status_code == 422 and 'id="name-error"' in refused.text
    profile = {"name": name, "bio": "", "language": "en", "time_zone": "UTC"}
    refused = post(as_user(bob), "/profile", profile)
    assert refused.status_code == 422 and 'id="name-error"' in refused.text
    refused = post(
        as_user(dana), "/admin/users/new", {"name": name, "email": "n@example.org", "role": "student"}
    )
    assert refused.status_code == 422 and 'id="name-error"' in refused.text
    with app.test_request_context():
        assert bulk.read(f"name,email\n{name},n@example.org".encode()).people == []
        assert db.session.scalar(select(User.name).where(User.id == bob.id)) == "Bob Brook"
        assert db.session.scalars(select(User.email).where(User.email.like("n%"))).all() == []


def test_an_address_that_no_mail_reaches_is_refused_in_place(app, client, as_user, dana, inbox):
    registered = {"name": "Nia", "email": UNREACHABLE, "password": factories.PASSWORD}
    refused = post(client, "/register", registered)
    assert refused.status_code == 422 and "Mail can&#39;t reach this address" in refused.text
    refused = post(as_user(dana), "/admin/invitations", {"addresses": f"a@example.org\n{UNREACHABLE}"})
    assert refused.status_code == 422 and UNREACHABLE in refused.text
    with app.test_request_context():
        (row,) = bulk.read(f"name,email\nNia,{UNREACHABLE}".encode()).bad
        assert "mail can reach" in row.reason
        assert db.session.query(Invitation).count() == 0


def test_a_domain_of_other_letters_is_reached(app, client, inbox, run_jobs):
    registered = {"name": "Nia", "email": "nia@bücher.example.org", "password": factories.PASSWORD}
    assert post(client, "/register", registered).status_code == 303
    run_jobs()
    assert inbox.to("nia@xn--bcher-kva.example.org")


def test_a_message_that_can_never_be_made_is_tried_once(app, run_jobs):
    """An address from before the rule, or of an import."""
    with app.app_context(), work.unit():
        actions.queue("test", UNREACHABLE, {}, clock.now(), None)
    run_jobs()
    with app.app_context():
        email = db.session.scalars(select(Email)).one()
        assert (email.state, email.attempts) == ("failed", 1)
        assert "no mail can reach this address" in email.last_error
