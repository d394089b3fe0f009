r"""The characters of GIFT: what a backslash protects, where a control character really is one, and where one
item of a file ends and the next begins.

The rules are those of Moodle's importer: `\~ \= \# \{ \} \: \\` stand for the character, `\n` for a new
line, any other backslash for itself; a line beginning with `//` is a comment anywhere; an empty line ends
an item. Beyond it, an empty line inside `{...}` does not end the item if the brace is closed before another
opens, and `::Title::` at the start of a line begins an item also without an empty line before it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SPACE = " \t\r\n"
TITLE = re.compile(r"[ \t\n]*::((?:\\.|[^\\\n])*?)::")
CATEGORY = re.compile(r"[ \t]*\$CATEGORY:(.*)")

_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_BRACE = re.compile(r"\\.|([{}])", re.DOTALL)


def unescape(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)


def escape(text: str) -> str:
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text).replace("\n", "\\n")


def find_all(control: str, text: str) -> list[tuple[int, str]]:
    """Where the control characters (a regular expression) stand unprotected in `text`, and which."""
    pattern = re.compile(rf"\\.|({control})", re.DOTALL)
    return [(found.start(), found[1]) for found in pattern.finditer(text) if found[1] is not None]


@dataclass(frozen=True, slots=True)
class Item:
    """The lines of one question with their numbers, without comments, and the comments that go with it.

    `is_stray` tells of comments alone.
    """

    lines: tuple[tuple[int, str], ...]
    comments: tuple[tuple[int, str], ...]
    category: str

    @property
    def text(self) -> str:
        return "\n".join(line for _, line in self.lines)

    @property
    def line(self) -> int:
        return (self.lines or self.comments)[0][0]

    def line_at(self, position: int) -> int:
        return self.lines[self.text.count("\n", 0, position)][0]


class _Reader:
    def __init__(self) -> None:
        self.category = ""
        self.lines: list[tuple[int, str]] = []
        self.comments: list[tuple[int, str]] = []
        self.comments_before_end = 0
        self.is_open = self.has_closed = False

    def add(self, number: int, line: str) -> None:
        self.lines.append((number, line))
        for brace in _braces(line):
            self.is_open = brace == "{"
            if brace == "}":
                self.has_closed = True
                self.comments_before_end = len(self.comments)

    def take(self, keep_last_comments: bool = False) -> Iterator[Item]:
        """The item read so far; comments after its closing brace may belong to what follows."""
        split = self.comments_before_end if keep_last_comments and self.has_closed else len(self.comments)
        mine, self.comments = self.comments[:split], self.comments[split:]
        if self.lines or mine:
            yield Item(tuple(self.lines), tuple(mine), self.category)
        self.lines, self.comments_before_end = [], 0
        self.is_open = self.has_closed = False


def items(lines: list[str]) -> Iterator[Item]:
    """The items of a file, in order; also the broken ones, and comments that belong to none."""
    next_brace = _next_braces(lines)
    reader = _Reader()
    for number, line in enumerate(lines, 1):
        stripped = line.strip(SPACE)
        unclosed = reader.is_open and next_brace[number - 1] != "}"
        if stripped.startswith("//"):
            reader.comments.append((number, stripped))
        elif not line.strip():  # also no-break spaces, which word processors leave in empty lines
            if reader.is_open and not unclosed:
                reader.add(number, "")
            else:
                yield from reader.take()
        elif (category := CATEGORY.match(line)) and (unclosed or not reader.is_open):
            yield from reader.take()
            reader.category = category[1].strip(SPACE)
        else:
            if (
                reader.lines
                and stripped.startswith("::")
                and TITLE.match(line)
                and (unclosed or not reader.is_open)
            ):
                yield from reader.take(keep_last_comments=True)
            reader.add(number, line)
    yield from reader.take()


def _braces(line: str) -> Iterable[str]:
    return (found[1] for found in _BRACE.finditer(line) if found[1])


def _next_braces(lines: list[str]) -> list[str]:
    """For each line the first brace at it or below, "" when there is none."""
    following, found = "", []
    for line in reversed(lines):
        if not line.lstrip(SPACE).startswith("//"):
            following = next(iter(_braces(line)), following)
        found.append(following)
    return found[::-1]
