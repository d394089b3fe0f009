"""What becomes otherwise when the categories of a gradebook are changed, as the audit log keeps it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

Category = tuple[int | None, dict[str, Any]]
"""The id, None for a new one, and what the log says of it: name, weight and drop."""


def changes(
    before: Sequence[Category],
    after: Sequence[Category],
    was: Mapping[str, int],
    becomes: Mapping[str, int],
    titles: Mapping[str, str],
) -> list[dict[str, Any]]:
    """One entry for each category that is new, gone or otherwise, one for another order, and one for each item that
    moves. `was` and `becomes` are the places of items in `before` and `after`, by their keys."""
    known, kept = dict(before), {number for number, _said in after if number is not None}
    found: list[dict[str, Any]] = []
    for number, said in after:
        old = known.get(number)
        if old is None:
            found.append({"did": "added", **said})
        elif old != said:
            names = [name for name in said if said[name] != old[name]]
            pairs = {name: [old[name], said[name]] for name in names}
            found.append({"did": "changed", "category": said["name"], "values": pairs})
    found += [{"did": "removed", "category": said["name"]} for number, said in before if number not in kept]
    stayed = [
        [number for number, _said in one if number in known and number in kept] for one in (before, after)
    ]
    if stayed[0] != stayed[1]:
        found.append({"did": "ordered", "names": [said["name"] for _number, said in after]})
    now: dict[int | None, str] = {number: said["name"] for number, said in after if number is not None}
    for key, title in titles.items():
        old_id, old_name = _of(before, was.get(key))
        new_id, new_name = _of(after, becomes.get(key))
        if old_id != new_id or (new_name and new_id is None):
            pair = [now.get(old_id, old_name), new_name]
            found.append({"did": "moved", "work": title, "categories": pair})
    return found


def _of(categories: Sequence[Category], place: int | None) -> tuple[int | None, str]:
    if place is None:
        return None, ""
    number, said = categories[place]
    return number, said["name"]
