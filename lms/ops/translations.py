"""`python -m lms.ops.translations`: the catalogues of words, kept in step with the sources that use them.

`translations/<language>/LC_MESSAGES/messages.po` is edited by people and committed; what the application reads,
`messages.mo`, is built from it. English needs none: its words stand in the sources.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from lms.core.i18n import LANGUAGES

PACKAGE = Path(__file__).resolve().parents[1]
CATALOGUES = PACKAGE / "translations"
_MAPPING = PACKAGE.parent / "babel.cfg"
_WIDTH = 110


def source(language: str) -> Path:
    """The catalogue that people edit."""
    return CATALOGUES / language / "LC_MESSAGES" / "messages.po"


def read(path: Path) -> Catalog:
    """A catalogue of people's words. Raises babel's PoFileError for a file that is none."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, abort_invalid=True)


def extract() -> Catalog:
    """Every message of the Python sources and templates."""
    with _MAPPING.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    messages = extract_from_dir(
        PACKAGE,
        methods,
        options,
        comment_tags=("For translators:",),
        strip_comment_tags=True,
    )
    for name, line, message, comments, context in messages:
        found.add(message, None, [(f"lms/{name}", line)], auto_comments=comments, context=context)
    return found


def update() -> list[str]:
    """Take new messages into each catalogue and leave out those that are gone; what is translated stays.

    Returns a line for each language. Nothing is guessed: a message whose English changed is a new one.
    """
    found, said = extract(), []
    for language in LANGUAGES:
        if language == "en":
            continue
        path = source(language)
        catalogue = read(path) if path.exists() else Catalog(locale=language, charset="utf-8", fuzzy=False)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=_WIDTH, ignore_obsolete=True, include_lineno=False)
        missing = sum(not all(texts(message)) for message in catalogue if message.id)
        said.append(f"{path.relative_to(PACKAGE.parent)}: {len(catalogue)} messages, {missing} to translate")
    return said


def texts(message: object) -> tuple[str, ...]:
    """The translation of a message: one text, or one for each plural form."""
    given = message.string  # type: ignore[attr-defined]
    return tuple(given) if isinstance(given, (tuple, list)) else (given,)


def build(folder: Path = CATALOGUES) -> bool:
    """Compile the catalogues that changed since they were compiled. Returns whether there was one."""
    built = False
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        fresh = path.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read(path))
        fresh.replace(target)
        built = True
    return built


if __name__ == "__main__":
    print("\n".join(update()))
    build()
    sys.exit(0)
