"""What a network's file takes and what its output means: the little that the file itself does not say."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.strategy import describe_validation

FloatMaps = NDArray[np.float32]
Run = Callable[[NDArray[Any]], FloatMaps]
"""A network: from a prepared batch to one map a picture, (n, h, w)."""
Triple = tuple[float, float, float]
Meaning = Literal["metres", "relative", "inverse", "densedepth", "saliency", "matte"]
Kind = Literal["metric", "relative", "matte"]

IMAGENET_MEAN: Triple = (0.485, 0.456, 0.406)
IMAGENET_STD: Triple = (0.229, 0.224, 0.225)

_KINDS: dict[Meaning, Kind] = {
    "metres": "metric",
    "densedepth": "metric",
    "relative": "relative",
    "inverse": "relative",
    "saliency": "matte",
    "matte": "matte",
}


@dataclass(frozen=True)
class Description:
    """How pictures go into a network's file and what comes out of it.

    A pixel value v in 0..255 goes in as ``(v / divide - mean) / std`` by channel, in the order R, G, B.

    Attributes:
        meaning: what the output value p means.
            ``metres``: depth in metres is ``factor × p``.
            ``relative``: ``factor × p`` grows with the distance, in no unit.
            ``inverse``: p is large where it is near and in proportion to 1 / distance, in no unit.
            ``densedepth``: depth in metres is ``clip(1000 / p, 10, 1000) / 1000 × factor``.
            ``saliency``: large on the salient object; stretched to 0..1 over the picture.
            ``matte``: alpha in 0..1.
        width: of the picture that goes in, in pixels.
        height: likewise.
        multiple: 0 where the file takes that one size; else it takes any width and height that are multiples
            of this number, and ``width`` and ``height`` are the wanted ones.
        layout: ``nhwc`` (channels last) or ``nchw`` (channels first).
        dtype: ``uint8`` sends the pixels' bytes as they are; ``float32`` the normalised values, quantised
            where the file wants integers.
        divide: what pixel values are divided by before ``mean`` and ``std`` (255 gives 0..1).
        stretch: whether a picture is first scaled so that its largest value is 255 (U²-Net's habit).
        mean: by channel, subtracted.
        std: by channel, divided by.
        factor: see ``meaning``; for ``densedepth`` the largest depth in metres.
        reach: for ``inverse``, the largest ratio of the farthest to the nearest depth that is kept.
        output: which of the file's outputs is meant, from 0.
        dequantise: whether an integer output is turned into real values by the file's own scale and zero
            point before ``factor`` applies; otherwise p is the integer.
    """

    meaning: Meaning
    width: Annotated[int, Field(ge=16, le=8192)]
    height: Annotated[int, Field(ge=16, le=8192)]
    multiple: Annotated[int, Field(ge=0, le=256)] = 0
    layout: Literal["nhwc", "nchw"] = "nhwc"
    dtype: Literal["float32", "uint8"] = "float32"
    divide: Annotated[float, Field(gt=0)] = 255.0
    stretch: bool = False
    mean: Triple = (0.0, 0.0, 0.0)
    std: Triple = (1.0, 1.0, 1.0)
    factor: Annotated[float, Field(gt=0)] = 1.0
    reach: Annotated[float, Field(gt=1)] = 100.0
    output: Annotated[int, Field(ge=0)] = 0
    dequantise: bool = True

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def __post_init__(self) -> None:
        if self.multiple and (self.width % self.multiple or self.height % self.multiple):
            raise ValueError(f"{self.width} × {self.height} is not made of multiples of {self.multiple}")
        if not all(self.std):
            raise ValueError("std must not be 0")

    @property
    def kind(self) -> Kind:
        """``metric`` (metres), ``relative`` (no unit, larger = farther) or ``matte`` (no depth, 0..1)."""
        return _KINDS[self.meaning]

    def fitted(self, width: int, height: int) -> Description:
        """The same at the size that suits pictures of ``width`` × ``height``, where the file takes several.

        It has the picture's shape and about the described shorter side, as near as ``multiple`` allows; a
        whole multiple of the picture's own size is preferred where one is within a tenth, because it needs no
        fractional scaling (192 runs at 480 in DenseDepth, 224 at 448).
        """
        if not self.multiple:
            return self
        scale = min(self.width, self.height) / min(width, height)
        whole = max(round(scale), 1)
        exact = not (width * whole % self.multiple or height * whole % self.multiple)
        if exact and abs(whole / scale - 1) <= 0.1:
            return dataclasses.replace(self, width=width * whole, height=height * whole)
        wide, high = (max(round(side * scale / self.multiple), 1) * self.multiple for side in (width, height))
        return dataclasses.replace(self, width=wide, height=high)

    def prepare(self, pictures: NDArray[np.uint8]) -> NDArray[Any]:
        """Pictures (N, height, width, 3) uint8 RGB as the array that goes into the file."""
        batch: NDArray[Any] = pictures
        if self.dtype == "float32":
            batch = pictures.astype(np.float32)
            if self.stretch:
                batch *= 255.0 / np.maximum(batch.max(axis=(1, 2, 3), keepdims=True), 1.0)
            gain = 1.0 / (self.divide * np.array(self.std))
            batch *= gain.astype(np.float32)
            batch -= (np.array(self.mean) / np.array(self.std)).astype(np.float32)
        return np.ascontiguousarray(batch.transpose(0, 3, 1, 2) if self.layout == "nchw" else batch)

    def convert(self, raw: NDArray[Any]) -> FloatMaps:
        """The file's output (N, h, w) as float32 of the same shape: depth, larger = farther, or alpha 0..1.

        ``inverse``: a network of this sort gives 1 / distance but for a factor and a shift that differ from
        picture to picture (Ranftl et al. 2020, section 5). The factor is settled by calling the nearest
        surface of the picture 1; the shift is taken as 0, which is right where something very far is seen and
        otherwise overstates the distance of the farthest. So depth is ``1 / max(p / max(p), 1 / reach)``,
        from 1 to ``reach``, in units of the nearest distance; what is farther (sky) is at ``reach``.

        ``densedepth`` is the authors' own formula (Alhashim and Wonka 2018, section 3.2), also for p ≤ 0.
        """
        p: FloatMaps = raw.astype(np.float32)
        if self.meaning == "densedepth":
            return _densedepth(p, self.factor)
        if self.meaning == "inverse":
            return _inverse(p, self.reach)
        if self.meaning == "saliency":
            return _stretched(p)
        if self.meaning == "matte":
            return p.clip(0, 1)
        scaled: FloatMaps = p * np.float32(self.factor)
        return scaled


def _densedepth(p: FloatMaps, farthest: float) -> FloatMaps:
    with np.errstate(divide="ignore", over="ignore"):
        shares = np.clip(np.float32(1000) / p, 10, 1000) / np.float32(1000)
    depth: FloatMaps = shares * np.float32(farthest)
    return depth


def _inverse(p: FloatMaps, reach: float) -> FloatMaps:
    p = p.clip(0, None)
    nearest = np.maximum(p.max(axis=(1, 2), keepdims=True), np.finfo(np.float32).tiny)
    depth: FloatMaps = np.float32(1) / np.maximum(p / nearest, np.float32(1 / reach))
    return depth


def _stretched(p: FloatMaps) -> FloatMaps:
    above = p - p.min(axis=(1, 2), keepdims=True)
    stretched: FloatMaps = above / np.maximum(above.max(axis=(1, 2), keepdims=True), np.finfo(np.float32).tiny)
    return stretched


def description_from(data: Mapping[str, Any]) -> Description:
    """A description from a project file's or a form's mapping.

    Raises:
        NetworkError: a key that there is not, one that is missing, or a value that does not fit.
    """
    try:
        return _adapter().validate_python(dict(data))
    except ValidationError as error:
        raise NetworkError(
            f"the network's description is invalid: {describe_validation(error)}",
            f"Its keys are {', '.join(field.name for field in dataclasses.fields(Description))};"
            " meaning, width and height are required",
        ) from error


@cache
def _adapter() -> TypeAdapter[Description]:
    return TypeAdapter(Description)
