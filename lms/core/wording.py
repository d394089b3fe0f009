"""Translated words. A page asks for a hundred of them, so each is a look-up or two instead of a dozen."""

from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Words(Domain):
    """Flask-Babel's domain with the catalogue of each language at hand."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[Locale | None, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        """The catalogue of the language of this answer, found once for each."""
        try:
            notes: Any = g.get("_flask_babel")
        except RuntimeError:  # outside of any application
            notes = None
        locale = getattr(notes, "babel_locale", None)
        if locale is None:
            locale = get_locale()
        elif getattr(notes, "words_of", None) is locale:
            known: Translations | NullTranslations = notes.words
            return known
        found = self._known.get(locale)
        if found is None:
            found = self._known[locale] = super().get_translations()
        if notes is not None:
            notes.words_of, notes.words = locale, found
        return found


WORDS = Words()


def init_app(app: Flask) -> None:
    """Use these words in Python and in templates. Call it after Babel was set up."""
    app.extensions["babel"].instance.domain_instance = WORDS
    app.jinja_env.globals.update({"_": _gettext, "gettext": _gettext, "ngettext": _ngettext})


# As Jinja's own: every text is a format; its words are ours and not escaped, what goes into it is.


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    said = WORDS.get_translations().gettext(text)
    if context.autoescape:
        said = Markup(said)  # noqa: S704 - a catalogue's words, not a person's
    return said % values if "%" in said else said


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    values.setdefault("num", number)
    said = WORDS.get_translations().ngettext(one, many, number)
    if context.autoescape:
        said = Markup(said)  # noqa: S704
    return said % values
