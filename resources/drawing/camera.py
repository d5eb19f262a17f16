"""The pinhole camera that every sample picture is drawn through.

World: X to the right, Y up, Z away from the camera, in metres; the ground is Y = 0 and the camera stands at
(0, height, 0). It looks along Z with a shifted lens: verticals stay upright and the horizon lies where it is
put, so that a ground point at depth Z is seen at row ``horizon + focal * height / Z`` exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drawing.shading import Array

NEAR = 0.3


@dataclass(frozen=True)
class Camera:
    """How the world is seen.

    Attributes:
        focal: focal length in pixels.
        centre: column of the vanishing point, in pixels from the left edge.
        horizon: row of the horizon, in pixels from the top edge.
        height: of the camera above the ground, in metres.
    """

    focal: float
    centre: float
    horizon: float
    height: float

    def project(self, points: Array) -> Array:
        """World points (..., 3), all with Z > 0, as picture points (..., 2): column, row."""
        points = np.asarray(points, np.float64)
        factor = self.focal / points[..., 2]
        column = self.centre + factor * points[..., 0]
        row = self.horizon + factor * (self.height - points[..., 1])
        return np.stack([column, row], -1)

    def ground_depth(self, rows: Array) -> Array:
        """Depths Z in metres (...) of the ground seen at ``rows`` (...), which must lie below the horizon."""
        return np.asarray(self.focal * self.height / (rows - self.horizon))

    def outline(self, polygon: Array) -> Array:
        """A world polygon (N, 3) as a picture polygon (M, 2), cut off in front of the camera (M may be 0).

        The cut is Sutherland and Hodgman's (1974), against the one plane Z = `NEAR`.
        """
        polygon = np.asarray(polygon, np.float64)
        if polygon[:, 2].min() >= NEAR:
            return self.project(polygon)
        kept = []
        for start, end in zip(polygon, np.roll(polygon, -1, 0), strict=True):
            if start[2] >= NEAR:
                kept.append(start)
            if (start[2] >= NEAR) != (end[2] >= NEAR):
                kept.append(start + (end - start) * (NEAR - start[2]) / (end[2] - start[2]))
        return self.project(np.array(kept)) if len(kept) > 2 else np.zeros((0, 2))
