"""A sample becomes a composite and its mask.

Compositing is straight-alpha: ``out = fg·a/255 + bg·(255−a)/255`` for a foreground of colour fg and alpha a
(Porter and Duff, 'Compositing digital images', SIGGRAPH 1984, the operator *over*). The first product is
made once for each size of a foreground, the second in place on the copied background, so that a sample costs
one copy of the background and two passes over each foreground's box; both products are rounded, so a channel
differs from exact arithmetic by at most one grey level an object. Other blends, matched colours and shadows are laid by
`core.compose.looks`.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import DepthMap, Pixels
from fgbg_studio.core.base.boxes import clipped, part_of
from fgbg_studio.core.base.sample import Composite, Patch, PlacedObject, PlacedPatch, Sample
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.compose.grounds import KnownGround
from fgbg_studio.core.compose.hiding import Hider
from fgbg_studio.core.compose.looks import Looks
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.compose.scene import Scenes
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.interfaces.depth import DepthMaker, InsertingMaker
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import BackgroundSource
from fgbg_studio.core.project.settings import Camera, DepthSettings

# Bytes that a worker keeps of each: enough for the pictures of a shard, whatever the dataset's size.
_CACHE = 64 << 20
_NO_ALPHA = np.zeros((0, 0), np.uint8)


class Composer:
    """Makes composites of a recipe's pictures; the same code for preview, run, verify and sample."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.settings = pictures.recipe.settings
        self._backgrounds: LRUCache[int, Pixels] = LRUCache(_CACHE, lambda pixels: pixels.nbytes)
        self._multiplied: LRUCache[int, NDArray[np.uint16]] = LRUCache(_CACHE, lambda pixels: pixels.nbytes)
        self._masks: LRUCache[int, Pixels] = LRUCache(_CACHE, lambda pixels: pixels.nbytes)
        self._hard = self.settings.compositing.mode.hard
        plain = self.settings.compositing.mode.plain and self.settings.appearance.is_plain
        self._looks = None if plain else Looks(pictures.recipe, self.background, pictures.foreground)
        self._patches: LRUCache[tuple[int, bool, int, int], Patch] = LRUCache(_CACHE, lambda patch: patch.size)
        self._hider = Hider(self.settings.scene.front, self.background, multiplied=self._looks is None, hard=self._hard)
        self._inserting: InsertingMaker | None = None
        self._plan: Plan | None = None
        self.settled = Scenes(self.settings.scene, self.patches)
        """Which of a planned sample's objects are laid down, and in which order."""

    @property
    def size(self) -> int:
        """Side of the composites in pixels."""
        return self.settings.size

    @property
    def camera(self) -> Camera:
        """What the backgrounds' cameras share."""
        return self.settings.camera

    @property
    def backgrounds(self) -> Sequence[BackgroundSource]:
        """The backgrounds, each with its camera."""
        return self.pictures.recipe.backgrounds

    @property
    def reach(self) -> float:
        """The greatest depth that can be stored; infinite where all can."""
        return self.settings.depth.encoding.reach

    @property
    def placement(self) -> Placement:
        """What placed the objects."""
        return self.settings.placement

    @property
    def real_height(self) -> float:
        """In metres, of a foreground of which nothing else is known."""
        return self.settings.foreground.real_height

    def box_height(self, foreground: int) -> float:
        """In metres, of a foreground's box: its real height, and more where it was set on a square."""
        return self.pictures.recipe.foregrounds[foreground].box_height(square=self.settings.foreground.sizing.square)

    @property
    def network(self) -> DepthSettings:
        """The network that the settings name."""
        return self.settings.depth

    def open_depth(self, cache: Store) -> DepthMaker | None:
        """What makes the depth by the settings, from ``cache``; samples are settled by it from then on."""
        maker = self.settings.depth.way.open(self, cache)
        self.settle_by(maker)
        return maker

    def settle_by(self, maker: DepthMaker | None) -> None:
        """Settle samples, and hide what stands behind things, by the depth of ``maker`` from now on.

        By the same depth shadows end at what stands on the ground; a camera's alone knows of nothing that does.
        """
        needed = self._looks is not None and self._looks.needs_ground and not self.settings.depth.way.by_camera
        self._inserting = maker if needed and isinstance(maker, InsertingMaker) else None
        self.settled = Scenes(self.settings.scene, self.patches, maker, self._hider, self._elsewhere)

    def __call__(self, sample: Sample, into: Pixels | None = None) -> Composite:
        """The composite of ``sample``, which is `settled`.

        ``into`` is a picture of its shape to make it in, a new one by default.
        """
        background = self.background(sample.background)
        image = np.empty_like(background) if into is None else into
        np.copyto(image, background)
        whole, patches, contacts = self.settled.shown(sample)
        if self._looks is not None:
            ground = None
            if self._inserting is not None:
                contacts = contacts or self._inserting.insert(sample, patches).contacts
                ground = KnownGround(self._inserting.base(sample.background), contacts, self._inserting.metric)
            around = self._looks.lay(image, sample, patches, ground)
            return Composite(image, patches, whole, contacts, tuple(around))
        for placed in patches:
            self._lay(image, placed)
        return Composite(image, patches, whole, contacts)

    def patches(self, sample: Sample) -> tuple[PlacedPatch, ...]:
        """The objects of ``sample`` in their places, with nothing below them."""
        return tuple([self._placed(one) for one in sample.objects])

    def _elsewhere(self, sample: Sample, place: int, attempt: int) -> PlacedObject | None:
        if self._plan is None:
            self._plan = Plan(self.pictures.recipe)
        return self._plan.elsewhere(sample, place, attempt)

    def _placed(self, one: PlacedObject) -> PlacedPatch:
        foreground, mirrored, x, y, width, height, _, _ = one
        patch, size = self.patch(foreground, mirrored, width, height), self.settings.size
        if 0 <= x <= size - width and 0 <= y <= size - height:
            return PlacedPatch(patch, x, y)
        return PlacedPatch(_cropped(patch, x, y, size), max(x, 0), max(y, 0))

    def _lay(self, image: Pixels, placed: PlacedPatch) -> None:
        """Lay an object down over what ``image`` shows already."""
        patch, x, y = placed
        height, width = patch.mask.shape
        place = image[y : y + height, x : x + width]
        if self._hard:
            cv2.copyTo(patch.colour, patch.mask, place)
        else:
            cv2.multiply(place, patch.rest, dst=place, scale=1 / 255)
            cv2.add(place, patch.colour, dst=place)

    def background(self, number: int) -> Pixels:
        """The prepared background; not to be written to."""
        pixels = self._backgrounds.get(number)
        if pixels is None:
            pixels = self._backgrounds[number] = self.pictures.background(number)
        return pixels

    def measured(self, number: int) -> DepthMap | None:
        """The measured depth of a background, see `Pictures.measured`."""
        return self.pictures.measured(number)

    def sized(self, number: int, mirrored: bool, width: int, height: int) -> Pixels:
        """The cutout at one size, mirrored left to right where asked: (height, width, 4) RGBA, straight alpha."""
        pixels = self._multiplied.get(number)
        if pixels is None:
            pixels = self._multiplied[number] = matte.multiplied(self.pictures.foreground(number))
        rgba = matte.resize_multiplied(pixels, width, height)
        feather = self.settings.foreground.feather
        if feather > 0:
            rgba = _feathered(rgba, feather)
        return np.asarray(cv2.flip(rgba, 1), np.uint8) if mirrored else rgba

    def patch(self, number: int, mirrored: bool, width: int, height: int) -> Patch:
        """The cutout at one size as the compositing needs it."""
        key = (number, mirrored, width, height)
        patch = self._patches.get(key)
        if patch is None:
            patch = self._patches[key] = self._make_patch(key)
        return patch

    def _make_patch(self, key: tuple[int, bool, int, int]) -> Patch:
        rgba, grey = self.sized(*key), self.settings.grayscale
        alpha = np.asarray(cv2.extractChannel(rgba, 3), np.uint8)
        colour = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2GRAY if grey else cv2.COLOR_RGBA2RGB), np.uint8)
        solid = self._solid(key, alpha)
        mask = solid.view(np.uint8) * np.uint8(255)
        if self._looks is not None:
            rest = 255 - alpha
        elif self._hard:
            rest = 255 - mask
        else:
            spread = alpha if grey else np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2RGB), np.uint8)
            colour = np.asarray(cv2.multiply(colour, spread, scale=1 / 255), np.uint8)
            rest = 255 - spread
        left, top, wide, high = cv2.boundingRect(mask)
        return Patch(colour, rest, mask, solid, cv2.countNonZero(mask), (left, top, wide, high))

    def solid(self, number: int, mirrored: bool, width: int, height: int) -> NDArray[np.bool_]:
        """(height, width), where the mask of a cutout at one size is white; cheaper than its whole `patch`."""
        key = number, mirrored, width, height
        alpha = cv2.extractChannel(self.sized(*key), 3) if self.settings.compositing.mask_of == "sized" else _NO_ALPHA
        return self._solid(key, np.asarray(alpha, np.uint8))

    def _solid(self, key: tuple[int, bool, int, int], alpha: Pixels) -> NDArray[np.bool_]:
        """(h, w), where the mask of a patch is white; ``alpha`` is its own."""
        compositing = self.settings.compositing
        if compositing.mask_of == "sized":
            return alpha >= compositing.mask_threshold
        number, mirrored, width, height = key
        master = self._masks.get(number)
        if master is None:
            master = self._masks[number] = self.pictures.mask(number)
        covered = matte.resized(master, width, height)
        return np.ascontiguousarray(covered[:, ::-1] if mirrored else covered) >= matte.HALF


def _cropped(patch: Patch, x: int, y: int, size: int) -> Patch:
    """What is in the frame of a patch whose upper left corner is at (x, y)."""
    left, top, wide, high = clipped((x, y, *patch.mask.shape[::-1]), (size, size))
    part = part_of((left - x, top - y, wide, high))
    colour, rest, mask = (np.ascontiguousarray(one[part]) for one in (patch.colour, patch.rest, patch.mask))
    white, (across, down, width, height) = cv2.countNonZero(mask), cv2.boundingRect(mask)
    solid, tight = np.ascontiguousarray(patch.solid[part]), (across, down, width, height)
    return Patch(colour, rest, mask, solid, white, tight, PlacedPatch(patch, x, y))


def _feathered(rgba: Pixels, radius: float) -> Pixels:
    """``rgba`` with a softer edge, whose new pixels take the colour of the object's nearest: they had none."""
    soft = np.dstack([rgba[..., :3], matte.feather(rgba[..., 3], radius)])
    coloured = rgba[..., 3] > 0
    new = (soft[..., 3] > 0) & ~coloured
    if coloured.any() and new.any():
        soft[new, :3] = matte.nearest_colours(rgba, coloured, new)
    return soft
