"""Every picture of the documentation: what is on it, who looks, and what they did to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from docs.pictures.words import said

Step = Callable[[Page], None]
DESK, PHONE = 1440, 390


@dataclass(frozen=True)
class Shot:
    """`person` looks at `path` and takes `steps`; then `shows` stands there, word for word.

    `part` is the element that is kept, else the window. `{...}` in an address are facts of the scene.
    """

    name: str
    person: str
    path: str
    shows: str
    steps: tuple[Step, ...] = ()
    part: str = ""
    width: int = DESK
    height: int = 900
    dark: bool = False

    def __str__(self) -> str:
        return self.name


def press(name: str, role: str = "button") -> Step:
    return lambda page: page.get_by_role(role, name=said(page, name), exact=True).first.click()  # type: ignore[arg-type]


def open_(words: str, within: str = "main") -> Step:
    """Unfold what hides behind these words."""
    return lambda page: page.locator(f"{within} summary").filter(has_text=said(page, words)).first.click()


def fill(label: str, text: str) -> Step:
    return lambda page: page.get_by_role("textbox", name=said(page, label)).first.fill(text)


def scroll_to(words: str) -> Step:
    """Bring a heading to the top of the window."""
    return lambda page: page.get_by_role("heading", name=said(page, words)).first.evaluate(
        "element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 90)"
    )


def saved(page: Page) -> None:
    """Wait until an answer is acknowledged."""
    expect(page.locator("output").filter(has_text=said(page, "Saved")).first).to_be_visible()


COURSE = "/courses/how-to-read-a-map"
STUDIO = "/teaching/how-to-read-a-map"
NOTES = "/teaching/field-notes"

GIFT = """::Scale:: Which map shows more of the ground on the same sheet? {=1 : 50 000 ~1 : 25 000}

::North:: Write down the three norths. {=}

::Contours:: How many metres apart are the contour lines on the Linnet Vale sheet? {#20:0}"""
NEWS = """We meet at the **village bridge**, and walk back along the river.

- Bring the sheet and a pencil.
- Rain? We go all the same."""

SHOTS = (
    # README and learners
    Shot("lesson", "bob", f"{COURSE}/lessons/scale", "From centimetres to kilometres"),
    Shot("register", "visitor", "/register", "Create account", part="main"),
    Shot("my-learning", "bob", "/learning", "Continue where you stopped", height=640),
    Shot("my-learning-in-arabic", "reader", "/learning", "دوراتك", width=PHONE, height=720),
    Shot("profile", "bob", "/profile", "Time zone", part="main"),
    Shot(
        "lesson-on-a-phone",
        "bob",
        f"{COURSE}/lessons/scale",
        "Tip",
        (scroll_to("From centimetres"),),
        width=PHONE,
        height=720,
    ),
    Shot("course", "bob", COURSE, "Why this number?", (open_("Why this number?", "aside"),)),
    Shot("catalogue", "visitor", "/courses?q=navigaton", "How to Read a Map", height=760),
    Shot("reviews", "bob", f"{COURSE}/reviews", "Your review", part="main"),
    Shot(
        "quiz-question",
        "bob",
        "/attempts/{attempt}",
        "Finish",
        (press("The easting: how far along", "radio"), saved),
    ),
    Shot("quiz-on-a-phone", "bob", "/attempts/{attempt}", "Finish", width=PHONE, height=720),
    Shot("quiz-result", "bob", "/attempts/{result}/result", "Passed"),
    Shot("calendar", "bob", "/calendar", "Your private address", part="main"),
    Shot("certificate", "graduate", "/certificates/{certificate}", "Download PDF"),
    Shot("verify", "visitor", "/verify/{certificate}", "This certificate is valid", part="main"),
    Shot("inbox", "bob", "/inbox", "Mark all as read", height=640),
    Shot("what-reaches-you", "bob", "/profile/messages", "By mail", part="main"),
    Shot("discussion", "bob", f"{COURSE}/discussion/{{thread}}", "Accepted answer"),
    Shot("activity-dark", "bob", "/learning/activity", "Lessons completed in the last 30 days", dark=True),
    Shot("assignment", "bob", f"{COURSE}/lessons/scale/assignment", "Your grade", (scroll_to("Your work"),)),
    Shot("grades", "bob", f"{COURSE}/grades", "How to Read a Map", part="main"),
    # Instructors
    Shot("outline", "alice", STUDIO, "Before learners come"),
    Shot("editor", "alice", f"{STUDIO}/lessons/scale", "Preview"),
    Shot(
        "when-it-opens", "alice", f"{STUDIO}/lessons/contour-lines", "When it opens", part=".lesson-settings"
    ),
    Shot(
        "grading-desk",
        "alice",
        f"{STUDIO}/assignments",
        "Save and next",
        (press("Start grading", "link"),),
    ),
    Shot("gradebook", "alice", f"{STUDIO}/gradebook", "Bob Brook"),
    Shot("files", "alice", f"{STUDIO}/files", "Upload", height=760),
    Shot("quiz-in-the-studio", "alice", f"{STUDIO}/quizzes/{{scale}}", "Drawn from the bank"),
    Shot("question-editor", "alice", f"{STUDIO}/questions/{{question}}", "As learners see it"),
    Shot(
        "import-questions",
        "alice",
        f"{STUDIO}/questions/import?quiz={{scale}}",
        "Not taken, or to look at",
        (fill("Questions", GIFT), press("See what is in it")),
        part="main",
    ),
    Shot("attempts", "alice", f"{STUDIO}/quizzes/{{scale}}/attempts", "Download as CSV", height=640),
    Shot("accommodation", "alice", f"{STUDIO}/quizzes/{{final}}/accommodations/{{bob}}", "Save", part="main"),
    Shot("grading", "alice", f"{NOTES}/grading", "Save and next", (press("Start grading", "link"),)),
    Shot(
        "statistics",
        "alice",
        f"{STUDIO}/quizzes/{{scale}}/statistics",
        "Discrimination",
        (scroll_to("Questions"),),
    ),
    Shot("course-analytics", "alice", f"{STUDIO}/analytics", "Where learners stop", height=960),
    Shot(
        "assignment-figures",
        "alice",
        f"{STUDIO}/analytics",
        "Median time until graded",
        (scroll_to("Assignments"), open_("Which grades count?")),
        height=760,
    ),
    Shot("at-risk", "alice", f"{STUDIO}/analytics/risk", "Last active", height=760),
    Shot(
        "announcement",
        "alice",
        f"{COURSE}/announcements/new",
        "village bridge",
        (fill("Title", "After the walk"), fill("Text", NEWS), press("Preview")),
        part="main",
    ),
    Shot(
        "certificate-design",
        "alice",
        f"{STUDIO}/certificate",
        "Words",
        (
            press("Modern: a bar of colour, text at the side", "radio"),
            press("Try it"),
            scroll_to("How certificates look"),
        ),
    ),
    Shot(
        "import-report",
        "alice",
        "/teaching/imports/{task}",
        "This is what an import would do. Nothing was changed.",
        part="main",
    ),
    # Admins
    Shot("admin-overview", "dana", "/admin/", "The machine", height=640),
    Shot("person", "dana", "/admin/users/{bob}", "View as this person", height=640),
    Shot("site-settings", "dana", "/admin/settings", "Who may register"),
    Shot("webhook", "dana", "/admin/webhooks/new", "Events", height=860),
    Shot("site-analytics", "dana", "/admin/analytics", "Active learners a day"),
)
