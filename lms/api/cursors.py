"""Where the next page of a list begins: signed, so that nobody builds on what is in it."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from lms.api.problems import unfit


def _signer(listing: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"cursor of {listing}")


def written(listing: str, last_id: int) -> str:
    """The cursor behind the row `last_id` of the list."""
    return str(_signer(listing).dumps(last_id))


def read(listing: str, cursor: str | None) -> int:
    """The id of the last row that was seen; 0 for the first page. Raises Problem for one of another list."""
    if cursor is None:
        return 0
    try:
        return int(_signer(listing).loads(cursor))
    except BadSignature:
        raise unfit("cursor", "Take it from `next` of the page before.") from None
