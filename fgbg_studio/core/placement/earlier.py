"""Placements as earlier versions had them: what these made is verified and continued by them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.interfaces.placement import Request
from fgbg_studio.core.placement.perspective import Perspective


@dataclass(frozen=True)
class EarlierPerspective(Perspective):
    """Feet also where the camera's wall is seen."""

    name: ClassVar[str] = "perspective-1"
    summary: ClassVar[str] = "the perspective of earlier versions: feet also where the wall is seen"
    offered: ClassVar[bool] = False

    @override
    def feet(self, request: Request) -> tuple[Ints, Ints]:
        return super().feet(replace(request, wall=request.horizon))
