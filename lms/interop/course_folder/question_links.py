"""Pictures and links in questions: found where the author put them, and written so that they are found later.

A question is kept as source text and rendered where it is asked, far from its file. What lies in the course's
`assets/` is found from anywhere; everything else gets its whole path, from the top of the course's folder.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from lms.core.phrases import Phrase
from lms.courses.markdown import Link
from lms.interop.course_folder.links import LinkMap, Miss
from lms.interop.course_folder.problems import Problems
from lms.interop.gift.report import GiftQuestion
from lms.quizzes.content import content_from_json
from lms.quizzes.keys import key_from_json
from lms.quizzes.rendering import PLUGIN_FILE, targets_of

Rewrite = Callable[[str], str]
_MAY_LINK = re.compile(r"src|href|\]\(|\]:", re.IGNORECASE)


def located(
    questions: tuple[GiftQuestion, ...], path: str, base: str, links: LinkMap, problems: Problems
) -> tuple[GiftQuestion, ...]:
    """The questions of the quiz at `path`; a file that they name and the course at `base` lacks is an error."""
    return tuple(_located(question, path, base, links, problems) for question in questions)


def _located(
    question: GiftQuestion, path: str, base: str, links: LinkMap, problems: Problems
) -> GiftQuestion:
    def rewrite(target: str) -> str:
        missed: list[Miss] = []
        link = _find(target, path, links, missed)
        if link is None:
            _report(problems, path, question.line, target, missed)
            return target
        in_folder = unquote(link.url.removeprefix(f"{base}/assets/"))
        if in_folder == link.url:
            return link.url
        return target if in_folder == as_shown(target) else link.url.removeprefix(f"{base}/assets")

    content, key = question.content.to_json(), question.key.to_json()
    new_content, new_key = rewritten(content, rewrite), rewritten(key, rewrite)
    if (new_content, new_key) == (content, key):
        return question
    return replace(question, content=content_from_json(new_content), key=key_from_json(new_key))


def _find(target: str, path: str, links: LinkMap, missed: list[Miss]) -> Link | None:
    """Beside the quiz, else in `assets/`: question banks are often written without a folder in mind."""
    bare = target.removeprefix(PLUGIN_FILE)
    beside = links.resolver(path, missed)(bare)
    return beside or links.resolver("course.md")("assets/" + re.sub(r"^(?:\.\.?/)+", "", bare).lstrip("/"))


def as_shown(target: str) -> str:
    """The path at which the page of a quiz looks for `target`; see `lms.quizzes.rendering`."""
    if target.startswith("/"):
        return unquote(target.lstrip("/"))
    path = unquote(re.sub(r"^(?:\.\.?/)+", "", target.removeprefix(PLUGIN_FILE)))
    return path if path.startswith("assets/") else f"assets/{path}"


def _report(problems: Problems, path: str, line: int, target: str, missed: list[Miss]) -> None:
    if any(miss.kind == "outside" for miss in missed):
        message = Phrase("links to %(target)s, which lies outside the course folder", target=target)
        problems.warning(path, message, line)
    else:
        message = Phrase(
            "the file %(target)s is not in the course; add it or correct the link", target=target
        )
        problems.error(path, message, line)


def rewritten(document: Any, rewrite: Rewrite) -> Any:
    """`document` with every formatted text in it rewritten."""
    if isinstance(document, list):
        return [rewritten(item, rewrite) for item in document]
    if not isinstance(document, dict):
        return document
    found = {name: rewritten(value, rewrite) for name, value in document.items()}
    text, format = found.get("text"), found.get("format")
    if isinstance(text, str) and format and _MAY_LINK.search(text):
        for target in targets_of(text, format):
            if (new := rewrite(target)) != target:
                written = re.compile(rf"(?<=[\s\"'(<=]){re.escape(target)}(?=[\s\"')>])")
                text = written.sub(new.replace("\\", r"\\"), text)
        found["text"] = text
    return found
