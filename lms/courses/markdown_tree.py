"""A small tree for HTML that the sanitiser wrote, so that it can be walked and changed.

It reads only well-formed markup: every tag closed, every attribute quoted, no comments, no scripts.
It is not a parser for pages found in the wild.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})

# Deeper nesting than any text needs; below it tags are dropped and their text kept, so that
# walking the tree can recurse.
MAX_DEPTH = 100


@dataclass(slots=True)
class Node:
    """One element; the root has an empty tag."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def has_class(self, name: str) -> bool:
        return name in self.attrs.get("class", "").split()

    def walk(self) -> Iterator["Node"]:
        """Every element below this one, in reading order."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def text(self) -> str:
        """The words a reader sees here, white space as written."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("")]
        self.ignored: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.open[-1].children.append(node)
        elif len(self.open) > MAX_DEPTH or self.ignored:
            self.ignored.append(tag)
        else:
            self.open[-1].children.append(node)
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if self.ignored and self.ignored[-1] == tag:
            self.ignored.pop()
        elif self.open[-1].tag == tag and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(html: str) -> Node:
    """The root of a tree of `html`, which must come from the sanitiser."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.open[0]


def serialize(node: Node) -> str:
    parts: list[str] = []
    _write(node, parts)
    return "".join(parts)


def _write(node: Node, parts: list[str]) -> None:
    if node.tag:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attrs.items())
        parts.append(f"<{node.tag}{attributes}>")
    for child in node.children:
        if isinstance(child, str):
            parts.append(escape(child, quote=False))
        else:
            _write(child, parts)
    if node.tag and node.tag not in VOID:
        parts.append(f"</{node.tag}>")
