"""The Markdown files of a course: front matter, title, text."""

from dataclasses import dataclass

from lms.core.phrases import Phrase
from lms.courses.markdown import title_of
from lms.interop.course_folder import naming
from lms.interop.course_folder.fields import Fields
from lms.interop.course_folder.files import Tree
from lms.interop.course_folder.front_matter import FrontMatterError, split


@dataclass(frozen=True, slots=True)
class Document:
    """`heading` is the first level-1 heading of `body`, or ""."""

    path: str
    fields: Fields
    body: str
    heading: str

    def title(self, tree: Tree, fallback: str) -> str:
        """From front matter or heading; from the name of the file, with a warning, when both are missing."""
        said = self.fields.text("title") or self.heading[:255]
        if said:
            return said
        message = Phrase(
            'has no title, so it is called "%(title)s"; begin it with a line such as "# %(title)s"',
            title=fallback,
        )
        tree.problems.warning(self.path, message)
        return fallback


def read_document(tree: Tree, path: str, known: frozenset[str]) -> Document | None:
    """The Markdown file at `path`; None after reporting why it cannot be read.

    A file whose front matter is wrong is read as text alone, so that its other faults are told too.
    """
    text = tree.text(path, tree.limits.markdown)
    if text is None:
        return None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        tree.problems.error(path, Phrase("holds NUL characters, so it is not text"), line)
        return None
    try:
        parts = split(text)
    except FrontMatterError as error:
        tree.problems.error(path, error.phrase, error.line)
        return Document(path, Fields(path, {}, {}, tree.problems), "", naming.words(path))
    fields = Fields(path, parts.values, parts.lines, tree.problems)
    fields.unknown(known)
    body = parts.body.lstrip("\n")
    tree.first_lines[path] = parts.body_line + len(parts.body) - len(body)
    return Document(path, fields, body.rstrip("\n") + "\n", title_of(body) or "")
