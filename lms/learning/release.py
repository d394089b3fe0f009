"""When a lesson opens to a learner. A rule is `{"date": ISO time}`, `{"days": n}` after enrolling, or
`{"after": lesson}` once that lesson is completed; times without a zone are UTC. What can't be read holds nothing back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a lesson is not open yet: until `opens_at`, or until the lesson `after` is completed."""

    opens_at: datetime | None = None
    after: str = ""


def hold(
    rule: Mapping[str, Any] | None, enrolled_at: datetime | None, at: datetime, lines: Sequence[Any]
) -> Hold | None:
    """Whether the rule keeps a reader back at this time. `lines` are the course's lessons with their states.

    Days and other lessons bind learners only: who reads a preview without enrolling has neither.
    """
    if not rule:
        return None
    opens_at = moment_of(rule.get("date"))
    days = rule.get("days")
    if isinstance(days, int) and enrolled_at is not None and days < 36_500:
        opens_at = max(filter(None, (opens_at, enrolled_at + timedelta(days=days))))
    if opens_at is not None and at < opens_at:
        return Hold(opens_at)
    wanted = rule.get("after")
    if not wanted or enrolled_at is None:
        return None
    first = next((line for line in lines if wanted in (line.source_id, line.slug)), None)
    return Hold(after=first.title) if first is not None and first.state != "completed" else None


def moment_of(text: Any) -> datetime | None:
    """The moment of a rule's date; a day alone begins at midnight UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
