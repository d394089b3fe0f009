"""What the documentation tells to type exists, and where it points something is."""

import re
from pathlib import Path

import click
import pytest

from docs.pictures.camera import LOCALES, file_name, shots_in

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").glob("*/*.md"), ROOT / "docs" / "README.md", ROOT / "README.md"])
IN_ALL_LANGUAGES = [*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"]
COMMAND = re.compile(r"flask (?:--app wsgi )?(accounts|analytics|certificates|interop|ops|db) ([a-z][a-z-]+)")


def anchors(page):
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page):
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [target for target in found if "://" not in target and not target.startswith("mailto:")]


def leads_nowhere(page, target):
    name, _, anchor = target.partition("#")
    there = (page.parent / name).resolve() if name else page
    return not there.exists() or bool(anchor and there.suffix == ".md" and anchor not in anchors(there))


def test_links_lead_somewhere():
    wrong = {
        str(page.relative_to(ROOT)): target
        for page in PAGES
        for target in links(page)
        if leads_nowhere(page, target)
    }
    assert wrong == {}


def test_every_command_that_is_told_exists(app):
    told = {found for page in PAGES for found in COMMAND.findall(page.read_text())}
    assert len(told) > 10
    for group, name in told:
        commands = app.cli.commands[group]
        assert isinstance(commands, click.Group)
        assert name in commands.commands, f"flask {group} {name}"


def test_every_target_of_make_that_is_told_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    told = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)", page.read_text())}
    assert told and told <= targets


def test_every_setting_is_explained():
    """Those of the program, of its web server, and what stands in the files to copy from."""
    read = set(re.findall(r"read\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config.py").read_text()))
    read |= set(re.findall(r"environ[^)\n]*\"([A-Z_]+)\"", (ROOT / "gunicorn.conf.py").read_text()))
    read |= set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    for compose in ROOT.glob("compose*.yaml"):
        read |= set(re.findall(r"\$\{([A-Z_]+)", compose.read_text()))
    words = (ROOT / "docs" / "operators" / "configuration.md").read_text()
    assert len(read) > 40
    assert {name for name in read if f"`{name}`" not in words} == set()


@pytest.mark.parametrize(
    "readers, navigation",
    [
        ("learners", "accounts/_tabs.html"),
        ("instructors", "studio/_layout.html"),
        ("instructors", "studio/quizzes/_layout.html"),
        ("admins", "admin/_layout.html"),
    ],
)
def test_every_screen_of_a_navigation_is_explained_to_its_readers(readers, navigation):
    source = (ROOT / "lms" / "templates" / navigation).read_text()
    screens = set(re.findall(r"_\(\"([^\"]+)\"\), (?:url_for|\()", source))
    screens |= set(re.findall(r"section\([^_]*_\(\"([^\"]+)\"\)", source))
    told = "".join(page.read_text() for page in (ROOT / "docs" / readers).glob("*.md"))
    assert len(screens) > 4
    assert {screen for screen in screens if screen not in told} == set()


def test_every_page_is_in_the_list_of_pages():
    listed = (ROOT / "docs" / "README.md").read_text()
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").glob("*/*.md")}
    assert {page for page in pages if f"({page})" not in listed} == set()


def test_every_metric_that_is_explained_exists(client):
    text = client.get("/metrics").text
    words = (ROOT / "docs" / "operators" / "monitoring.md").read_text()
    for name in re.findall(r"`(lectern_\w+)", words):
        assert name in text, name


def test_every_picture_is_made_by_the_list_and_shown_somewhere():
    """`make pictures` makes them all; nothing else lies there, and none is heavy."""
    taken = [file_name(shot, language) for language in LOCALES for shot in shots_in(language)]
    there = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").iterdir()}
    shown = {
        Path(target).name for page in IN_ALL_LANGUAGES for target in links(page) if target.endswith(".webp")
    }
    made = set(taken)
    assert len(made) == len(taken)
    assert {name for name in there if name.endswith(".webp")} == made == shown
    assert max(there.values()) < 150_000


def test_every_picture_says_in_words_what_is_on_it():
    wordless = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for words, target in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", page.read_text())
        if "/img/" in target and len(words.split()) < 4
    ]
    assert wordless == []
