"""One example of each shape, for the description. A test holds them to their schemas."""

from typing import Any

_MOMENT = "2026-03-02T09:30:00.250000Z"
_PERSON = {"id": 4, "name": "Bob Brook", "email": "bob@example.org"}
_COURSE = {
    "id": 1,
    "slug": "how-to-read-a-map",
    "title": "How to Read a Map",
    "summary": "Eight short lessons, one invented valley, one good walk.",
    "category": "Geography",
    "tags": ["maps", "outdoors"],
    "level": "beginner",
    "language": "en",
    "license": "CC0-1.0",
    "state": "published",
    "access": "open",
    "lessons": 8,
    "minutes": 170,
    "learners": 30,
    "starts_at": None,
    "ends_at": None,
    "published_at": _MOMENT,
    "url": "https://learn.example.org/courses/how-to-read-a-map",
}
_LESSON = {"slug": "scale", "title": "Scale: how much smaller is small?", "required": True}
_ENROLLMENT = {
    "id": 31,
    "course": "how-to-read-a-map",
    "title": "How to Read a Map",
    "state": "active",
    "enrolled_at": _MOMENT,
    "completed_at": None,
    "last_active_at": _MOMENT,
    "updated_at": _MOMENT,
    "lessons_required": 8,
    "lessons_completed": 3,
    "percent": 37,
}
_GRADE = {
    "id": 12,
    "course": "how-to-read-a-map",
    "lesson": "scale",
    "quiz": "check",
    "title": "Check",
    "attempt": 1,
    "state": "graded",
    "submitted_at": _MOMENT,
    "updated_at": _MOMENT,
    "score_shown": True,
    "percent": 66.67,
    "passed": False,
}
_ITEM = {
    "kind": "assignment",
    "lesson": "scale",
    "slug": "your-way-home",
    "title": "Draw your way home",
    "category": "Work",
    "due_at": _MOMENT,
    "state": "graded",
    "percent": 75.0,
    "dropped": False,
}
_GRADEBOOK = {"id": 31, "course": "how-to-read-a-map", "percent": 75.0, "items": [_ITEM]}
_CERTIFICATE = {
    "id": 7,
    "number": "CERT-20260302-ABCDEFGHJK",
    "recipient": "Bob Brook",
    "course": "how-to-read-a-map",
    "course_title": "How to Read a Map",
    "completed_on": "2026-03-02",
    "issued_at": _MOMENT,
    "revoked_at": None,
    "updated_at": _MOMENT,
    "verify_url": "https://learn.example.org/verify/CERT-20260302-ABCDEFGHJK",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "Token": {
        "name": "Our student records",
        "kind": "service",
        "scopes": ["write:enrollments", "read:teaching"],
        "expires_at": _MOMENT,
        "user": None,
    },
    "Course": _COURSE,
    "CourseWithOutline": {
        **_COURSE,
        "modules": [
            {
                "slug": "what-a-map-is",
                "title": "What a map is",
                "lessons": [{**_LESSON, "minutes": 20, "preview": False, "published": True}],
            }
        ],
    },
    "Enrollment": _ENROLLMENT,
    "LearnersEnrollment": {"learner": _PERSON, **_ENROLLMENT},
    "Progress": {
        "course": "how-to-read-a-map",
        "state": "active",
        "lessons_required": 8,
        "lessons_completed": 3,
        "percent": 37,
        "lessons": [{**_LESSON, "state": "completed"}],
    },
    "Grade": _GRADE,
    "LearnersGrade": {"learner": _PERSON, **_GRADE},
    "GradebookItem": _ITEM,
    "Gradebook": _GRADEBOOK,
    "LearnersGradebook": {"learner": _PERSON, **_GRADEBOOK},
    "Certificate": _CERTIFICATE,
    "LearnersCertificate": {"learner": _PERSON, **_CERTIFICATE},
    "NewEnrollment": {"course": "how-to-read-a-map", "learner": "bob@example.org"},
    "Enrolled": {"course": "how-to-read-a-map", "enrollment": 31, "new": True},
    "Problem": {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "This course is full.",
        "reason": "full",
    },
}
