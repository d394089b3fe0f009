"""The Arabic catalogue is complete and in step with the sources: nobody meets an English word on an Arabic page."""

import ast
import os
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.support import Translations

from lms.core.i18n import LANGUAGES
from lms.ops import translations
from tests.support.languages import latin_in

TRANSLATED = [code for code in LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[#0\- +]?[\d.]*([a-zA-Z%])")
# "One lesson" and "two lessons" are words in Arabic; these are the plural forms that stand for a single number.
FORMS_WITHOUT_NUMBER = {"ar": {0, 1, 2}}


@pytest.fixture(scope="module", params=TRANSLATED)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return translations.read(translations.source(request.param))


def messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def english(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def placeholders(text: str) -> set[tuple[str, str]]:
    return set(PLACEHOLDER.findall(text))


def test_the_catalogue_has_the_messages_of_the_sources(catalogue: Catalog) -> None:
    wanted = {(message.context, message.id) for message in messages(translations.extract())}
    kept = {(message.context, message.id) for message in messages(catalogue)}
    assert wanted == kept, (
        f"{len(wanted - kept)} messages are new and {len(kept - wanted)} are gone: run `make translations`, "
        f"then translate what is empty in lms/translations. New: {sorted(map(str, wanted - kept))[:5]}"
    )


def test_every_message_is_translated_in_every_plural_form(catalogue: Catalog) -> None:
    missing = []
    for message in messages(catalogue):
        given = translations.texts(message)
        forms = catalogue.num_plurals if message.pluralizable else 1
        if message.fuzzy or len(given) != forms or not all(text and text.strip() for text in given):
            missing.append(message.id)
    assert missing == []


def test_a_translation_has_the_placeholders_of_its_english(catalogue: Catalog) -> None:
    wrong = []
    for message in messages(catalogue):
        wanted = placeholders(english(message)[-1])
        for form, text in enumerate(translations.texts(message)):
            optional = set()
            if message.pluralizable and form in FORMS_WITHOUT_NUMBER.get(str(catalogue.locale), set()):
                optional = {("num", "s")}
            if text and not wanted - optional <= placeholders(text) <= wanted:
                wrong.append(text)
    assert wrong == []


def test_spaces_at_the_edges_stay(catalogue: Catalog) -> None:
    def edges(text: str) -> tuple[bool, bool]:
        return text[:1].isspace(), text[-1:].isspace()

    wrong = [
        m.id
        for m in messages(catalogue)
        if {edges(t) for t in translations.texts(m)} != {edges(english(m)[0])}
    ]
    assert wrong == []


def test_names_are_isolated_in_pairs(catalogue: Catalog) -> None:
    texts = [text for message in messages(catalogue) for text in translations.texts(message)]
    assert [text for text in texts if text.count("\u2068") != text.count("\u2069")] == []


IMPORTS = (
    "lms/interop/course_folder/",
    "lms/interop/gift/",
    "lms/interop/moodle_xml/",
    "lms/interop/circles.py",
    "lms/interop/regrading.py",
    "lms/quizzes/validation.py",
)
PHRASES = {"first", "more", "said", "what", "why", "flaw", "size"}
NUMBERS = {
    "num",
    "number",
    "line",
    "most",
    "limit",
    "least",
    "ratio",
    "weight",
    "low",
    "lowest",
    "high",
    "total",
}
"""Placeholders that need no marks around them: other messages have their own."""


def test_an_import_says_names_and_foreign_words_apart_from_the_arabic(catalogue: Catalog) -> None:
    mixed = []
    for message in messages(catalogue):
        if not all(name.startswith(IMPORTS) and name.endswith(".py") for name, _line in message.locations):
            continue
        for text in translations.texts(message):
            bare = re.sub(
                r"%\((\w+)\)s", lambda found: "" if found[1] in PHRASES | NUMBERS else found[0], text
            )
            if latin_in(bare):
                mixed.append(text)
    assert mixed == []


WORDS_AT = {"Phrase": 0, "plural_phrase": 0}
WORDS_AT_IN_FOLDERS = {"wrong": 1, "doubt": 1}
HAND_ON = {"phrases.py", "fields.py"}
"""Files that make a phrase of words which stand elsewhere."""


def test_the_words_of_a_phrase_are_written_where_it_is_made() -> None:
    """Else nobody finds them to translate them."""
    hidden = []
    for path in sorted(translations.PACKAGE.rglob("*.py")):
        if path.name in HAND_ON:
            continue
        places = WORDS_AT | (WORDS_AT_IN_FOLDERS if path.parent.name == "course_folder" else {})
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = (
                places.get(ast.unparse(node.func).rsplit(".", 1)[-1]) if isinstance(node, ast.Call) else None
            )
            if place is not None and not isinstance(node.args[place], ast.Constant):
                hidden.append(f"{path.name}: {ast.unparse(node)}")
    assert hidden == []


def test_a_catalogue_is_compiled_again_only_when_it_changed(tmp_path: Path) -> None:
    folder = tmp_path / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "messages.po"
    source.write_text('msgid ""\nmsgstr "Language: ar\\n"\n\nmsgid "Save"\nmsgstr "حفظ"\n', encoding="utf-8")
    assert translations.build(tmp_path)
    assert not translations.build(tmp_path)
    assert Translations.load(str(tmp_path), ["ar"]).ugettext("Save") == "حفظ"

    source.write_text(source.read_text(encoding="utf-8").replace("حفظ", "احفظ"), encoding="utf-8")
    later = (folder / "messages.mo").stat().st_mtime + 1
    os.utime(source, (later, later))
    assert translations.build(tmp_path)
    assert Translations.load(str(tmp_path), ["ar"]).ugettext("Save") == "احفظ"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "لا دروس"),
        (1, "درس واحد"),
        (2, "درسان"),
        (7, "7 دروس"),
        (24, "24 درسًا"),
        (100, "100 درس"),
        (103, "103 دروس"),
    ],
)
def test_arabic_counts_with_six_forms(number: int, said: str) -> None:
    translations.build()
    arabic = Translations.load(str(translations.CATALOGUES), ["ar"])
    assert arabic.ungettext("%(num)s lesson", "%(num)s lessons", number) % {"num": number} == said
