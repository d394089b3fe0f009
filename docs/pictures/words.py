"""What stands on a page, in the language that the page is in."""

from functools import cache

from playwright.sync_api import Page

from lms.ops import translations


def said(page: Page, words: str) -> str:
    """English words as this page says them; what is no message of Lectern stays as it is."""
    return _catalogue(page.locator("html").get_attribute("lang") or "en").get(words, words)


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language == "en":
        return {}
    messages = translations.read(translations.source(language))
    return {str(message.id): str(message.string) for message in messages if isinstance(message.id, str)}
