"""Lesson texts of a realistic size and make-up: prose, lists, code, a table; 6 to 10 kB of HTML each."""

import random

_WORDS = [
    word
    for line in (
        "the a of to and in is that it for with on as this by at from which when one each between because before",
        "after without small river paper sentence measure garden window signal number pattern question answer light",
        "line circle corner surface reason example method result careful ordinary different possible several certain",
        "begins follows changes remains shows means becomes carries holds turns reads writes counts draws compares",
    )
    for word in line.split()
]


def texts(how_many: int = 40, seed: int = 20) -> list[str]:
    """The same texts in every run."""
    chance = random.Random(seed)
    return [_lesson(chance) for _ in range(how_many)]


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(8, 22))).capitalize() + "."


def _paragraph(chance: random.Random) -> str:
    sentences = [_sentence(chance) for _ in range(chance.randint(3, 6))]
    return f"<p>{' '.join(sentences)} <strong>{chance.choice(_WORDS)}</strong> <em>{chance.choice(_WORDS)}</em>.</p>"


def _items(chance: random.Random) -> str:
    return "<ul>" + "".join(f"<li>{_sentence(chance)}</li>" for _ in range(chance.randint(3, 6))) + "</ul>"


def _code(chance: random.Random) -> str:
    lines = "".join(
        f'<span class="k">for</span> <span class="n">{chance.choice(_WORDS)}</span> <span class="ow">in</span> '
        f'<span class="nb">range</span><span class="p">(</span><span class="mi">{number}</span><span class="p">):</span>\n'
        for number in range(chance.randint(3, 7))
    )
    return f'<div class="highlight"><pre><code>{lines}</code></pre></div>'


def _table(chance: random.Random) -> str:
    cells = ("".join(f"<td>{chance.choice(_WORDS)}</td>" for _ in range(4)) for _ in range(5))
    return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</tbody></table>"


def _lesson(chance: random.Random) -> str:
    size, parts, section = chance.randint(6000, 9500), list[str](), 0
    while sum(map(len, parts)) < size:
        section += 1
        title = " ".join(chance.choices(_WORDS, k=4)).capitalize()
        parts.append(f'<h2 id="part-{section}">{title}</h2>')
        parts += [_paragraph(chance), _paragraph(chance)]
        parts.append(chance.choice((_items, _code, _table, _paragraph))(chance))
    return "\n".join(parts)
