"""Pages travel compressed, also where no proxy does it."""

import gzip

from flask.testing import FlaskClient

GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_browser_that_takes_gzip_gets_it_and_reads_the_same_page(client: FlaskClient) -> None:
    plain, packed = client.get("/courses"), client.get("/courses", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2


def test_the_length_of_a_page_says_nothing_exact_about_what_is_in_it(client: FlaskClient) -> None:
    assert len({client.get("/courses", headers=GZIP).content_length for _ in range(12)}) > 1


def test_what_fits_into_a_packet_is_left_as_it_is(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/api/v1/health", headers=GZIP).headers
