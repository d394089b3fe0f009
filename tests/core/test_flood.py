"""A runaway script is stopped; people never notice that there is a ceiling."""

from flask import Flask

from lms.core import flood


def small_app(limit: int) -> Flask:
    app = Flask("flood")
    flood.init_app(app, lambda: "user:1", limit)
    app.add_url_rule("/", view_func=lambda: "page")
    return app


def test_every_answer_says_how_many_requests_are_left() -> None:
    client = small_app(3).test_client()
    left = [client.get("/").headers["X-RateLimit-Remaining"] for _ in range(2)]
    assert left == ["2", "1"] or left == ["2", "2"], "a new window began in between"
    assert client.get("/").headers["X-RateLimit-Limit"] == "3"


def test_who_is_over_the_ceiling_is_told_when_to_come_back() -> None:
    client = small_app(1).test_client()
    answers = [client.get("/") for _ in range(4)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(0 < int(answer.headers["Retry-After"]) <= flood.WINDOW for answer in refused)


def test_one_person_does_not_use_up_what_another_may_ask_and_a_new_minute_forgets() -> None:
    counter = flood.Counter()
    assert [counter.add("user:1", 10), counter.add("user:1", 59.9), counter.add("user:2", 20)] == [1, 2, 1]
    assert counter.add("user:1", 60) == 1
