"""What somebody looks for, in courses: words, "phrases", what a -minus leaves out, and what may stand instead (or)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

MOST_WORDS = 12

_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’ʼ′＇", "'")})
_SIGNS = re.compile(r"[&|!():*<>\\\s]+")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002fa1f]"
)


class Part(NamedTuple):
    """One thing that a text must have, or must not have. One `choice` of several, counted from 0, is enough."""

    choice: int
    words: str
    is_phrase: bool
    is_left_out: bool

    @property
    def is_unspaced(self) -> bool:
        """Whether its script has no spaces, so that it is looked for letter by letter."""
        return bool(_UNSPACED.search(self.words))


def parts_of(q: str, *, may_only_leave_out: bool = False) -> list[Part]:
    """What was typed, in lower case, each thing once. A choice that only leaves out asks for nothing and is dropped,
    unless it may mean everything else."""
    choice, parts = 0, []
    for match in _PART.finditer(q.translate(_QUOTES).lower()):
        if match["word"] == "or" and not match["minus"]:
            choice += 1
            continue
        is_phrase, is_left_out = match["phrase"] is not None, bool(match["minus"])
        words = _SIGNS.split(match["phrase"] if is_phrase else match["word"])
        words = [" ".join(words)] if is_phrase else words
        parts += [Part(choice, one.strip(), is_phrase, is_left_out) for one in words if one.strip("-' ")]
    asked = {part.choice for part in parts if may_only_leave_out or not part.is_left_out}
    return list(dict.fromkeys(part for part in parts if part.choice in asked))[:MOST_WORDS]


def only_leaves_out(q: str) -> bool:
    """Whether nothing is looked for, only something left out."""
    return not parts_of(q) and bool(parts_of(q, may_only_leave_out=True))


def plain_words(parts: Sequence[Part]) -> list[str]:
    """The single words that are looked for, whatever stands between them."""
    wanted = (part.words for part in parts if not part.is_left_out)
    return list(dict.fromkeys(word for words in wanted for word in words.split()))


def phrases_of(parts: Sequence[Part]) -> tuple[str, ...]:
    """What is looked for as it stands."""
    return tuple(part.words for part in parts if part.is_phrase and not part.is_left_out)


def may_be_misspelt(parts: Sequence[Part]) -> bool:
    """Whether another spelling can be asked for: what stands in quotes is meant so, and signs have their place."""
    return not any(part.choice or part.is_left_out or part.is_phrase for part in parts)
