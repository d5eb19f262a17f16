"""A small picture of each preset: drawn pictures, composed by the preset's own settings, with mask and depth."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import platformdirs

from fgbg_studio import __version__
from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.imaging.colour_maps import depth_colours
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import presets, samples, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds

SIDE, GAP = 224, 9
"""Pixels of each of the three squares, and between them."""

# Which drawn background, and which foregrounds stand in it; others take what comes first.
_CAST = {
    "studio-256": (0, (0,)),
    "classroom-192": (4, (1,)),
    "street-224": (1, (2,)),
    "office-224": (6, (4,)),
    "layers-150": (8, (5, 7, 8, 0)),
    "course-200": (2, (7,)),
}


def preset_pictures() -> Iterator[tuple[str, Pixels]]:
    """(preset, (SIDE, 3·SIDE + 2·GAP, 4) RGBA) one after the other; drawn once, then read from the cache."""
    for name in presets.names():
        yield name, _cached(name)


def _cached(name: str) -> Pixels:
    path = Path(platformdirs.user_cache_path("fgbg-studio")) / "presets" / __version__ / f"{name}.png"
    with contextlib.suppress(OSError, PictureError):  # missing or damaged: it is drawn again
        return np.asarray(decode(path.read_bytes(), str(path)), np.uint8)
    pixels = draw_preset(name)
    with contextlib.suppress(OSError):  # a cache that cannot be written costs a second at the next start
        write_file(path, encode(pixels, Codec()))
    return pixels


def draw_preset(name: str) -> Pixels:
    """Composite, mask and depth side by side: (SIDE, 3·SIDE + 2·GAP, 4) uint8 RGBA, transparent between."""
    background, foregrounds = _CAST.get(name, (0, (0,)))
    with tempfile.TemporaryDirectory(prefix="fgbg-preset-") as temporary:
        folder = Path(temporary) / "project"
        _make_project(folder, name, background, foregrounds)
        recipe = make_recipe(storage.load(folder))
        composer, plan = Composer(Pictures(recipe, None, folder)), Plan(recipe)
        squares = _squares(composer, _chosen(plan, len(foregrounds)), Path(temporary))
    strip = np.zeros((SIDE, 3 * SIDE + 2 * GAP, 4), np.uint8)
    for number, square in enumerate(squares):
        left = number * (SIDE + GAP)
        strip[:, left : left + SIDE, :3] = _fitted(square)
        strip[:, left : left + SIDE, 3] = 255
    return strip


def _make_project(folder: Path, preset: str, background: int, foregrounds: tuple[int, ...]) -> None:
    storage.create(folder, preset, {"background.max_side": None})
    place = samples.backgrounds()[background]
    cast = [samples.foregrounds()[number] for number in foregrounds]
    heights = [cutout.real_height for cutout in cast]
    for _ in (*add_backgrounds(folder, [place.path]), *add_foregrounds(folder, [cutout.path for cutout in cast])):
        pass
    project = storage.load(folder)
    camera = {"horizon": place.horizon, "camera_height": place.camera_height}
    known = tuple(b.model_copy(update=camera) for b in project.backgrounds)
    tall = tuple(f.model_copy(update={"real_height": h}) for f, h in zip(project.foregrounds, heights, strict=False))
    storage.save(folder, project.model_copy(update={"backgrounds": known, "foregrounds": tall}))


def _chosen(plan: Plan, foregrounds: int) -> list[Sample]:
    """One sample of each foreground; where there are depth layers, each in another one, side by side."""
    rows = max(sample.layer for sample in plan[:]) + 1
    if rows <= 1:
        own = [sample for sample in plan[:] if not sample.mirrored]
        return [max(own, key=lambda sample: sample.y + sample.height)]
    wanted = []
    for number in range(foregrounds):
        own = [s for s in plan[:] if s.foreground == number and not s.mirrored and s.layer == number % rows]
        wanted.append(own[(3 * number + 1) % len(own)])
    return wanted


def _squares(composer: Composer, placed: list[Sample], cache: Path) -> list[Pixels]:
    placed = sorted(placed, key=lambda sample: sample.y + sample.height)
    for _ in composer.settings.depth.way.prepare(composer, cache):
        pass
    maker = composer.settings.depth.way.open(composer, cache)
    assert maker is not None
    composites = [composer(sample) for sample in placed]
    image = composer.background(0).astype(np.float32)
    for sample in placed:
        rgba = composer.sized(sample.foreground, sample.mirrored, sample.width, sample.height).astype(np.float32)
        place = image[sample.y : sample.y + sample.height, sample.x : sample.x + sample.width]
        place += (rgba[..., :3] - place) * (rgba[..., 3:] / 255)
    mask = np.max([composite.mask for composite in composites], axis=0)
    depth = np.min([made.map for made in maker(placed, composites)], axis=0)
    return [np.rint(image).astype(np.uint8), np.repeat(mask[..., None], 3, axis=2), depth_colours(depth)]


def _fitted(square: Pixels) -> Pixels:
    method = cv2.INTER_AREA if square.shape[0] > SIDE else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(square, (SIDE, SIDE), interpolation=method), np.uint8)
