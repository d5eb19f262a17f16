"""How a check of the self-test ends: well, left out, or failed."""

from __future__ import annotations


class LeftOut(Exception):  # noqa: N818 - it is no error
    """A part that this edition does not have, and need not."""


def expect(condition: object, message: str) -> None:
    """Fail the check with ``message`` unless ``condition`` holds; also where assertions are switched off."""
    if not condition:
        raise RuntimeError(message)
