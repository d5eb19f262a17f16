"""Which backgrounds, and which foregrounds, of a dataset are the same picture or nearly so, also mirrored.

Two pictures are one where their contents are equal, or where their perceptual hashes are near each other, plain or
mirrored, and their mean colours are, too, both made equally bright: drawings of one shape in other colours are other
pictures, and a photo with more light is the same. Where a dataset
made by hand has not the pictures themselves, each name is a picture of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels, Ints, Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.perceptual_hash import perceptual_hash

NEAR, SAME_COLOUR = 12, 32
"""Bits between perceptual hashes, see `perceptual_hash.alike`; and steps of 255 between mean colours, the darker one
made as bright as the other: exposures of half and of twice the light differ by 27 at most where they clip."""
_GREY = 128


class Identities(NamedTuple):
    """Of each picture of one axis the number of its identity, from 0 in their order, and of each identity its key.

    ``keys`` are the least SHA-256 of what is in it, so that it stays what it is when others are added.
    """

    numbers: Ints
    keys: tuple[str, ...]


class _Look(NamedTuple):
    """What is compared of one picture: (3,) the mean colour of what is not transparent."""

    plain: int
    mirrored: int
    colour: tuple[float, ...]


def identities(contents: Contents, axis: str) -> Generator[Progress, None, Identities]:
    """Look at every picture of an axis, ``bg`` or ``fg``; yields progress."""
    names = contents.backgrounds if axis == "bg" else contents.foregrounds
    own = _own_hashes(contents, axis)
    hashes, looks = list[str](), list[_Look | None]()
    for number, name in enumerate(names):
        sha256, look = own[number] if own else "", None
        picture = contents.picture_of(axis, number)
        if picture is not None and contents.counts.get(axis):
            try:
                data = contents.read(axis, picture)
                look = _look(decode(data, name))
                sha256 = sha256 or hashlib.sha256(data).hexdigest()
            except (PictureError, OSError):  # verifying says what is wrong with it
                look = None
        hashes.append(sha256 or hashlib.sha256(f"{axis} {name}".encode("utf-8", "surrogateescape")).hexdigest())
        looks.append(look)
        yield Progress("comparing backgrounds" if axis == "bg" else "comparing foregrounds", number + 1, len(names))
    return _grouped(hashes, looks, _stored_mirrored(names, looks) if axis == "fg" and not own else {})


def _own_hashes(contents: Contents, axis: str) -> list[str]:
    if contents.dataset is None:
        return []
    recipe = contents.dataset.recipe
    return [source.sha256 for source in (recipe.backgrounds if axis == "bg" else recipe.foregrounds)]


def _look(stored: AnyPixels) -> _Look:
    rgb, solid = _shown(stored)
    mean = rgb[solid].mean(0) if solid.any() else np.zeros(3)
    mirrored = np.ascontiguousarray(rgb[:, ::-1])
    return _Look(perceptual_hash(rgb), perceptual_hash(mirrored), tuple(mean.tolist()))


def _shown(stored: AnyPixels) -> tuple[Pixels, AnyPixels]:
    """(H, W, 3) on grey, cut to what is solid, and which of it is."""
    pixels = (stored // 257).astype(np.uint8) if stored.dtype == np.uint16 else stored
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    rgb = np.repeat(pixels[..., :1], 3, 2) if pixels.shape[2] < 3 else pixels[..., :3]
    solid = pixels[..., 3] >= _GREY if pixels.shape[2] == 4 else np.ones(rgb.shape[:2], np.bool_)
    if pixels.shape[2] == 4 and solid.any():
        rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        alpha = pixels[..., 3:][part].astype(np.float32) / 255
        rgb, solid = (rgb[part] * alpha + _GREY * (1 - alpha)).astype(np.uint8), solid[part]
    return np.ascontiguousarray(rgb), solid


def _stored_mirrored(names: Sequence[str], looks: Sequence[_Look | None]) -> dict[int, int]:
    """Foregrounds that are others mirrored by their numbers alone, as hand-made sets have them.

    There are pictures of the first half, and a second half without pictures whose numbers go on where the first ends.
    """
    half = len(names) // 2
    if len(names) != 2 * half or None in looks[:half] or any(looks[half:]):
        return {}
    numbers = [re.search(r"\d+", name) for name in names]
    values = [int(match[0]) for match in numbers if match]
    first = values[0] if values else 0
    if values != list(range(first, first + len(names))):
        return {}
    return {half + number: number for number in range(half)}


def _grouped(hashes: Sequence[str], looks: Sequence[_Look | None], mirrored: dict[int, int]) -> Identities:
    """Everything that is alike, also by way of others, is one."""
    found = np.arange(len(hashes))
    first = {sha256: number for number, sha256 in reversed(list(enumerate(hashes)))}
    seen = [number for number, look in enumerate(looks) if look]
    plain, flipped = (np.array([look[side] for look in looks if look], np.uint64).reshape(-1) for side in (0, 1))
    colours = np.array([look.colour for look in looks if look]).reshape(-1, 3)
    light = np.maximum(colours.sum(1, keepdims=True), 1)
    for number, sha256 in enumerate(hashes):
        _join(found, number, first[sha256])
        if number in mirrored:
            _join(found, number, mirrored[number])
    for at, number in enumerate(seen):
        near = np.minimum(np.bitwise_count(plain ^ plain[at]), np.bitwise_count(flipped ^ plain[at])) <= NEAR
        brighter = np.maximum(light, light[at])
        near &= (np.abs(colours * (brighter / light) - colours[at] * (brighter / light[at])) <= SAME_COLOUR).all(1)
        for other in np.flatnonzero(near[:at]).tolist():
            _join(found, number, seen[other])
    _, numbers = np.unique(found, return_inverse=True)
    least: dict[int, str] = {}
    for number, sha256 in zip(numbers.tolist(), hashes, strict=True):
        least[number] = min(least.get(number, sha256), sha256)
    return Identities(numbers.astype(np.int64), tuple(least[one] for one in sorted(least)))


def _join(found: Ints, one: int, other: int) -> None:
    """Both groups get the lesser number."""
    low, high = sorted((int(found[one]), int(found[other])))
    if low != high:
        found[found == high] = low
