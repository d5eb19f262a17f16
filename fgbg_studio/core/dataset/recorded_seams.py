"""How easily the seams of a dataset are told, as its record keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

KEY = "seams"
"""Of the record."""
NAMED = 10
"""Cutouts at most: those that are told best."""

_Chance = Annotated[float, Field(ge=0, le=1)]
_Count = Annotated[int, Field(ge=0, lt=1 << 53)]


class ToldSeams(BaseModel):
    """How often borders were told from real edges, of so many pieces."""

    chance: _Chance
    pieces: _Count


class RecordedSeams(ToldSeams):
    """What a record says of the seams: of all, by blend and by cutout, the best told first."""

    samples: _Count
    blends: dict[str, ToldSeams]
    foregrounds: dict[str, ToldSeams]


def to_record(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the record keeps of a `SeamReport`'s report."""
    return {**report, "foregrounds": dict(list(report["foregrounds"].items())[:NAMED])}


def recorded_seams(record: Mapping[str, Any]) -> RecordedSeams | None:
    """What the record says of the seams; None where they were not looked at, or it says something else."""
    try:
        return RecordedSeams.model_validate(record.get(KEY))
    except ValidationError:
        return None
