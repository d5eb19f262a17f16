"""One background and one foreground of a project, tried anywhere in the frame.

Nothing of it goes into a dataset, whose samples stand where its plan says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from fgbg_studio.core.base.camera import GroundView, ratio_of
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.interfaces.placement import Guide, Placed, Request
from fgbg_studio.core.placement.guides import camera_guide, horizon_guide
from fgbg_studio.core.placement.region_index import RegionIndex
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.truncation import taken_over_edges
from fgbg_studio.core.project.exclusions import Exclusions
from fgbg_studio.core.project.framing import with_values
from fgbg_studio.core.project.heights import with_height
from fgbg_studio.core.project.model import Background, Foreground, Project, Wall
from fgbg_studio.core.project.settings import SceneRule, Settings, declared_at, replaced

_MOST = 400
_OWN = {"camera.horizon": "horizon", "camera.height": "camera_height"}


class WhatIf:
    """The samples of one background and one foreground, and the same with objects that stand elsewhere.

    Attributes:
        recipe: of these two alone, where scenes have several objects with all foregrounds that may stand beside; its
            random numbers, and so its samples, are those of the whole project's.
    """

    def __init__(self, project: Project, background: Background, foreground: Foreground) -> None:
        only = {"backgrounds": (background,), "foregrounds": (foreground,), "excluded": Exclusions()}
        pair = make_recipe(project.model_copy(update=only))
        self.recipe: Recipe = pair
        self.foreground = 0
        self._pair = self._plan = Plan(pair.model_copy(update={"settings": _alone(pair.settings)}))
        if pair.settings.scene.objects.most > 1:
            good = project.good_foregrounds()
            whole = [one for one in project.excluded.items() if not one.background]
            beside = {"backgrounds": (background,), "foregrounds": good, "excluded": Exclusions.of(whole)}
            self.recipe = make_recipe(project.model_copy(update=beside))
            self.foreground = [one.sha256 for one in good].index(foreground.sha256)
            self._plan = Plan(self.recipe)
        self._grounds = RegionIndex([source.standing for source in self.recipe.backgrounds], self.recipe.settings.size)

    @property
    def per_pair(self) -> int:
        """Placements of the two on each other."""
        return self._plan.counts.placement

    def nearest(self, mirrored: bool, k: int) -> tuple[bool, int]:
        """(mirrored, k), or what comes next to it where the settings have fewer."""
        return mirrored and self.recipe.settings.mirrored, min(k, self.per_pair - 1)

    def sample(self, mirrored: bool, k: int) -> Sample:
        """The planned sample of a side and a placement.

        Raises:
            PlanError: a foreground does not fit.
        """
        return self._plan[self._plan.number(0, self.foreground, *self.nearest(mirrored, k))]

    def unplaced(self, mirrored: bool, k: int) -> Sample:
        """Who stands there without where: for what must go on while the settings leave no place."""
        return self._plan.unplaced(0, self.foreground, *self.nearest(mirrored, k))

    def places(self, mirrored: bool) -> list[tuple[float, int]]:
        """(column, row) of the feet's middle of the planned samples of one side, of at most some hundreds.

        Raises:
            PlanError: the foreground does not fit.
        """
        times = self.recipe.settings.compositing.mode.times  # one blended in several ways stands where it stands
        some = [sample.first for sample in self._pair[: 2 * _MOST * times] if sample.k % times == 0]
        return [(one.x + one.width / 2, one.y + one.height) for one in some if one.mirrored == mirrored][:_MOST]

    def at(self, sample: Sample, x: float, foot: float, which: int | None = None) -> Sample:
        """``sample`` with the middle of an object's feet at column ``x`` and row ``foot``, or as near as may be.

        Over the frame's edge only where the settings have some cut by it.

        Args:
            sample: of this recipe.
            x: in pixels of the frame.
            foot: likewise.
            which: the object's place among the sample's; the first's by default.

        Raises:
            PlanError: the placement knows no place for it.
        """
        which = sample.named if which is None else which
        settings, one = self.recipe.settings, sample.objects[which]
        source = self.recipe.foregrounds[one.foreground]
        request = self._request(sample, which)
        placed = settings.placement.at(request, x, foot)
        if settings.scene.truncation:
            placed = taken_over_edges(settings.placement, request, placed, x, foot)
        if not placed.fits[0]:
            raise PlanError(
                f"{source.file} does not fit into a frame of {settings.size} px "
                f"by the placement {settings.placement.name!r}",
                "Make it smaller, or move the lines back",
            )
        _, natural = source.natural(square=settings.foreground.sizing.square)
        height = int(placed.height[0])
        moved = one._replace(
            x=int(placed.x[0]), y=int(placed.y[0]), width=int(placed.width[0]), height=height,
            layer=int(placed.layer[0]), scale=height / natural,
        )  # fmt: skip
        objects = list(sample.objects)
        objects[which] = moved
        return sample._replace(objects=tuple(objects))

    def _request(self, sample: Sample, which: int) -> Request:
        """What the placement is told of an object; of a further one, whose size was drawn for it, its own size."""
        request = self._plan.request(sample._replace(named=which))
        one = sample.objects[which]
        if which == sample.named or one.layer >= 0 or self.recipe.settings.placement.uses_camera:
            return request
        return replace(request, width=np.array([one.width]), height=np.array([one.height]))

    def in_order(self, sample: Sample) -> Sample:
        """``sample`` with its objects far to near, as the plan has them: by where they stand now."""
        if len(sample.objects) == 1:
            return sample
        away = self._plan.away(sample)
        feet = [one.y + one.height for one in sample.objects]
        order = sorted(range(len(feet)), key=lambda at: (-away[at], feet[at]))
        return sample._replace(objects=tuple([sample.objects[at] for at in order]), named=order.index(sample.named))

    @property
    def view(self) -> GroundView:
        """The background as its camera sees it in the frame."""
        return self._plan.views[0]

    def ground(self) -> Region | None:
        """(S, S) bool, the pixels of the frame on which objects may stand; None for all of them."""
        if not self._grounds.painted[0]:
            return None
        size = self.recipe.settings.size
        counts = self._grounds.counts(np.zeros(size, np.int64), np.arange(size))
        return np.asarray(np.diff(counts, axis=1) > 0, np.bool_)

    def on_ground(self, sample: Sample) -> bool:
        """Whether all of ``sample`` stands where objects may stand."""
        _, _, x, y, width, height, layer, _ = (np.array(column) for column in zip(*sample.objects, strict=True))
        placed = Placed(x, y, width, height, layer, fits=np.ones(len(x), np.bool_))
        return bool(self._grounds.hold(np.zeros(len(x), np.int64), placed).all())

    def guides(self, sample: Sample, figure: float) -> tuple[Guide, ...]:
        """What of the settings is seen in the frame; ``figure`` as for `Placement.guides`.

        Each is called as its setting is, unless it is a part of one and has a name of its own.
        """
        settings, request = self.recipe.settings, self._plan.request(sample)
        guides = (*settings.placement.guides(request, figure), *self._height(sample, request))
        if settings.depth.way.uses_camera and not settings.placement.uses_camera:
            # Sizes do not tell the camera's height there, so that no figure can be compared with them.
            camera = replace(camera_guide(request, figure), row=None, foot=None, pulled=None)
            guides = (*guides, horizon_guide(request), camera)
        return tuple(map(self._named, guides))

    def _height(self, sample: Sample, request: Request) -> tuple[Guide, ...]:
        """How tall the foreground is in the world: where the camera decides sizes, its top can be pulled."""
        settings, source = self.recipe.settings, self.recipe.foregrounds[self.foreground]
        if not (settings.placement.uses_camera or settings.depth.way.uses_camera):
            return ()
        _, y, _, height = sample.first.box
        above = float(y + height - request.horizon[0])  # rows from the horizon to the feet
        pulls = settings.placement.uses_camera and above >= 1 and height > 1
        boxes = source.box_height(square=settings.foreground.sizing.square) / source.real_height
        camera, tilt = float(request.camera_height[0]), float(request.tilt[0])

        def pulled(row: float) -> float:
            return ratio_of(y + height - row, max(above, 1.0), tilt) * camera / boxes

        return (
            Guide(
                "height", "foreground.real_height", source.real_height, 0.05, 20, lambda metres: round(metres, 3),
                unit=" m", decimals=2, label="Real height", help="of this foreground, as it stands, sits or lies",
                look="height", row=float(y) if pulls else None, foot=float(y + height) if pulls else None,
                pulled=pulled if pulls else None, tag=f"{source.real_height:.2f} m tall",
            ),
        )  # fmt: skip

    def _named(self, guide: Guide) -> Guide:
        known = declared_at(self.recipe.settings, guide.setting)
        return replace(
            guide, label=guide.label or known.help[:1].upper() + known.help[1:], help=guide.help or known.tip
        )


def with_guide(
    project: Project, sha256: str, guide: Guide, value: float, *, alone: bool, foreground: str = ""
) -> Project:
    """The project after a guide was given a value.

    Args:
        project: as it is.
        sha256: of the background that is looked at.
        foreground: the hash of that, whose own its real height is.
        guide: what was moved.
        value: in the guide's unit.
        alone: a camera's value is for this background alone; else for all that have none of their own, and this
            one has none of its own any more.

    Raises:
        UsageError: the settings refuse the value.
    """
    setting, stored = guide.change(value)
    if setting == "foreground.real_height" and foreground:
        return with_height(project, foreground, stored)
    field = _OWN.get(setting)
    if field and alone:
        return _with(project, sha256, {field: stored})
    changed = project.model_copy(update={"settings": replaced(project.settings, setting, stored)})
    return _with(changed, sha256, {field: None}) if field else changed


def with_light(project: Project, sha256: str, direction: float | None, elevation: float | None) -> Project:
    """The project with a background's own light, in whole degrees; None for what is drawn.

    Raises:
        UsageError: no light is so.
    """
    values = {"light": direction, "elevation": elevation}
    rounded = {name: None if value is None else float(round(value)) for name, value in values.items()}
    backgrounds = tuple(with_values(b, rounded) if b.sha256 == sha256 else b for b in project.backgrounds)
    return project.model_copy(update={"backgrounds": backgrounds})


def has_camera(background: Background) -> bool:
    """Whether anything of a background's camera is its own."""
    return any(getattr(background, field) is not None for field in _OWN.values())


def without_camera(project: Project, sha256: str) -> Project:
    """The project with a background seen by the settings' camera again."""
    return _with(project, sha256, dict.fromkeys(_OWN.values()))


def with_wall(project: Project, sha256: str, wall: Wall) -> Project:
    """The project with another end of a background's ground."""
    return _with(project, sha256, {"wall": wall})


def _alone(settings: Settings) -> Settings:
    """The settings with one object in each sample."""
    return settings.model_copy(update={"scene": SceneRule()})


def _with(project: Project, sha256: str, update: Mapping[str, Wall]) -> Project:
    backgrounds = tuple(b.model_copy(update=update) if b.sha256 == sha256 else b for b in project.backgrounds)
    return project.model_copy(update={"backgrounds": backgrounds})
