"""The family of ways to get the depth of a composite.

Inside the program depth has one meaning: float32, larger = farther, metric (metres) or relative (0..1); NaN is no
value: the sky, which is at no distance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.camera import GroundView, focal_length
from fgbg_studio.core.base.sample import Composite, PlacedPatch, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.interfaces.placement import Placement


class DepthSample(NamedTuple):
    """The depth of one composite.

    ``map`` is (h, w) float32 of any size; ``contact`` the depth at which the sample's first object stands, in the map's
    unit, NaN where the way does not know one.
    """

    map: DepthMap
    contact: float


class Insertion(NamedTuple):
    """The depth of one composite that is its background's but for the objects' solid pixels.

    It stands for a `DepthSample` and is what makes such maps cheap: nothing but the objects need be stored or
    counted anew. ``base`` is the background's map, (S, S) float32; the solid pixels of each of ``patches``, one
    after the other, are at the depth that ``contacts`` says for it: upright, facing the camera. Depth is not
    blended along soft edges: a depth between object and wall is the depth of nothing. ``named`` is as in `Sample`, and
    ``seen`` as in `Composite`, empty where that was not asked for.
    """

    base: DepthMap
    patches: tuple[PlacedPatch, ...]
    contacts: tuple[float, ...]
    named: int = 0
    seen: Sequence[NDArray[np.bool_]] = ()

    @property
    def contact(self) -> float:
        """The depth at which the sample's first object stands."""
        return self.contacts[self.named]

    @property
    def map(self) -> DepthMap:
        """The whole map, made at each call."""
        depth = self.base.copy()
        for (patch, x, y), contact in zip(self.patches, self.contacts, strict=True):
            height, width = patch.solid.shape
            np.copyto(depth[y : y + height, x : x + width], np.float32(contact), where=patch.solid)
        return depth


def contacts_of(sample: Sample, depth: DepthSample | Insertion | None = None) -> tuple[float, ...]:
    """The depths at which the objects of ``sample`` stand, NaN where ``depth`` does not know them."""
    if isinstance(depth, Insertion):
        return depth.contacts
    known = math.nan if depth is None else depth.contact
    return tuple([known if at == sample.named else math.nan for at in range(len(sample.objects))])


class Meaning(NamedTuple):
    """What the numbers of a way are, for ``dataset.json`` and the card.

    ``network_output`` is what the network's description says of its output: metres, relative, inverse, densedepth.
    """

    kind: Literal["metric", "relative", "none"]
    how: str
    network: str = ""
    network_sha256: str = ""
    network_output: str = ""


class CameraSettings(Protocol):
    """The camera that all backgrounds share."""

    @property
    def field_of_view(self) -> float:
        """Horizontal, in degrees."""

    @property
    def wall(self) -> float:
        """Distance of the back wall in metres."""


class BackgroundCamera(Protocol):
    """A background's own camera."""

    @property
    def horizon(self) -> float:
        """Its row as a fraction of the height from the top; may lie outside 0..1."""

    @property
    def camera_height(self) -> float:
        """Over the ground, in metres."""

    @property
    def wall(self) -> float | Literal["none"] | None:
        """How far away its back wall is in metres, ``none`` where it has none, None as all backgrounds'."""

    @property
    def lens(self) -> tuple[float, float] | None:
        """Focal length and row of the axis as fractions of the frame's height; None: level, as the settings say."""


def view_of(background: BackgroundCamera, camera: CameraSettings, size: int, real_height: float) -> GroundView:
    """A background as its camera sees it in a frame of ``size`` pixels; ``real_height`` as in `GroundView`."""
    horizon, wall = background.horizon * size, wall_of(background, camera)
    if background.lens is None:
        focal, axis = focal_length(size, camera.field_of_view), None
    else:
        focal, axis = (part * size for part in background.lens)
    return GroundView(size, focal, horizon, background.camera_height, wall, real_height, axis)


def wall_of(background: BackgroundCamera, camera: CameraSettings) -> float:
    """How far away a background's wall is in metres; infinite where it has none."""
    if background.wall is None:
        return camera.wall
    return math.inf if background.wall == "none" else background.wall


class NetworkSettings(Protocol):
    """Which network makes the depth, and how it is run."""

    @property
    def model(self) -> str | None:
        """A file or a name of the catalogue."""

    @property
    def network(self) -> dict[str, Any] | None:
        """A description of the file where the catalogue has none."""

    @property
    def runtime(self) -> str | None:
        """What runs it; None for the file's own."""

    @property
    def precision(self) -> Literal["float32", "bfloat16"]:
        """Of the arithmetic."""


class Scene(Protocol):
    """What a way to depth may know of a dataset."""

    @property
    def size(self) -> int:
        """Side of the composites in pixels."""

    @property
    def camera(self) -> CameraSettings:
        """What the backgrounds' cameras share."""

    @property
    def backgrounds(self) -> Sequence[BackgroundCamera]:
        """The camera of each background."""

    @property
    def reach(self) -> float:
        """The greatest depth that can be stored, in metres; infinite where all can."""

    @property
    def placement(self) -> Placement:
        """What placed the objects, and says how far away they are where the camera says it of backgrounds."""

    @property
    def real_height(self) -> float:
        """In metres, of a foreground of which nothing else is known."""

    def box_height(self, foreground: int) -> float:
        """In metres, of a foreground's box: its real height, and more where it was set on a square."""

    @property
    def network(self) -> NetworkSettings:
        """The network that the settings name."""

    def background(self, number: int) -> Pixels:
        """(S, S[, 3]) uint8: a background at the composites' size."""

    def measured(self, number: int) -> DepthMap | None:
        """(S, S) float32: a background's measured depth in metres, NaN where nothing was; None where it has none."""


BATCH = 16
"""Samples at once where the way does not care: numpy's calls are shared by them."""


class DepthMaker(Protocol):
    """Makes the depth of a batch of samples; one a worker."""

    @property
    def batch(self) -> int:
        """How many samples it likes at once: as few as make it quick, because pausing waits for them."""

    @property
    def runs_ahead(self) -> bool:
        """Whether it computes on a card, so that the processor may encode one batch while the next is computed."""

    def base(self, background: int) -> DepthMap | None:
        """The map that a background's samples equal outside their objects' boxes; None where there is none.

        Such maps have hard borders, which another size must not blur.
        """

    def __call__(self, samples: Sequence[Sample], composites: Sequence[Composite]) -> Sequence[DepthSample | Insertion]:
        """One for each sample and its composite; insertions where there is a `base`."""


class InsertingMaker(DepthMaker):
    """A maker that knows each background's depth and inserts the objects into it."""

    batch = BATCH
    runs_ahead = False
    metric = True
    """Whether in its maps twice the number is twice as far away."""

    @override
    def base(self, background: int) -> DepthMap:
        raise NotImplementedError

    def insert(self, sample: Sample, patches: tuple[PlacedPatch, ...]) -> Insertion:
        """The depth of ``sample``, whose objects are ``patches``."""
        raise NotImplementedError

    @override
    def __call__(self, samples: Sequence[Sample], composites: Sequence[Composite]) -> list[Insertion]:
        return [self._of(sample, made) for sample, made in zip(samples, composites, strict=True)]

    def _of(self, sample: Sample, made: Composite) -> Insertion:
        if made.contacts:  # of what was laid down a part may be hidden: it does not tell where it stands
            return Insertion(self.base(sample.background), made.patches, made.contacts, sample.named, made.seen)
        return self.insert(sample, made.patches)


@dataclass(frozen=True)
class Depth(Strategy, family="depth way", members="fgbg_studio.core.depth"):
    """Base of the ways."""

    makes_depth: ClassVar[bool] = True
    """Whether there are depth maps at all."""
    needs_network: ClassVar[bool] = False
    needs_measured: ClassVar[bool] = False
    """Whether every background must have come with a depth map."""
    sees_composites: ClassVar[bool] = False
    """Whether a network is run for every sample."""
    uses_camera: ClassVar[bool] = False
    """Whether the horizon and the camera's height decide depths."""
    gives_metres: ClassVar[bool] = False
    """Whether depth is in metres whatever the network gives."""

    @property
    def by_camera(self) -> bool:
        """Whether depth is the camera's alone: backgrounds of one camera have one depth map."""
        return self.uses_camera and not self.needs_network

    def prepare(self, scene: Scene, cache: Store) -> Iterator[tuple[int, int]]:  # noqa: ARG002
        """Do what is needed once a dataset, into ``cache``; yields (done, total). Nothing by default."""
        yield from ()

    def workers(self, cache: Store) -> int | None:  # noqa: ARG002
        """How many processes are best, after `prepare`; None is one a core."""
        return None

    def open(self, scene: Scene, cache: Store) -> DepthMaker | None:
        """What makes depth in this process, or None where the dataset has none."""
        raise NotImplementedError

    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        """What the numbers are; for ways with a network, after `prepare`."""
        raise NotImplementedError
