"""Contact sheets: a grid of pictures on one, for people to look at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fgbg_studio.core.compose import Composer
from fgbg_studio.core.encodings import DepthMap
from fgbg_studio.core.images import AnyPixels, Pixels
from fgbg_studio.core.plan import Plan, Sample

_PAPER, _INK, _GAP = (246, 247, 248), (98, 106, 115), 8
_CHECKER = ((255, 255, 255), (232, 234, 237))


def spread(total: int, count: int, seed: int = 0) -> list[int]:
    """``count`` different numbers below ``total``, evenly spread and the same for the same seed, in order."""
    count = min(count, total)
    return sorted(int(i) for i in np.random.default_rng(seed).choice(total, count, replace=False))


def sheet(rows: Sequence[Sequence[Pixels]], labels: Sequence[str] = (), cell: int = 160) -> Pixels:
    """(H, W, 3) uint8 RGB of pictures in rows, each fitted into ``cell`` × ``cell`` pixels.

    Args:
        rows: of (h, w), (h, w, 3) or (h, w, 4) uint8 pictures; transparency shows a checkerboard.
        labels: one for each row, written over it; none for no labels.
        cell: side of a picture's place in pixels.
    """
    head = 22 if labels else 0
    wide = max(len(row) for row in rows) * (cell + _GAP) + _GAP
    page = Image.new("RGB", (wide, len(rows) * (cell + _GAP + head) + _GAP), _PAPER)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(14)
    for number, row in enumerate(rows):
        top = _GAP + number * (cell + _GAP + head)
        if labels:
            draw.text((_GAP, top + 1), labels[number], _INK, font)
        for column, picture in enumerate(row):
            fitted = _fit(picture, cell)
            left = _GAP + column * (cell + _GAP) + (cell - fitted.width) // 2
            page.paste(fitted, (left, top + head + (cell - fitted.height) // 2))
    return np.array(page)


def in_rows(pictures: Sequence[Pixels], columns: int) -> list[list[Pixels]]:
    """The pictures in rows of ``columns``."""
    return [list(pictures[i : i + columns]) for i in range(0, len(pictures), columns)]


def depth_colours(depth: AnyPixels | DepthMap, low: float | None = None, high: float | None = None) -> Pixels:
    """(H, W, 3) RGB of a depth map: near warm and bright, far dark (Matplotlib's inferno, reversed)."""
    values = depth.astype(np.float32)
    low = float(values.min()) if low is None else low
    high = float(values.max()) if high is None else high
    scaled = np.clip((high - values) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    coloured = cv2.cvtColor(cv2.applyColorMap(scaled, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    return np.asarray(coloured, np.uint8)


def depth_range(maps: Sequence[DepthMap]) -> tuple[float, float]:
    """(nearest, farthest) of several maps for one colour scale, without the one pixel in a hundred that is astray."""
    low, high = np.percentile(np.stack(maps), (0.5, 99.5))
    return float(low), float(high)


def preview(composer: Composer, plan: Plan, numbers: Sequence[int], cache: Path) -> Pixels:
    """A sheet of the plan's samples ``numbers``: composites, masks and, where there is depth, depth maps.

    ``cache`` is the folder of background depths, prepared already.
    """
    samples: list[Sample] = [plan[number] for number in numbers]
    composites = [composer(sample) for sample in samples]
    rows: list[Sequence[Pixels]] = [[c.image for c in composites], [c.mask for c in composites]]
    labels = [f"composites: {len(samples)} of {len(plan):,} samples", "masks"]
    maker = composer.settings.depth.way.open(composer, cache)
    if maker is not None:
        maps = [depth.map for depth in maker(samples, composites)]
        low, high = depth_range(maps)
        rows.append([depth_colours(d, low, high) for d in maps])
        unit = " m" if composer.settings.depth.way.meaning(composer, cache).kind == "metric" else ""
        labels.append(f"depth: near is bright; {low:.1f} to {high:.1f}{unit}")
    columns = 6
    blocks = [row[i : i + columns] for i in range(0, len(samples), columns) for row in rows]
    return sheet(blocks, labels * (len(blocks) // len(rows)), cell=192)


def _fit(picture: Pixels, cell: int) -> Image.Image:
    if picture.ndim == 3 and picture.shape[2] == 4:
        picture = on_checkerboard(picture)
    image = Image.fromarray(picture).convert("RGB")
    factor = cell / max(image.size)
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return image.resize(size, Image.Resampling.LANCZOS if factor < 1 else Image.Resampling.BICUBIC)


def on_checkerboard(rgba: Pixels, square: int = 8) -> Pixels:
    """(H, W, 3) RGB of an RGBA picture over a quiet checkerboard."""
    height, width = rgba.shape[:2]
    y, x = np.mgrid[:height, :width] // square
    board = np.array(_CHECKER, np.float32)[(x + y) % 2]
    alpha = rgba[..., 3:].astype(np.float32) / 255
    mixed: Pixels = np.rint(rgba[..., :3] * alpha + board * (1 - alpha)).astype(np.uint8)
    return mixed
