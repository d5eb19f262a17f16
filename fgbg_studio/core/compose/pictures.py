"""The pictures of a recipe, prepared: backgrounds square at the frame's size, foregrounds trimmed.

They are prepared once and kept losslessly in a store (inside the dataset), so that every worker, `verify` and
`sample` see the same pixels, without the project and its large photos.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Pixels
from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.imaging import matte
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.reading import picture_hash, read_rgb, read_rgba, upright_size
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource, Recipe
from fgbg_studio.core.project.framing import square_crop
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.core.project.stored_depth import read_stored

# A patch never needs more than the frame; twice that keeps the reduction to any size a clean one.
MASTER_SIDES = 2


class Pictures:
    """Backgrounds and foregrounds by their numbers in the recipe.

    Args:
        recipe: which pictures, and how they are prepared.
        store: where prepared pictures are kept; None prepares at each call and keeps nothing.
        project: the project's folder, from which pictures that the store lacks are prepared.
    """

    def __init__(self, recipe: Recipe, store: Store | None, project: Path | None = None) -> None:
        self.recipe, self._store, self._project = recipe, store, project

    def background(self, number: int) -> Pixels:
        """(S, S, 3) uint8 RGB, or (S, S) where the settings ask for grayscale.

        Raises:
            PictureError: the project's file is damaged, missing or changed.
        """
        return self._get("bg", number)

    def foreground(self, number: int) -> Pixels:
        """(h, w, 4) uint8 RGBA with straight alpha: the trimmed cutout, at most twice the frame."""
        return self._get("fg", number)

    def mask(self, number: int) -> Pixels:
        """(h, w) uint8, how much of each pixel of the foreground its solid part covers, 0..255.

        Only for settings by which a mask is of the cutout itself.
        """
        return self._get("mask", number)

    def measured(self, number: int) -> DepthMap | None:
        """(S, S) float32: a background's measured depth in metres, NaN where nothing was; None where it has none.

        Raises:
            PictureError: the project's file is damaged, missing or changed.
        """
        source = self.recipe.backgrounds[number]
        if source.depth is None:
            return None
        if self._project is None:
            raise DatasetError(
                f"the measured depth of {source.file} is missing", GenerateAgain(then="it will be prepared again")
            )
        picture = unchanged(self._project, source.file, source.sha256)
        depth = read_stored(self._project, source.depth)
        return prepare_depth(depth, upright_size(picture), source, self.recipe.settings)

    def prepare(self) -> Iterator[tuple[int, int]]:
        """Fill the store; yields (done, total) after each picture."""
        wanted = [("bg", i) for i in range(len(self.recipe.backgrounds))]
        kinds = ("fg", "mask") if self.recipe.settings.compositing.mask_of == "cutout" else ("fg",)
        wanted += [(kind, i) for kind in kinds for i in range(len(self.recipe.foregrounds))]
        for done, (kind, number) in enumerate(wanted, 1):
            if not (self._store and self._store.exists(_name(kind, number))):
                self._get(kind, number)
            yield done, len(wanted)

    def _get(self, kind: str, number: int) -> Pixels:
        name = _name(kind, number)
        path = self._store.where(name) if self._store else name
        if self._store and self._store.exists(name):
            again = GenerateAgain("remove it", "it will be prepared again")
            try:
                pixels = decode(self._store.read(name), path)
            except PictureError as error:
                raise DatasetError(f"{path} is damaged", again) from error
            if not self._fits(kind, pixels):
                raise DatasetError(f"{path} is no picture as the recipe asks for", again)
            return np.asarray(pixels, np.uint8)
        if self._project is None:
            raise DatasetError(f"{path} is missing", GenerateAgain(then="it will be prepared again"))
        pixels = self._prepare(self._project, kind, number)
        if self._store:
            self._store.put(name, encode(pixels, Codec()))
        return pixels

    def _fits(self, kind: str, pixels: AnyPixels) -> bool:
        """Whether a picture from the store can be what was prepared: it may be a stranger's, or of other settings."""
        settings = self.recipe.settings
        side, shape = settings.size, pixels.shape
        if kind == "bg":
            fits = shape == ((side, side) if settings.grayscale else (side, side, 3))
        else:
            fits = max(shape[:2]) <= MASTER_SIDES * side and shape[2:] == ((4,) if kind == "fg" else ())
        return fits and pixels.dtype == np.uint8

    def _prepare(self, project: Path, kind: str, number: int) -> Pixels:
        if kind == "bg":
            background = self.recipe.backgrounds[number]
            path = unchanged(project, background.file, background.sha256)
            return prepare_background(read_rgb(path), background, self.recipe.settings)
        foreground = self.recipe.foregrounds[number]
        path = unchanged(project, foreground.file, foreground.sha256)
        prepared = prepare_foreground if kind == "fg" else prepare_mask
        return prepared(read_rgba(path), foreground, self.recipe.settings)


def _name(kind: str, number: int) -> str:
    return f"{kind}_{number:04}.png"


def unchanged(project: Path, file: str, sha256: str) -> Path:
    """The path of a project's picture, once its contents are what they were when it was added."""
    path = project / file
    if not path.exists():
        raise PictureError(f"{path} is missing", "Put it back, or reject it in the project")
    if picture_hash(path) != sha256:
        raise PictureError(f"{path} was changed since it was added", "Remove it and add it again")
    return path


def prepare_background(rgb: Pixels, source: BackgroundSource, settings: Settings) -> Pixels:
    """The background square at the frame's size, by crop or stretch, with the settings' resampling."""
    rule = settings.background
    image = Image.fromarray(rgb)
    if rule.fit == "crop":
        x, y, side = square_crop(*image.size, source.crop)
        image = image.crop((x, y, x + side, y + side))
    method = Image.Resampling[rule.resampling.upper()]
    if image.size != (settings.size, settings.size):
        image = image.resize((settings.size, settings.size), method)
    return np.array(image.convert("L") if settings.grayscale else image, np.uint8)


def prepare_depth(depth: DepthMap, picture: tuple[int, int], source: BackgroundSource, settings: Settings) -> DepthMap:
    """A background's depth map as its picture is prepared: (S, S).

    The nearest value is taken: between an object's depth and the wall's behind it there is nothing.

    Args:
        depth: (H, W), of the whole picture, of any size.
        picture: (width, height) of the picture.
        source: of the background.
        settings: the recipe's.
    """
    height, width = depth.shape
    x, y, wide, high = 0, 0, picture[0], picture[1]
    if settings.background.fit == "crop":
        x, y, wide = square_crop(*picture, source.crop)
        high = wide
    centres = (np.arange(settings.size) + 0.5) / settings.size
    columns = np.clip(((x + centres * wide) * width / picture[0]).astype(int), 0, width - 1)
    rows = np.clip(((y + centres * high) * height / picture[1]).astype(int), 0, height - 1)
    return np.ascontiguousarray(depth[np.ix_(rows, columns)])


def prepare_foreground(rgba: Pixels, source: ForegroundSource, settings: Settings) -> Pixels:
    """The cutout trimmed to its object, squared where the sizing says so, with clean edge colours."""
    cut = _cut(rgba, source, settings)
    width, height = _reduced(cut, settings)
    if (height, width) != cut.shape[:2]:
        cut = matte.resize_rgba(cut, width, height)
    if settings.foreground.decontaminate:
        cut = matte.decontaminate(cut)
    return np.ascontiguousarray(cut)


def prepare_mask(rgba: Pixels, source: ForegroundSource, settings: Settings) -> Pixels:
    """How much of each pixel of what `prepare_foreground` gives is solid in the cutout itself: (h, w) uint8, 0..255."""
    cut = _cut(rgba, source, settings)
    solid = (cut[..., 3] >= settings.compositing.mask_threshold).astype(np.uint8) * np.uint8(255)
    return matte.resized(solid, *_reduced(cut, settings))


def _cut(rgba: Pixels, source: ForegroundSource, settings: Settings) -> Pixels:
    x, y, width, height = source.box
    cut = rgba[y : y + height, x : x + width]
    return _squared(cut) if settings.foreground.sizing.square else cut


def _reduced(cut: Pixels, settings: Settings) -> tuple[int, int]:
    """(width, height) in which a cutout is kept."""
    height, width = cut.shape[:2]
    factor = min(MASTER_SIDES * settings.size / max(height, width), 1.0)
    return max(round(width * factor), 1), max(round(height * factor), 1)


def _squared(rgba: Pixels) -> Pixels:
    height, width = rgba.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 4), np.uint8)
    left = (side - width) // 2
    square[side - height :, left : left + width] = rgba
    return square
