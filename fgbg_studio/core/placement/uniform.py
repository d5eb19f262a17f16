"""Anywhere in the frame with equal chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.interfaces.placement import Placed, Placement, Request, scatter


@dataclass(frozen=True)
class Uniform(Placement):
    """The upper left corner uniform over the positions at which the whole foreground is inside."""

    name: ClassVar[str] = "uniform"
    summary: ClassVar[str] = "anywhere in the frame, the whole foreground inside"

    @override
    def place(self, request: Request) -> Placed:
        wide, high = request.frame - request.width, request.frame - request.height
        return Placed(
            x=scatter(wide, request.draws[:, 0]),
            y=scatter(high, request.draws[:, 1]),
            width=request.width,
            height=request.height,
            layer=np.full_like(request.width, -1),
            fits=(wide >= 0) & (high >= 0),
        )
