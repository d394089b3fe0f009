"""A translated page of the documentation says what its English says, and says when it may no longer.

How one is renewed: docs/developers/translations.md.
"""

import hashlib
import re
from collections import Counter, defaultdict
from functools import cache

import pytest

from lms.core.i18n import LANGUAGES
from lms.help import book, rules
from lms.ops import translations

EVERYTHING = frozenset(rules.SECTIONS)
TRANSLATED = [code for code in LANGUAGES if (book.DOCS / code).is_dir()]
FILES = sorted(file for code in TRANSLATED for file in (book.DOCS / code).rglob("*.md"))
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
EMPHASISED = re.compile(r"(\*{1,3})(?!\s)(.+?)(?<!\s)\1|[\"«](.+?)[\"»]", re.DOTALL)
MAY_BE_WORDS = {"1", "2"}
"""Numbers for which a language may have forms of their own, as Arabic has."""


def name_of(file):
    return str(file.relative_to(book.DOCS))


PAGES = [file for file in FILES if file.name != "README.md"]
every_file = pytest.mark.parametrize("file", FILES, ids=name_of)
every_page = pytest.mark.parametrize("file", PAGES, ids=name_of)


def english(file):
    return book.DOCS.joinpath(*file.relative_to(book.DOCS).parts[1:])


def language(file):
    return file.relative_to(book.DOCS).parts[0]


def blob(file):
    """The name that git has for the contents of a file."""
    words = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(words) + words, usedforsecurity=False).hexdigest()[:12]


def both(app, file):
    """The English page and the translated one, rendered."""
    section, name = file.parent.name, file.stem
    with app.test_request_context():
        return tuple(
            book.rendered(book.page(section, name, code), EVERYTHING) for code in ("en", language(file))
        )


def picture(url, file):
    """The address of the same picture in the language of a file, where there is one."""
    theirs = url.replace(".webp", f".{language(file)}.webp")
    return theirs if book.picture(theirs.rpartition("/")[2]) else url


def named(text):
    """What is emphasised or quoted: names of the interface, and few other words."""
    found = EMPHASISED.findall(CODE.sub("", text))
    parts = (part for _, stars, quoted in found for part in re.split(" [→←] ", stars or quoted))
    return {" ".join(part.split()).strip(" .:*") for part in parts}


@cache
def names(code):
    """The messages of the interface and how they are said in this language."""
    said = defaultdict(set)
    for message in translations.read(translations.source(code)):
        if isinstance(message.id, str):
            said[message.id.replace("’", "'")].add(message.string)
    return said


def test_there_is_something_to_look_at():
    assert TRANSLATED == ["ar"] and PAGES


@every_file
def test_a_translation_is_of_the_english_as_it_stands(file):
    source = english(file)
    wanted = f"<!-- docs/{name_of(source)} {blob(source)} -->"
    first = file.read_text(encoding="utf-8").partition("\n")[0]
    assert first == wanted, f"{name_of(file)}: docs/{name_of(source)} says something else by now"


@every_page
def test_a_translation_is_in_the_list_of_its_language(file):
    listed = (book.DOCS / language(file) / "README.md").read_text(encoding="utf-8")
    assert f"({file.parent.name}/{file.name})" in listed


@every_page
def test_headings_correspond_one_to_one(app, file):
    ours, theirs = ([(each.level, each.id) for each in one.headings] for one in both(app, file))
    assert ours == theirs
    assert len(ours) == len(set(ours))


@every_page
def test_links_and_pictures_are_those_of_the_english_and_lead_somewhere(app, file):
    ours, theirs = both(app, file)
    assert [each for each in theirs.findings if each.kind != "alt"] == []
    assert Counter(each.url for each in theirs.links) == Counter(each.url for each in ours.links)
    assert [each.url for each in theirs.images] == [picture(each.url, file) for each in ours.images]
    assert all(each.text for each in theirs.images)


@every_file
def test_links_work_among_the_files_too(file):
    targets = re.findall(r"\]\(([^)\s#]+)", CODE.sub("", file.read_text(encoding="utf-8")))
    assert [to for to in targets if "://" not in to and not (file.parent / to).exists()] == []


@every_page
def test_numbers_limits_and_code_are_those_of_the_english(file):
    texts = [each.read_text(encoding="utf-8") for each in (english(file), file)]
    ours, theirs = (Counter(CODE.findall(text)) for text in texts)
    assert ours - theirs == Counter()
    assert [more for more in theirs - ours if more.strip("`") not in texts[0]] == []
    numbers = [
        Counter(re.findall(r"\d+(?:[.,:]\d+)*", CODE.sub("", re.sub(r"^<!--.*-->|\]\(.*?\)", "", text))))
        for text in texts
    ]
    assert numbers[1] - numbers[0] == Counter()
    assert set(numbers[0] - numbers[1]) <= MAY_BE_WORDS


@every_page
def test_buttons_and_pages_are_called_as_on_the_screen(file):
    said = names(language(file))
    here = named(file.read_text(encoding="utf-8"))
    wanted = {name for name in named(english(file).read_text(encoding="utf-8")) if name in said}
    assert {name: said[name] for name in wanted if not said[name] & here} == {}
