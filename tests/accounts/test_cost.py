"""What the pages about oneself ask of the database."""

import pytest

from tests.support import sql


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/profile", 2),
        ("/profile/security", 3),
        ("/profile/sessions", 2),
        ("/profile/password", 2),
        ("/profile/email", 2),
        ("/profile/second-factor", 2),
    ],
)
def test_a_page_about_oneself_costs_few_statements(app, as_user, bob, path, most):
    browser = as_user(bob)
    with sql.count(app) as seen:
        assert browser.get(path).status_code == 200
    assert len(seen) <= most, seen


def test_a_visitor_asks_the_database_nothing_to_see_the_sign_in(app, client):
    with sql.count(app) as seen:
        client.get("/sign-in")
    assert seen == []
