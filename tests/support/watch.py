"""What a page asks for and complains about while it is open."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request

SKIPPED = "Transition was aborted"
"""Chromium reports a fade between two pages that it left out; nothing is missing from the page."""


@dataclass
class Watch:
    """Made before the page is opened. `complaints` are errors of scripts, of the console and of the content policy.

    `faults` are those of scripts alone, for tests that cut the connection, of which the console complains.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)
        self.page.on("request", self._request)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Look away: the next page in the same window is another's affair."""
        self.page.remove_listener("console", self._console)
        self.page.remove_listener("pageerror", self._error)
        self.page.remove_listener("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # An error page's own status is news to the console, not to us.
        is_own_status = "status of 4" in message.text and message.location.get("url") == self.page.url
        if message.type in ("error", "warning") and not is_own_status:
            self.complaints.append(f"{message.type}: {message.text} {message.location}")

    def _request(self, request: Request) -> None:
        self.requests.append(request)

    def _error(self, error: Error) -> None:
        if not str(error).startswith(SKIPPED):
            self.faults.append(str(error))
            self.complaints.append(f"script: {error}")

    @property
    def foreign_requests(self) -> list[str]:
        """Addresses outside the page's own host."""
        own = urlsplit(self.page.url).netloc
        urls = [request.url for request in self.requests]
        return [url for url in urls if urlsplit(url).scheme != "data" and urlsplit(url).netloc != own]
