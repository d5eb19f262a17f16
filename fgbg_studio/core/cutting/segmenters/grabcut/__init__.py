"""GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004): no network, any object, from the photo's colours alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_inputs
from fgbg_studio.core.cutting.seeds import Seed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.reading import read_rgb, read_trimap


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
        self._session = None  # of a run that fails nothing is known
        if session is None or seeds[: len(done)] != done:
            session, done = GrabCutSession(self._photo), ()
        for seed in seeds[len(done) :]:
            session.take(seed)
        session.run()
        self._session, self._done = session, seeds
        return session.alpha


def cut_photo(
    photo: Path, out: Path, *, rectangle: Box | None, trimap: Path | None, iterations: int | None, trim: bool
) -> float:
    """Cut by a rectangle or a trimap and write the RGBA cutout; the share of the photo that the object covers.

    Raises:
        UsageError: ``out`` is no PNG, or one of the inputs, or the rectangle or the trimap does not fit the photo.
        PictureError: a file cannot be read.
    """
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG file", "Give it the ending .png: JPEG keeps no transparency")
    refuse_inputs(out, [photo, trimap] if trimap else [photo])
    session = GrabCutSession(read_rgb(photo))
    if rectangle is not None:
        session.set_rectangle(rectangle)
    if trimap is not None:
        session.set_trimap(read_trimap(trimap))
    session.run(iterations) if iterations else session.run()
    write_file(out, encode(session.cutout(trim=trim), Codec()))
    return float((session.mask > 0).mean())
