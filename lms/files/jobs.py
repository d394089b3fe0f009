"""Upkeep of stored files."""

from lms.core import clock
from lms.core.jobs import job
from lms.files import orphans, storage, uploads


@job("files.remove_orphans")
def remove_orphans() -> None:
    """Forget files that nothing refers to, and delete bytes that no row knows."""
    at = clock.now()
    orphans.forget_unused(at)
    orphans.remove_orphans(at)


@job("files.remove_pieces")
def remove_pieces(*, keys: list[str]) -> None:
    """Delete the pieces of an upload that ended; doing it again does no harm."""
    for key in keys:
        storage.remove(key)


@job("files.sweep_uploads")
def sweep_uploads() -> None:
    """Give up uploads that nobody continues."""
    uploads.sweep(clock.now())
