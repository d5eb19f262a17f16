"""The camera found in a depth map: the ground that is seen, and from it horizon, height, pitch and roll.

The ground is a plane n·X + h = 0 in the camera's coordinates (x to the right, y down, z forward): n is its normal,
which points up, and h the camera's height over it. A point of the plane at infinity is seen where n·K⁻¹(u, v, 1) = 0:
that line is the horizon (Hartley and Zisserman, 'Multiple view geometry', 2nd edition, section 8.6).

The plane is searched by samples of three points (Fischler and Bolles, 'Random sample consensus', 1981). Tables, beds
and shelves are planes as well, and often the larger ones: of all near-horizontal planes with enough points the ground
is the one that carries the others, so that hardly anything is seen below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.imaging.regions import Region

_POINTS = 6000  # that take part in the search
_TRIES = 4000
_REFINED = 24  # of the planes that three points gave
_STEEPEST = math.cos(math.radians(55))  # of the normal against the picture's up: cameras look down, and are tilted
_LEVEL = math.cos(math.radians(70))  # of a surface's normal against the picture's up: what may be ground at all
_ALONG = math.cos(math.radians(25))  # of a surface's normal against the ground's: what may be of it
_BENT = 0.25  # of a step: where surfaces bend by more, two meet
_NEAR, _FAR = 0.3, 12.0  # metres: nearer is the photographer's hand, farther a depth camera's noise
_SHARE = 0.03  # of the points: fewer are no ground
_BELOW = 0.02  # of the points may be seen below the ground: mirrors, stairs, noise
_LEAST_NOISE = 0.2  # of the tolerance: floors are never flatter
_FLOOR_SHARE = 0.002  # of the picture: smaller parts of the floor are not said

Points = NDArray[np.float64]


class Lens(NamedTuple):
    """A pinhole: focal lengths and the optical axis, in pixels of the picture that it is of."""

    fx: float
    fy: float
    cx: float
    cy: float

    def scaled(self, across: float, down: float) -> Lens:
        """Of the picture made so many times as wide and as high; pixels' centres are at halves."""
        return Lens(self.fx * across, self.fy * down, (self.cx + 0.5) * across - 0.5, (self.cy + 0.5) * down - 0.5)

    def cut(self, left: float, top: float) -> Lens:
        """Of a part of the picture that begins there."""
        return self._replace(cx=self.cx - left, cy=self.cy - top)

    @classmethod
    def of_view(cls, width: int, height: int, field_of_view: float) -> Lens:
        """That sees ``field_of_view`` degrees across a picture of such a size, its axis in the middle."""
        focal = width / 2 / math.tan(math.radians(field_of_view) / 2)
        return cls(focal, focal, (width - 1) / 2, (height - 1) / 2)


@dataclass(frozen=True)
class GroundPlane:
    """The ground plane of one picture, and the camera over it.

    Attributes:
        normal: unit vector that points up, in the camera's coordinates.
        height: of the camera over the ground, in metres.
        residual: root mean square distance of the floor's points from the plane, in metres.
        floor: (H, W) where the floor itself is seen, and nothing that stands on it.
        share: part of the picture's known pixels that lie on the plane.
        lens: of the picture.
    """

    normal: tuple[float, float, float]
    height: float
    residual: float
    floor: Region
    share: float
    lens: Lens

    @property
    def pitch(self) -> float:
        """How far the camera looks down, in degrees."""
        return math.degrees(math.asin(max(-1.0, min(1.0, -self.normal[2]))))

    @property
    def roll(self) -> float:
        """How far the horizon falls to the right, in degrees."""
        return math.degrees(math.atan2(self.normal[0], -self.normal[1]))

    def horizon(self, column: float) -> float:
        """Its row in a column of the picture; may lie outside the picture."""
        nx, ny, nz = self.normal
        across = (column - self.lens.cx) / self.lens.fx
        return self.lens.cy - self.lens.fy * (nx * across + nz) / ny


def find_ground(depth: DepthMap, lens: Lens) -> GroundPlane | None:
    """The ground in a depth map, and the camera over it; None where no plane is found that can be one.

    The same answer for the same map: the search draws from a fixed seed.

    Args:
        depth: (H, W) float32 in metres along the optical axis, NaN where it is not known.
        lens: of the map.
    """
    known = np.isfinite(depth) & (depth > _NEAR) & (depth < _FAR)
    cloud = _unprojected(depth, lens)
    normals, radius = _normals(cloud, known)
    level = known & (normals[..., 1] < -_LEVEL)
    if np.count_nonzero(level) < 50:
        return None
    part = float(np.count_nonzero(level) / np.count_nonzero(known))
    plane = _searched(_some(np.dstack([cloud, normals])[level]), _some(cloud[known]), part)
    if plane is None:
        return None
    plane, noise = _fitted(cloud[known & (normals @ plane[:3] > _ALONG)], plane)
    distance = (cloud @ plane[:3] + plane[3]) / (noise * _tolerance(cloud[..., 2]))
    on_plane = known & (np.abs(distance) < 1) & _grown(normals @ plane[:3] > _ALONG, 2 * radius)
    share = float(np.count_nonzero(on_plane) / np.count_nonzero(known))
    floor = _floor(on_plane, distance)
    seen = cloud[floor & on_plane]
    if share < _SHARE or not len(seen):
        return None
    residual = float(np.sqrt(np.mean((seen @ plane[:3] + plane[3]) ** 2)))
    x, y, z = (float(part) for part in plane[:3])
    return GroundPlane((x, y, z), float(plane[3]), residual, floor, share, lens)


def _unprojected(depth: DepthMap, lens: Lens) -> Points:
    """(H, W, 3): where each pixel is in the camera's coordinates, in metres; NaN where that is not known."""
    rows, columns = np.mgrid[0 : depth.shape[0], 0 : depth.shape[1]].astype(np.float64)
    rays = np.dstack([(columns - lens.cx) / lens.fx, (rows - lens.cy) / lens.fy, np.ones_like(rows)])
    cloud: Points = rays * depth[..., None].astype(np.float64)
    return cloud


def _normals(cloud: Points, known: Region) -> tuple[Points, int]:
    """(H, W, 3) unit normals of the surfaces, towards the camera's up, 0 where unknown; and how far around was looked.

    Each is the cross product of two differences of means: a depth camera's noise at a single pixel says nothing.
    """
    radius = max(round(max(known.shape) / 120), 2)
    side = (2 * radius + 1, 2 * radius + 1)
    count = cv2.blur(known.astype(np.float64), side)
    means = cv2.blur(np.where(known[..., None], cloud, 0), side) / np.maximum(count, 1e-9)[..., None]
    seen = count > 0.3
    # At the picture's border the nearest that has neighbours on both sides is taken.
    padded = np.pad(means[radius:-radius, radius:-radius], ((2 * radius,) * 2, (2 * radius,) * 2, (0, 0)), mode="edge")
    across, bent_across = _along(padded[radius:-radius], radius, 1)
    down, bent_down = _along(padded[:, radius:-radius], radius, 0)
    normals = np.cross(across, down)
    length = np.linalg.norm(normals, axis=2)
    normals /= np.maximum(length, 1e-12)[..., None]
    normals[normals[..., 1] > 0] *= -1
    normals[~(known & seen & (length > 0) & (bent_across < _BENT) & (bent_down < _BENT))] = 0
    return normals, radius


def _along(means: Points, radius: int, axis: int) -> tuple[Points, Points]:
    """Steps of 2 ``radius`` pixels along an axis of the picture, and how bent they are: two surfaces meet there."""
    count = means.shape[axis] - 2 * radius
    before, middle, after = (means.take(range(start, start + count), axis) for start in (0, radius, 2 * radius))
    step = after - before
    bent = np.linalg.norm(after + before - 2 * middle, axis=2) / np.maximum(np.linalg.norm(step, axis=2), 1e-9)
    return step, bent


def _grown(region: Region, radius: int) -> Region:
    """With what is so near to it that its own normal was taken across an edge."""
    side = 2 * radius + 1
    return cv2.dilate(region.astype(np.uint8), np.ones((side, side), np.uint8)) > 0


def _some(points: Points) -> Points:
    step = max(len(points) // _POINTS, 1)
    return points[::step]


def _tolerance(depth: Points) -> Points:
    """How far a point of a plane may lie off it, in metres.

    A depth camera's noise grows with the square of the distance: σ = 0.0012 + 0.0019 (z − 0.4)² of a Kinect (Nguyen,
    Izadi and Lovell, 'Modeling Kinect sensor noise', 3DIMPVT 2012). Floors are not flat to a millimetre either.
    """
    tolerance: Points = 0.015 + 2.5 * (0.0012 + 0.0019 * (depth - 0.4) ** 2)
    return tolerance


def _searched(points: Points, every: Points, part: float) -> Points | None:
    """(4,) the plane (n, h) that is most likely the ground; None where there is none.

    Args:
        points: (n, 6) of surfaces that may be level, each with its own normal.
        every: (m, 3) of all surfaces.
        part: of all surfaces that the first are.
    """
    drawn = np.random.default_rng(0).integers(0, len(points), (_TRIES, 3))
    first, second, third = (points[drawn[:, corner]] for corner in range(3))
    first, second, third = first[:, :3], second[:, :3], third[:, :3]
    normals = np.cross(second - first, third - first)
    lengths = np.linalg.norm(normals, axis=1)
    normals = normals[lengths > 1e-9] / lengths[lengths > 1e-9, None]
    first = first[lengths > 1e-9]
    normals[normals[:, 1] > 0] *= -1  # up is where y falls
    heights = -(normals * first).sum(axis=1)
    possible = (-normals[:, 1] > _STEEPEST) & (heights > 0.15)
    planes = np.column_stack([normals, heights])[possible]
    carried = np.array([_score(plane, points, every, part, 2.0) for plane in planes])
    best, most = None, 0.0
    for index in np.argsort(-carried)[:_REFINED]:
        if carried[index] <= 0:
            break
        along = points[:, 3:] @ planes[index, :3] > _ALONG
        plane, _ = _fitted(points[along, :3], planes[index])
        score = _score(plane, points, every, part, 1.0)
        if -plane[1] > _STEEPEST and score > most:
            best, most = plane, score
    return best


def _score(plane: Points, points: Points, every: Points, part: float, slack: float) -> float:
    """The share of all surfaces on the plane, less what is seen below it; 0 for what cannot be the ground."""
    near = np.abs(points[:, :3] @ plane[:3] + plane[3]) < slack * _tolerance(points[:, 2])
    on_plane = part * np.mean(near & (points[:, 3:] @ plane[:3] > _ALONG))
    below = np.mean(every @ plane[:3] + plane[3] < -3 * slack * _tolerance(every[:, 2]))
    return float(on_plane - 2 * below) if on_plane >= _SHARE and below <= slack * _BELOW else 0.0


def _fitted(points: Points, plane: Points) -> tuple[Points, float]:
    """The plane by least squares over what lies on it, and how noisy the depth is as a part of `_tolerance`.

    Nearer points count more: they are surer. Round by round less of what only stands on the floor takes part.
    """
    noise = 1.0
    for _ in range(6):
        tolerance = noise * _tolerance(points[:, 2])
        kept = np.abs(points @ plane[:3] + plane[3]) < tolerance
        if np.count_nonzero(kept) < 10:
            break
        chosen, weight = points[kept], 1 / tolerance[kept] ** 2
        centre = np.average(chosen, axis=0, weights=weight)
        apart = (chosen - centre) * np.sqrt(weight)[:, None]
        normal = np.linalg.eigh(apart.T @ apart)[1][:, 0]
        normal = -normal if normal[1] > 0 else normal
        plane = np.append(normal, -float(normal @ centre))
        off = np.abs(chosen @ normal + plane[3]) / _tolerance(chosen[:, 2])
        # 1.48 medians are a normal distribution's σ, and nearly all of it lies within 4 σ.
        noise = float(np.clip(4 * 1.48 * np.median(off), _LEAST_NOISE, 1))
    return plane, noise


def _floor(on_plane: Region, distance: Points) -> Region:
    """Connected parts of the picture whose surface is the plane's; holes of the depth within it are the floor's.

    Args:
        on_plane: (H, W).
        distance: (H, W) from the plane, upwards, in tolerances.
    """
    cleaned = cv2.morphologyEx(on_plane.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    closed = cv2.morphologyEx(cleaned, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    standing = np.abs(distance) > 1.5  # False for what is not known
    count, labels, figures, _ = cv2.connectedComponentsWithStats((closed.astype(bool) & ~standing).astype(np.uint8))
    least = max(_FLOOR_SHARE * on_plane.size, 0.05 * figures[1:, cv2.CC_STAT_AREA].max(initial=0))
    kept = [label for label in range(1, count) if figures[label, cv2.CC_STAT_AREA] >= least]
    return np.isin(labels, kept)
