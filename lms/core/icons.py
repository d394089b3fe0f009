"""Icons as markup."""

from markupsafe import Markup

from lms.core.assets import asset


def icon(name: str, label: str | None = None, flip: bool = False, size: str | None = None) -> Markup:
    """The icon `name` of static/icons.txt: decorative, or with a `label` that is read out; `flip` mirrors it
    right to left, `size` is "l" for 24 px. Width and height are for who reads without the style sheet."""
    kind = f"icon{' icon-flip' if flip else ''}{f' icon-{size}' if size else ''}"
    said = Markup(' role="img" aria-label="{}"').format(label) if label else Markup(' aria-hidden="true"')
    drawing = Markup('<svg class="{}" width="20" height="20"{}><use href="{}#{}"/></svg>')
    return drawing.format(kind, said, asset("icons.svg"), name)
