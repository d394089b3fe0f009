"""The YAML block at the head of a Markdown file, with the line of every field."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from lms.core.phrases import Phrase, Phrased

MAX_LENGTH = 64_000

_BLOCK = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)

# By how the reader of YAML begins to say it.
_USUAL = {
    "mapping values are not allowed": Phrase(
        "a value with a colon needs quotes, and fields of one group begin in the same column"
    ),
    "could not find expected ':'": Phrase("a field has no colon behind its name"),
    "found character '\\t'": Phrase("a tab stands at the beginning of a line; indent with spaces"),
    "found character": Phrase("a value that begins with a sign such as @ or ` needs quotes"),
    "found unexpected end of stream": Phrase("a quotation mark is opened and not closed"),
    "found unknown escape character": Phrase("in double quotes a backslash needs another one before it"),
    "expected ',' or": Phrase("a bracket is opened and not closed"),
    "expected <block end>": Phrase(
        "this does not fit to the line above; look at its indentation, quotes and brackets"
    ),
}


class FrontMatterError(Phrased):
    """`line` counts from 1 in the file."""

    def __init__(self, phrase: Phrase, line: int) -> None:
        super().__init__(phrase)
        self.line = line


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`lines` is by path into the values: ("title",) or ("quizzes", 0, "file").

    `body_line` is where the text begins.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[tuple[Any, ...], int] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


def split(text: str) -> FrontMatter:
    """Front matter and body of `text` (line ends as \\n). Raises FrontMatterError."""
    if not re.match(r"\A---[ \t]*\n", text):
        return FrontMatter(body=text)
    match = _BLOCK.match(text)
    if match is None:
        message = Phrase("the block opened by --- on the first line is never closed; add a line ---")
        raise FrontMatterError(message, 1)
    if len(match[1]) > MAX_LENGTH:
        message = Phrase("the front matter is longer than %(most)s characters", most=f"{MAX_LENGTH:,}")
        raise FrontMatterError(message, 1)
    values, lines = _load(match[1])
    return FrontMatter(values, lines, text[match.end() :], text[: match.end()].count("\n") + 1)


def _load(text: str) -> tuple[dict[str, Any], dict[tuple[Any, ...], int]]:
    try:
        # Aliases can make a short text enormous, and no course needs them.
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 2 if event.start_mark else 1
                raise FrontMatterError(Phrase("YAML aliases (*name) are not accepted"), line)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            return {}, {}
        if not isinstance(node, yaml.MappingNode):
            raise FrontMatterError(Phrase("the front matter must be lines of the form `name: value`"), 2)
        lines: dict[tuple[Any, ...], int] = {}
        _note_lines(node, (), lines)
        return _plain(yaml.safe_load(text)), lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FrontMatterError(_invalid(error), mark.line + 2 if mark else 1) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, FrontMatterError):
            raise
        raise FrontMatterError(
            Phrase("the front matter cannot be read: %(why)s", why=str(error)), 1
        ) from None


def _invalid(error: yaml.MarkedYAMLError) -> Phrase:
    """What authors get wrong most often in our words, anything else in the English of the reader of YAML."""
    told = error.problem or error.context or ""
    why: str = next((words for beginning, words in _USUAL.items() if told.startswith(beginning)), told)
    return Phrase("the front matter is not valid YAML: %(why)s", why=why)


def _note_lines(node: yaml.Node, path: tuple[Any, ...], lines: dict[tuple[Any, ...], int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = (*path, getattr(key, "value", ""))
            if name in lines:
                message = Phrase("`%(field)s` stands there twice", field=str(name[-1]))
                raise FrontMatterError(message, key.start_mark.line + 2)
            lines[name] = key.start_mark.line + 2
            _note_lines(value, name, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*path, index)] = value.start_mark.line + 2
            _note_lines(value, (*path, index), lines)


def _plain(value: Any) -> Any:
    """Dates as ISO text, keys as text: what can be stored as JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)
