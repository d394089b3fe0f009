"""Style sheets and scripts come compressed and are asked for once."""

from flask.testing import FlaskClient

from lms.core.assets import asset


def test_a_built_file_is_kept_for_ever_and_comes_compressed(client: FlaskClient) -> None:
    answer = client.get(asset("app.css"), headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_a_file_that_was_not_built_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/build/nothing.css").status_code == 404
