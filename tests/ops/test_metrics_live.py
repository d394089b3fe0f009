"""Metrics of the running system: several web processes are one figure."""

import re
import urllib.request

from tests.support.server import Live

ASKED = 12


def catalogue_requests(live: Live) -> float:
    request = urllib.request.Request(
        f"{live.url}/metrics", headers={"Authorization": "Bearer metrics-token-of-tests"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(r'lectern_http_requests_total\{[^}]*route="/courses"[^}]*\} (\S+)', text)
    return sum(map(float, found))


def test_requests_are_counted_over_all_web_processes(live: Live) -> None:
    before = catalogue_requests(live)
    for _ in range(ASKED):
        urllib.request.urlopen(f"{live.url}/courses", timeout=10).close()
    assert [catalogue_requests(live) for _ in range(6)] == [before + ASKED] * 6
