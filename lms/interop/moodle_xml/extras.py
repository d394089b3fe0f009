"""What Moodle's format cannot say of a question, in an element of our own that its importer passes over.

`<lectern reading="...">` holds the exact documents of a question. `reading` is the fingerprint of what the rest says:
once somebody edits that, the documents are outdated and the rest counts.
"""

import hashlib
import json

from lxml.etree import _Element as Element

from lms.quizzes.content import Content, content_from_json
from lms.quizzes.keys import Key, key_from_json

NAME = "lectern"
UNREADABLE = "none"
"""The fingerprint of a question that Moodle's notation cannot hold at all."""


def exact(element: Element, read: tuple[Content, Key] | None) -> tuple[Content, Key] | None:
    """The question that the element holds exactly; `read`, which its rest says, when that was edited since.

    Raises ValueError."""
    found = element.find(NAME)
    if found is None or found.get("reading") != (fingerprint(*read) if read else UNREADABLE):
        return read
    documents = json.loads(found.text or "{}")
    if not isinstance(documents, dict):
        raise ValueError(f"the element <{NAME}> is damaged; take it out")
    return content_from_json(documents.get("content")), key_from_json(documents.get("key"))


def documents(content: Content, key: Key) -> str:
    """What `exact` reads."""
    return json.dumps({"content": content.to_json(), "key": key.to_json()}, sort_keys=True)


def fingerprint(content: Content, key: Key) -> str:
    """Of what the other elements say."""
    return hashlib.sha256(documents(content, key).encode()).hexdigest()[:16]
