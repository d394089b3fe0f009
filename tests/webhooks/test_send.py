"""One POST: what a receiver can not do to us."""

import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.webhooks import addresses, sending
from tests.support import tls
from tests.support.receiver import Receiver, answer, drip, flood, hang, hang_up


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


def post(url, *, allow_private=True, **more):
    return sending.post(url, '{"tea": "✓"}', {"webhook-id": "msg_1"}, allow_private=allow_private, **more)


def test_what_is_sent_arrives_to_the_byte(receiver):
    receiver.behaviours.append(answer(201, b"thank you", X_Tea="green"))
    came = post(receiver.url)
    assert (came.outcome, came.status, came.body, came.address) == (
        "delivered",
        201,
        "thank you",
        "127.0.0.1",
    )
    assert came.headers["x-tea"] == "green"
    [request] = receiver.requests
    assert request.body == '{"tea": "✓"}'.encode()
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize(("status", "outcome"), [(500, "status"), (404, "status"), (410, "gone")])
def test_only_2xx_is_success(receiver, status, outcome):
    receiver.behaviours.append(answer(status, b"out of tea"))
    came = post(receiver.url)
    assert (came.outcome, came.status, came.body) == (outcome, status, "out of tea")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_loopback_is_not_followed(receiver, status):
    with Receiver() as inner:
        receiver.behaviours.append(answer(status, Location=inner.url))
        came = post(receiver.url)
        assert (came.outcome, came.status, came.detail) == ("redirect", status, inner.url)
        assert inner.requests == []


@pytest.mark.parametrize("behaviour", [hang, drip])
def test_who_says_nothing_or_drips_is_left_when_the_time_is_over(receiver, behaviour):
    assert sending.SECONDS == 5
    receiver.behaviours.append(behaviour)
    begun = time.monotonic()
    came = post(receiver.url, seconds=0.4)
    assert (came.outcome, came.status) == ("timeout", None)
    assert time.monotonic() - begun < 2


def test_of_megabytes_we_read_four_kilobytes(receiver):
    receiver.behaviours.append(flood)
    came = post(receiver.url)
    assert came.outcome == "delivered"
    assert 0 < len(came.body) <= 4096


def test_a_closed_line_and_a_closed_port(receiver):
    receiver.behaviours.append(hang_up)
    assert post(receiver.url).outcome == "connection"
    receiver.server.server_close()
    assert post(receiver.url).outcome == "connection"


def test_nothing_in_an_answer_is_too_odd_to_be_kept(receiver):
    receiver.behaviours.append(answer(500, b"\x00\xff\xfe tea \xed\xa0\x80", X_Odd="a\x00b"))
    came = post(receiver.url)
    assert came.outcome in ("status", "connection")
    assert "\0" not in came.body + "".join(came.headers.values())


def test_a_wish_to_be_asked_later_is_heard(receiver):
    noon = "Sun, 01 Mar 2026 12:00:00 GMT"
    receiver.behaviours += [answer(429, Retry_After=wish) for wish in ("120", "soon", noon)]
    assert post(receiver.url).wish.total_seconds() == 120
    assert post(receiver.url).wish is None
    with clock.stopped_at(datetime(2026, 3, 1, 11, 30, tzinfo=UTC)):
        assert post(receiver.url).wish == timedelta(minutes=30)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.9.9.9",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_private_addresses_are_refused_and_nothing_is_sent(host):
    came = post(f"http://{host}:1/", allow_private=False)
    assert (came.outcome, came.address) == ("refused", "")


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_hide_it(address):
    wrapped = {
        "mapped": IPv6Address(0xFFFF << 32 | int(address)),
        "nat64": IPv6Address(0x64FF9B << 96 | int(address)),
        "6to4": IPv6Address(0x2002 << 112 | int(address) << 80),
    }
    hidden = addresses.is_forbidden(str(address))
    assert {kind: addresses.is_forbidden(str(inner)) for kind, inner in wrapped.items()} == dict.fromkeys(
        wrapped, hidden
    )


def test_a_name_that_turns_to_loopback_after_the_check_is_of_no_use(receiver):
    """DNS rebinding: the name is looked up once, and what was checked is what is called."""
    asked = []

    def turning(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    came = post(f"http://hooks.example:{receiver.port}/hook", resolve=turning)
    assert (came.outcome, came.address, asked) == ("delivered", "127.0.0.1", ["hooks.example"])
    assert receiver.requests[0].headers["host"] == f"hooks.example:{receiver.port}"


@pytest.mark.parametrize("found", [["127.0.0.1"], ["192.0.2.1", "10.0.0.1"], ["8.8.8.8", "::1"]])
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(receiver, found):
    came = post(
        f"http://hooks.example:{receiver.port}/", allow_private=False, resolve=lambda host, port: found
    )
    assert came.outcome == "refused"
    assert receiver.requests == []


def test_a_name_without_an_address():
    assert post("http://hooks.example/", resolve=lambda host, port: []).outcome == "unknown"


def test_the_system_s_own_look_up_is_used_and_not_waited_for_long(receiver, monkeypatch):
    here = f"http://localhost:{receiver.port}/hook"
    assert post(here).outcome == "delivered"
    assert post(here, allow_private=False).outcome == "refused"
    over = threading.Event()
    monkeypatch.setattr(addresses, "LOOKUP_SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [] * over.wait(20))
    assert post(here).outcome == "unknown"
    over.set()
    assert len(receiver.requests) == 1


def test_the_certificate_must_be_for_the_name_and_from_somebody_we_trust(tmp_path, monkeypatch):
    context, certificate = tls.server(tmp_path)
    with Receiver(context) as secure:
        here = {"resolve": lambda host, port: ["127.0.0.1"]}
        assert post(f"https://localhost:{secure.port}/hook", **here).outcome == "tls"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert post(f"https://hooks.example:{secure.port}/hook", **here).outcome == "tls"
        assert secure.requests == []
        assert post(f"https://localhost:{secure.port}/hook", **here).outcome == "delivered"
