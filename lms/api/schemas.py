"""What the API takes and gives, in the words of JSON Schema (OpenAPI 3.1). The check of a request reads these too."""

from typing import Any, get_args

from lms.gradebook.rules import Status

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
YES_OR_NO: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
URI: Schema = {"type": "string", "format": "uri"}
SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$", "minLength": 1, "maxLength": 200}
EMAIL: Schema = {
    "type": "string",
    "minLength": 3,
    "maxLength": 254,
    "description": "Whom it is about: the email address of an account.",
}
SINCE: Schema = {**MOMENT, "description": "Only what was `updated_at` this time or later."}
STATE: Schema = {"enum": ["active", "completed", "dropped", "expired"]}
LESSON_STATE: Schema = {"enum": ["not_started", "in_progress", "completed"]}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
PROGRESS: Schema = {"type": "integer", "minimum": 0, "maximum": 100}


def maybe(schema: Schema) -> Schema:
    """The schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def listed(schema: Schema) -> Schema:
    """A list of them."""
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    """A reference to one of COMPONENTS."""
    return {"$ref": f"#/components/schemas/{name}"}


def whole(**properties: Schema) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def page_of(name: str) -> Schema:
    """One page of a list."""
    return whole(items=listed(named(name)), next=maybe(TEXT))


_COURSE: dict[str, Schema] = {
    "id": WHOLE,
    "slug": SLUG,
    "title": TEXT,
    "summary": TEXT,
    "category": TEXT,
    "tags": listed(TEXT),
    "level": TEXT,
    "language": TEXT,
    "license": TEXT,
    "state": {"enum": ["draft", "published", "archived"]},
    "access": {"enum": ["open", "invitation", "code"]},
    "lessons": WHOLE,
    "minutes": WHOLE,
    "learners": WHOLE,
    "starts_at": maybe(MOMENT),
    "ends_at": maybe(MOMENT),
    "published_at": maybe(MOMENT),
    "url": URI,
}
_LESSON = whole(
    slug=SLUG, title=TEXT, minutes=WHOLE, required=YES_OR_NO, preview=YES_OR_NO, published=YES_OR_NO
)
_PERSON = whole(id=WHOLE, name=TEXT, email=TEXT)
# What is added to a course later changes percents without anybody's doing; no time of it is kept.
_UPDATED: Schema = {**MOMENT, "description": "When the learner, or who graded or revoked, last changed it."}
_GRADE: dict[str, Schema] = {
    "id": WHOLE,
    "course": SLUG,
    "lesson": SLUG,
    "quiz": SLUG,
    "title": TEXT,
    "attempt": WHOLE,
    "state": {"enum": ["graded", "needs_grading"]},
    "submitted_at": maybe(MOMENT),
    "updated_at": maybe(_UPDATED),
    "score_shown": {**YES_OR_NO, "description": "False as long as the page of the result keeps it back."},
    "percent": maybe(PERCENT),
    "passed": maybe(YES_OR_NO),
}
_GRADEBOOK: dict[str, Schema] = {
    "id": {**WHOLE, "description": "Of the enrollment."},
    "course": SLUG,
    "percent": {
        **maybe(PERCENT),
        "description": "The grade of the course so far; null while nothing counts.",
    },
    "items": listed(named("GradebookItem")),
}
_ENROLLMENT: dict[str, Schema] = {
    "id": WHOLE,
    "course": SLUG,
    "title": TEXT,
    "state": STATE,
    "enrolled_at": MOMENT,
    "completed_at": maybe(MOMENT),
    "last_active_at": MOMENT,
    "updated_at": _UPDATED,
    "lessons_required": WHOLE,
    "lessons_completed": WHOLE,
    "percent": PROGRESS,
}
_CERTIFICATE: dict[str, Schema] = {
    "id": WHOLE,
    "number": TEXT,
    "recipient": TEXT,
    "course": {**maybe(SLUG), "description": "Null when the course is gone; its certificates stay."},
    "course_title": TEXT,
    "completed_on": DAY,
    "issued_at": MOMENT,
    "revoked_at": maybe(MOMENT),
    "updated_at": _UPDATED,
    "verify_url": URI,
}

COMPONENTS: dict[str, Schema] = {
    "Token": whole(
        name=TEXT,
        kind={"enum": ["personal", "service"]},
        scopes=listed(TEXT),
        expires_at=MOMENT,
        user=maybe(_PERSON),
    ),
    "Course": whole(**_COURSE),
    "CourseWithOutline": whole(
        **_COURSE, modules=listed(whole(slug=TEXT, title=TEXT, lessons=listed(_LESSON)))
    ),
    "Enrollment": whole(**_ENROLLMENT),
    "LearnersEnrollment": whole(learner=_PERSON, **_ENROLLMENT),
    "Progress": whole(
        course=SLUG,
        state=STATE,
        lessons_required=WHOLE,
        lessons_completed=WHOLE,
        percent=PROGRESS,
        lessons=listed(whole(slug=SLUG, title=TEXT, required=YES_OR_NO, state=LESSON_STATE)),
    ),
    "Grade": whole(**_GRADE),
    "LearnersGrade": whole(learner=_PERSON, **_GRADE),
    "GradebookItem": whole(
        kind={"enum": ["quiz", "assignment"]},
        lesson=SLUG,
        slug=SLUG,
        title=TEXT,
        category={
            **maybe(TEXT),
            "description": "Its name. Null where the course has none; in a course with categories "
            "what belongs to none does not count.",
        },
        due_at={
            **maybe(MOMENT),
            "description": "With the learner's own extension; null where it had passed before they enrolled.",
        },
        state={"enum": list(get_args(Status))},
        percent={**maybe(PERCENT), "description": "What counts; null counts neither for nor against."},
        dropped={**YES_OR_NO, "description": "Whether it is among the lowest that its category leaves out."},
    ),
    "Gradebook": whole(**_GRADEBOOK),
    "LearnersGradebook": whole(learner=_PERSON, **_GRADEBOOK),
    "Certificate": whole(**_CERTIFICATE),
    "LearnersCertificate": whole(learner=_PERSON, **_CERTIFICATE),
    "NewEnrollment": {
        "type": "object",
        "properties": {
            "course": {**SLUG, "description": "The slug of the course."},
            "code": {"type": "string", "maxLength": 100, "description": "For a course that asks for one."},
            "learner": {**EMAIL, "description": "Whom a service enrolls: the email address of an account."},
        },
        "required": ["course"],
        "additionalProperties": False,
    },
    "Enrolled": whole(course=SLUG, enrollment=WHOLE, new=YES_OR_NO),
    "Problem": {
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "reason": {"type": "string", "description": "Why somebody cannot enroll, for programs."},
            "errors": listed(whole(field=TEXT, detail=TEXT)),
        },
        "required": ["type", "title", "status", "detail"],
    },
}
