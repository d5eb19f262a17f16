"""A first guess of the object by a saliency network: what is surely object, surely background, and undecided."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core import models
from fgbg_studio.core.images import Pixels
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.network import Network, open_network
from fgbg_studio.core.strokes import Guess, packed_trimap

SIDE = 320  # of the trimap that is kept: networks of this sort see no more
_SURE, _NONE = 0.9, 0.05  # of the map's own maximum
_BORDER = 0.03  # of the side: how far from the object's edge the network is trusted


def present_network() -> str | None:
    """The catalogue's first saliency network whose file is on this machine."""
    names = (entry.name for entry in CATALOGUE.values() if entry.task == "saliency")
    return next((name for name in names if models.path_of(name).exists()), None)


def guess(rgb: Pixels, model: str | Path) -> Guess:
    """Where the network sees the object in a photo (H, W, 3).

    Raises:
        NetworkError: the network's file is missing, damaged or not described.
        MissingPackageError: what runs it is not installed.
    """
    return guess_by(open_network(model), rgb)


def guess_by(network: Network, rgb: Pixels) -> Guess:
    """`guess` with a network that is open."""
    height, width = rgb.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    seen = network(rgb[None])[0]
    matte = cv2.resize(np.asarray(seen, np.float32), size, interpolation=cv2.INTER_LINEAR)
    return Guess(trimap=packed_trimap(trimap_of(np.asarray(matte, np.float32))))


def trimap_of(matte: NDArray[np.float32]) -> Pixels:
    """(h, w) uint8: 255 surely object, 0 surely background, 128 between, from a map that is large on the object."""
    most = max(float(matte.max()), 1e-6)
    side = 2 * max(round(_BORDER * max(matte.shape)), 1) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    sure = (matte >= _SURE * most).astype(np.uint8)
    inner = cv2.erode(sure, kernel)
    maybe = cv2.dilate((matte > _NONE * most).astype(np.uint8), kernel)
    trimap = np.where(maybe > 0, np.uint8(128), np.uint8(0))
    trimap[(inner if inner.any() else sure) > 0] = 255
    return np.asarray(trimap, np.uint8)
