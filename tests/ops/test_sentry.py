"""What leaves for Sentry holds no secret."""

import pytest
import sentry_sdk
from sentry_sdk.transport import Transport

from lms.ops import logs, sentry

SECRET = "abc123secret"


class Kept(Transport):
    """What would have been sent."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope.get_event())


@pytest.fixture
def sent():
    """Everything that Sentry's own client sends, set up as the application does it."""
    kept = Kept()
    options = {"default_integrations": False, "include_local_variables": False, "before_send": sentry.scrub}
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(sentry_sdk.Client("https://key@sentry.invalid/1", transport=kept, **options))
        yield kept.sent


def with_words(app):
    """The rules whose address has a part that may be anything, with that part a secret."""
    for rule in app.url_map.iter_rules():
        free = {
            name
            for name, kind in rule._converters.items()
            if type(kind).__name__ in ("UnicodeConverter", "PathConverter")
        }
        if free and rule.arguments == free and rule.endpoint != "static":
            yield rule, rule.build(dict.fromkeys(free, SECRET))[1]


def test_no_address_takes_the_secret_of_its_link_along(app, sent):
    walked = list(with_words(app))
    assert {"/invitations/<token>", "/calendar/<token>.ics"} < {rule.rule for rule, _ in walked}
    for rule, path in walked:
        method = min(rule.methods - {"HEAD", "OPTIONS"})
        with app.test_request_context(f"{path}?of={SECRET}", method=method):
            sentry_sdk.add_breadcrumb(category="httplib", message=path, data={"url": path})
            try:
                raise LookupError(f"nothing under {path}")
            except LookupError as error:
                event, hint = sentry_sdk.utils.event_from_exception(error)
            event["request"] = {"url": f"https://lms.example{path}", "method": method, "query_string": SECRET}
            event["transaction"] = path
            sentry_sdk.capture_event(event, hint)
        last = sent[-1]
        assert SECRET not in str(last), rule.rule
        assert "<" in last["request"]["url"] and last["exception"]["values"][0]["type"] == "LookupError"
    assert len(sent) == len(walked)


def test_no_line_of_the_log_takes_it_along_either(app):
    secrets = [(rule, path) for rule, path in with_words(app) if rule.arguments <= {"token", "ticket"}]
    assert len({path for _, path in secrets}) > 6
    for rule, path in secrets:
        assert SECRET not in logs.without_secrets(f"fetched https://lms.example{path}?x=1"), rule.rule


def test_what_was_typed_and_who_asked_stays_here(app, sent):
    with app.test_request_context("/password/reset/abc123secret", method="POST"):
        sentry_sdk.capture_event(
            {
                "request": {
                    "url": "https://lms.example/password/reset/abc123secret",
                    "data": {"password": "hunter2 hunter2"},
                    "cookies": {"session": "x"},
                    "headers": {"Authorization": "Bearer x"},
                },
                "logentry": {"message": "could not fetch %s", "params": ["hunter2"], "formatted": "hunter2"},
                "extra": {"rq-job": {"args": ["bob@example.org", "hunter2"]}},
            }
        )
    words = str(sent)
    assert "abc123secret" not in words and "hunter2" not in words and "Bearer" not in words
    assert "/password/reset/<token>" in words and "could not fetch %s" in words
