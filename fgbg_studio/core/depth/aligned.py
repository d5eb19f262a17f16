"""A network's depth, scaled and shifted so that the ground lies where the background's camera sees it.

Up to a factor and a shift, networks of inverse depth are right (Ranftl et al., 'Towards robust monocular depth
estimation', TPAMI 2020, section 5): 1/z = s·q + t for their output q. The ground says what both are: it is seen in the
row y at 1/z = (y − horizon) / `GroundView.ground`. So sizes, places and stored metres come from one camera, also with a
network that gives metres of its own.

Which pixels show the ground is searched by samples of two (Fischler and Bolles, 'Random sample consensus', 1981). A
table's top fits as well as the floor does, but then the floor would lie below the ground, which counts against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap, Floats
from fgbg_studio.core.base.camera import GroundView
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.depth.holed import HoledMaker
from fgbg_studio.core.depth.inserted import Inserted, InsertedMaker
from fgbg_studio.core.depth.network_record import network_meaning
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.depth import Meaning, Scene, view_of

_POINTS = 4000  # that take part in the search
_TRIES = 1500
_NEAR = 0.05  # of the inverse depth: what is so near to the ground's is the ground; networks are not better
_LEVEL = 0.5  # of the ground's rise from row to row: what is so near to it lies as the ground does
_SHARE = 0.05  # of what is seen below the horizon: less is no ground
_BELOW = 0.05  # of it may be seen below the ground
_APART = 1e-3  # of the greater: what a network says of two points differs by more, or is the same
_MARGIN = 0.02  # of the frame: rows so near to the horizon say nothing
_FARTHEST = 1000.0  # metres: what is farther is sky


@dataclass(frozen=True)
class Aligned(Inserted):
    """Metres of any network, also of one whose depth has no unit: by the camera of each background."""

    name: ClassVar[str] = "aligned"
    title: ClassVar[str] = "Network, in the camera's metres"
    summary: ClassVar[str] = "a network's depth, scaled and shifted so that the ground is where the camera sees it"
    uses_camera: ClassVar[bool] = True
    gives_metres: ClassVar[bool] = True

    @override
    def prepare(self, scene: Scene, cache: Store) -> Iterator[tuple[int, int]]:
        """As `Inserted`; raises a `PlanError` at the end where a background shows no ground that fits its camera."""
        yield from super().prepare(scene, cache)
        maker = self.open(scene, cache)
        without = [number + 1 for number in range(len(scene.backgrounds)) if not maker.fits(number)]
        if without:
            listed = ", ".join(map(str, without[:5])) + (" and others" if len(without) > 5 else "")
            raise PlanError(
                f"in {len(without):,} of {len(scene.backgrounds):,} backgrounds ({listed}) the network sees no ground"
                " where their camera has it",
                ["set their horizons", "reject them", "choose another way to depth"],
            )

    @override
    def open(self, scene: Scene, cache: Store) -> AlignedMaker:
        return AlignedMaker(scene, cache)

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        how = (
            "the network saw each background, scaled and shifted so that the ground is where the background's camera"
            " sees it; the foreground stands at the depth of its ground contact"
        )
        return network_meaning(cache, how)._replace(kind="metric")


class AlignedMaker(HoledMaker):
    """Inserts foregrounds into the maps that were brought to metres."""

    def __init__(self, scene: Scene, cache: Store) -> None:
        super().__init__()
        self._scene, self._seen = scene, InsertedMaker(scene, cache)

    def fits(self, background: int) -> bool:
        """Whether the network sees ground where the background's camera has it."""
        return self._aligned(background) is not None

    @override
    def made(self, background: int) -> DepthMap:
        found = self._aligned(background)
        if found is None:  # `prepare` has refused it; a preview prepares one background after the other
            raise PlanError(
                f"the network sees no ground in background {background + 1} where its camera has it",
                ["set its horizon", "reject it", "choose another way to depth"],
            )
        return found

    def _aligned(self, background: int) -> DepthMap | None:
        return align(self._seen.base(background), self._view(background))

    def _view(self, number: int) -> GroundView:
        scene = self._scene
        return view_of(scene.backgrounds[number], scene.camera, scene.size, scene.real_height)


def align(depth: DepthMap, view: GroundView) -> DepthMap | None:
    """The depth in metres along the camera's axis; None where no ground is found that fits the camera.

    The same answer for the same map: the search draws from a fixed seed.

    Args:
        depth: (S, S) float32, more than 0, larger = farther, in any unit; a shift of its inverse is made good.
        view: of the camera, in a frame of S pixels.

    Returns:
        (S, S) float32, NaN where what is seen is as far away as the sky.
    """
    with np.errstate(divide="ignore"):
        inverse = 1 / depth.astype(np.float64)
    line = _ground_line(inverse, view)
    if line is None:
        return None
    scaled = line.scale * inverse + line.shift
    with np.errstate(divide="ignore"):
        metres = np.where(scaled > 1 / _FARTHEST, 1 / scaled, np.nan)
    return np.asarray(metres, np.float32)


class _Line(NamedTuple):
    """1/z of the scene is ``scale`` times the network's and ``shift``."""

    scale: float
    shift: float


def _ground_line(inverse: Floats, view: GroundView) -> _Line | None:
    """What brings the ground of an inverse depth map (S, S) to where ``view`` has it."""
    size = view.frame
    rows = np.arange(size) + 0.5 - view.horizon
    shown = np.isfinite(inverse) & (rows > _MARGIN * size)[:, None]
    count = int(np.count_nonzero(shown))
    if count < size:  # less than one row
        return None
    step = max(count // _POINTS, 1)
    known = np.broadcast_to((rows / view.ground)[:, None], inverse.shape)
    points = _Points(*(part[shown][::step] for part in (inverse, _rise(inverse) * view.ground, known)))
    drawn = np.random.default_rng(0).integers(0, len(points.seen), (_TRIES, 2))
    seen, wanted = points.seen[drawn], points.known[drawn]
    apart, rise = seen[:, 0] - seen[:, 1], wanted[:, 0] - wanted[:, 1]
    told = np.abs(apart) > _APART * np.abs(seen).max(axis=1)
    scales = np.divide(rise, apart, out=np.zeros(_TRIES), where=told)
    shifts = wanted[:, 0] - scales * seen[:, 0]
    best, most = None, 0.0
    for line in map(_Line, scales[scales > 0].tolist(), shifts[scales > 0].tolist()):
        score = _score(line, points)
        if score > most:
            best, most = line, score
    return None if best is None else _refined(best, points)


class _Points(NamedTuple):
    """Of some pixels below the horizon, (n,) each.

    ``seen`` is the network's inverse depth, ``rises`` how much it grows from row to row, as a part of how much the
    ground's does, and ``known`` the ground's inverse depth in that row.
    """

    seen: Floats
    rises: Floats
    known: Floats


def _rise(inverse: Floats) -> Floats:
    """(S, S) how much it grows from row to row, over as many rows as noise wants."""
    radius = max(round(len(inverse) / 60), 1)
    smooth = cv2.blur(inverse, (2 * radius + 1, 2 * radius + 1))
    down = np.pad(smooth, ((radius, radius), (0, 0)), mode="edge")
    spans = np.minimum(np.arange(len(inverse)) + radius, len(inverse) - 1) - np.maximum(
        np.arange(len(inverse)) - radius, 0
    )
    rises: Floats = (down[2 * radius :] - down[: -2 * radius]) / spans[:, None]
    return rises


def _ground(line: _Line, points: _Points) -> Region:
    """(n,) which points lie on the ground, and on a surface that lies as it does: a wall's foot is no ground."""
    near = np.abs((line.scale * points.seen + line.shift) / points.known - 1) < _NEAR
    return near & (np.abs(line.scale * points.rises - 1) < _LEVEL)


def _score(line: _Line, points: _Points) -> float:
    """The share of what is seen that is ground, less what would lie below it; 0 for what cannot be the ground."""
    ground = np.count_nonzero(_ground(line, points)) / len(points.seen)
    # Below 1: farther than the ground in that row, so below it.
    below = np.count_nonzero(line.scale * points.seen + line.shift < (1 - 3 * _NEAR) * points.known) / len(points.seen)
    return ground - 2 * below if ground >= _SHARE and below <= _BELOW else 0.0


def _refined(line: _Line, points: _Points) -> _Line:
    """The line by least squares over the ground, the relative error being what counts."""
    for _ in range(3):
        ground = _ground(line, points)
        q, d = points.seen[ground], points.known[ground]
        weight = 1 / d**2
        total = weight.sum()
        mean_q, mean_d = (weight * q).sum() / total, (weight * d).sum() / total
        spread = (weight * (q - mean_q) ** 2).sum()
        scale = float((weight * (q - mean_q) * (d - mean_d)).sum() / spread) if spread > 0 else 0.0
        if scale <= 0:
            break
        # Nine digits: how a processor sums must not decide a stored value.
        line = _Line(float(f"{scale:.9g}"), float(f"{mean_d - scale * mean_q:.9g}"))
    return line
