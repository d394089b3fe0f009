"""The people whom an instructor brings in: a list of addresses, one a line, or a table as CSV."""

import csv
import re
from dataclasses import dataclass, field

from flask_babel import gettext as _

from lms.accounts import bulk, naming

MOST = 300
"""Addresses at once; longer lists are an administrator's."""

_LONGEST_LINE = 1000
_NAMED = re.compile(r"([^<>]*)<([^<>\s]+@[^<>\s]+)>")


@dataclass(slots=True)
class AddressList:
    """`names` by address, in order; `bad` are the lines that can't be used; `repeated` counts addresses that stood
    there before."""

    names: dict[str, str] = field(default_factory=dict)
    bad: list[bulk.BadRow] = field(default_factory=list)
    repeated: int = 0


def read(text: str) -> AddressList:
    """Every line, judged. A first line without an address may name the columns of a table."""
    found, seen = AddressList(), set()
    for number, line in enumerate(bulk.without_separator_line(text).splitlines(), 1):
        cells = _cells(line)
        people = _people(cells)
        if not people and any(cells) and not (number == 1 and _are_heads(cells)):
            reason = _("There is no email address in this line.")
            found.bad.append(bulk.BadRow(number, line.strip()[:200], reason))
        for typed, name in people:
            address = naming.address(typed)
            if address is None:
                reason = _("“%(value)s” is no email address that mail can reach.", value=typed[:100])
                found.bad.append(bulk.BadRow(number, line.strip()[:200], reason))
            elif address.lower() in seen:
                found.repeated += 1
            else:
                seen.add(address.lower())
                found.names[address] = _tidy(name)
    return found


def written(names: dict[str, str]) -> str:
    """The people as text, for `read`."""
    return "\n".join(f"{name} <{address}>" if name else address for address, name in names.items())


def _cells(line: str) -> list[str]:
    row = next(csv.reader([line[:_LONGEST_LINE]], delimiter=bulk.delimiter(line)), [])
    return [cell.strip() for cell in row]


def _people(cells: list[str]) -> list[tuple[str, str]]:
    """(address, name) of whoever stands in the line: `Ada <ada@example.org>`, a table's row, or addresses alone."""
    found: list[tuple[str, str]] = []
    for cell in cells:
        named = _NAMED.fullmatch(cell)
        if named:
            found.append((named[2], named[1]))
        else:
            found += [(word, "") for word in cell.split() if "@" in word]
    names = [cell for cell in cells if cell and "@" not in cell]
    if len(found) == len(names) == 1 and not found[0][1]:
        return [(found[0][0], names[0])]
    return found


def _are_heads(cells: list[str]) -> bool:
    return any("mail" in cell.lower() for cell in cells)


def _tidy(name: str) -> str:
    """A name without what would break the line it is written in; "" for what is none: who is invited gives their own."""
    kept = "".join(
        sign if (sign.isprintable() or sign in naming.JOINERS) and sign not in '<>"@,;' else " "
        for sign in name
    )
    tidy = " ".join(kept.split())[: naming.LONGEST_NAME]
    return "" if naming.fault(tidy) else tidy
