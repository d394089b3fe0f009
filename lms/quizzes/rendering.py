"""Question texts as safe HTML. A version never changes, so what was rendered once is kept in memory."""

import re
from functools import lru_cache
from urllib.parse import quote

import nh3

from lms.courses import markdown_tree
from lms.courses.markdown import ANCHOR_PREFIX, Link, Resolver, labels_for, render
from lms.courses.markdown_page import Page
from lms.courses.markdown_policy import clean_result, clean_source
from lms.quizzes.content import Format

_PARAGRAPH = re.compile(r"<p>((?:(?!</?p\b).)*)</p>\s*", re.DOTALL)
_PREFORMATTED = re.compile(r"(<pre\b.*?</pre>)", re.DOTALL | re.IGNORECASE)
# `<your name>` and `List<String>` in a question are words, not elements.
_TAGS = "|".join(sorted(nh3.ALLOWED_TAGS | {"audio", "script", "style", "video"}))
_NO_TAG = re.compile(rf"<(?!/?(?:{_TAGS})\b|!--)", re.IGNORECASE)
PLUGIN_FILE = "@@PLUGINFILE@@/"
"""What Moodle writes before the name of a file that came with the question."""


@lru_cache(maxsize=8192)
def html_of(text: str, format: Format, course_slug: str, language: str = "en") -> str:
    """`text` in the notation `format` as HTML; relative images are files of the course's folder."""
    if format == "plain":
        return _lines(_escaped(text))
    return _linked(text, format, _resolver(course_slug), language)


def targets_of(text: str, format: Format) -> tuple[str, ...]:
    """What `text` links to or shows without naming a host, as its author wrote it, each once."""
    found: dict[str, None] = {}
    if format != "plain":
        _linked(text, format, lambda target: found.setdefault(target), "en")
    return tuple(found)


def _linked(text: str, format: Format, link: Resolver, language: str) -> str:
    labels = labels_for(language)
    if format == "markdown":
        return render(text, link=link, labels=labels).html.strip()
    if format == "moodle":
        text = _lines(_NO_TAG.sub("&lt;", text))
    root = markdown_tree.parse(clean_source(text, ANCHOR_PREFIX))
    page = Page(link, labels)
    page.transform(root)
    return page.rendered(clean_result(markdown_tree.serialize(root))).html.strip()


def inline(html: str) -> str:
    """A text of one paragraph without its `<p>`, to stand in a label."""
    found = _PARAGRAPH.fullmatch(html)
    return found[1] if found else html


def split(html: str) -> tuple[str, str]:
    """(the first paragraph, everything after it): the question, and the pictures and code it is about."""
    found = _PARAGRAPH.match(html)
    return (found[1], html[found.end() :]) if found else (html, "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _lines(html: str) -> str:
    parts = _PREFORMATTED.split(html.strip())
    parts[::2] = [part.replace("\n", "<br>\n") for part in parts[::2]]
    return "".join(parts)


def _resolver(course_slug: str) -> Resolver:
    """A path from the top of the course's folder begins with `/`; any other is looked for in `assets/`."""

    def resolve(target: str) -> Link | None:
        if target.startswith("/courses/"):
            return Link(target)
        path = target.removeprefix(PLUGIN_FILE)
        while path.startswith(("./", "../")):
            path = path.partition("/")[2]
        if path.startswith("/"):
            path = path.lstrip("/")
        elif not path.startswith("assets/"):
            path = f"assets/{path}"
        return Link(f"/courses/{course_slug}/assets/{quote(path, safe='/%')}")

    return resolve
