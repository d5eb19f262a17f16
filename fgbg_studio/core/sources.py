"""The backgrounds, foregrounds and their masks as pictures of the dataset itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from fgbg_studio.core.compose import Composer
from fgbg_studio.core.dataset import HIDDEN
from fgbg_studio.core.images import Codec, Pixels, encode, write_file
from fgbg_studio.core.statistics import KindStatistics, to_json

SOURCES = f"{HIDDEN}/sources.json"
"""The marker of these pictures, with their statistics."""


def write_sources(root: Path, composer: Composer) -> None:
    """Write the kinds ``bg``, ``fg`` and ``fg_mask`` by the dataset's layout and writer, and their marker."""
    settings, layout = composer.settings, composer.settings.layout
    writer = settings.writer.open(root, "", layout)
    parts: dict[str, KindStatistics] = {}

    def put(kind: str, path: str, pixels: Pixels, codec: Codec) -> None:
        data = encode(pixels, codec)
        parts.setdefault(kind, KindStatistics()).add(pixels, len(data))
        writer.add(kind, path + layout.suffix(codec), data)

    for number in range(len(composer.pictures.recipe.backgrounds)):
        put("bg", layout.background(number), composer.background(number), settings.codecs.bg)
    sides = (False, True) if layout.stores_mirrored and settings.mirrored else (False,)
    for number in range(len(composer.pictures.recipe.foregrounds)):
        for mirrored in sides:
            rgba = sized_foreground(composer, number, mirrored=mirrored)
            put(
                "fg",
                layout.foreground(number, mirrored),
                stored_foreground(composer, rgba),
                settings.codecs.fg,
            )
            solid = rgba[..., 3] >= settings.compositing.mask_threshold
            mask = solid.astype(np.uint8) * np.uint8(255)
            put("fg_mask", layout.fg_mask(number, mirrored), mask, settings.codecs.fg_mask)
    writer.finish()
    write_file(root / SOURCES, json.dumps(to_json(parts)).encode())


def sized_foreground(composer: Composer, number: int, *, mirrored: bool) -> Pixels:
    """(h, w, 4) RGBA of a foreground at the size that its rule gives (the middle of a range)."""
    rule = composer.settings.foreground
    natural = composer.pictures.recipe.foregrounds[number].natural(square=rule.sizing.square)
    width, height = rule.sizing.sizes(np.array([natural[0]]), np.array([natural[1]]), np.array([0.5]))
    return composer.sized(number, mirrored, int(width[0]), int(height[0]))


def stored_foreground(composer: Composer, rgba: Pixels) -> Pixels:
    """The foreground as its file shows it: RGBA, or on white paper where the settings ask for that."""
    if not composer.settings.foreground.white_paper and composer.settings.codecs.fg.format == "png":
        return rgba
    alpha = rgba[..., 3:].astype(np.float32) / 255
    if composer.settings.foreground.white_paper:
        # Transparent pixels are painted white, half-transparent ones keep their colour: as it was done by hand.
        alpha = (alpha > 0).astype(np.float32)
    return np.rint(rgba[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
