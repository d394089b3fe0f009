"""Whether a key decides grades otherwise than another, and whether it can grade answers to what was seen. Pure rules."""

from collections.abc import Mapping
from typing import Any

SAID = frozenset({"feedback", "general"})
"""Parts of a key that are only said and change no grade."""


def judged(key: Any) -> Any:
    """What of a key decides grades, without what it says."""
    if isinstance(key, Mapping):
        return {name: judged(value) for name, value in key.items() if name not in SAID}
    return [judged(item) for item in key] if isinstance(key, list) else key


def fits(seen: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether answers to the question that was seen can be graded as answers to the new one: the same type, and
    in each list the same ids. Words may have been corrected, but none may have moved to another id."""
    if seen.get("type") != new.get("type"):
        return False
    lists = {name for content in (seen, new) for name, value in content.items() if isinstance(value, list)}
    return all(_fit(seen.get(name), new.get(name)) for name in lists)


def _fit(seen: Any, new: Any) -> bool:
    if not isinstance(seen, list) or not isinstance(new, list):
        return False
    old, now = ({item["id"]: item for item in items} for items in (seen, new))
    if old.keys() != now.keys() or any(old[id].get("type") != now[id].get("type") for id in old):
        return False
    nested = all(_fit(old[id]["options"], now[id].get("options")) for id in old if "options" in old[id])
    before, after = _words(old), _words(now)
    came = {after[id] for id in after if after[id] != before[id]}
    moved = any(before[id] in came for id in before if before[id] != after[id])
    return nested and not moved


def _words(items: Mapping[str, Any]) -> dict[str, str]:
    return {id: " ".join(item.get("text", id).split()) for id, item in items.items()}
