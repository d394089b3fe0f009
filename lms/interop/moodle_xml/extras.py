"""What Moodle's format cannot say of a question, in an element of our own that its importer passes over.

`<lectern reading="...">` holds the exact documents of a question. `reading` is the fingerprint of what the rest says:
once somebody edits that, the documents are outdated and the rest counts.
"""

import hashlib
import json

from lxml.etree import _Element as Element

from lms.core.phrases import Phrase
from lms.interop.gift.report import Refused
from lms.quizzes.content import Content, content_from_json
from lms.quizzes.keys import Key, key_from_json

NAME = "lectern"
UNREADABLE = "none"
"""The fingerprint of a question that Moodle's notation cannot hold at all."""


def exact(element: Element, read: tuple[Content, Key] | None) -> tuple[Content, Key] | None:
    """The question that the element holds exactly; `read`, which its rest says, when that was edited since.

    Raises Refused."""
    found = element.find(NAME)
    if found is None or found.get("reading") != (fingerprint(*read) if read else UNREADABLE):
        return read
    try:
        held = json.loads(found.text or "{}")
        return content_from_json(held["content"]), key_from_json(held["key"])
    except (ValueError, TypeError, KeyError) as error:
        raise Refused(Phrase("the element <%(name)s> is damaged; take it out", name=NAME)) from error


def documents(content: Content, key: Key) -> str:
    """What `exact` reads."""
    return json.dumps({"content": content.to_json(), "key": key.to_json()}, sort_keys=True)


def fingerprint(content: Content, key: Key) -> str:
    """Of what the other elements say."""
    return hashlib.sha256(documents(content, key).encode()).hexdigest()[:16]
