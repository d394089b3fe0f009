"""From sanitised markup to a page: headings that nest, links that lead somewhere, regions one can reach."""

import re
import unicodedata
from collections.abc import Sequence

from lms.courses.markdown_code import highlight
from lms.courses.markdown_labels import Labels
from lms.courses.markdown_math import NotAFormula, formula
from lms.courses.markdown_media import Media
from lms.courses.markdown_tree import Node
from lms.courses.markdown_types import ANCHOR_PREFIX, Finding, Heading, Rendered, Resolver

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# A CJK character counts as a word: those scripts put no spaces between words.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+(?:['’][^\W_]+)*")


def slugify(text: str) -> str:
    """The anchor of a heading as GitHub makes it, so that links written for GitHub keep working."""
    kept = (c for c in text.strip().lower() if c in "- " or unicodedata.category(c)[0] in "LMN" or c == "_")
    return "".join(kept).replace(" ", "-")


class Page:
    """One rendering: walks the tree once for headings and once for everything else."""

    def __init__(self, link: Resolver, labels: Labels, given: Sequence[str] = ()) -> None:
        self.labels = labels
        self.given = iter(given)
        self.title: str | None = None
        self.title_anchor: str | None = None
        self.headings: list[Heading] = []
        self.anchors: set[str] = set()
        self.tables = 0
        self.words = 0
        self.media = Media(link, self._place)

    def transform(self, root: Node) -> None:
        self._take_title(root)
        self._name_anchors(root)
        self._name_headings(root)
        self._visit(root, in_table=False)
        self.words = len(_WORD.findall(_prose(root)))

    def rendered(self, html: str) -> Rendered:
        return Rendered(
            html=html.strip() + "\n" if html.strip() else "",
            headings=tuple(self.headings),
            title=self.title,
            links=tuple(self.media.links),
            images=tuple(self.media.images),
            words=self.words,
            anchors=frozenset(self.anchors),
            findings=tuple(dict.fromkeys(self.media.findings)),
        )

    def _take_title(self, root: Node) -> None:
        for index, child in enumerate(root.children):
            if isinstance(child, Node) and child.tag == "h1":
                self.title = _plain(child) or None
                self.title_anchor = child.attrs.get("id") or ANCHOR_PREFIX + slugify(child.text())
                del root.children[index]
                return

    def _name_anchors(self, root: Node) -> None:
        for node in root.walk():
            # The old way to mark a place, still common in Markdown files.
            name = node.attrs.pop("name", "").strip().lower()
            if name and "id" not in node.attrs:
                node.attrs["id"] = ANCHOR_PREFIX + name
            anchor = node.attrs.get("id")
            if anchor in self.anchors:
                del node.attrs["id"]
            elif anchor:
                self.anchors.add(anchor)

    def _name_headings(self, root: Node) -> None:
        taken = {self.title_anchor} if self.title_anchor else set()
        outer: list[int] = []
        for node in root.walk():
            if node.tag not in _HEADING_TAGS:
                continue
            text = _plain(node)
            if not text:
                node.tag = "div"
                continue
            written = int(node.tag[1])
            while outer and outer[-1] >= written:
                outer.pop()
            outer.append(written)
            level = min(6, len(outer) + 1)
            node.tag = f"h{level}"
            if "id" not in node.attrs:
                anchor = next(self.given, None) or ANCHOR_PREFIX + slugify(node.text())
                node.attrs["id"] = self._unused(anchor, taken)
            self.anchors.add(node.attrs["id"])
            self.headings.append(Heading(level, node.attrs["id"], text))

    def _unused(self, anchor: str, taken: set[str]) -> str:
        candidate, number = anchor, 0
        while candidate in taken or candidate in self.anchors:
            number += 1
            candidate = f"{anchor}-{number}"
        return candidate

    def _place(self, fragment: str) -> str | None:
        """href for a place in this text; None when there is none of that name."""
        anchor = ANCHOR_PREFIX + fragment.lower()
        if anchor == self.title_anchor or not fragment or fragment == "top":
            return "#top"
        return f"#{anchor}" if anchor in self.anchors else None

    def _visit(self, node: Node, *, in_table: bool) -> None:
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, str):
                children.append(child)
                continue
            if child.tag == "a":
                # Before what is inside it: an image of another host makes the whole link a card.
                children.append(self.media.anchor(child))
                self._visit(child, in_table=in_table)
                continue
            self._visit(child, in_table=in_table or child.tag == "table")
            children.extend(self._element(child, in_table))
        node.children = children

    def _element(self, node: Node, in_table: bool) -> list[Node | str]:
        if node.tag in {"img", "video", "audio"}:
            return self.media.replace(node)
        if node.has_class("math"):
            return [self._formula(node)]
        if node.tag == "pre":
            _code_block(node)
        elif node.tag == "table" and not in_table:
            return [self._scrolling(node)]
        elif node.tag == "th":
            _header_cell(node)
        elif node.tag == "input":
            return [self._task(node)] if node.attrs.get("type") == "checkbox" else []
        elif node.tag == "aside":
            # An aside inside an article would otherwise be a landmark of the whole page.
            node.attrs["role"] = "note"
        elif node.tag == "section":
            self._footnotes(node)
        return [node]

    def _formula(self, node: Node) -> Node:
        try:
            return formula(node) or node
        except NotAFormula as error:
            self.media.findings.append(Finding("math", node.text(), error.args[0]))
            return node

    def _scrolling(self, table: Node) -> Node:
        self.tables += 1
        attrs = {
            "class": "table-wrap",
            "tabindex": "0",
            "role": "region",
            # Numbered, as two regions of one page may not bear the same name.
            "aria-label": f"{self.labels.table} {self.tables}",
        }
        return Node("div", attrs, [table])

    def _task(self, box: Node) -> Node:
        done = "checked" in box.attrs
        label = self.labels.done if done else self.labels.to_do
        return Node("span", {"class": "task", "role": "img", "aria-label": label}, ["☑" if done else "☐"])

    def _footnotes(self, section: Node) -> None:
        if not section.has_class("footnotes"):
            section.tag = "div"
            return
        section.attrs |= {"role": "doc-endnotes", "aria-label": self.labels.footnotes}
        for node in section.walk():
            if node.has_class("footnote-backref"):
                node.attrs["aria-label"] = self.labels.back


def _plain(node: Node) -> str:
    text = " ".join(node.text().split())
    return text or " ".join(n.attrs.get("alt", "") for n in node.walk() if n.tag == "img").strip()


def _prose(node: Node) -> str:
    if node.tag in {"pre", "math"}:
        return " "
    return "".join(child if isinstance(child, str) else _prose(child) for child in node.children)


def _code_block(pre: Node) -> None:
    """Code reads left to right in every language, and scrolls, so it must take the focus."""
    pre.attrs |= {"class": "code", "dir": "ltr", "tabindex": "0"}
    code = pre.children[0] if len(pre.children) == 1 else None
    if not isinstance(code, Node) or code.tag != "code":
        return
    language = code.attrs.pop("class", "").removeprefix("language-").lower()
    if language:
        pre.attrs["data-lang"] = language
    runs = highlight(code.text(), language)
    code.children = [Node("span", {"class": name}, [text]) if name else text for name, text in runs]


def _header_cell(cell: Node) -> None:
    if not cell.text().strip() and not any(n.tag == "img" for n in cell.walk()):
        cell.tag = "td"
        cell.attrs.pop("scope", None)
    else:
        cell.attrs.setdefault("scope", "col")
