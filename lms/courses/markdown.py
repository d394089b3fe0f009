"""Lesson text: Markdown in, safe and accessible HTML out.

Deterministic, without I/O: the same source, links and labels give the same bytes, so that the result
can be stored beside the source and compared.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt

from lms.courses import markdown_tree
from lms.courses.markdown_labels import ENGLISH, Labels, labels_for
from lms.courses.markdown_page import Page, slugify
from lms.courses.markdown_parser import parser
from lms.courses.markdown_policy import clean_result, clean_source
from lms.courses.markdown_types import ANCHOR_PREFIX, Finding, Heading, Link, Reference, Rendered, Resolver

__all__ = [
    "ANCHOR_PREFIX", "Finding", "Heading", "Labels", "Link", "Reference", "Rendered", "Resolver",
    "labels_for", "render", "slugify", "title_of",
]  # fmt: skip

_HEADINGS_ONLY = MarkdownIt("commonmark").enable("table")
_HEADINGS_ONLY.core.ruler.enableOnly(["normalize", "block"])


def render(source: str, *, link: Resolver, labels: Labels = ENGLISH, anchors: Sequence[str] = ()) -> Rendered:
    """HTML for `source`, with every relative target replaced by what `link` says.

    `link` gets each target without scheme or host as the author wrote it, but for `#places` in this
    same text. A target that it does not know (None) loses its href and is reported; the text stays.
    Headings below the title have these `anchors` in their order; those beyond them are named by their words.
    """
    root = markdown_tree.parse(clean_source(parser(labels).render(source), ANCHOR_PREFIX))
    page = Page(link, labels, anchors)
    page.transform(root)
    return page.rendered(clean_result(markdown_tree.serialize(root)))


def title_of(source: str) -> str | None:
    """The first level-1 heading as plain text, without rendering the rest; None when missing or empty."""
    tokens = _HEADINGS_ONLY.parse(source)
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            return render(f"# {tokens[index + 1].content}", link=lambda _target: None).title
    return None
