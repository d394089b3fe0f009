"""Takes pictures of a running Lectern: the system's Chromium, one person at a time, small files."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from docs.pictures.scene import AT, Scene
from docs.pictures.shots import SHOTS, Shot
from docs.pictures.words import said
from lms.ops.seed import PASSWORD

FOLDER = Path(__file__).resolve().parents[1] / "img"
LOCALES = {"en": "en-GB", "ar": "ar"}
"""The languages that pictures are made in, with the browser's."""
_QUALITY = 82
_SAME = 0.002
"""The share of points that may differ before a picture counts as another one: random numbers differ each time."""


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application at an address of this machine, in this process, so that it sees the stopped clock."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def file_name(shot: Shot, language: str) -> str:
    """`lesson.webp`, in other languages than English `lesson.ar.webp`."""
    return f"{shot.name}.webp" if language == "en" else f"{shot.name}.{language}.webp"


def shots_in(language: str) -> list[Shot]:
    """Those that are taken in this language: one that is in Arabic for everybody is taken once."""
    return [shot for shot in SHOTS if language == "en" or shot.person != "reader"]


class Camera:
    """Goes to what a shot shows. People sign in once, as anybody would, and keep their browser."""

    def __init__(self, chromium: Browser, url: str, scene: Scene, language: str = "en") -> None:
        self._chromium = chromium
        self._language = language
        self._url = url
        self._scene = scene
        self._browsers: dict[str, BrowserContext] = {}

    def aim(self, shot: Shot) -> Page:
        """The page of a shot after its steps, with its key element in sight. Fails when that is not there."""
        page = self._browser(shot.person).new_page()
        page.set_viewport_size({"width": shot.width, "height": shot.height})
        page.emulate_media(color_scheme="dark" if shot.dark else "light", reduced_motion="reduce")
        page.clock.set_fixed_time(AT)
        answer = page.goto(self._url + shot.path.format(**self._scene.facts), wait_until="load")
        assert answer is not None and answer.status == 200, f"{shot.name}: {answer and answer.status}"
        for step in shot.steps:
            step(page)
        expect(
            page.get_by_text(said(page, shot.shows), exact=True).filter(visible=True).first
        ).to_be_visible()
        return page

    def take(self, shot: Shot) -> tuple[Path, bool]:
        """Keep the picture; says where, and whether it is another one than before."""
        page = self.aim(shot)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.evaluate("document.activeElement?.blur()")
        if shot.part:
            part = page.locator(shot.part).first
            part.scroll_into_view_if_needed()
            taken = part.screenshot(animations="disabled")
        else:
            taken = page.screenshot(animations="disabled")
        page.close()
        path = FOLDER / file_name(shot, self._language)
        changed = _differs(path, taken)
        if changed:
            Image.open(io.BytesIO(taken)).convert("RGB").save(path, "WEBP", quality=_QUALITY, method=6)
        return path, changed

    def close(self) -> None:
        for browser in self._browsers.values():
            browser.close()

    def _browser(self, person: str) -> BrowserContext:
        if person not in self._browsers:
            browser = self._chromium.new_context(locale=LOCALES[self._language], timezone_id="Europe/London")
            browser.set_default_timeout(20_000)
            if person != "visitor":
                self._sign_in(browser, self._scene.people[person])
            self._browsers[person] = browser
        return self._browsers[person]

    def _sign_in(self, browser: BrowserContext, address: str) -> None:
        page = browser.new_page()
        page.goto(f"{self._url}/sign-in")
        page.get_by_label(said(page, "Email address")).fill(address)
        page.get_by_label(said(page, "Password"), exact=True).fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name=said(page, "Sign in"), exact=True).click()
        page.close()


def _differs(path: Path, taken: bytes) -> bool:
    if not path.exists():
        return True
    # Against what the new one becomes, else the loss of the format would count.
    kept = io.BytesIO()
    new = Image.open(io.BytesIO(taken)).convert("RGB")
    new.save(kept, "WEBP", quality=_QUALITY, method=6)
    old, new = Image.open(path).convert("RGB"), Image.open(kept).convert("RGB")
    if old.size != new.size:
        return True
    points = ImageChops.difference(old, new).convert("L").point(lambda value: 255 if value > 40 else 0)
    return points.histogram()[255] > _SAME * new.width * new.height
