"""Depth maps in colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Pixels

NOWHERE = (96, 112, 128)
"""The colour of no value, which is none of those of a depth."""


def depth_colours(depth: AnyPixels | DepthMap, low: float | None = None, high: float | None = None) -> Pixels:
    """(H, W, 3) RGB of a depth map: near warm and bright, far dark (Matplotlib's inferno, reversed), NaN `NOWHERE`."""
    values = depth.astype(np.float32)
    missing = np.isnan(values)
    if low is None or high is None:
        known = values[~missing]
        nearest, farthest = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        low, high = nearest if low is None else low, farthest if high is None else high
    values[missing] = high
    scaled = np.clip((high - values) / max(high - low, 1e-9) * 255, 0, 255).astype(np.uint8)
    coloured = np.asarray(cv2.cvtColor(cv2.applyColorMap(scaled, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB), np.uint8)
    coloured[missing] = NOWHERE
    return coloured


_INDEX_COLOURS = np.array(
    [
        (24, 24, 24), (230, 75, 60), (70, 150, 230), (240, 190, 60), (90, 190, 110), (170, 110, 210), (240, 140, 60),
        (80, 200, 200), (220, 120, 170),
    ],
    np.uint8,
)  # fmt: skip


def index_colours(indices: AnyPixels) -> Pixels:
    """(H, W, 3) RGB of an index map (H, W): dark where there is nothing, a colour for each object, in turns."""
    count = len(_INDEX_COLOURS) - 1
    colours: Pixels = _INDEX_COLOURS[np.where(indices > 0, (indices.astype(np.int64) - 1) % count + 1, 0)]
    return colours


def depth_range(maps: Sequence[DepthMap]) -> tuple[float, float]:
    """(nearest, farthest) of several maps for one colour scale, without the one pixel in a hundred that is astray."""
    values = np.stack(maps)
    known = values[~np.isnan(values)]
    low, high = np.percentile(known, (0.5, 99.5)) if known.size else (0.0, 0.0)
    return float(low), float(high)
