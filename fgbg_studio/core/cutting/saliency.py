"""What a saliency network sees: a first guess in a whole photo, or how sure it is of each place in a marked area.

A network that looks once is as sure of its mistakes as of the rest, and of a photo in which it sees next to
nothing it makes a full map all the same, once that is stretched. So it looks several times, and its own
values are averaged before they are stretched: looks that see nothing say little, and where looks contradict
each other nothing is sure. A wide undecided band along an edge that all looks agree on would only give GrabCut
room to err; the band is as wide as the doubt.

A foreground is one thing. Of several things that stand apart the weightiest is meant; the others are left
undecided, so that a stroke brings them back and their colours teach nothing wrong.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import part_of, widened
from fgbg_studio.core.cutting.seeds import SURE_BACKGROUND, Guess, Seen, packed
from fgbg_studio.core.imaging.reducing import scaled_down
from fgbg_studio.core.imaging.regions import Region, extent
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.network import Network, open_network

Matte = NDArray[np.float32]

SIDE = 320  # of the trimap that is kept: networks of this sort see no more
LOOK = 640  # of the photo that is shown to the network, more than it sees at once: it does the last scaling
_SURE, _NONE = 0.8, 0.2  # of the map's own maximum
_BORDER = 0.006  # of the side: how exactly the network knows an edge
_APART = 0.03  # of the side: parts with a smaller gap are of one thing
_MARGIN = 0.15  # of the side: the mirrored rim about the photo when the network looks from farther away
_AROUND = 0.05, 0.2  # of an area's longer side: the surroundings that are shown with it, once tight and once loose


def installed_network() -> str | None:
    """The catalogue's first saliency network whose file is on this computer."""
    names = (entry.name for entry in CATALOGUE.values() if entry.gives == "saliency")
    return next((name for name in names if model_cache.path_of(name).exists()), None)


def guess_object(rgb: Pixels, model: str | Path) -> Guess:
    """Where the network sees the object in a photo (H, W, 3).

    Raises:
        NetworkError: the network's file is missing, damaged or not described.
        MissingPackageError: what runs it is not installed.
    """
    return guess_with(open_network(model, use="saliency"), rgb)


def guess_with(network: Network, rgb: Pixels) -> Guess:
    """`guess_object` by a network that is open."""
    matte = saliency_map(network, np.asarray(scaled_down(rgb, LOOK), np.uint8))
    return Guess(trimap=packed(trimap_of(np.asarray(scaled_down(matte, SIDE), np.float32))))


def look_at(network: Network, rgb: Pixels, trimap: Pixels) -> Seen:
    """How surely the network sees the object in the area around it that is not background in a ``trimap`` (H, W).

    It is shown the area with little and with more of its surroundings. What it sees outside of the area is no part of
    the object, and what it is surest of in it is: each of the two maps is stretched to that.

    Args:
        network: that gives a saliency map.
        rgb: (H, W, 3) the photo.
        trimap: (H, W), up to 64 is background; somewhere it is not.
    """
    x, y, width, height = box = extent(trimap > SURE_BACKGROUND)
    inside = trimap[part_of(box)] > SURE_BACKGROUND
    total = np.zeros((height, width), np.float32)
    for share in _AROUND:
        left, top, wide, high = around = widened(box, round(share * max(width, height)), rgb.shape)
        shown = np.ascontiguousarray(rgb[part_of(around)])
        seen = saliency_map(network, np.asarray(scaled_down(shown, LOOK), np.uint8))
        stretched = cv2.resize(seen, (wide, high), interpolation=cv2.INTER_LINEAR)
        within = np.where(inside, stretched[part_of((x - left, y - top, width, height))], np.float32(0))
        total += within / max(float(within.max()), 1e-6)
    small = scaled_down(np.round(total * (255 / len(_AROUND))).astype(np.uint8), SIDE)
    return Seen(box=box, map=packed(np.asarray(small, np.uint8)))


def saliency_map(network: Network, rgb: Pixels) -> Matte:
    """(H, W) float32, 0..1: where the network sees the object in a photo (H, W, 3), the mean of six looks.

    As it is, mirrored, upside down, from farther away, with red and blue exchanged, and as a negative: the
    same object each time, and other chances to be misled by the surroundings.
    """
    # Unstretched: a look that sees next to nothing must not weigh as much as one that is sure.
    plain = dataclasses.replace(network, description=dataclasses.replace(network.description, meaning="matte"))

    def look(picture: Pixels) -> Matte:
        high, wide = picture.shape[:2]
        return np.asarray(cv2.resize(plain(picture[None])[0], (wide, high), interpolation=cv2.INTER_LINEAR), np.float32)

    rim = max(round(_MARGIN * max(rgb.shape)), 1)
    rimmed = np.asarray(cv2.copyMakeBorder(rgb, rim, rim, rim, rim, cv2.BORDER_REFLECT), np.uint8)
    looks = [
        look(rgb),
        look(rgb[:, ::-1])[:, ::-1],
        look(rgb[::-1, ::-1])[::-1, ::-1],
        look(rimmed)[rim:-rim, rim:-rim],
        look(rgb[..., ::-1]),
        look(255 - rgb),
    ]
    mean = np.mean(looks, axis=0)
    above = mean - mean.min()
    return np.asarray(above / max(float(above.max()), 1e-6), np.float32)


def trimap_of(matte: Matte) -> Pixels:
    """(h, w) uint8: 255 surely object, 0 surely background, 128 between, from a map that is large on the object."""
    most = max(float(matte.max()), 1e-6)
    side = 2 * max(round(_BORDER * max(matte.shape)), 1) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    sure = ((matte >= _SURE * most) & _weightiest(matte / np.float32(most))).astype(np.uint8)
    inner = cv2.erode(sure, kernel)
    maybe = cv2.dilate((matte > _NONE * most).astype(np.uint8), kernel)
    trimap = np.where(maybe > 0, np.uint8(128), np.uint8(0))
    trimap[(inner if inner.any() else sure) > 0] = 255
    return np.asarray(trimap, np.uint8)


def _weightiest(matte: Matte) -> Region:
    """(h, w): the surroundings of the thing that has most of the map; everything, where there is none."""
    inside = matte >= 0.5
    gap = 2 * max(round(_APART * max(matte.shape) / 2), 1) + 1
    joined = cv2.dilate(inside.astype(np.uint8), np.ones((gap, gap), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    weights = np.bincount(labels[inside], matte[inside], minlength=count)
    return np.asarray(labels == weights.argmax(), np.bool_)
