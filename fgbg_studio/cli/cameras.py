"""The cameras of a project's backgrounds, found in their depth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fgbg_studio.cli import console
from fgbg_studio.cli.console import PATH, json_option
from fgbg_studio.cli.pictures import known_names, named
from fgbg_studio.core.base.errors import PlanError
from fgbg_studio.core.base.remedies import AddPictures
from fgbg_studio.core.project import storage

if TYPE_CHECKING:
    from fgbg_studio.core.depth.found_cameras import FoundCamera


@click.command("camera", cls=console.Command, epilog="fgbg-studio camera rooms --accept")
@click.argument("project", type=PATH)
@click.argument("names", nargs=-1, metavar="[FILE]...")
@click.option("--accept", is_flag=True, help="Take them over into the project.")
@json_option
def camera(project: Path, names: tuple[str, ...], accept: bool, as_json: bool) -> None:
    """Find the camera of backgrounds in their depth: horizon, height, how far it looks down, and the floor.

    Where a background came with a measured depth map it is looked for in that, else in what the project's network says
    of it. With --accept sizes follow from it, and objects stand on the floor only; FILE is a name as in the project,
    without one all good backgrounds are meant. The exit code is 1 where in one of them no ground is found.
    """
    from fgbg_studio.core.depth.found_cameras import find_cameras, with_cameras

    with storage.locked(project):
        opened = storage.load(project)
        known = known_names(opened.backgrounds)
        wanted = named(names, known, "background") if names else {one.file for one in opened.good_backgrounds()}
        backgrounds = [one for one in opened.backgrounds if one.file in wanted]
        if not backgrounds:
            raise PlanError(f"the project {opened.name!r} has no good backgrounds", AddPictures("backgrounds"))
        found = console.follow(find_cameras(project, opened, backgrounds))
        assert isinstance(found, tuple)
        if accept:
            storage.save(project, with_cameras(opened, found))
    header = ("background", "depth", "horizon", "height", "looks down", "tilted", "floor", "off by")
    lines = [console.table(header, [_row(one) for one in found], right=(2, 3, 4, 5, 6, 7))]
    lost = sum(one.ground is None for one in found)
    lines += [f"{len(found) - lost:,} of {len(found):,} {'taken over' if accept else 'found'}"]
    console.report({"cameras": [_data(one) for one in found], "accepted": accept}, "\n".join(lines), as_json=as_json)
    if lost:
        sys.exit(1)


def _row(one: FoundCamera) -> tuple[str, ...]:
    ground = one.ground
    if ground is None:
        return one.background.file, one.source, "none found", *[""] * 5
    return (
        one.background.file, one.source, f"{one.background.horizon:.1%}", f"{ground.height:.2f} m",
        f"{ground.pitch:.1f}°", f"{ground.roll:.1f}°", f"{ground.floor.mean():.0%}", f"{ground.residual * 100:.1f} cm",
    )  # fmt: skip


def _data(one: FoundCamera) -> dict[str, object]:
    """Angles in degrees, lengths in metres, the floor as a part of what was looked at."""
    data: dict[str, object] = {"file": one.background.file, "depth": one.source}
    ground = one.ground
    if ground is None:
        return {**data, "horizon": None}
    return {
        **data, "horizon": one.background.horizon, "height": one.background.camera_height, "pitch": ground.pitch,
        "roll": ground.roll, "floor": float(ground.floor.mean()), "residual": ground.residual,
        "lens": one.background.lens,
    }  # fmt: skip
