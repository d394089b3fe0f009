"""What a page in Arabic says in other letters."""

import re

_APART = re.compile("\u2068[^\u2068\u2069]*\u2069")


def latin_in(text: str) -> str:
    """The Latin words that stand in the sentence itself, not between the marks that set names and values apart."""
    while (rest := _APART.sub("", text)) != text:
        text = rest
    return " ".join(re.findall(r"[A-Za-z]+", text))
