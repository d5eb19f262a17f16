"""Ways to depth as earlier versions had them: what these made is verified and continued by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.depth.geometry import Geometry
from fgbg_studio.core.interfaces.depth import Scene
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.placement.perspective import Perspective


@dataclass(frozen=True)
class EarlierGeometry(Geometry):
    """Every object at the depth of its feet, whatever placed it: the wall's where these are on the wall."""

    name: ClassVar[str] = "geometry-1"
    summary: ClassVar[str] = "the geometry of earlier versions: every object at the depth of its feet"
    offered: ClassVar[bool] = False

    @override
    def placement(self, scene: Scene) -> Placement:
        return Perspective()
