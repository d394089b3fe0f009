"""What learners write: Markdown of a modest kind. No pictures (they would tell other sites who reads), no HTML,
no headings; links are marked as not ours (rel="nofollow ugc")."""

from html import unescape

import nh3
from markdown_it import MarkdownIt
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

_TAG_LIST = "a blockquote br code del em li ol p pre strong ul"
_TAGS = set(_TAG_LIST.split())
_MARKDOWN = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": 20})
    .disable(["heading", "lheading", "hr", "image", "reference", "html_block", "html_inline"])
    .enable("strikethrough")
    .use(gfm_autolink_plugin)
)
EXCERPT = 280
"""Characters of a post that stand in a message about it."""


def rendered(source: str) -> str:
    """Safe HTML; a long line of code can be scrolled to by keyboard."""
    html = nh3.clean(
        _MARKDOWN.render(source),
        tags=_TAGS | {"s"},
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return html.replace("<pre>", '<pre tabindex="0">')


def excerpt(source: str) -> str:
    """The beginning of a post in plain words, for a message."""
    plain = " ".join(unescape(nh3.clean(_MARKDOWN.render(source), tags=set())).split())
    return plain if len(plain) <= EXCERPT else plain[: EXCERPT - 1].rstrip() + "…"
