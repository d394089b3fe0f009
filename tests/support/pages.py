"""Every page of the product with who looks at it: `{...}` is filled with the facts of a stage."""

from dataclasses import dataclass

COURSE = "/courses/how-to-read-a-map"
LESSON = f"{COURSE}/lessons/scale"
STUDIO = "/teaching/how-to-read-a-map"
SITTINGS = "/teaching/how-to-read-a-map/quizzes/{quiz}"


@dataclass(frozen=True)
class Shown:
    """A page, as one person sees it, and the status it comes with."""

    name: str
    person: str
    path: str
    status: int = 200

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


PAGES = (
    Shown("landing page", "visitor", "/"),
    Shown("catalogue", "visitor", "/courses"),
    Shown("catalogue with a corrected word", "visitor", "/courses?q=naviagtion"),
    Shown("catalogue with choices", "visitor", "/courses?q=map&level=beginner&language=en"),
    Shown("catalogue without results", "visitor", "/courses?q=zzzzzz&level=advanced"),
    Shown("course to a visitor", "visitor", COURSE),
    Shown("preview lesson", "visitor", f"{COURSE}/lessons/a-picture-with-opinions"),
    Shown("closed lesson", "visitor", LESSON, 403),
    Shown("sign-in", "visitor", "/sign-in"),
    Shown("registration", "visitor", "/register"),
    Shown("look into your mail", "visitor", "/check-mail"),
    Shown("link that does not work", "visitor", "/verify-email/none", 410),
    Shown("forgotten password", "visitor", "/password/forgot"),
    Shown("reset mail sent", "visitor", "/password/sent"),
    Shown("reset", "visitor", "/password/reset/{reset_token}"),
    Shown("reset expired", "visitor", "/password/reset/none", 410),
    Shown("verify a certificate", "visitor", "/verify"),
    Shown("not a number", "visitor", "/verify?number=hello", 422),
    Shown("valid certificate", "visitor", "/verify/{number}"),
    Shown("unknown certificate", "visitor", "/verify/CERT-20200101-AAAAAAAAAA", 404),
    Shown("nothing here", "visitor", "/nowhere", 404),
    Shown("not in this way", "visitor", "/sign-out", 405),
    Shown("course before enrolling", "erin", COURSE),
    Shown("empty dashboard", "erin", "/learning"),
    Shown("not yours", "erin", "/teaching", 403),
    Shown("dashboard", "bob", "/learning"),
    Shown("course", "bob", COURSE),
    Shown("reviews to a visitor", "visitor", f"{COURSE}/reviews"),
    Shown("writing a review", "bob", f"{COURSE}/reviews/mine"),
    Shown("too early for a review", "erin", f"{COURSE}/reviews/mine", 403),
    Shown("reviews to staff", "alice", f"{COURSE}/reviews"),
    Shown("reviews to an admin", "dana", f"{COURSE}/reviews?sort=newest"),
    Shown("lesson", "bob", LESSON),
    Shown("extra page", "bob", f"{COURSE}/lessons/a-picture-with-opinions/linnet-vale-sheet"),
    Shown("assignment", "bob", f"{LESSON}/assignment"),
    Shown("quiz", "bob", f"{LESSON}/quizzes/check"),
    Shown("attempt", "bob", "/attempts/{open}"),
    Shown("handing in", "bob", "/attempts/{open}/submission"),
    Shown("result", "bob", "/attempts/{closed}/result"),
    Shown("profile", "bob", "/profile"),
    Shown("security", "bob", "/profile/security"),
    Shown("second factor", "bob", "/profile/second-factor"),
    Shown("new password", "bob", "/profile/password"),
    Shown("new address", "bob", "/profile/email"),
    Shown("own sessions", "bob", "/profile/sessions"),
    Shown("privacy", "bob", "/privacy"),
    Shown("calendar without an address", "bob", "/calendar"),
    Shown("erasure", "bob", "/privacy/erasure"),
    Shown("application to teach", "bob", "/teaching/apply"),
    Shown("completed course", "charlie", COURSE),
    Shown("completed lesson", "charlie", LESSON),
    Shown("dashboard with a completed course", "charlie", "/learning"),
    Shown("certificate", "charlie", "/certificates/{number}"),
    Shown("state of the certificate", "charlie", f"{COURSE}/certificate"),
    Shown("wallet", "charlie", "/certificates"),
    Shown("empty wallet", "erin", "/certificates"),
    Shown("teaching", "alice", "/teaching"),
    Shown("import", "alice", "/teaching/import"),
    Shown("import report", "alice", "/teaching/imports/{task}"),
    Shown("course to its owner", "alice", COURSE),
    Shown("nothing to grade", "alice", "/teaching/how-to-read-a-map/grading"),
    Shown("attempts", "alice", f"{SITTINGS}/attempts"),
    Shown("attempt to its instructor", "alice", f"{SITTINGS}/attempts/{{closed}}"),
    Shown("accommodations", "alice", f"{SITTINGS}/accommodations?q=bob"),
    Shown("an accommodation", "alice", f"{SITTINGS}/accommodations/{{learner}}"),
    Shown("regrading", "alice", f"{SITTINGS}/regrade"),
    Shown("statistics", "alice", f"{SITTINGS}/statistics"),
    Shown("certificates of a course", "alice", f"{COURSE}/certificates"),
    Shown("awards by hand", "alice", f"{COURSE}/certificates/award"),
    Shown("new course", "alice", "/teaching/new"),
    Shown("studio", "alice", STUDIO),
    Shown("settings of a course", "alice", f"{STUDIO}/settings"),
    Shown("instructors of a course", "alice", f"{STUDIO}/instructors"),
    Shown("lesson editor", "alice", f"{STUDIO}/lessons/scale"),
    Shown("brief editor", "alice", f"{STUDIO}/lessons/scale/assignment/assignment"),
    Shown("revisions of a lesson", "alice", f"{STUDIO}/lessons/scale/revisions"),
    Shown("deleted courses", "alice", "/teaching/removed"),
    Shown("who sees a lesson", "alice", f"{STUDIO}/access?email=erin@example.org&lesson=scale"),
    Shown("quiz in the studio", "alice", SITTINGS),
    Shown("settings of a quiz", "alice", f"{SITTINGS}/settings"),
    Shown("preview of a quiz", "alice", f"{SITTINGS}/preview"),
    Shown("choice to write", "alice", f"{SITTINGS}/questions/new?kind=multiple"),
    Shown("gaps to write", "alice", f"{SITTINGS}/questions/new?kind=cloze"),
    Shown("pairs to write", "alice", "/teaching/how-to-read-a-map/bank/new?kind=matching"),
    Shown("question bank", "alice", "/teaching/how-to-read-a-map/bank"),
    Shown("questions to import", "alice", "/teaching/how-to-read-a-map/questions/import"),
    Shown("design of certificates", "alice", "/teaching/how-to-read-a-map/certificate"),
    Shown("certificate to an admin", "dana", "/certificates/{number}"),
    Shown("admin dashboard", "dana", "/admin/"),
    Shown("people", "dana", "/admin/users"),
    Shown("a person", "dana", "/admin/users/1"),
    Shown("new person", "dana", "/admin/users/new"),
    Shown("people from a file", "dana", "/admin/import"),
    Shown("invitations", "dana", "/admin/invitations"),
    Shown("applications", "dana", "/admin/applications"),
    Shown("all courses", "dana", "/admin/courses"),
    Shown("jobs", "dana", "/admin/jobs"),
    Shown("emails", "dana", "/admin/emails?state=sent"),
    Shown("audit log", "dana", "/admin/audit"),
    Shown("settings", "dana", "/admin/settings"),
    Shown("webhooks", "dana", "/admin/webhooks"),
    Shown("new webhook endpoint", "dana", "/admin/webhooks/new"),
    Shown("webhook endpoint", "dana", "/admin/webhooks/1"),
    Shown("webhook message", "dana", "/admin/webhooks/1/messages/1"),
)
