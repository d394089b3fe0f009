"""Bodies for reading."""

import json


def indented(body: str) -> str:
    """JSON with a line for each fact; anything else as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body
