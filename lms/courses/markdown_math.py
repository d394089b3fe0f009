"""Formulas: TeX in, MathML out, which every browser draws and reads aloud by itself."""

import re
from functools import lru_cache

from math_core import LatexError, LatexToMathML

from lms.core.phrases import Phrase
from lms.courses import markdown_tree
from lms.courses.markdown_tree import Node

LONGEST = 2_000
"""Characters of one formula: the converter calls itself for what is nested, and this keeps it within its stack."""
DEEPEST = 50
"""Braces within braces."""
MOST_OPEN = 12
"""Brackets that nothing closes: the converter's time doubles with each."""

# Own commands (\def) could grow without end, so none are expanded. The TeX goes along as an annotation.
_CONVERTER = LatexToMathML(annotation=True, fancy_error=False, max_expansions=0)
_DELIMITED = re.compile(r"\s*(\$\$?)(.*)\1\s*", re.DOTALL)
_PLACE = re.compile(r"^\d+: ")
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|.", re.DOTALL)
_NAMES = "angle|Angle|brace|brack|ceil|floor|group|moustache|paren|vert|Vert|bracket|corner"
_OPENS = re.compile(rf"\\(?:l|ll|ul)(?:{_NAMES})")
_CLOSES = re.compile(rf"\\(?:r|rr|ur)(?:{_NAMES})")
_OPENING = frozenset("([⟨⌈⌊⟦⟮") | {r"\{"}
_CLOSING = frozenset(")]⟩⌉⌋⟧⟯") | {r"\}"}


class NotAFormula(ValueError):
    """The message says what is wrong with the TeX, in English as the converter has it."""


def formula(node: Node) -> Node | None:
    """What stands for the `math` element `node`, whose text is TeX between dollars; None when it is none.

    Raises NotAFormula. Formulas read left to right in every language; a long one scrolls, so it takes the focus.
    """
    match = _DELIMITED.fullmatch(node.text())
    if match is None:
        return None
    is_block = node.tag == "div"
    math = markdown_tree.parse(_mathml(match[2].strip(), is_block)).children[0]
    assert isinstance(math, Node)
    for part in math.walk():
        _without_style(part)
    math.attrs["dir"] = "ltr"
    return Node("div", {"class": "math", "dir": "ltr", "tabindex": "0"}, [math]) if is_block else math


@lru_cache(maxsize=1000)
def _mathml(tex: str, is_block: bool) -> str:
    if len(tex) > LONGEST or _is_tangled(tex):
        raise NotAFormula(Phrase("it is too long, too deeply nested, or leaves too many brackets open"))
    try:
        return _CONVERTER.convert_with_local_state(tex, displaystyle=is_block)
    except LatexError as error:
        raise NotAFormula(_PLACE.sub("", str(error)).strip()) from None


def _is_tangled(tex: str) -> bool:
    """Whether the converter would need too much stack or time. Brackets close within their braces and cell only."""
    open_here, outer, left = 0, [], 0
    for sign in _TOKEN.findall(tex):
        if sign == "{":
            outer.append(open_here)
            open_here = 0
        elif sign in ("}", "&", r"\\"):
            left += open_here
            open_here = outer.pop() if sign == "}" and outer else 0
        elif sign in _OPENING or _OPENS.fullmatch(sign):
            open_here += 1
        elif sign in _CLOSING or _CLOSES.fullmatch(sign):
            open_here = max(open_here - 1, 0)
        if len(outer) > DEEPEST:
            return True
    return left + open_here + sum(outer) > MOST_OPEN


def _without_style(part: Node) -> None:
    """Our pages allow no inline styles; of what they say, only the alignment of columns matters."""
    style = part.attrs.pop("style", "")
    if side := re.search(r"text-align: (left|right)", style):
        part.attrs["class"] = f"align-{side[1]}"
