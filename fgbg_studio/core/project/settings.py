"""Every setting of a dataset, as one frozen tree that is checked when it is made.

A preset is a `Settings`, a project holds one, and a dataset's recipe keeps the one it was made with.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from fgbg_studio.core.base.declared import Declared, about, declared
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.base.strategy import Strategy, describe_validation
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import PER_SAMPLE, Layout
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.core.networks.runtimes import Precision, Runtime
from fgbg_studio.core.project.appearance import Appearance
from fgbg_studio.core.project.split_rule import SplitsAtEnd


def _strategy(family: type[Strategy]) -> tuple[BeforeValidator, PlainSerializer]:
    def read(value: object) -> object:
        return value if isinstance(value, Strategy) else family.from_dict(value)  # type: ignore[arg-type]

    return BeforeValidator(read), PlainSerializer(lambda strategy: strategy.to_dict())


def _by_name(strategy: Strategy) -> object:
    """As data: its bare name, which is all that earlier versions knew of it, where it has no settings."""
    data = strategy.to_dict()
    return data if len(data) > 1 else strategy.name


_layout, _placement, _sizing = _strategy(Layout), _strategy(Placement), _strategy(Sizing)
_depth, _encoding, _writer = _strategy(Depth), _strategy(Encoding), _strategy(Writer)
_blend = _strategy(Blend)


def _known_runtime(name: str | None) -> str | None:
    return name if name is None else Runtime.get(name).name


_UNKNOWN = "of foregrounds of which neither a height nor a class is known"
_HELD = "over the ground; people hold cameras at about 1.5 m"
_OFTEN = "how often each foreground stands on each background"
_MAPS = "a map of which object is seen where, and objects.jsonl with a line of each object"
_CLASSES = "any; same or other: foregrounds of the first's class, or of another"
_FRONT = "where the depth map says that the background is nearer; for depth inserted into the backgrounds'"
_MARGIN = "than the object stands, of its distance: what hides it"
_SEEN = (
    "of an object; one that things in front hide more is moved, else a further one is left out and a first one counted"
)
_BEYOND = "of the further objects: those that the left, right or lower edge may cut, by at most half"
_COVERED = "of an object, by nearer ones; what would cover more stands elsewhere, or is left out"


class BackgroundRule(FrozenModel):
    """Which pictures become backgrounds, and how they become square."""

    fit: Literal["crop", "stretch"] = "crop"
    resampling: Literal["nearest", "bilinear", "bicubic", "lanczos", "box"] = "lanczos"
    min_side: Annotated[int, about(ge=1)] = 128
    max_side: Annotated[int, about(ge=1)] | None = None


class ForegroundRule(FrozenModel):
    """How a cutout becomes a foreground: trimmed, sized, its edge."""

    trim: Literal["alpha", "contour"] = "alpha"
    sizing: Annotated[Sizing, _sizing[0], _sizing[1]]
    decontaminate: bool = False
    feather: Annotated[float, about(ge=0, le=16)] = 0.0
    real_height: Annotated[float, about("real height", "m", _UNKNOWN, gt=0, le=100)] = 1.7
    white_paper: bool = False
    """Stored foregrounds have white instead of transparency (a JPEG has none)."""
    white_under: Annotated[int, about(ge=1, le=255)] = 1
    """Alpha under which white paper is seen."""


class Camera(FrozenModel):
    """The pinhole camera over the ground plane that placement and geometry depth share.

    ``horizon`` is a fraction of the frame's height from the top, heights and the wall's distance are metres,
    the field of view is horizontal, in degrees.
    """

    horizon: Annotated[float, about("horizon", "%", "of the frame's height from its top", ge=-1, le=2)] = 0.45
    height: Annotated[float, about("camera height", "m", _HELD, gt=0, le=1000)] = 1.6
    field_of_view: Annotated[float, about("field of view", "°", "from left to right", ge=10, le=150)] = 60.0
    wall: Annotated[float, about("distance of the wall", "m", "where depth by geometry ends", gt=0, le=60)] = 10.0


class Compositing(FrozenModel):
    """How a foreground is laid over a background, and from which alpha its mask is white.

    ``mask_of`` says which alpha that is: that of the foreground in its size, or that of the cutout before; of a
    cutout's mask that is resized a pixel is white where it is half covered or more.
    """

    mode: Annotated[Blend, _blend[0], PlainSerializer(_by_name), about("edges")] = Field(
        default_factory=lambda: Blend.from_dict("alpha")
    )
    mask_threshold: Annotated[int, about("mask is white from alpha", tip="1 to 255", ge=1, le=255)] = 128
    mask_of: Literal["sized", "cutout"] = "sized"


class ObjectCount(FrozenModel):
    """How many objects a sample has: a number drawn from ``least`` to ``most``, fewer where they find no place."""

    least: Annotated[int, about("objects at least", ge=1, le=50)] = 1
    most: Annotated[int, about("objects at most", tip="in each sample", ge=1, le=50)] = 1

    @model_validator(mode="after")
    def _in_order(self) -> ObjectCount:
        if self.least > self.most:
            raise UsageError(
                f"a sample cannot have at least {self.least} and at most {self.most} objects",
                Set({"scene.objects.least": self.most, "scene.objects.most": self.least}),
            )
        return self


class FrontRule(FrozenModel):
    """Whether things of a background hide objects that stand behind them, by a depth that inserts objects.

    ``margin`` is a share of an object's distance; within ``soft`` pixels of what hides it the edge follows the picture.
    """

    hides: Annotated[bool, about("things in front hide objects", tip=_FRONT)] = False
    margin: Annotated[float, about("nearer by", "%", _MARGIN, ge=0, le=1)] = 0.05
    soft: Annotated[int, about("soft edge", "px", "0: the depth map's own border", ge=0, le=16)] = 2
    min_visible: Annotated[float, about("seen at least", "%", _SEEN, ge=0, le=1)] = 0.25


class SceneRule(FrozenModel):
    """Which objects stand together, and what is told of each.

    The first object of a sample is the plan's: names, order and rows are by it. The others are drawn by it.
    """

    objects: ObjectCount = ObjectCount()
    overlap: Annotated[float, about("covered at most", "%", _COVERED, ge=0, le=1)] = 0.5
    truncation: Annotated[float, about("cut by the frame", "%", _BEYOND, ge=0, le=1)] = 0.0
    classes: Annotated[Literal["any", "same", "other"], about("the others' classes", tip=_CLASSES)] = "any"
    instances: Annotated[bool, about("index maps and boxes", tip=_MAPS)] = False
    front: FrontRule = FrontRule()


class DepthSettings(FrozenModel):
    """Which way depth is made, by which network, and how it is stored.

    ``model`` is a file or a catalogue name; ``network`` describes a file that the catalogue does not know;
    ``runtime`` is what runs it (None: the file's own); ``precision`` bfloat16 is quicker where processor and
    runtime have it, and is used after a comparison with float32 on the user's own backgrounds; ``size`` is the
    side of the stored map (None: the composite's).
    """

    way: Annotated[Depth, _depth[0], _depth[1]]
    model: str | None = None
    network: dict[str, Any] | None = None
    runtime: Annotated[str | None, AfterValidator(_known_runtime)] = None
    precision: Precision = "float32"
    encoding: Annotated[Encoding, _encoding[0], _encoding[1]]
    size: Annotated[int, about(ge=16, le=2048)] | None = None


class Codecs(FrozenModel):
    """How each kind of picture is stored."""

    bg: Codec
    fg: Codec
    fg_mask: Codec
    fg_bg: Codec
    mask: Codec
    depth: Codec

    @property
    def instances(self) -> Codec:
        """Of index maps, which no other would keep."""
        return Codec("png")


class Settings(FrozenModel):
    """Everything that, with the pictures and the seed, decides every byte of a dataset."""

    size: Annotated[int, about(ge=32, le=1024)]
    placements: Annotated[int, about("placements of each pair", tip=_OFTEN, ge=1, le=10_000)] = 20
    mirrored: Annotated[bool, about("mirrored too", tip="each sample again with its foreground mirrored")] = True
    grayscale: bool = False
    background: BackgroundRule
    foreground: ForegroundRule
    camera: Camera = Camera()
    placement: Annotated[Placement, _placement[0], _placement[1]]
    compositing: Compositing = Field(default_factory=Compositing)
    appearance: Appearance = Appearance()
    scene: SceneRule = SceneRule()
    splits: SplitsAtEnd = SplitsAtEnd()
    depth: DepthSettings
    codecs: Codecs
    layout: Annotated[Layout, _layout[0], _layout[1]]
    writer: Annotated[Writer, _writer[0], _writer[1]]
    shard: Annotated[int, about(ge=1, le=30_000)] = 2000
    """Samples a shard: the unit of work, of resume and of ZIP and tar files. The first of them are cut smaller."""

    @model_validator(mode="after")
    def _room_for_every_bit(self) -> Settings:
        encoding = self.depth.encoding
        if encoding.bits > 8 and not self.codecs.depth.lossless:
            # OpenCV would cut them off at 255 without a word.
            raise UsageError(
                f"the depth encoding {encoding.name!r} has {encoding.bits} bits and JPEG only 8",
                [Set({"codecs.depth.format": "png"}), Set({"depth.encoding": "uint8-linear"})],
            )
        return self

    @model_serializer(mode="wrap")
    def _without_plain_scene(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what earlier versions do not know where it says nothing: the same settings are the same bytes."""
        data: dict[str, Any] = handler(self)
        if self.scene == SceneRule():
            data.pop("scene", None)
        if self.splits == SplitsAtEnd():
            data.pop("splits", None)
        return data

    @property
    def per_pair(self) -> int:
        """How many samples each background and foreground has of each side: its placements, each as often blended."""
        return self.placement.count(self.placements) * self.compositing.mode.times

    @property
    def sample_kinds(self) -> tuple[str, ...]:
        """The kinds of pictures that each sample has."""
        without = {"depth": not self.depth.way.makes_depth, "instances": not self.scene.instances}
        return tuple(kind for kind in PER_SAMPLE if not without.get(kind))

    @property
    def depth_size(self) -> int:
        """Side of a stored depth map in pixels."""
        return self.depth.size or self.size


def declared_at(settings: Settings, path: str) -> Declared:
    """What the declaration of the setting at a dotted path says of it: its one name, its unit, its bounds."""
    *parents, name = path.split(".")
    part: object = settings
    for parent in parents:
        part = getattr(part, parent)
    return declared(type(part))[name]


def make_settings(data: dict[str, Any]) -> Settings:
    """Settings from JSON-ready data.

    Raises:
        UsageError: naming the key that is unknown or whose value does not fit.
    """
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise UsageError(f"settings: {describe_validation(error)}", "Give that key another value") from error


def replaced(settings: Settings, path: str, value: object) -> Settings:
    """``settings`` with one value at a dotted path; see `with_changes`."""
    return with_changes(settings, {path: value})


def with_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """``settings`` with values at dotted paths, put in one after another and checked together.

    A strategy is changed as a whole, by itself, its name or its data (``placement``), or setting by setting
    (``placement.columns``). Only the parts on the paths are made anew.

    Raises:
        UsageError: an unknown path (with the nearest known one) or a value that does not fit.
    """
    data = dict(settings)
    for path, value in changes.items():
        _put(data, path, value)
    return make_settings(data)


def _put(data: dict[str, Any], path: str, value: object) -> None:
    *parents, last = path.split(".")
    place: dict[str, Any] | None = data
    for step, part in enumerate(parents):
        if place is None or part not in place:
            raise UsageError(f"there is no setting {path!r}", _near(path, data))
        if place[part] is None and parents[: step + 1] == ["depth", "network"]:
            place[part] = {}  # the description of a network is made key by key
        opened = _opened(place[part])
        if opened is not None:
            place[part] = opened
        place = opened
    if place is None or not (last in place or "name" in place or parents == ["depth", "network"]):
        raise UsageError(f"there is no setting {path!r}", _near(path, data))
    strategy = "name" in (_opened(place.get(last)) or {}) and isinstance(value, str)
    given = {"name": value} if strategy else _opened(value)
    place[last] = value if given is None else given
    if last == "name" and parents:
        for other in [k for k in place if k != "name"]:
            del place[other]  # another strategy has other settings


def _opened(part: object) -> dict[str, Any] | None:
    """The values of a part of the settings, to be changed and checked anew; None for what has no parts."""
    if isinstance(part, FrozenModel | dict):
        return dict(part)
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return None
    values = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    return {"name": part.name, **values} if isinstance(part, Strategy) else values


def _near(key: str, data: dict[str, Any]) -> str:
    known = list(_keys(data, ""))
    near = difflib.get_close_matches(key, known, n=3, cutoff=0.4)
    return f"Did you mean {' or '.join(near)}" if near else f"Known are: {', '.join(known)}"


def _keys(data: dict[str, Any], prefix: str) -> list[str]:
    found: list[str] = []
    for key, value in data.items():
        found.append(prefix + key)
        found += _keys(_opened(value) or {}, f"{prefix}{key}.")
    return found
