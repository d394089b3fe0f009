"""The landing page."""

from tests import factories
from tests.support import sql


def test_a_visitor_reads_what_lectern_is_and_sees_published_courses(app, client, alice):
    factories.course(app, alice, slug="tea")
    factories.course(app, alice, slug="attic", published=False)
    page = client.get("/")
    assert page.status_code == 200
    assert "The book of tea" in page.text
    assert "The book of attic" not in page.text
    assert 'href="/courses"' in page.text


def test_who_is_signed_in_goes_on_with_their_courses(as_user, bob):
    answer = as_user(bob).get("/")
    assert (answer.status_code, answer.location) == (303, "/learning")


def test_the_page_costs_one_statement_and_no_session(app, client, alice):
    factories.course(app, alice)
    with sql.count(app) as statements:
        page = client.get("/")
    assert len(statements) == 1
    assert "Set-Cookie" not in page.headers


def test_an_empty_house_still_has_a_landing_page(client):
    assert client.get("/").status_code == 200
