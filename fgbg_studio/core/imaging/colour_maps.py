"""Depth maps in colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import AnyPixels, DepthMap, Pixels


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
