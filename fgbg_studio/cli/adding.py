"""Pictures added to a project, backgrounds and foregrounds: which were taken, and why the others were not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from fgbg_studio.cli import console, remedies
from fgbg_studio.cli.console import PATH, json_option
from fgbg_studio.core.base.words import one_line

F = TypeVar("F", bound=Callable[..., Any])


def _said_of_pictures(command: F) -> F:
    command = click.option("--origin", default="", help="Where the pictures come from; goes on the card.")(command)
    command = click.option(
        "--white",
        type=float,
        metavar="VALUE",
        help="Of pictures with more than 8 bits: the value that is white (4095).",
    )(command)
    return click.option("--licence", default="", help="The pictures' licence; goes on the card.")(command)


@click.command("add-backgrounds", cls=console.Command, epilog="fgbg-studio add-backgrounds rooms ~/photos/rooms")
@click.argument("project", type=PATH)
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--fill", metavar="COLOUR", help="What shows where a picture is transparent: white, '#c0c0c0' ...")
@click.option("--depth", type=PATH, help="Folder of measured depth maps with the pictures' names: PNG, TIFF, NPY.")
@click.option("--depth-unit", metavar="UNIT", help="Of their whole numbers: millimetres, tum, kitti, or steps a metre.")
@click.option(
    "--intrinsics", metavar="FX,FY,CX,CY", help="Of the pictures' camera, in pixels; or a file that has them."
)
@_said_of_pictures
@json_option
def add_backgrounds(
    project: Path,
    paths: tuple[Path, ...],
    fill: str | None,
    depth: Path | None,
    depth_unit: str | None,
    intrinsics: str | None,
    white: float | None,
    licence: str,
    origin: str,
    as_json: bool,
) -> None:
    """Add pictures (files or folders) as backgrounds; rejected ones are listed with the reason.

    Depth that was measured with them comes with --depth: the depth way 'measured' then needs no network, and the
    command 'camera' finds horizon, camera and floor in it.
    """
    from fgbg_studio.core.imaging.finding import PassedOver
    from fgbg_studio.core.imaging.measured_depth import unit_of
    from fgbg_studio.core.project.depth_maps import DepthMaps, lens_of
    from fgbg_studio.core.project.importing import add_backgrounds as add
    from fgbg_studio.core.project.judging import Reading

    if depth is None and (depth_unit or intrinsics):
        raise click.UsageError("--depth-unit and --intrinsics are about the depth maps that --depth gives")
    passed, reading = PassedOver(), Reading(white=_white(white), fill=_colour(fill))
    steps, lens = unit_of(depth_unit) if depth_unit else None, lens_of(intrinsics) if intrinsics else None
    depths = DepthMaps(depth, steps, lens) if depth else None
    found = add(project, list(paths), licence=licence, origin=origin, passed=passed, reading=reading, depths=depths)
    verdicts = list(found)
    _added(verdicts, "backgrounds", passed, as_json=as_json)


@click.command(
    "add-foregrounds", cls=console.Command, epilog="fgbg-studio add-foregrounds rooms cutouts/ --masks cutouts/masks"
)
@click.argument("project", type=PATH)
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--masks", type=PATH, help="Folder of masks with the pictures' names and subfolders.")
@click.option(
    "--annotations",
    type=PATH,
    help="File or folder of outlines drawn in other programs: COCO, labelme, X-AnyLabeling, ISAT, YOLO segments.",
)
@click.option(
    "--least",
    type=click.IntRange(min=1),
    metavar="PIXELS",
    help="With --annotations: objects whose shorter side has fewer are left out (32).",
)
@click.option(
    "--object",
    "values",
    help="Which values of the masks are the object: 15 or 1,2 or 128-255 or '#c80000' or 'not 0,255'; or soft.",
)
@_said_of_pictures
@json_option
def add_foregrounds(
    project: Path, paths: tuple[Path, ...], masks: Path | None, annotations: Path | None, least: int | None,
    values: str | None, white: float | None, licence: str, origin: str, as_json: bool,
) -> None:  # fmt: skip
    """Add cutouts: RGBA pictures, or pictures with a mask of the same name, or photos with outlined objects.

    Masks with two values, or with soft edges, say themselves what is the object; of labels it is said with --object.
    Outlined objects become photos of the project with their class and a cutout, to be looked at in the window.
    """
    from fgbg_studio.core.imaging.finding import PassedOver
    from fgbg_studio.core.imaging.masks import ObjectValues
    from fgbg_studio.core.project.annotated import LEAST, add_annotated
    from fgbg_studio.core.project.importing import add_foregrounds as add
    from fgbg_studio.core.project.judging import Reading

    if values is not None and masks is None:
        raise click.UsageError("--object is about the masks that --masks gives")
    if annotations is not None and (masks is not None or white is not None):
        raise click.UsageError("--annotations goes neither with --masks nor with --white")
    if least is not None and annotations is None:
        raise click.UsageError("--least is about the objects that --annotations outlines")
    passed = PassedOver()
    if annotations is not None:
        found = add_annotated(
            project, list(paths), annotations, least=least or LEAST, licence=licence, origin=origin, passed=passed
        )
        _added(list(found), "foregrounds", passed, as_json=as_json)
        return
    reading = Reading(white=_white(white), object=None if values is None else ObjectValues.parse(values))
    verdicts = list(add(project, list(paths), masks, licence=licence, origin=origin, passed=passed, reading=reading))
    _added(verdicts, "foregrounds", passed, as_json=as_json)


def _white(value: float | None) -> float | None:
    if value is not None and not value > 0:
        raise click.UsageError(f"--white {value:g} is not over 0")
    return value


def _colour(text: str | None) -> tuple[int, int, int] | None:
    from PIL import ImageColor

    if text is None:
        return None
    try:
        return ImageColor.getrgb(text)[:3]
    except ValueError as error:
        raise click.UsageError(f"--fill {text!r} is no colour: white, grey, '#c0c0c0' ...") from error


def _added(verdicts: list[Any], kind: str, passed: Any, *, as_json: bool) -> None:
    added = [v for v in verdicts if v.picture]
    rejected = [v for v in verdicts if not v.picture]
    data = {
        "added": [v.picture.file for v in added],
        "rejected": [{"path": str(v.path), "reason": _reason(v)} for v in rejected],
        "notes": [{"file": v.picture.file, "note": v.note} for v in added if v.note],
        "passed_over": passed.report(),
    }
    what = kind if len(added) != 1 else kind.removesuffix("s")
    lines = [f"{len(added)} {what} added, {len(rejected)} rejected", *(f"  {v.path}: {_reason(v)}" for v in rejected)]
    lines += [f"  {v.path}: added, but note: {v.note}" for v in added if v.note]
    lines += [passed.said()] if passed.total else []
    console.report(data, "\n".join(map(one_line, lines)), as_json=as_json)
    if not added:
        sys.exit(1)


def _reason(verdict: Any) -> str:
    return remedies.said(verdict.error) if verdict.error else str(verdict.reason)
