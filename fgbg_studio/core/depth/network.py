"""The network sees every composite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.sample import Composite, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.depth.network_record import (
    as_rgb,
    network_meaning,
    normalised,
    open_first,
    open_model,
    recall,
)
from fgbg_studio.core.interfaces.depth import Depth, DepthMaker, DepthSample, Meaning, Scene
from fgbg_studio.core.networks.network import Network


@dataclass(frozen=True)
class ByNetwork(Depth):
    """Each composite goes through the network: as a camera would have seen it, at one inference a sample."""

    name: ClassVar[str] = "network"
    title: ClassVar[str] = "Network, every composite"
    summary: ClassVar[str] = "as a camera would see it; slow, and the network may miss objects"
    needs_network: ClassVar[bool] = True
    sees_composites: ClassVar[bool] = True

    @override
    def prepare(self, scene: Scene, cache: Store) -> Iterator[tuple[int, int]]:
        """Open the network once, so that a wrong file is known before anything is made."""
        open_first(scene, cache)
        yield 1, 1

    @override
    def workers(self, cache: Store) -> int | None:
        """See `Depth.workers`: one process feeds a graphics card, several would share its memory."""
        return 1 if recall(cache).get("on_gpu") else None

    @override
    def open(self, scene: Scene, cache: Store) -> NetworkMaker:
        return NetworkMaker(open_model(scene.network, scene.size))

    @override
    def meaning(self, scene: Scene, cache: Store) -> Meaning:
        return network_meaning(cache, "the network saw every composite")


class NetworkMaker(DepthMaker):
    """Depth maps straight from the network."""

    runs_ahead = False

    def __init__(self, network: Network) -> None:
        self._network, self.runs_ahead = network, network.on_gpu

    @property
    @override
    def batch(self) -> int:
        """See `DepthMaker.batch`: more, once the network has shown that it is quick."""
        return self._network.at_once

    @override
    def base(self, background: int) -> None:
        """See `DepthMaker.base`: a network sees every composite anew."""

    @override
    def __call__(self, samples: Sequence[Sample], composites: Sequence[Composite]) -> list[DepthSample]:
        """See `DepthMaker`; a network's map knows no contact."""
        maps = self._network(np.stack([as_rgb(composite.image) for composite in composites]))
        if self._network.kind == "relative":
            maps = normalised(maps)
        return [DepthSample(depth, float("nan")) for depth in maps]
