"""What protects every answer in production: headers, cookies, hosts, proxies, sizes."""

import re

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from config import ConfigError, Settings
from lms.app import create_app
from lms.core import jobs
from lms.core.db import db
from lms.core.security import REFUSED_FEATURES, limiter
from tests.factories import PASSWORD

HTTPS = {"base_url": "https://learn.example.org"}
PORTAL = "https://portal.example.org"


@pytest.fixture(scope="module")
def standing_production(application: Flask, environment: dict[str, str]):
    """The application as it is configured in production, behind one proxy."""
    before, jobs_belong_to = dict(vars(limiter)), jobs._app
    made = create_app(
        Settings.from_env(
            {
                **environment,
                "LECTERN_ENV": "production",
                "BASE_URL": "https://learn.example.org",
                "TRUSTED_HOSTS": "learn.example.org",
                "TRUSTED_PROXIES": "1",
                "CORS_ORIGINS": PORTAL,
                "UPLOAD_LIMIT_MB": "1",
            }
        )
    )
    yield made
    with made.app_context():
        db.engine.dispose()
    made.extensions["lectern-redis"].close()
    vars(limiter).update(before)
    jobs._app = jobs_belong_to


@pytest.fixture
def production(app: Flask, standing_production: Flask) -> Flask:
    """On empty tables."""
    return standing_production


@pytest.fixture
def browser(production: Flask) -> FlaskClient:
    return production.test_client()


HEADERS = {
    "Strict-Transport-Security": "max-age=31556926; includeSubDomains",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Access-Control-Allow-Origin": None,
    "Server": None,
    "X-Powered-By": None,
}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
}
ANSWERS = [
    ("/sign-in", 200),
    ("/nowhere", 404),
    ("/profile", 303),
    ("/api/v1/health", 200),
    ("/verify-email/made-up", 410),
]


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_carries_them(browser, path, status):
    answer = browser.get(path, **HTTPS)
    headers = answer.headers
    assert answer.status_code == status
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert set(headers["Permissions-Policy"].split(", ")) == {f"{name}=()" for name in REFUSED_FEATURES}


def test_the_session_cookie_is_bound_to_this_host_and_hidden_from_scripts(browser):
    cookie = browser.get("/sign-in", **HTTPS).headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    parts = set(cookie.split("; ")[1:])
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_the_language_cookie_is_secure_as_well(browser):
    cookie = browser.post("/language", data={"language": "ar"}, **HTTPS).headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_plain_http_is_led_to_https(browser):
    answer = browser.get("/sign-in?next=/courses", base_url="http://learn.example.org")
    assert answer.headers["Location"] == "https://learn.example.org/sign-in?next=/courses"


@pytest.mark.parametrize("host", ["evil.example", "learn.example.org.evil.example", "localhost"])
def test_another_host_name_is_refused(browser, host):
    assert browser.get("/sign-in", base_url=f"https://{host}").status_code == 400


def test_one_proxy_is_believed_and_what_its_client_made_up_is_not(production, bob):
    browser = production.test_client()
    forwarded = {"X-Forwarded-For": "198.51.100.66, 203.0.113.7", "X-Forwarded-Proto": "https"}
    with browser:
        answer = browser.get("/sign-in", base_url="http://learn.example.org", headers=forwarded)
        assert (answer.status_code, request.remote_addr, request.is_secure) == (200, "203.0.113.7", True)


def test_without_proxies_nothing_forwarded_is_believed(client):
    with client:
        client.get("/sign-in", headers={"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example"})
        assert (request.remote_addr, request.host) == ("127.0.0.1", "localhost")


def test_a_listed_site_may_call_the_api_with_a_token_and_nothing_else(browser):
    asked = {"headers": {"Origin": PORTAL}, **HTTPS}
    answer = browser.get("/api/v1/health", **asked)
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in browser.get("/courses", **asked).headers
    before = browser.options("/api/v1/enrollments", **asked)
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", f"{PORTAL}.evil.example", "null", PORTAL.upper()])
def test_a_site_that_is_not_listed_may_read_nothing(browser, origin):
    answer = browser.get("/api/v1/health", headers={"Origin": origin}, **HTTPS)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("value", ["*", "portal.example.org", "https://portal.example.org/path"])
def test_a_setting_that_is_no_origin_stops_the_start(environment, value):
    with pytest.raises(ConfigError, match="CORS_ORIGINS"):
        Settings.from_env({**environment, "CORS_ORIGINS": value})


@pytest.mark.parametrize(
    ("size", "kind"),
    [(5_000_000, "application/x-www-form-urlencoded"), (3_000_000, "multipart/form-data; boundary=x")],
)
def test_a_request_that_is_too_large_gets_a_helpful_page(browser, size, kind):
    answer = browser.post("/sign-in", data=b"a" * size, content_type=kind, **HTTPS)
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413 and "too large" in answer.text


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("https://learn.example.org/profile?a=1", 'href="/profile?a=1">Go back'),
        ("https://learn.example.org//evil.example/", 'href="/evil.example/">Go back'),
        ("https://evil.example/profile", 'href="/">To the first page'),
        ("", 'href="/">To the first page'),
    ],
)
def test_a_form_that_failed_is_one_click_away(browser, came_from, leads_to):
    form = {"data": b"a" * 5_000_000, "content_type": "application/x-www-form-urlencoded"}
    answer = browser.post("/sign-in", headers={"Referer": came_from} if came_from else {}, **form, **HTTPS)
    answer.request.environ["wsgi.input"].close()
    assert leads_to in answer.text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)"],
)
@pytest.mark.parametrize("page", ["/sign-in", "/register"])
def test_nobody_is_led_to_another_site(browser, bob, page, target):
    fields = {
        "csrf_token": token_at(browser),
        "name": "Eve",
        "email": "bob@example.org" if page == "/sign-in" else "eve@example.org",
        "password": PASSWORD,
        "next": target,
    }
    answer = browser.post(
        page,
        data=fields,
        query_string={"next": target},
        headers={"Referer": "https://learn.example.org/"},
        **HTTPS,
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/learning")


def token_at(browser: FlaskClient) -> str:
    """The token of a form, over HTTPS."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/sign-in", **HTTPS).text)[1]


@pytest.mark.parametrize(("path", "status"), [("/api/v1/health", 200), ("/metrics", 200), ("/sign-in", 400)])
def test_machines_ask_by_address_and_people_only_by_our_name(browser, path, status):
    token = {"Authorization": "Bearer metrics-token-of-tests"}
    assert browser.get(path, base_url="http://10.1.2.3:8000", headers=token).status_code == status
