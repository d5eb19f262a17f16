"""A project as a value: its settings and the pictures that were chosen.

Paths in it are relative to its folder, so that it can be moved; pictures are known by the hash of their
files, so that a moved, renamed or doubled one is recognised.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from fgbg_studio.core.base.model import FrozenModel
from fgbg_studio.core.base.paths import OwnPath
from fgbg_studio.core.placement.region_mask import packed
from fgbg_studio.core.project.appearance import Direction, Elevation, Share
from fgbg_studio.core.project.exclusions import HasExclusions, Sha
from fgbg_studio.core.project.settings import Settings

FORMAT = 4
ListKind = Literal["backgrounds", "foregrounds"]
LISTS: tuple[ListKind, ...] = ("backgrounds", "foregrounds")
"""What a project has lists of; photos are listed by their folder alone."""
_FAR = 1 << 31  # pixels: no picture has as many in a row
Place = Annotated[int, Field(ge=0, lt=_FAR)]
Side = Annotated[int, Field(ge=1, lt=_FAR)]
Box = tuple[Place, Place, Side, Side]
Crop = tuple[Annotated[int, Field(gt=-_FAR, lt=_FAR)], Annotated[int, Field(gt=-_FAR, lt=_FAR)], Side]
RandomSeed = Annotated[int, Field(ge=0, lt=1 << 63)]
Fraction = Annotated[float, Field(ge=-1, le=2)]
Metres = Annotated[float, Field(gt=0, le=1000)]
Wall = Metres | Literal["none"] | None
"""What is seen at the horizon: a wall at so many metres, none where it is the sky, None as the settings say."""


class Picture(FrozenModel):
    """What backgrounds and foregrounds have in common.

    ``reviewed`` says that a person looked at it and decided; until then it is used as what is good is.
    """

    file: OwnPath
    sha256: Sha
    width: Side
    height: Side
    status: Literal["good", "rejected"] = "good"
    reason: str = ""
    reviewed: bool = False
    licence: str = ""
    origin: str = ""


Focal = Annotated[float, Field(gt=0, le=1e6)]
Axis = Annotated[float, Field(ge=-1e6, le=1e6)]


class MeasuredDepth(FrozenModel):
    """The measured depth of a background: float32 metres as `numpy.save` writes them, NaN where nothing was measured.

    ``sha256`` is of the file.
    """

    file: OwnPath
    sha256: Sha


class Background(Picture):
    """A picture that things are pasted on.

    ``crop`` is (x, y, side) in its own upright pixels, ``horizon`` a fraction of the square's height;
    None means the middle and the settings' camera. ``wall`` is how far away the wall is that ends the ground, ``none``
    outdoors, None as the settings say. ``standing`` is where objects may stand in the whole picture,
    packed by `region_mask`; empty for everywhere. It stays where it is when the crop moves.
    ``mean`` (0..255) and ``grey`` (it has no colour) were measured when it was added; None where that was not yet done.
    ``kept`` says that a person looked at what is nearly the same and kept this one too.
    ``depth`` is None where none was measured. ``lens`` is (fx, fy, cx, cy) of its camera in pixels of the whole
    picture; with the horizon it says how far the camera looks down. None: it looks level, as the settings say.
    ``light``, ``elevation`` and ``softness`` are those of the light in it, as `Appearance` has them; what is None is
    drawn as that says.
    """

    crop: Crop | None = None
    horizon: Fraction | None = None
    camera_height: Metres | None = None
    wall: Wall = None
    fingerprint: Annotated[int, Field(ge=0, lt=1 << 64)] = 0
    standing: Annotated[str, AfterValidator(packed)] = ""
    kept: bool = False
    mean: Annotated[float, Field(ge=0, le=255)] | None = None
    grey: bool | None = None
    depth: MeasuredDepth | None = None
    lens: tuple[Focal, Focal, Axis, Axis] | None = None
    light: Direction | None = None
    elevation: Elevation | None = None
    softness: Share | None = None


class Foreground(Picture):
    """An RGBA cutout; its object's boxes (x, y, width, height) by the two rules of trimming.

    ``category`` is what the object is, 'person' or 'chair'; empty where nobody said.
    """

    box: Box
    contour: Box
    real_height: Metres | None = None
    category: str = ""

    @model_validator(mode="after")
    def _inside(self) -> Foreground:
        for x, y, width, height in (self.box, self.contour):
            if x + width > self.width or y + height > self.height:
                raise ValueError(f"a box of {self.file} lies outside the picture")
        return self


Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Goal(FrozenModel):
    """How many good pictures a person wants to have; 0 for any number."""

    backgrounds: Count = 100
    foregrounds: Count = 100


class Project(HasExclusions):
    """The whole project; changed by making another (``model_copy``)."""

    format: Literal[4] = 4
    name: str
    preset: str
    seed: RandomSeed = 0
    goal: Goal = Goal()
    settings: Settings
    backgrounds: tuple[Background, ...] = ()
    foregrounds: tuple[Foreground, ...] = ()

    def wanting(self, kind: ListKind) -> int:
        """How many good pictures are missing to the goal."""
        pictures: tuple[Picture, ...] = getattr(self, kind)
        wanted: int = getattr(self.goal, kind)
        return max(wanted - sum(picture.status == "good" for picture in pictures), 0)

    def with_pictures(self, kind: ListKind, added: Iterable[Picture]) -> Project:
        """With these behind the others, but for those that it has; itself where that is none."""
        before: tuple[Picture, ...] = getattr(self, kind)
        known = {picture.sha256 for picture in before}
        new = tuple(picture for picture in added if picture.sha256 not in known)
        return self.model_copy(update={kind: (*before, *new)}) if new else self

    def good_backgrounds(self) -> list[Background]:
        """Those that are not rejected, in the order of their numbers."""
        return [b for b in self.backgrounds if b.status == "good"]

    def good_foregrounds(self) -> list[Foreground]:
        """Those that are not rejected, in the order of their numbers."""
        return [f for f in self.foregrounds if f.status == "good"]
