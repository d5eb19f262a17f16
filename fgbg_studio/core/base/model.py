"""The base of every checked, frozen value that is stored as JSON."""

from __future__ import annotations

from pydantic import (
    BaseModel,
    ConfigDict,
)


class FrozenModel(BaseModel):
    """Base of the parts: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)
