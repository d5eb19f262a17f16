"""What is said of a foreground that has no place in a background: how tall it might be there, and what to do."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from fgbg_studio.core.base.arrays import Floats, Ints
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.remedies import Adjust, Remedy
from fgbg_studio.core.interfaces.placement import Placement, Request
from fgbg_studio.core.placement.region_index import RegionIndex
from fgbg_studio.core.placement.region_sampling import on_ground
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.table import Flags

_TIMES, _STEPS = 20, 240  # heights are tried from a 20th of the object's to 20 times, in steps of 2.5 %


class Also(NamedTuple):
    """How many more have no place: other foregrounds on that background, and other backgrounds for that foreground."""

    foregrounds: int = 0
    backgrounds: int = 0

    def said(self) -> str:
        """As a clause that follows; empty where there is none."""
        there = self.foregrounds and f"{_counted(self.foregrounds, 'foreground', 'have', 'has')} no place there"
        where = self.backgrounds and f"{_counted(self.backgrounds, 'background', 'have', 'has')} no place for it"
        return "".join(f"; {part}" for part in (there, where) if part)


def _counted(number: int, what: str, several: str, one: str) -> str:
    return f"{number:,} more {what}{'s' if number > 1 else ''} {several if number > 1 else one}"


def no_room(
    recipe: Recipe, grounds: RegionIndex, request: Request, background: int, foreground: int, also: Also
) -> PlanError:
    """The error of a foreground that has no place by its ``request``, which is of one sample."""
    settings, one, where = recipe.settings, recipe.foregrounds[foreground], recipe.backgrounds[background].file
    placement = settings.placement
    inside = placement.place(request)
    room = _Room(grounds, background, request)
    tall = heights = ""
    if placement.uses_camera:
        tall = f" ({one.real_height:g} m tall)"
        heights = room.heights(placement, one.real_height / float(request.real_height[0]))
    if inside.fits[0]:
        layer = f" in depth layer {int(inside.layer[0]) + 1}" if inside.layer[0] >= 0 else ""
        words = f"{one.file}{tall} has no place{layer} in the region of {where} where objects may stand"
        ways: list[str | Remedy] = [f"paint more of {where}, all along what its square shows", "clear the region"]
    else:
        on = f" on {where}" if placement.uses_camera else ""
        words = (
            f"{one.file}{tall} does not fit into a frame of {settings.size} px{on} by the placement {placement.name!r}"
        )
        ways = list(placement.ways_out(request))
    if placement.uses_camera:
        ways += [remedy for looser, remedy in placement.looser if room.fits(looser, request).any()]
        ways += [_HEIGHT] if heights else []
        ways += [_REJECT, _ANOTHER]
    return PlanError(f"{words}{heights}{also.said()}", ways)


_HEIGHT = Adjust("foreground.real_height", "say how tall it really is")
_REJECT = "reject the background"
_ANOTHER = Adjust("placement", "choose a placement that does not go by the camera")


class _Room(NamedTuple):
    """One background for one foreground."""

    grounds: RegionIndex
    background: int
    request: Request

    def fits(self, placement: Placement, request: Request) -> Flags:
        """(n,) whether there is a place for each of ``request``."""
        count = len(request.real_height)
        placed = placement.place(request)
        backgrounds: Ints = np.full(count, self.background)
        if self.grounds.painted[self.background]:
            placed = on_ground(placement, request, placed, backgrounds, self.grounds, _middle)
        return placed.fits

    def heights(self, placement: Placement, share: float) -> str:
        """Which heights would fit, as a clause that follows; empty where none does.

        ``share`` is the object's real height over the height that the request has of its box.
        """
        own = float(self.request.real_height[0])
        tried = np.unique([float(f"{one * share:.2g}") for one in own * np.geomspace(1 / _TIMES, _TIMES, _STEPS)])
        found = tried[self.fits(placement, replace(self.request.repeated(len(tried)), real_height=tried / share))]
        if not len(found):
            return ""
        limit = f"at most {found[-1]:g}" if found[-1] < own * share else f"at least {found[0]:g}"
        return f": seen whole there is only what is {limit} m tall"


def _middle(rows: Ints, again: int) -> Floats:  # noqa: ARG001
    return np.full((len(rows), 3), 0.5)
