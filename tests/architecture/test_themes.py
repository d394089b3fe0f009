"""Light and dark differ in colours and in nothing else: `tests/support/axe.py` looks at the dark one for colours alone."""

import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "lms" / "static"
TEMPLATES = STATIC.parent / "templates"
THEME = re.compile(r"color-scheme|light-dark\(|data-theme")
COLOUR = re.compile(r"--[\w-]+: light-dark\([^;]+\);")
FRAME = re.compile(
    r"""<meta name="theme-color" content="#\w+"\{% if not theme %\} media="\(prefers-color-scheme: \w+\)"""
)
SYSTEM = re.compile(r"prefers-color-scheme")
ELSEWHERE = ("build/", "vendor/", "emails/", "layouts/email.html", "accounts/privacy/")
"""What was built of the sources; mails, and the file of one's own data, which are no pages of the site."""


def lines(folder: Path, kind: str, about: re.Pattern[str]) -> list[tuple[str, str]]:
    """(file, line) of the sources in `folder` that speak about it."""
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob(kind))}
    return [
        (name, line.strip())
        for name, path in names.items()
        if not name.startswith(ELSEWHERE)
        for line in path.read_text(encoding="utf-8").splitlines()
        if about.search(line)
    ]


def test_style_sheets_give_colours_for_both_and_nothing_else() -> None:
    found = lines(STATIC / "css", "*.css", THEME)
    assert {name for name, line in found if COLOUR.fullmatch(line)} == {"tokens.css", "components/code.css"}
    assert [(name, line) for name, line in found if not COLOUR.fullmatch(line)] == [
        # What is printed is light.
        ("base.css", ":root { color-scheme: light; --surface: #fff; --surface-raised: #fff; --text: #000; }"),
        ("tokens.css", "color-scheme: light dark;"),
        ("tokens.css", '[data-theme="light"] { color-scheme: light; }'),
        ("tokens.css", '[data-theme="dark"] { color-scheme: dark; }'),
    ]


def test_pages_pictures_and_scripts_do_not_ask_for_the_theme_of_the_system() -> None:
    assert lines(STATIC, "*.js", SYSTEM) == lines(STATIC, "*.svg", SYSTEM) == []
    asked = lines(TEMPLATES, "*.html", SYSTEM)
    assert {name for name, line in asked if FRAME.search(line)} == {"layouts/base.html"}
    assert [line for _, line in asked if not FRAME.search(line)] == []
