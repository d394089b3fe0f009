"""A stored course as the files of a course folder: plain values in, texts out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import yaml

from lms.courses.markdown import title_of
from lms.interop.course_folder import naming

_UNSAFE_NAME = re.compile(r"[/\\\x00-\x1f\x7f:*?\"<>|]")


class _Dumper(yaml.SafeDumper):
    """Front matter that people edit: nothing is abbreviated by an alias."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def front_matter(values: Mapping[str, Any]) -> str:
    """The block at the head of a file; fields without a value are left out."""
    said = {name: value for name, value in values.items() if value not in (None, "", [], {})}
    if not said:
        return ""
    block = yaml.dump(
        said, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000, default_flow_style=None
    )
    return f"---\n{block}---\n"


def document(values: Mapping[str, Any], body: str) -> bytes:
    """A Markdown file. A body that looks like front matter gets an empty block before it."""
    text = tidy(body)
    head = front_matter(values) or ("---\n---\n" if text.startswith("---") else "")
    return (head + ("\n" if head and text else "") + text).encode()


def tidy(body: str) -> str:
    """Text as reading a folder gives it: line ends as \\n, no empty lines around it; "" when nothing is left."""
    inside = body.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").rstrip("\n")
    return inside + "\n" if inside else ""


def said_title(title: str, body: str) -> str | None:
    """The title for the front matter; None when the text's own heading says it."""
    return None if (title_of(body) or "")[:255] == title else title


def whole(number: Decimal | None) -> int | Decimal | None:
    """14 rather than 14.00."""
    return int(number) if number is not None and number == int(number) else number


def said_moment(moment: datetime | None) -> str | None:
    """A moment in UTC, as front matter says it."""
    return moment.astimezone(UTC).isoformat() if moment else None


def named(position: int, name: str) -> str:
    """A numbered folder or file name."""
    return f"{position:02d}-{name}"


def folder_name(kind: str, slug: str, source_id: str, title: str) -> str:
    """The name without its number: the one it had when it came from a folder, else the slug."""
    last = source_id.rsplit("/", 1)[-1]
    fits = last and not _UNSAFE_NAME.search(last) and naming.without_number(last) == last
    if fits and naming.slug_for(kind, last, title, source_id) == slug:
        return last
    return slug


def said_slug(kind: str, name: str, slug: str, title: str, source_id: str) -> str | None:
    """The slug for the front matter; None when it follows from the name."""
    return None if naming.slug_for(kind, name, title, source_id) == slug else slug


@dataclass(frozen=True, slots=True)
class PageFile:
    """An extra page and the name of its file."""

    name: str
    slug: str
    title: str
    body: str

    def bytes(self) -> bytes:
        stem = self.name.removesuffix(".md")
        wanted = said_slug("page", naming.without_number(stem), self.slug, self.title, "")
        return document({"slug": wanted, "title": said_title(self.title, self.body)}, self.body)


def page_files(pages: Sequence[Any]) -> list[PageFile]:
    """Pages by position; numbered only where their names would not sort so."""
    stems = [f"{page.slug}-page" if page.slug == "lesson" else page.slug for page in pages]
    plain = [f"{stem}.md" for stem in stems]
    unnumbered = all(naming.number_of(stem) is None for stem in stems)
    sorted_already = plain == sorted(plain, key=naming.order)
    names = plain if unnumbered and sorted_already else [named(n, name) for n, name in enumerate(plain, 1)]
    return [PageFile(n, p.slug, p.title, p.body) for n, p in zip(names, pages, strict=True)]


def rubric_table(rubric: Mapping[str, Any] | None) -> str:
    """The `## Rubric` section; "" without one."""
    if not rubric or not rubric.get("levels") or not rubric.get("criteria"):
        return ""
    levels = rubric["levels"]
    rows = [_row(["", *levels]), _row(["---"] * (len(levels) + 1))]
    rows += [_row([criterion["title"], *criterion["cells"]]) for criterion in rubric["criteria"]]
    return "## Rubric\n\n" + "\n".join(rows) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def assignment_text(body: str, rubric: Mapping[str, Any] | None) -> bytes:
    """A brief with its rubric at the end."""
    brief, table = tidy(body), rubric_table(rubric)
    return (brief + ("\n" if brief and table else "") + table).encode() or b"\n"
