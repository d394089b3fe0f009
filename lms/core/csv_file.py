"""Tables as CSV files that spreadsheets open without running anything."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection)."""


def harmless(value: object) -> str:
    """The cell as text; one that would be a formula is quoted with an apostrophe. Numbers stay numbers."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return "'" + text
    return text


def lines(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The file piece by piece, with the mark that lets spreadsheets read it as UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([harmless(head) for head in heads])
    for row in rows:
        writer.writerow([harmless(value) for value in row])
        if buffer.tell() > 32_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download that is sent while its rows are read. `name` is the file's, in plain ASCII."""
    response = Response(stream_with_context(lines(heads, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
