"""GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004): no network, any object, from the photo's colours alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.seeds import Seed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession


@dataclass(frozen=True)
class GrabCut(Segmenter):
    """Learns the colours of object and background anew for every photo, and goes on from its last answer."""

    name: ClassVar[str] = "grabcut"
    summary: ClassVar[str] = "GrabCut, by the colours of the photo itself"

    @override
    def prepare(self, photo: Pixels) -> PreparedPhoto:
        return _Prepared(photo)


class _Prepared(PreparedPhoto):
    """Replays what was drawn on a session, as little of it anew as possible."""

    def __init__(self, photo: Pixels) -> None:
        self._photo = photo
        self._session: GrabCutSession | None = None
        self._done: tuple[Seed, ...] = ()

    @override
    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        session, done = self._session, self._done
        if session is not None and seeds == done:
            return session.alpha.copy()  # another turn of GrabCut would change what nobody said anything about
        self._session = None  # of a run that fails nothing is known
        if session is None or seeds[: len(done)] != done:
            session, done = GrabCutSession(self._photo), ()
        for seed in seeds[len(done) :]:
            session.take(seed)
        session.run()
        self._session, self._done = session, seeds
        return session.alpha
