"""Addresses of built assets: `asset("app.css")` -> `/static/build/app.3f2a91c04d.css`, cacheable for ever."""

import json
from functools import lru_cache
from pathlib import Path

from flask.helpers import get_debug_flag

BUILD = Path(__file__).resolve().parents[1] / "static" / "build"
MANIFEST = BUILD / "manifest.json"
URL = "/static/build/"
_WORKPLACES = ("/teaching", "/admin")


class AssetError(Exception):
    """An asset was not built, or its sources are wrong; the message says which and what to do."""


def asset(name: str) -> str:
    """The address of a built file by its plain name: `app.css`, `app.js`, `icons.svg`, `img/favicon.svg`.

    The manifest is read once; with FLASK_DEBUG on, again whenever it changed.
    Raises AssetError for an unknown name.
    """
    names = _names(MANIFEST.stat().st_mtime_ns if get_debug_flag() and MANIFEST.exists() else 0)
    try:
        return URL + names[name]
    except KeyError:
        raise AssetError(
            f"There is no asset {name!r}. Run `make assets` if its source was just added."
        ) from None


def bundle(path: str) -> str:
    """The name of the one style sheet and the one script of the page at `path`: there is a pair for teaching and
    administering, `staff`, and one for all else, `app`."""
    return "staff" if path.startswith(_WORKPLACES) else "app"


@lru_cache(maxsize=1)
def _names(_changed: int) -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetError(
            f"The assets have not been built ({MANIFEST} is missing). Run `make assets`."
        ) from None
    return names
