"""What a browser has to fetch: little at first, almost nothing afterwards, never from elsewhere."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.support.stage import Stage

KB = 1024


@dataclass
class Wire:
    """What really came over the network, not from the browser's cache: path -> (kind, bytes with headers)."""

    page: Page
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)
    sizes: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.session = self.page.context.new_cdp_session(self.page)
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._received)
        self.session.on("Network.loadingFinished", self._finished)

    def _received(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        if not answer.get("fromDiskCache") and not answer["url"].startswith("data:"):
            self.kinds[event["requestId"]] = (event["type"], answer["url"])

    def _finished(self, event: dict[str, Any]) -> None:
        if known := self.kinds.pop(event["requestId"], None):
            kind, url = known
            size = int(event["encodedDataLength"])
            # Nothing over the line: it was in memory. Under /assets/ are a course's own pictures.
            if size and "/assets/" not in url:
                self.sizes[url] = (kind, size)

    def take(self) -> dict[str, tuple[str, int]]:
        taken, self.sizes = self.sizes, {}
        return taken


def total(fetched: dict[str, tuple[str, int]], kind: str = "") -> int:
    return sum(size for of, size in fetched.values() if not kind or of == kind)


def test_the_first_visit_is_light_and_the_next_page_is_its_html_alone(stage: Stage) -> None:
    """PRODUCT, "How good": 8 requests, 100 kB; HTML 20 kB, CSS 15 kB, JS 25 kB, compressed."""
    page = stage.browser_of("visitor").new_page()
    wire = Wire(page)
    page.goto(stage.live.url, wait_until="networkidle")
    first = wire.take()
    assert len(first) <= 8, first
    assert total(first) <= 100 * KB, first
    assert total(first, "Document") <= 20 * KB
    assert total(first, "Stylesheet") <= 15 * KB
    assert total(first, "Script") <= 25 * KB
    for path in ("/courses", "/courses/how-to-read-a-map", "/sign-in"):
        page.goto(stage.live.url + path, wait_until="networkidle")
        assert [kind for kind, _ in wire.take().values()] == ["Document"], path
    page.context.close()


def test_a_learners_pages_are_light_too(stage: Stage) -> None:
    page = stage.browser_of("bob").new_page()
    wire = Wire(page)
    page.goto(f"{stage.live.url}/learning", wait_until="networkidle")
    assert total(wire.take()) <= 100 * KB
    for path in ("/courses/how-to-read-a-map/lessons/scale", f"/attempts/{stage.open}"):
        page.goto(stage.live.url + path, wait_until="networkidle")
        fetched = wire.take()
        assert [kind for kind, _ in fetched.values()] == ["Document"], fetched
        assert total(fetched, "Document") <= 20 * KB
    page.context.close()


def test_every_page_has_one_style_sheet_and_one_script_also_for_who_teaches_and_administers(
    stage: Stage,
) -> None:
    page = stage.browser_of("dana").new_page()
    wire = Wire(page)
    for path in ("/learning", "/teaching", "/teaching/how-to-read-a-map", "/admin/", "/admin/analytics"):
        page.goto(stage.live.url + path, wait_until="networkidle")
        assert page.locator("link[rel=stylesheet]").count() == 1, path
        assert page.locator("script[src]").count() == 1, path
        fetched = wire.take()
        assert total(fetched, "Stylesheet") <= 15 * KB, path
        assert total(fetched, "Script") <= 25 * KB, path
    page.context.close()


def test_every_page_forbids_what_it_does_not_need(stage: Stage) -> None:
    page = stage.browser_of("visitor").new_page()
    for path in ("/", "/courses", "/sign-in", "/nowhere"):
        answer = page.goto(stage.live.url + path)
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-frame-options"] == "DENY"
    page.context.close()
