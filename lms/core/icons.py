"""Icons as markup."""

from markupsafe import Markup

from lms.core.assets import asset


def icon(name: str, label: str | None = None, flip: bool = False, size: str | None = None) -> Markup:
    """The icon `name` of static/icons.txt: decorative, or with a `label` that is read out; `flip` mirrors it
    right to left, `size` is "l" for 24 px."""
    kind = f"icon{' icon-flip' if flip else ''}{f' icon-{size}' if size else ''}"
    said = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    return Markup('<svg class="{}"{}><use href="{}#{}"/></svg>').format(kind, said, asset("icons.svg"), name)
