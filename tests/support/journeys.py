"""People at a browser. They read what is on the page, click, type and press; they know no addresses but the first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from tests.support import answers
from tests.support.mail import Inbox, arrived

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d")
PATIENCE = 15_000
"""Milliseconds for what a worker has to do first."""


def import_course(app: Flask, folder: Path, owner: str) -> None:
    """What an operator types to bring a course in."""
    done = app.test_cli_runner().invoke(
        args=["interop", "import-course", str(folder), "--owner", owner, "--publish"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output


@dataclass
class Person:
    """Somebody at a page of the running system."""

    page: Page
    url: str

    def visit(self, path: str = "/") -> None:
        self.page.goto(self.url + path, wait_until="domcontentloaded")

    def follow(self, target: Locator) -> None:
        """Click what leads to another page, and wait for that page."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            target.click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button, or a link that looks like one."""
        return self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )

    def sign_in(self, email: str, password: str) -> None:
        self.visit("/sign-in")
        self.page.get_by_label("Email address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.follow(self.page.get_by_role("button", name="Sign in", exact=True))


@dataclass
class Learner(Person):
    """Somebody who registers, learns and earns a certificate. `scripts` says whether their browser runs them."""

    app: Flask
    inbox: Inbox
    scripts: bool
    email: str = "anh@example.org"
    name: str = "Nguyễn Thị Ánh"
    password: str = "quiet river under stones"

    def register(self) -> None:
        self.visit("/")
        self.follow(self.page.get_by_role("link", name="Create an account"))
        self.page.get_by_label("Your name").fill(self.name)
        self.page.get_by_label("Email address").fill(self.email)
        self.page.get_by_label("Password", exact=True).fill(self.password)
        self.follow(self.page.get_by_role("button", name="Create account"))
        expect(self.page.get_by_text(f"Welcome, {self.name}.")).to_be_visible()

    def confirm_address(self) -> None:
        """Open the link of the first mail."""
        message = arrived(self.inbox, self.email, "/verify-email/")
        link = re.search(r"https?://\S+(/verify-email/[\w-]+)", message)
        assert link, message
        self.visit(link[1])
        expect(self.page.get_by_role("heading", name="Your address is confirmed")).to_be_visible()

    def find_course(self, words: str, title: str) -> None:
        """Search for it in the catalogue and open it."""
        self.follow(self.page.get_by_role("link", name="Go on"))
        self.follow(self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Catalogue"))
        self.page.get_by_role("search", name="Courses").get_by_role("searchbox").fill(words)
        if self.scripts:
            # The list follows what is typed; the page stays.
            expect(self.page.get_by_text("1 course", exact=True)).to_be_visible()
        else:
            self.follow(self.page.get_by_role("search", name="Courses").get_by_role("button", name="Search"))
        self.follow(self.page.get_by_role("link", name=title))

    def enroll(self) -> None:
        self.follow(self.page.get_by_role("button", name="Enroll", exact=True))
        expect(self.page.get_by_text("You are enrolled.")).to_be_visible()

    def change_browser(self, other: Page, *, scripts: bool) -> None:
        """Go on at the same place in another browser, signed in as in this one."""
        other.context.add_cookies(self.page.context.cookies())  # type: ignore[arg-type]
        other.goto(self.page.url, wait_until="domcontentloaded")
        self.page, self.scripts = other, scripts

    def learn_everything(self) -> Iterator[str]:
        """Read each lesson, pass its quizzes, mark it; says each lesson's title when it is done."""
        self.follow(self.page.get_by_role("link", name="Start the first lesson"))
        while True:
            title = self.page.locator("h1").inner_text()
            self.pass_quizzes()
            self.complete_lesson()
            yield title
            onward = self.page.locator("#completion").get_by_role("link")
            if "Next lesson" not in onward.inner_text():
                self.follow(onward)
                return
            self.follow(onward)

    def pass_quizzes(self) -> None:
        for number in range(self.page.locator("#quizzes a").count()):
            self.follow(self.page.locator("#quizzes a").nth(number))
            self.take_quiz()
            self.follow(self.page.locator("main").get_by_role("link", name="Back to the lesson"))
            expect(self.page.locator("#quizzes li").nth(number)).to_contain_text("Passed")

    def take_quiz(self) -> None:
        """Answer everything rightly, hand in, see that it is passed."""
        self.follow(self.page.get_by_role("button", name="Start the quiz"))
        attempt_id = int(self.page.url.partition("/attempts/")[2].partition("?")[0])
        right = list(answers.right_answers(self.app, attempt_id))
        for answer in right:
            answer.give(self.page)
        if self.scripts:
            # Each is acknowledged beside its question before anything is handed in.
            expect(self.page.locator("fieldset output").filter(has_text=SAVED)).to_have_count(len(right))
        self.follow(self.page.get_by_role("button", name="Finish"))
        expect(self.page.get_by_text("Every question is answered")).to_be_visible()
        self.follow(self.page.get_by_role("button", name="Hand in"))
        expect(self.page.get_by_role("region", name="Score")).to_contain_text("100")

    def complete_lesson(self) -> None:
        mark = self.page.get_by_role("button", name="Mark as completed")
        if not self.scripts:
            return self.follow(mark)
        before = self.progress()
        self.page.evaluate("window.sameDocument = true")
        mark.click()
        expect(self.page.locator("#completion")).to_contain_text("You have completed")
        assert self.page.evaluate("window.sameDocument"), "the page was loaded again"
        assert self.progress() > before
        assert self.page.locator("#course-edge").get_attribute("value") == str(self.progress())
        return None

    def progress(self) -> int:
        """The course progress that the page shows, in percent."""
        return int(float(self.page.locator("#course-line progress").get_attribute("value") or -1))

    def wait_for_certificate(self) -> str:
        """On the course page, which says by itself when it is there. Returns the certificate's number."""
        ready = self.page.get_by_text("Your certificate is ready")
        if self.scripts:
            self.page.evaluate("window.sameDocument = true")
            expect(ready).to_be_visible(timeout=PATIENCE)
            assert self.page.evaluate("window.sameDocument"), "the page was loaded again"
        else:
            again = self.page.get_by_role("link", name="Look again")
            for _ in range(200):
                if ready.count():
                    break
                self.follow(again)
            expect(ready).to_be_visible()
        return self.page.get_by_text(re.compile(r"^CERT-\d{8}-\w{10}$")).inner_text().strip()

    def download_certificate(self) -> bytes:
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name="Download PDF").click()
        assert download.value.suggested_filename.endswith(".pdf")
        return Path(download.value.path()).read_bytes()


@dataclass
class Stranger(Person):
    """Somebody who was shown a certificate."""

    def verify(self, number: str) -> None:
        self.visit("/verify")
        self.page.get_by_label("Certificate number").fill(number.lower())
        self.follow(self.page.get_by_role("button", name="Verify"))
        expect(self.page.get_by_role("heading", name="This certificate is valid")).to_be_visible()
