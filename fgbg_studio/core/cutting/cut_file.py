"""One photo's file cut into one cutout's file: all at once, by what is known from the start."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_inputs
from fgbg_studio.core.cutting.hair import hair_matted
from fgbg_studio.core.cutting.raster import rectangle_trimap
from fgbg_studio.core.cutting.saliency import guess_with, look_at
from fgbg_studio.core.cutting.seeds import Click, Rectangle, Seed
from fgbg_studio.core.cutting.segmenters.clicks import cut_by_asking
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.matte import trim as trimmed
from fgbg_studio.core.imaging.reading import MAX_REDUCED, on_colour, read_trimap, upright_size
from fgbg_studio.core.imaging.reducing import LARGEST, read_reduced, refuse_large
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.imaging.unmixing import unmixed
from fgbg_studio.core.networks.network import open_network
from fgbg_studio.core.networks.prompted.opening import is_prompted, open_prompted

ClickAt = tuple[float, float, bool]
"""x and y in the photo, and whether it is the object's."""


def cut_photo(
    photo: Path,
    out: Path,
    *,
    rectangle: Box | None = None,
    trimap: Path | None = None,
    points: tuple[ClickAt, ...] = (),
    iterations: int | None = None,
    trim: bool = False,
    reduce: bool = False,
    network: str | None = None,
    hair: Path | None = None,
) -> float:
    """Cut and write the RGBA cutout; the share of the photo that the object covers.

    By a rectangle or a trimap, into which a saliency ``network`` looks if there is one; by what it sees in the whole
    photo; or by ``points`` and a rectangle about which a network that answers to clicks is asked. With ``reduce`` a
    photo over the limit is cut reduced to it; all places are those of the whole photo. In the band of the picture
    ``hair`` alpha and colours are made anew, see `hair_matted`.

    Raises:
        UsageError: ``out`` is no PNG, or one of the inputs, or what is given does not fit the photo or each other.
        PictureError: a file cannot be read, or the photo is over the limit.
        NetworkError: the network's file is missing, damaged or not described.
    """
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG file", "Give it the ending .png: JPEG keeps no transparency")
    asks = bool(points) or (network is not None and is_prompted(network))
    if asks and (trimap is not None or iterations or network is None):
        raise UsageError(
            "points are for a network that answers to them, without a trimap or a number of iterations",
            "Name such a network, or draw a rectangle",
        )
    if asks and not points and rectangle is None:
        raise UsageError(f"the network {network} finds nothing by itself", "Give it a point or a rectangle")
    refuse_inputs(out, [file for file in (photo, trimap, hair) if file])
    if not reduce:
        refuse_large(photo)
    whole = upright_size(photo, MAX_REDUCED)
    pixels = on_colour(read_reduced(photo, LARGEST), (255, 255, 255))
    factor = pixels.shape[1] / whole[0]
    if rectangle is not None and factor != 1:
        rectangle = _scaled(rectangle, factor)
    band = _read_band(hair, pixels, whole) if hair else None
    if asks and network is not None:
        alpha = _asked(pixels, network, rectangle, [(x * factor, y * factor, object_) for x, y, object_ in points])
    else:
        unknown = _read_trimap(trimap, pixels, whole) if trimap else None
        if rectangle is not None:
            unknown = rectangle_trimap(rectangle, pixels.shape[:2])
        alpha = _by_colours(pixels, unknown, iterations, network)
    if band is not None:
        alpha = hair_matted(pixels, alpha, band)
        pixels = unmixed(pixels, alpha, band)
    write_file(out, encode(_cutout(pixels, alpha, trim=trim), Codec()))
    return float((alpha >= 128).mean())


def _asked(pixels: Pixels, network: str, rectangle: Box | None, points: list[ClickAt]) -> Pixels:
    for x, y, _ in points:
        if not (0 <= x <= pixels.shape[1] and 0 <= y <= pixels.shape[0]):
            raise UsageError(f"the point {x:g},{y:g} lies outside the photo", "Give one on it")
    area: list[Seed] = [Rectangle(box=rectangle)] if rectangle else []
    clicks = [Click(point=(x, y), object=object_, network=network) for x, y, object_ in points]
    return cut_by_asking(open_prompted(network), pixels, (*area, *clicks))


def _read_trimap(file: Path, pixels: Pixels, whole: tuple[int, int]) -> Pixels:
    trimap, size = read_trimap(file), (pixels.shape[1], pixels.shape[0])
    if size != whole and trimap.shape == whole[::-1]:
        return np.asarray(cv2.resize(trimap, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    return trimap


def _read_band(file: Path, pixels: Pixels, whole: tuple[int, int]) -> Region:
    picture = _read_trimap(file, pixels, whole)
    if picture.shape != pixels.shape[:2]:
        (height, width), (own_height, own_width) = picture.shape, pixels.shape[:2]
        raise UsageError(
            f"the band {file} has {width} × {height} pixels and the photo {own_width} × {own_height}",
            "Draw it on the photo itself",
        )
    if not picture.any():
        raise UsageError(f"the band {file} is black everywhere", "Paint white where hair is")
    return np.asarray(picture > picture.max() / 2, np.bool_)


def _by_colours(pixels: Pixels, unknown: Pixels | None, iterations: int | None, network: str | None) -> Pixels:
    session = GrabCutSession(pixels)
    if unknown is not None:
        session.set_trimap(unknown)
    if network is not None:
        opened = open_network(network, use="saliency")
        session.take(guess_with(opened, pixels) if unknown is None else look_at(opened, pixels, unknown))
    return session.run(iterations) if iterations else session.run()


def _cutout(rgb: Pixels, alpha: Pixels, *, trim: bool) -> Pixels:
    """(H, W, 4) RGBA, the photo's colours wherever ``alpha`` is over 0, black elsewhere; ``trim``: only the object."""
    rgba = np.dstack([cv2.bitwise_and(rgb, rgb, mask=alpha), alpha])
    return np.ascontiguousarray(trimmed(rgba)[0]) if trim else rgba


def _scaled(box: Box, factor: float) -> Box:
    x, y, width, height = box
    left, top, right, bottom = (round(edge * factor) for edge in (x, y, x + width, y + height))
    return left, top, right - left, bottom - top
