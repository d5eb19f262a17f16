"""GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004): no network, any object, from the photo's colours alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import cv2
import numpy as np
from typing_extensions import override

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_inputs
from fgbg_studio.core.cutting.raster import rectangle_trimap
from fgbg_studio.core.cutting.saliency import guess_with, look_at
from fgbg_studio.core.cutting.seeds import Seed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.reading import MAX_REDUCED, on_colour, read_trimap, upright_size
from fgbg_studio.core.imaging.reducing import LARGEST, read_reduced, refuse_large
from fgbg_studio.core.networks.network import open_network


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


def cut_photo(
    photo: Path,
    out: Path,
    *,
    rectangle: Box | None,
    trimap: Path | None,
    iterations: int | None,
    trim: bool,
    reduce: bool = False,
    network: str | Path | None = None,
) -> float:
    """Cut and write the RGBA cutout; the share of the photo that the object covers.

    By a rectangle or a trimap, into which a saliency ``network`` looks if there is one, or by what it sees in the whole
    photo. With ``reduce`` a photo over the limit is cut reduced to it; rectangle and trimap are those of
    the whole photo.

    Raises:
        UsageError: ``out`` is no PNG, or one of the inputs, or the rectangle or the trimap does not fit the photo.
        PictureError: a file cannot be read, or the photo is over the limit.
        NetworkError: the network's file is missing, damaged or not described.
    """
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG file", "Give it the ending .png: JPEG keeps no transparency")
    refuse_inputs(out, [photo, trimap] if trimap else [photo])
    if not reduce:
        refuse_large(photo)
    whole = upright_size(photo, MAX_REDUCED)
    pixels = on_colour(read_reduced(photo, LARGEST), (255, 255, 255))
    session, size = GrabCutSession(pixels), (pixels.shape[1], pixels.shape[0])
    unknown = None
    if rectangle is not None:
        box = _scaled(rectangle, size[0] / whole[0]) if size != whole else rectangle
        unknown = rectangle_trimap(box, pixels.shape[:2])
    if trimap is not None:
        unknown = read_trimap(trimap)
        if size != whole and unknown.shape == whole[::-1]:
            unknown = np.asarray(cv2.resize(unknown, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    if unknown is not None:
        session.set_trimap(unknown)
    if network is not None:
        opened = open_network(network)
        session.take(guess_with(opened, pixels) if unknown is None else look_at(opened, pixels, unknown))
    session.run(iterations) if iterations else session.run()
    write_file(out, encode(session.cutout(trim=trim), Codec()))
    return float((session.mask > 0).mean())


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    left, top, right, bottom = (round(edge * factor) for edge in (x, y, x + width, y + height))
    return left, top, right - left, bottom - top
