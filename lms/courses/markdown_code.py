"""Source code with its words marked by CSS class.

Pygments knows hundreds of token types; a page needs a dozen. Neighbours of one class share one span,
which makes a page of code about half as large.
"""

from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import (
    Comment,
    Error,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    String,
    _TokenType,
)
from pygments.util import ClassNotFound

# More than this many characters are shown plain: nobody reads them, and lexers can be slow.
MAX_HIGHLIGHTED = 60_000

_ALIASES = {"cmd": "batch", "output": "text", "arduino": "cpp", "jsonc": "json"}

# The first type that contains the token decides, so the narrow ones stand first.
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment.Preproc, "m"),
    (Comment.PreprocFile, "s"),
    (Comment, "c"),
    (Keyword.Type, "t"),
    (Keyword.Constant, "n"),
    (Keyword, "k"),
    (Operator.Word, "k"),
    (Name.Builtin, "t"),
    (Name.Class, "f"),
    (Name.Exception, "t"),
    (Name.Function, "f"),
    (Name.Decorator, "m"),
    (Name.Tag, "k"),
    (Name.Attribute, "a"),
    (Name.Variable, "a"),
    (Name.Constant, "n"),
    (Number, "n"),
    (String, "s"),
    (Literal.Date, "n"),
    (Generic.Deleted, "d"),
    (Generic.Inserted, "i"),
    (Generic.Heading, "f"),
    (Generic.Prompt, "c"),
)


@lru_cache(maxsize=256)
def _class_of(kind: _TokenType) -> str:
    if kind in Error:
        return ""
    return next((name for parent, name in _CLASSES if kind in parent), "")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    name = _ALIASES.get(language, language)
    try:
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def highlight(source: str, language: str) -> list[tuple[str, str]]:
    """(CSS class or "", text) runs that together are `source`; an unknown `language` gives one plain run."""
    lexer = _lexer(language.lower()) if language and len(source) <= MAX_HIGHLIGHTED else None
    if lexer is None:
        return [("", source)]
    runs: list[tuple[str, list[str]]] = []
    for kind, text in lexer.get_tokens(source):
        # White space carries no colour, so it joins whatever stands before it.
        name = runs[-1][0] if runs and text.isspace() else _class_of(kind)
        if runs and runs[-1][0] == name:
            runs[-1][1].append(text)
        else:
            runs.append((name, [text]))
    return [(name, "".join(texts)) for name, texts in runs]
