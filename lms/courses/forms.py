"""What people type about courses."""

from werkzeug.datastructures import MultiDict

from lms.courses.catalogue import LONGEST_QUERY, SORTS, Wish
from lms.courses.models import LEVELS


def wish_from(args: MultiDict[str, str]) -> Wish:
    """The catalogue's filters from an address. What does not exist counts as not asked for."""

    def text(name: str) -> str:
        return " ".join(args.get(name, "").split())[:LONGEST_QUERY]

    level, sort = text("level"), text("sort")
    return Wish(
        q=text("q"),
        category=text("category"),
        level=level if level in LEVELS else "",
        language=text("language"),
        tag=text("tag"),
        sort=sort if sort in SORTS else "",
    )
