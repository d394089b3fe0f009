"""Hostile lesson text: an instructor's account must not be a way into a learner's browser."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.courses.markdown import Link, render

VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src=`x` onerror=alert(1)//>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button><input autofocus onfocus=alert(1)></form>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href=x style='position:fixed;inset:0'>x</a>",
    "<style>@import '//evil.example'</style>",
    "<link rel=stylesheet href=//evil.example/x.css><base href=//evil.example><meta http-equiv=refresh>",
    "<video><source onerror=alert(1)></video><audio src=javascript:alert(1) autoplay></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<p id=main class='card hx' hx-get=/logout data-action=x>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](javascript:alert(1))",
    '![x](y.png "a\\" onerror=alert(1)")',
    '![" onerror=alert(1) x="](y.png)',
    '```"><img/src/onerror=alert(1)>\nx\n```',
    "```python onload=alert(1)\nx\n```",
    "<!--<img src=x onerror=alert(1)>-->",
    "<xss onclick=alert(1)>x</xss>",
    "$</span><img src=x onerror=alert(1)>$",
    "# <img src=x onerror=alert(1)>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "> [!NOTE]\n> <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|--|\n| <img src=x onerror=alert(1)> |",
    "$\\text{<img src=x onerror=alert(1)>}$ $\\color{red;background:url(//e)}{x}$ $\\href{javascript:alert(1)}{x}$",
    "$$\\text{</annotation></math><script>alert(1)</script>}$$",
    "x{onclick=alert(1)} ![x](y.png){onerror=alert(1) style=x}",
]

ALLOWED_SCHEMES = ("http:", "https:", "mailto:", "tel:", "/", "#")
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "input", "button", "svg", "base"}
FORBIDDEN |= {"link", "meta", "noscript", "template", "textarea", "h1", "body", "html", "head", "title"}


class Inspector(HTMLParser):
    """Fails at the first thing that could act."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in FORBIDDEN
        for name, value in attrs:
            assert not name.startswith(("on", "hx", "style", "srcdoc", "form", "data-action")), name
            if name in {"href", "src", "poster"}:
                assert (value or "").startswith(ALLOWED_SCHEMES), value
            if name == "id":
                assert (value or "").startswith("s-"), value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def inspect(source: str) -> str:
    html = render(source, link=lambda target: Link("/x/" + target.lstrip("/\\"))).html
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return html


@pytest.mark.parametrize("vector", VECTORS)
def test_known_attacks_do_nothing(vector: str) -> None:
    inspect(vector)
    inspect(f"text {vector} text")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*VECTORS, "<b>", "</b>", "`", "\n\n", "](", "<", '"', "&#34;"]), max_size=5))
def test_attacks_together_do_nothing(parts: list[str]) -> None:
    inspect("".join(parts))


def test_what_was_refused_is_told() -> None:
    text = render("[x](javascript:alert(1)) ![y](data:image/png;base64,AAAA)", link=lambda _target: None)
    assert text.unresolved == ("javascript:alert(1)", "data:image/png;base64,AAAA")
    assert "x" in text.html and "y" in text.html


@pytest.mark.parametrize(
    "source", ["<div>" * 5_000, ">" * 5_000, "[" * 5_000, "* " * 3_000, "<b><i>" * 3_000 + "x", "`" * 20_000]
)
def test_deep_and_odd_nesting_ends_soon(source: str) -> None:
    begun = time.process_time()
    inspect(source)
    assert time.process_time() - begun < 10
