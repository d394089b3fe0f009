"""Links, images and recordings of a text: resolved, made safe, and noted down."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from lms.courses.markdown_policy import SAFE_SCHEMES
from lms.courses.markdown_tree import Node
from lms.courses.markdown_types import Finding, Link, Reference, Resolver
from lms.files.kinds import widths

COLUMN = 720
"""Pixels: as wide as a column of text gets."""

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_VIDEO = re.compile(r"\.(mp4|m4v|webm|ogv|mov)$", re.IGNORECASE)
_AUDIO = re.compile(r"\.(mp3|m4a|ogg|oga|opus|wav|flac)$", re.IGNORECASE)


def _external(target: str) -> bool:
    return target.startswith(("//", "\\\\", "/\\", "\\/")) or bool(_SCHEME.match(target))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class Media:
    """`link` resolves relative targets; `place` turns a fragment of this text into an href."""

    def __init__(self, link: Resolver, place: Callable[[str], str | None]) -> None:
        self._link = link
        self._place = place
        self.links: list[Reference] = []
        self.images: list[Reference] = []
        self.findings: list[Finding] = []

    def anchor(self, node: Node) -> Node:
        """The link `node` with its href resolved; a span when it leads nowhere."""
        target = node.attrs.pop("href", "").strip()
        text = " ".join(node.text().split())
        if not target:
            if "id" not in node.attrs:
                self.findings.append(Finding("refused", text))
            node.tag = "span"
            return node
        pictures = [n for n in node.walk() if n.tag == "img"]
        url = self._href(target)
        text = text or " ".join(n.attrs.get("alt", "") for n in pictures).strip()
        self.links.append(Reference(target, url, text))
        if url is None:
            node.tag = "span"
            return node
        node.attrs["href"] = url
        if _host(url):
            node.attrs["rel"] = "noopener noreferrer"
        if node.has_class("link-card") or any(_external(n.attrs.get("src", "")) for n in pictures):
            return _as_card(node, url, text)
        if not text:
            node.attrs["aria-label"] = _host(url) or target
        return node

    def _href(self, target: str) -> str | None:
        if target.startswith("#"):
            place = self._place(target[1:])
            if place is None:
                self.findings.append(Finding("anchor", target))
            return place
        if not _external(target):
            found = self._relative(target)
            return found.url if found else None
        return self._absolute(target)

    def _absolute(self, target: str) -> str | None:
        scheme = _SCHEME.match(target)
        if scheme and scheme[1].lower() in SAFE_SCHEMES:
            return target
        if target.startswith("//") and _host("https:" + target):
            return "https:" + target
        self.findings.append(Finding("refused", target))
        return None

    def _relative(self, target: str) -> Link | None:
        found = self._link(target)
        if found is None:
            self.findings.append(Finding("unresolved", target))
        return found

    def replace(self, node: Node) -> list[Node | str]:
        """What stands in the page for the img, video or audio `node`."""
        return self._image(node) if node.tag == "img" else self._recording(node)

    def _image(self, node: Node) -> list[Node | str]:
        target, alt = node.attrs.pop("src", "").strip(), node.attrs.get("alt", "").strip()
        if not target:
            self.findings.append(Finding("refused", alt))
            return [alt]
        path = re.split(r"[?#]", target)[0]
        for tag, pattern in (("video", _VIDEO), ("audio", _AUDIO)):
            if pattern.search(path):
                label = {"aria-label": alt} if alt else {}
                return self._recording(Node(tag, {"src": target} | label))
        if not alt:
            self.findings.append(Finding("alt", target))
        if _external(target):
            url = self._absolute(target)
            self.images.append(Reference(target, url, alt))
            return [_card(url, alt)] if url else [alt]
        found = self._relative(target)
        self.images.append(Reference(target, found.url if found else None, alt))
        if found is None:
            return [alt]
        size = _size(node, found)
        kept = {name: node.attrs[name] for name in ("title", "id", "lang") if name in node.attrs}
        attrs = (
            {"src": found.url, "alt": alt}
            | size
            | _sizes(found, size)
            | {"loading": "lazy", "decoding": "async"}
            | kept
        )
        return [Node("img", attrs)]

    def _recording(self, node: Node) -> list[Node | str]:
        holders = [node] + [n for n in node.walk() if n.tag in {"source", "track"}]
        label = node.attrs.get("aria-label") or node.attrs.get("title", "")
        playable = False
        for holder in holders:
            target = holder.attrs.pop("src", "").strip()
            if not target:
                continue
            if _external(target):
                url = self._absolute(target)
                self.links.append(Reference(target, url, label))
                return [_card(url, label)] if url else [label or node.text()]
            found = self._relative(target)
            self.links.append(Reference(target, found.url if found else None, label))
            if found:
                holder.attrs["src"] = found.url
                playable = playable or holder.tag != "track"
        poster = node.attrs.pop("poster", "")
        if poster and not _external(poster) and (picture := self._relative(poster)):
            node.attrs["poster"] = picture.url
        if not playable:
            return [label or node.text()]
        node.attrs |= {"controls": "", "preload": "metadata"}
        return [node]


def _size(node: Node, found: Link) -> dict[str, str]:
    """Width and height in pixels, so that the page does not jump; the author's go first."""
    width, height = (int(node.attrs.get(name) or 0) for name in ("width", "height"))
    if found.width and found.height:
        if width > 0 >= height:
            height = round(width * found.height / found.width)
        elif height > 0 >= width:
            width = round(height * found.width / found.height)
        elif width <= 0:
            width, height = found.width, found.height
    return {name: str(value) for name, value in (("width", width), ("height", height)) if value > 0}


def _sizes(found: Link, shown: dict[str, str]) -> dict[str, str]:
    """The smaller widths that can be had of a picture, and how wide it stands in a column of text at most."""
    url = found.url.partition("?")[0]
    smaller = widths(unquote(url), found.width) if found.scales else ()
    if not smaller:
        return {}
    choices = [f"{url}?w={width} {width}w" for width in smaller] + [f"{url} {found.width}w"]
    widest = min(COLUMN, int(shown.get("width", COLUMN)))
    return {"srcset": ", ".join(choices), "sizes": f"min(100vw, {widest}px)"}


def _card(url: str, label: str) -> Node:
    return _as_card(Node("a", {"href": url, "rel": "noopener noreferrer"}), url, label)


def _as_card(node: Node, url: str, label: str) -> Node:
    """A link that says where it goes, for what would have been loaded from another host."""
    node.attrs["class"] = "link-card"
    host = _host(url)
    where: list[Node | str] = [" ", Node("span", {"class": "link-card-host"}, [host])] if host else []
    node.children = [Node("span", {"class": "link-card-title"}, [label or url]), *where]
    return node
