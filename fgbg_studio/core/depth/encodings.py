"""The depth encodings: one a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.interfaces.encoding import Encoding


def _scaled(depth: DepthMap, factor: float, kind: int) -> NDArray[Any]:
    """``depth`` × ``factor`` rounded and saturated, from 1 on; 0 where there is no value."""
    missing = np.isnan(depth)
    depth = np.minimum(depth, np.float32(100_000 / factor))  # OpenCV makes 0 of what no 32-bit integer can hold
    # A scalar as the second factor is OpenCV's own habit, which its type stubs do not know.
    stored: NDArray[Any] = np.asarray(cv2.multiply(depth, factor, dtype=kind))  # type: ignore[call-overload]
    np.maximum(stored, stored.dtype.type(1), out=stored)
    stored[missing] = 0
    return stored


def _restored(stored: NDArray[Any], step: float) -> DepthMap:
    depth: DepthMap = np.multiply(stored, np.float32(step), dtype=np.float32)
    missing = stored == 0
    if missing.any():
        depth[missing] = np.nan
    return depth


@dataclass(frozen=True)
class Millimetres(Encoding):
    """uint16 millimetres, 0 for no value; depth beyond 65.535 m is stored as 65535 and counted."""

    name: ClassVar[str] = "uint16-millimetres"
    title: ClassVar[str] = "16-bit millimetres"
    summary: ClassVar[str] = "16-bit whole millimetres up to 65.5 m; 0 means no value"
    needs_metres: ClassVar[bool] = True
    bits: ClassVar[int] = 16

    @override
    def encode(self, depth: DepthMap) -> NDArray[Any]:
        return _scaled(depth, 1000.0, cv2.CV_16U)

    @property
    @override
    def step(self) -> float:
        return 0.001

    @property
    @override
    def reach(self) -> float:
        return 65.535

    @override
    def restore(self, stored: NDArray[Any]) -> DepthMap:
        return _restored(stored, 1 / 1000)

    @property
    @override
    def meaning(self) -> str:
        return "depth in millimetres; 0 = no value"


@dataclass(frozen=True)
class LinearByte(Encoding):
    """uint8, up to ``far`` metres on 1..255: the same grey value is the same depth in every picture."""

    name: ClassVar[str] = "uint8-linear"
    title: ClassVar[str] = "8-bit, one scale"
    summary: ClassVar[str] = "8-bit, one scale for all pictures; far is bright"
    needs_metres: ClassVar[bool] = True
    far: Annotated[float, about("depth of 255", "m", ge=0.1)] = 10.0

    @override
    def encode(self, depth: DepthMap) -> NDArray[Any]:
        return _scaled(depth, 255.0 / self.far, cv2.CV_8U)

    @property
    @override
    def step(self) -> float:
        return self.far / 255

    @property
    @override
    def reach(self) -> float:
        return self.far

    @override
    def restore(self, stored: NDArray[Any]) -> DepthMap:
        return _restored(stored, self.far / 255)

    @property
    @override
    def meaning(self) -> str:
        return f"depth = value / 255 × {self.far:g} metres; farther is brighter; 0 = no value"


@dataclass(frozen=True)
class Stretched(Encoding):
    """uint8, each picture's own least..greatest depth on 0..255: far is bright, metres are lost.

    What has no value is farthest. As one of the hand-made datasets stored it. The same metre gets another grey value
    in each picture, so this is for training code that expects it and for nothing else.
    """

    name: ClassVar[str] = "uint8-stretched"
    title: ClassVar[str] = "8-bit, stretched"
    summary: ClassVar[str] = "8-bit, each picture stretched to its own range; far is bright"
    pointwise: ClassVar[bool] = False

    @override
    def encode(self, depth: DepthMap) -> NDArray[Any]:
        missing = np.isnan(depth)
        if missing.any():
            known = depth[~missing]
            depth = np.where(missing, known.max() if known.size else np.float32(0), depth)
        low, high, _, _ = cv2.minMaxLoc(depth)
        scale = 255.0 / (high - low) if high > low else 0.0
        if scale > float(np.finfo(np.float32).max):  # OpenCV's factor is a float32
            depth, low, scale = np.asarray((depth.astype(np.float64) - low) / (high - low)), 0.0, 255.0
        return cv2.convertScaleAbs(depth, alpha=scale, beta=-low * scale)

    @override
    def restore(self, stored: NDArray[Any]) -> DepthMap:
        return stored.astype(np.float32) / np.float32(255)

    @property
    @override
    def meaning(self) -> str:
        return "per-picture stretch, 0 = nearest (a value, as all others), 255 = farthest; metres are lost"


@dataclass(frozen=True)
class StretchedInverted(Stretched):
    """uint8, each picture's own least..greatest depth on 255..0: near is bright; as another hand-made one stored it."""

    name: ClassVar[str] = "uint8-stretched-inverted"
    title: ClassVar[str] = "8-bit, stretched and inverted"
    summary: ClassVar[str] = "8-bit, each picture stretched to its own range; near is bright"

    @override
    def encode(self, depth: DepthMap) -> NDArray[Any]:
        return cv2.bitwise_not(super().encode(depth))

    @override
    def restore(self, stored: NDArray[Any]) -> DepthMap:
        return 1 - super().restore(stored)

    @property
    @override
    def meaning(self) -> str:
        return "per-picture stretch, 255 = nearest, 0 = farthest (a value, as all others); metres are lost"


@dataclass(frozen=True)
class RelativeWord(Encoding):
    """uint16, 0..1 on 1..65535, for depth without a unit."""

    name: ClassVar[str] = "uint16-relative"
    title: ClassVar[str] = "16-bit relative depth"
    summary: ClassVar[str] = "16-bit relative depth; farther is larger"
    needs_relative: ClassVar[bool] = True
    bits: ClassVar[int] = 16

    @override
    def encode(self, depth: DepthMap) -> NDArray[Any]:
        return _scaled(depth, 65535.0, cv2.CV_16U)

    @property
    @override
    def step(self) -> float:
        return 1 / 65535

    @property
    @override
    def reach(self) -> float:
        return 1.0

    @override
    def restore(self, stored: NDArray[Any]) -> DepthMap:
        return _restored(stored, 1 / 65535)

    @property
    @override
    def meaning(self) -> str:
        return "relative depth × 65535; farther is larger; no unit; 0 = no value"
