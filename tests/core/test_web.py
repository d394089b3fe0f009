"""Answers to browsers with and without scripts, and addresses that lead nowhere else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from lms.core import web

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHOLE = {"HX-Request": "true", "HX-Request-Type": "full"}


def test_a_page_is_whole_for_a_browser_and_a_part_for_htmx(client):
    page, part, boosted = (client.get("/sign-in", headers=headers) for headers in ({}, PART, WHOLE))
    assert "<!doctype html>" in page.text.lower()
    assert "<!doctype html>" not in part.text.lower()
    assert "<!doctype html>" in boosted.text.lower()
    assert part.text.strip() in page.text or "csrf_token" in part.text


def test_caches_keep_page_and_part_apart(client):
    for headers in ({}, PART):
        assert "HX-Request" in client.get("/sign-in", headers=headers).headers["Vary"]


def test_an_error_is_a_page_or_a_part_too(client):
    assert "<html" in client.get("/nowhere").text
    assert "<html" not in client.get("/nowhere", headers=PART).text
    assert client.get("/api/nowhere").mimetype == "application/problem+json"


@pytest.mark.parametrize(("headers", "status", "name"), [({}, 303, "Location"), (PART, 204, "HX-Redirect")])
def test_a_redirect_is_followed_by_forms_and_by_htmx(app, headers, status, name):
    with app.test_request_context("/", headers=Headers(headers)):
        answer = web.redirect("/courses")
    assert (answer.status_code, answer.headers[name]) == (status, "/courses")


@pytest.mark.parametrize("target", ["/", "/courses?q=tea", "/courses/tea#top", "/a/%2e%2e/b"])
def test_paths_of_this_site_are_followed(target):
    assert web.safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "courses",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\tpath",
        "/path\r\nSet-Cookie: a=b",
        " /path",
    ],
)
def test_other_addresses_are_not(target):
    assert web.safe_next(target) is None


@given(st.text(alphabet="/\\:.@?#a\t\n%", max_size=12))
def test_no_address_made_of_odd_signs_leaves_the_site(target):
    followed = web.safe_next(target)
    assert followed is None or (followed[0] == "/" and followed[1:2] not in ("/", "\\"))


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://learn.example.org", "https://learn.example.org/password/forgot"),
        ("https://example.org/learn", "https://example.org/learn/password/forgot"),
    ],
)
def test_addresses_in_mails_come_from_the_settings(app, base, expected):
    settings = app.config["LECTERN"]
    app.config["LECTERN"] = dataclasses.replace(settings, base_url=base)
    try:
        with app.test_request_context("/", headers={"Host": "evil.example"}):
            assert web.absolute_url("accounts.forgot") == expected
    finally:
        app.config["LECTERN"] = settings
