"""What a statement may be that runs outside of a transaction: it neither changes nor locks anything."""

import re
from functools import lru_cache

_QUOTED = re.compile(
    r"""--[^\n]*  |  /\*.*?\*/  |  '(?:[^']|'')*'  |  "(?:[^"]|"")*"  |  \$(\w*)\$.*?\$\1\$""",
    re.DOTALL | re.VERBOSE,
)
_BEGINS = re.compile(r"[\s(]*(select|with|values)\b", re.IGNORECASE)
_DOES_MORE = re.compile(
    r"""\b(?: (?:insert|merge)\s+into | update\s+(?:only\s+)?[\w."]+\s+(?:as\s+)?(?:\w+\s+)?set | delete\s+from | truncate
        | for\s+(?:no\s+key\s+)?(?:update|share) | for\s+key\s+share | into\s+(?:temp|unlogged|table)
        | (?:nextval|setval|set_config|lo_\w+|pg_(?:try_)?advisory\w*|pg_notify|dblink\w*)\s*\( )""",
    re.IGNORECASE | re.VERBOSE,
)


class NotARead(RuntimeError):
    """A statement that needs a transaction was sent without one."""


def what_else(statement: str) -> str | None:
    """The words of SQL by which a statement does more than read; None when it only reads."""
    plain = _QUOTED.sub(lambda found: '""' if found[0][0] == '"' else " ", statement)
    if not _BEGINS.match(plain):
        return " ".join(plain.split()[:2])
    more = _DOES_MORE.search(plain)
    return " ".join(more[0].split()) if more else None


@lru_cache(maxsize=2000)
def only_reads(statement: str) -> None:
    """Raise NotARead for SQL that changes or locks something. Each text is looked at once."""
    if said := what_else(statement):
        raise NotARead(
            f"core.db.read is for statements that only read; this one says “{said}”: {statement[:200]}"
        )
