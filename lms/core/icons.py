"""Icons as markup. A page draws fifty of them, so each is made once."""

from functools import lru_cache

from markupsafe import Markup

from lms.core.assets import asset


def icon(name: str, label: str | None = None, flip: bool = False, size: str | None = None) -> Markup:
    """The icon `name` of static/icons.txt: decorative, or with a `label` that is read out; `flip` mirrors it
    right to left, `size` is "l" for 24 px."""
    return _drawn(asset("icons.svg"), name, label, flip, size)


@lru_cache(maxsize=1000)
def _drawn(address: str, name: str, label: str | None, flip: bool, size: str | None) -> Markup:
    kind = f"icon{' icon-flip' if flip else ''}{f' icon-{size}' if size else ''}"
    said = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="{}"{}><use href="{}#{}"/></svg>').format(kind, said, address, name)
