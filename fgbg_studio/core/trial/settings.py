"""Everything that may be chosen of a trial; forms, the command line and the report read it from here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, PlainSerializer, TypeAdapter, ValidationError

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import Strategy, closest, describe_validation
from fgbg_studio.core.trial.depth_losses import DepthLoss
from fgbg_studio.core.trial.mask_losses import MaskLoss

Inputs = Literal["two", "one"]
"""What a network sees: composite and background, or the composite alone."""
Noise = Literal["stored", "shared", "fresh"]

STEP = 16
"""Sides of a network's input are multiples of it: its encoder halves them four times."""

_INPUTS = "two: background and composite; one: the composite alone, as a network in use; both: one after the other"
_WIDTH = "small has about half a million weights, medium over three million"
_SIDE = "of what the network sees, a multiple of 16; 0: that next to the composites' own side"
_FULL = "maps as large as what the network sees, instead of half"
_FIRST = "to train on at most, evenly from the training part; 0: all"
_NOISE = (
    "stored: as the dataset has it; shared: coded as the composites are, so that it equals them to the bit beside "
    "the object; fresh: coded for itself with other noise each time, as another photo of the place would be"
)
_CROP = "at most, of the side; all pictures alike. What is cropped is scaled, and edges are less exact"
_SCORED = "of each part at most"
_REAL = "images, masks, rgb and depth of real photos; empty: none"
_CARD = "what came out goes on the dataset's card"


def _family(family: type[Strategy]) -> tuple[BeforeValidator, PlainSerializer]:
    def read(value: object) -> object:
        return value if isinstance(value, family) else family.from_dict(value)  # type: ignore[arg-type]

    return BeforeValidator(read), PlainSerializer(lambda strategy: strategy.to_dict())


_mask, _depth = _family(MaskLoss), _family(DepthLoss)


@dataclass(frozen=True)
class TrialSettings:
    """What is trained, on what, and how it is measured; made from text by `trial_settings`."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", allow_inf_nan=False)

    inputs: Annotated[Literal["both", "two", "one"], about("inputs", tip=_INPUTS)] = "both"
    width: Annotated[Literal["small", "medium"], about("network", tip=_WIDTH)] = "small"
    side: Annotated[int, about("side", "px", _SIDE, ge=0, le=1024)] = 0
    full_size: Annotated[bool, about("full-size maps", tip=_FULL)] = False
    mask_loss: Annotated[MaskLoss, _mask[0], _mask[1], about("loss of masks")] = field(
        default_factory=lambda: MaskLoss.from_dict("bce-dice")
    )
    depth_loss: Annotated[DepthLoss, _depth[0], _depth[1], about("loss of depth")] = field(
        default_factory=lambda: DepthLoss.from_dict("sum")
    )
    mask_weight: Annotated[float, about("weight of masks", tip="0: the network gives none", ge=0, le=100)] = 1.0
    depth_weight: Annotated[float, about("weight of depth", tip="0: the network gives none", ge=0, le=100)] = 1.0
    samples: Annotated[int, about("samples", tip=_FIRST, ge=0)] = 0
    epochs: Annotated[int, about("epochs", tip="how often each sample is seen", ge=1, le=10_000)] = 10
    batch: Annotated[int, about("batch", tip="samples of a step", ge=1, le=1024)] = 32
    rate: Annotated[float, about("learning rate", tip="of Adam, at its highest", gt=0, le=1)] = 0.004
    flip: Annotated[bool, about("mirror", tip="half of the samples, all their pictures alike")] = True
    crop: Annotated[float, about("crop", "%", _CROP, ge=0, le=0.5)] = 0.0
    colour: Annotated[float, about("colours", "%", "brightness and contrast of the inputs, up to", ge=0, le=1)] = 0.2
    background_noise: Annotated[Noise, about("the background's noise", tip=_NOISE)] = "stored"
    seed: Annotated[int, about("seed", ge=0, le=2**31 - 1)] = 0
    scored: Annotated[int, about("samples to measure", tip=_SCORED, ge=1)] = 500
    real: Annotated[str, about("folder of real photos", tip=_REAL)] = ""
    real_unit: Annotated[str, about("unit of their depth", tip="millimetres, tum, metres, or steps a metre")] = (
        "millimetres"
    )
    card: Annotated[bool, about("on the card", tip=_CARD)] = True

    def __post_init__(self) -> None:
        if self.side % STEP or 0 < self.side < 2 * STEP:
            near = max(round(self.side / STEP), 2) * STEP
            raise UsageError(f"a network cannot see {self.side} px", f"Give side a multiple of {STEP}: {near}")
        if not self.mask_weight and not self.depth_weight:
            raise UsageError("a network that gives neither masks nor depth learns nothing", "Give one of them a weight")

    @property
    def runs(self) -> tuple[Inputs, ...]:
        """The networks to train, in this order."""
        return ("two", "one") if self.inputs == "both" else (self.inputs,)

    @property
    def real_folder(self) -> Path | None:
        """Where real photos are, if any are given."""
        return Path(self.real).expanduser() if self.real else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        data: dict[str, Any] = _adapter().dump_python(self, mode="json")
        return data


def trial_settings(given: Mapping[str, Any]) -> TrialSettings:
    """Settings of which some are ``given``: ``epochs=3``, ``depth_loss=l1``, ``depth_loss.ssim=0``.

    Raises:
        UsageError: naming the key that is unknown or whose value does not fit.
    """
    known = {one.name for one in dataclasses.fields(TrialSettings)}
    data: dict[str, Any] = {}
    for key, value in given.items():
        name, dot, inner = key.partition(".")
        if name not in known or (dot and name not in {"mask_loss", "depth_loss"}):
            raise UsageError(f"a trial has no setting {key!r}", closest(name, sorted(known)))
        if dot:
            data[name] = {**_parts(data.get(name, getattr(TrialSettings(), name).to_dict())), inner: value}
        else:
            data[name] = str(value) if name in {"real", "real_unit"} else value
    try:
        return _adapter().validate_python(data)
    except ValidationError as error:
        raise UsageError(f"settings of a trial: {describe_validation(error)}", "Give it another value") from error


def _parts(strategy: str | dict[str, Any]) -> dict[str, Any]:
    return {"name": strategy} if isinstance(strategy, str) else strategy


@cache
def _adapter() -> TypeAdapter[TrialSettings]:
    return TypeAdapter(TrialSettings)
