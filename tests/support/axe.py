"""Accessibility checked by axe-core, and what it found in words."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"

PHONE, DESK = 390, 1440
"""Widths in pixels."""

# Without the rule of level AAA, which is off but by its tag would run.
COLOURS = {"runOnly": ["cat.color"], "rules": {"color-contrast-enhanced": {"enabled": False}}}
"""What can differ between the themes: only tokens and the words of code know them (`tests/architecture/test_themes.py`)."""

RUN = """async (rules) => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"], preload: false, ...rules});
  return violations.map(({id, help, nodes}) => [id, help, nodes.map(node => [node.target.join(" "), node.failureSummary])]);
}"""

# Inside a box that scrolls by itself an element may be as wide as it likes; but a table that is shown as cards fits, and
# what stands in one of its cells stays together: a label at one edge, one thing at the other.
RULER = """() => {
  const width = document.documentElement.clientWidth;
  const look = (node) => getComputedStyle(node);
  const isThere = (node) => (node.nodeType === 3 && node.textContent.trim())
    || (node.nodeType === 1 && look(node).display !== "none" && look(node).position !== "absolute");
  const torn = [...document.querySelectorAll(".table-stack td[data-label]")]
    .filter((cell) => width < 640 && [...cell.childNodes].filter(isThere).length > 1)
    .map((cell) => `the parts of “${cell.dataset.label}” stand apart: ${cell.innerText}`);
  const cards = [...document.querySelectorAll(".table-wrap:has(> .table-stack)")]
    .filter((box) => width < 640 && box.scrollWidth > box.clientWidth + 1)
    .map((box) => `the cards of “${box.ariaLabel}”: ${box.scrollWidth} pixels in ${box.clientWidth}`)
    .concat(torn.slice(0, 1));
  if (document.documentElement.scrollWidth <= width) return cards;
  const held = (box) => box && (/auto|scroll|hidden|clip/.test(getComputedStyle(box).overflowX) || held(box.parentElement));
  const out = ({left, right}) => right > width + 1 || left < -1;
  return [...document.body.querySelectorAll("*")]
    .filter((element) => out(element.getBoundingClientRect()) && !held(element.parentElement))
    .map((element) => `${element.tagName.toLowerCase()}.${element.className}`).slice(0, 5)
    .concat(`${document.documentElement.scrollWidth} pixels in ${width}`, cards);
}"""


@cache
def _source() -> str:
    return SOURCE.read_text(encoding="utf-8")


def violations(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """What axe has against the page as it is shown now, a line for each place."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    found: list[list[Any]] = page.evaluate(RUN, rules or {})
    return [
        f"{rule}: {help} — {target}: {' '.join(summary.split())}"
        for rule, help, places in found
        for target, summary in places
    ]


def too_wide(page: Page) -> list[str]:
    """The elements that make the page, or cards on a phone, scroll sideways, or stand apart in one; none when all fits."""
    found: list[str] = page.evaluate(RULER)
    return found


def faults(page: Page) -> list[str]:
    """What axe and the ruler find in both themes and widths. The page stays as wide as a phone, and light."""
    found = []
    for width, themes in ((DESK, ("light", "dark")), (PHONE, ("dark", "light"))):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            rules = COLOURS if theme == "dark" else None
            found += [f"{width} {theme} {violation}" for violation in violations(page, rules)]
        found += [f"{width} wider than the window: {element}" for element in too_wide(page)]
    return found
