"""Rendered text as mail programs take it."""

import re

import nh3
from markupsafe import Markup

_TAG_LIST = """
    a b blockquote br code dd dl dt em h2 h3 h4 i li ol p pre strong table tbody td th thead tr ul"""
_TAGS = set(_TAG_LIST.split())
_LOOK = 'class="link" style="color:#1e5641"'
"""Links as `emails/_parts.html` draws them, in both themes."""
_HERE = re.compile(r'(<a\b[^>]*? href=")(?=/)')


def for_mail(html: str, base_url: str) -> Markup:
    """Text and links alone: nothing that is loaded from anywhere, no class that has no style there. Links to this
    site get its address."""
    kept = nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, link_rel=None)
    whole = _HERE.sub(rf"\g<1>{base_url}", kept)
    return Markup(whole.replace("<a href", f"<a {_LOOK} href"))  # noqa: S704
