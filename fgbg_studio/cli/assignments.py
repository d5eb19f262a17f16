"""``key=value`` as a person types it; the only place where a setting is text."""

from __future__ import annotations

import json
from collections.abc import Iterable

from fgbg_studio.core.base.errors import UsageError


def parsed(assignments: Iterable[str]) -> dict[str, object]:
    """Key → value of each ``key=value``: values are JSON or plain words, the last of a key counts.

    What belongs to the project itself stays text: it may be called 2024, or true.

    Raises:
        UsageError: one has no equals sign.
    """
    changes: dict[str, object] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(f"{assignment!r} is not of the form key=value", "Write for example placements=10")
        key = key.strip()
        changes.pop(key, None)  # its place is where it is said last: placement=layers forgets placement.columns=6
        changes[key] = text if key in {"seed", "name"} or key.startswith("goal.") else _value(text.strip())
    return changes


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
