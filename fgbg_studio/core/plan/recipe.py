"""The recipe of a dataset: everything that decides its bytes, without a pixel.

It is made from a project, kept in ``dataset.json``, and enough (with the prepared pictures beside it) to make
any sample again, on any machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.paths import OwnPath
from fgbg_studio.core.base.remedies import AddPictures
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.beside import description_beside
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.placement.region_mask import StandingRegion
from fgbg_studio.core.project.appearance import LIGHT, Direction, Elevation, Share
from fgbg_studio.core.project.exclusions import HasExclusions
from fgbg_studio.core.project.framing import frame_of
from fgbg_studio.core.project.model import (
    Axis,
    Background,
    Box,
    Crop,
    Focal,
    Foreground,
    Fraction,
    MeasuredDepth,
    Metres,
    Project,
    RandomSeed,
    Wall,
)
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.core.project.split_rule import SplitsAtEnd


class BackgroundSource(FrozenModel):
    """A background as the plan needs it: the horizon as a fraction of the frame, the camera in metres.

    ``wall`` is how far away its wall is, ``none`` outdoors, None as the settings say; ``standing`` is None where
    objects may stand everywhere, ``depth`` where none was measured. ``lens`` is focal length and row of the axis as
    fractions of the frame's height, None for a level camera of the settings' field of view. ``light``, ``elevation``
    and ``softness`` are of its light, None where they are drawn, or where there are no shadows.
    """

    file: OwnPath
    sha256: str
    crop: Crop | None
    horizon: Fraction
    camera_height: Metres
    wall: Wall = None
    standing: StandingRegion | None = None
    depth: MeasuredDepth | None = None
    lens: tuple[Focal, Axis] | None = None
    light: Direction | None = None
    elevation: Elevation | None = None
    softness: Share | None = None
    licence: str = ""
    origin: str = ""

    @model_serializer(mode="wrap")
    def _without_drawn_light(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what earlier versions do not know where it says nothing: the same recipes are the same bytes."""
        data: dict[str, Any] = handler(self)
        return {name: value for name, value in data.items() if name not in LIGHT or value is not None}


class ForegroundSource(FrozenModel):
    """A foreground as the plan needs it: the box of its object, and the size of that box once it is squared.

    ``category`` is what the object is; empty where nobody said.
    """

    file: OwnPath
    sha256: str
    box: Box
    real_height: Metres
    licence: str = ""
    origin: str = ""
    category: str = ""

    def natural(self, *, square: bool) -> tuple[int, int]:
        """(width, height) of the trimmed cutout in its own pixels."""
        _, _, width, height = self.box
        return (max(width, height),) * 2 if square else (width, height)

    def box_height(self, *, square: bool) -> float:
        """In metres, of what `natural` is the size of: more than the object where it is set on a square."""
        return self.real_height * self.natural(square=square)[1] / self.box[3]


class Recipe(HasExclusions):
    """See the module."""

    format: Literal[1] = 1
    project: str
    preset: str
    seed: RandomSeed
    settings: Settings
    backgrounds: tuple[BackgroundSource, ...]
    foregrounds: tuple[ForegroundSource, ...]

    def silent(self) -> Recipe:
        """The recipe without what is only said of its pictures, and how samples are split that are made.

        Two that are equal then make the same pictures.
        """
        said = {"licence": "", "origin": ""}
        told = {} if self.settings.scene.classes != "any" else {"category": ""}  # by which others may be chosen
        backgrounds = tuple(source.model_copy(update=said) for source in self.backgrounds)
        foregrounds = tuple(source.model_copy(update=said | told) for source in self.foregrounds)
        settings = self.settings.model_copy(update={"splits": SplitsAtEnd()})
        return self.model_copy(update={"backgrounds": backgrounds, "foregrounds": foregrounds, "settings": settings})


def make_recipe(project: Project) -> Recipe:
    """The recipe of a project's good pictures.

    Raises:
        PlanError: it has no background or no foreground.
    """
    for kind, pictures in (("backgrounds", project.good_backgrounds()), ("foregrounds", project.good_foregrounds())):
        if not pictures:
            raise PlanError(
                f"the project {project.name!r} has no good {kind}",
                AddPictures(kind),
            )
    settings = _described(project.settings)
    backgrounds, foregrounds = project.good_backgrounds(), project.good_foregrounds()
    return Recipe(
        project=project.name,
        preset=project.preset,
        seed=project.seed,
        settings=settings,
        backgrounds=tuple(_background(b, settings) for b in backgrounds),
        foregrounds=tuple(_foreground(f, settings) for f in foregrounds),
        excluded=project.excluded.of_pictures(
            (b.sha256 for b in backgrounds),
            (f.sha256 for f in foregrounds),
            2 if settings.mirrored else 1,
            settings.per_pair,
        ),
    )


def _described(settings: Settings) -> Settings:
    """With what a file beside the network's says of it, so that the recipe says all that decides depth."""
    depth = settings.depth
    if not depth.way.needs_network or not depth.model or depth.network is not None or depth.model in CATALOGUE:
        return settings
    if not consent.is_chosen(depth.model):  # it is not even looked at
        return settings
    found = description_beside(Path(depth.model), "depth")
    return settings.model_copy(update={"depth": depth.model_copy(update={"network": found})}) if found else settings


def _background(picture: Background, settings: Settings) -> BackgroundSource:
    camera = settings.camera
    return BackgroundSource(
        file=picture.file,
        sha256=picture.sha256,
        crop=picture.crop,
        horizon=camera.horizon if picture.horizon is None else picture.horizon,
        camera_height=picture.camera_height or camera.height,
        wall=picture.wall,
        standing=_standing(picture, settings),
        depth=picture.depth,
        lens=_lens(picture, settings),
        **_light(picture, settings),
        licence=picture.licence,
        origin=picture.origin,
    )


def _light(picture: Background, settings: Settings) -> dict[str, float | None]:
    """What its own light decides: nothing where there are no shadows, and then it is no other recipe's."""
    return {name: getattr(picture, name) for name in LIGHT} if settings.appearance.shadows else {}


def _lens(picture: Background, settings: Settings) -> tuple[float, float] | None:
    if picture.lens is None:
        return None
    _, y, _, height = frame_of(picture, settings)
    _, focal, _, axis = picture.lens
    return focal / height, (axis + 0.5 - y) / height  # pixels' centres are at halves in the frame


def _standing(picture: Background, settings: Settings) -> StandingRegion | None:
    if not picture.standing:
        return None
    x, y, width, height = frame_of(picture, settings)
    shown = (x / picture.width, y / picture.height, width / picture.width, height / picture.height)
    return StandingRegion(cells=picture.standing, shown=shown)


def _foreground(picture: Foreground, settings: Settings) -> ForegroundSource:
    rule = settings.foreground
    return ForegroundSource(
        file=picture.file,
        sha256=picture.sha256,
        box=picture.contour if rule.trim == "contour" else picture.box,
        real_height=picture.real_height or rule.real_height,
        licence=picture.licence,
        origin=picture.origin,
        category=picture.category,
    )
