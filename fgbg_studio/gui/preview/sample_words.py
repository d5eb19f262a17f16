"""What is said of a sample, in the same words and units wherever it is seen: grid, card and large."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from fgbg_studio.core.base.sample import PlacedObject


def _tr(text: str) -> str:
    return QCoreApplication.translate("preview", text)


def size_said(one: PlacedObject) -> str:
    """'44 × 106 px': of its box."""
    return _tr("{0} × {1} px").format(one.width, one.height)


def share_said(share: float) -> str:
    """'4.3% of the frame': what a mask covers, 0..1."""
    return _tr("{0} of the frame").format(f"{share:.1%}")


def depth_said(depth: float, *, metric: bool) -> str:
    """'3.55 m away' or 'depth 0.41'; empty for no value."""
    if math.isnan(depth):
        return ""
    return _tr("{0} m away").format(f"{depth:.2f}") if metric else _tr("depth {0}").format(f"{depth:.2f}")


def layer_said(layer: int) -> str:
    """'depth layer 1', the nearest; empty where there are none."""
    return _tr("depth layer {0}").format(layer + 1) if layer >= 0 else ""
