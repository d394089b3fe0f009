"""Markdown to unsanitised HTML: GitHub's dialect with footnotes, definition lists and callouts."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from lms.courses.markdown_labels import Labels

# Every element name of the HTML standard. `<your name>` in running text is none of them, and
# should be read, not vanish as an unknown tag.
_HTML_NAME_LIST = """
    a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption center
    cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption
    figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input
    ins kbd label legend li link main map mark math menu meta meter nav noscript object ol optgroup option
    output p param picture pre progress q rp rt ruby s samp script search section select slot small source
    span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time
    title tr track tt u ul var video wbr"""
_HTML_NAMES = frozenset(_HTML_NAME_LIST.split())
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_IFRAME = re.compile(r"<iframe\b([^<>]{0,2000})>(?:\s{0,9}</iframe>)?", re.IGNORECASE)
_QUOTED_SRC = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_QUOTED_TITLE = re.compile(r"""\btitle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_YOUTUBE_EMBED = re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")
_VIMEO_EMBED = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)")

_Rule = Callable[[RendererHTML, Sequence[Token], int, Any, Any], str]


@lru_cache(maxsize=8)
def parser(labels: Labels) -> MarkdownIt:
    md = MarkdownIt(
        "commonmark",
        {
            "html": True,
            "tasklists": True,
            "alerts": True,
            "strikethrough_single_tilde": False,
            "maxNesting": 40,
        },
    )
    md.enable(["table", "strikethrough"])
    md.use(gfm_autolink_plugin)
    md.disable("gfm_autolink_email")
    md.use(footnote_plugin, inline=False)
    md.use(deflist_plugin)
    # Two amounts of money in a sentence are not a formula, hence no digits and no spaces at the dollar.
    md.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
    )
    md.use(attrs_plugin, after=("image",), allowed=("width", "height"))
    # Targets stay as the author wrote them: they are file names here, and the report quotes them.
    # What may be linked is decided after parsing, where a refusal can be told.
    for name, method in (("normalizeLink", str), ("normalizeLinkText", str), ("validateLink", bool)):
        setattr(md, name, method)
    for name, rule in _rules(labels).items():
        md.add_render_rule(name, rule)
    return md


def _rules(labels: Labels) -> dict[str, _Rule]:
    def alert_open(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
        kind = tokens[index].meta["kind"].lower()
        return f'<aside class="callout callout-{kind}">'

    def alert_title_open(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
        # The parser puts the English word there as a text token.
        kind = tokens[index - 1].meta["kind"].lower()
        tokens[index + 1].children = [Token("text", "", 0, content=getattr(labels, kind))]
        return '<p class="callout-title">'

    def cell_open(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        style = str(token.attrs.get("style", ""))
        aligned = f' class="align-{style.removeprefix("text-align:")}"' if style else ""
        return f"<{token.tag}{aligned}>"

    def html(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        name = _TAG_NAME.match(token.content.lstrip())
        if name and name[1].lower() not in _HTML_NAMES:
            text = escape(token.content, quote=False)
            return f"<p>{text}</p>" if token.type == "html_block" else text
        return _IFRAME.sub(_card, token.content)

    def math(_self: RendererHTML, tokens: Sequence[Token], index: int, *_: Any) -> str:
        token = tokens[index]
        element = "div" if token.type == "math_block" else "span"
        mark = "$" if token.type == "math_inline" else "$$"
        return f'<{element} class="math">{mark}{escape(token.content)}{mark}</{element}>'

    return {
        "alert_open": alert_open,
        "alert_title_open": alert_title_open,
        "alert_close": lambda *_: "</aside>\n",
        "footnote_block_open": lambda *_: '<section class="footnotes"><ol class="footnotes-list">\n',
        "html_block": html,
        "html_inline": html,
        "math_inline": math,
        "math_inline_double": math,
        "math_block": math,
        "td_open": cell_open,
        "th_open": cell_open,
    }


def _card(match: re.Match[str]) -> str:
    """A link in place of an embedded frame: our pages load nothing from another host."""
    src = _QUOTED_SRC.search(match[1])
    if src is None:
        return ""
    url = unescape(src[1] or src[2] or "")
    title = _QUOTED_TITLE.search(match[1])
    label = unescape(title[1] or title[2] or "") if title else ""
    if video := _YOUTUBE_EMBED.match(url):
        url = f"https://www.youtube.com/watch?v={video[1]}"
    elif video := _VIMEO_EMBED.match(url):
        url = f"https://vimeo.com/{video[1]}"
    return f'<a class="link-card" href="{escape(url)}">{escape(label or url)}</a>'
