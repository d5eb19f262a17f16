"""What a careful reviewer would object to before 400,000 pictures are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.compose.pictures import unchanged
from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.imaging.perceptual_hash import near_duplicates
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.model import Project

_BLURRED = 1.5  # enlarged by more than half, a picture looks soft beside its surroundings


@dataclass(frozen=True)
class Objection:
    """One finding: ``error`` stops a run or spoils it, ``warning`` is for a person to judge.

    ``file`` is the picture concerned, relative to the project, or empty where it is a setting.
    """

    severity: Literal["error", "warning"]
    code: str
    message: str
    file: str = ""


def check(folder: Path, project: Project) -> Iterator[Objection]:
    """Every objection to the project in ``folder``: its pictures, their fit, its settings."""
    yield from _plan(project)
    yield from _settings(project)
    yield from _backgrounds(folder, project)
    yield from _foregrounds(folder, project)


def _plan(project: Project) -> Iterator[Objection]:
    try:
        Plan(make_recipe(project)).check()
    except FgbgError as error:
        yield Objection("error", "plan", str(error))


def _settings(project: Project) -> Iterator[Objection]:
    settings = project.settings
    if not settings.codecs.mask.lossless:
        yield Objection(
            "warning", "mask-jpeg", "masks are stored as JPEG: not only 0 and 255 around every edge; "
            "fgbg-studio set PROJECT codecs.mask.format=png keeps them exact",
        )  # fmt: skip
    if not settings.depth.way.makes_depth:
        return
    if not settings.codecs.depth.lossless:
        yield Objection(
            "warning",
            "depth-jpeg",
            "depth is stored as JPEG: not exact; fgbg-studio set PROJECT codecs.depth.format=png makes it so",
        )
    if not settings.depth.encoding.pointwise:
        yield Objection(
            "warning", "depth-stretched",
            "depth is stretched for each picture by itself: the same metre gets another grey value in each; "
            "fgbg-studio set PROJECT depth.encoding=uint16-millimetres codecs.depth.format=png keeps metres",
        )  # fmt: skip
    if settings.depth_size != settings.size:
        yield Objection(
            "warning", "depth-size", f"depth is {settings.depth_size} px beside composites of {settings.size} px"
        )


def _backgrounds(folder: Path, project: Project) -> Iterator[Objection]:
    good = project.good_backgrounds()
    for one, two, distance in near_duplicates([b.fingerprint for b in good]):
        yield Objection(
            "warning", "near-duplicate",
            f"{good[one].file} and {good[two].file} look alike ({distance} of 64 bits differ): "
            "each doubled background is thousands of redundant samples",
            good[two].file,
        )  # fmt: skip
    for background in good:
        side = background.crop[2] if background.crop else min(background.width, background.height)
        if side * _BLURRED < project.settings.size:
            yield Objection(
                "warning", "enlarged",
                f"{background.file} is enlarged from {side} to {project.settings.size} px", background.file,
            )  # fmt: skip
        yield from _intact(folder, background.file, background.sha256)
    assumed = sum(background.horizon is None for background in good)
    if assumed and project.settings.placement.uses_camera:
        yield Objection(
            "warning", "horizon",
            f"{assumed} of {len(good)} backgrounds have no horizon of their own: "
            f"{project.settings.camera.horizon:.0%} of the height is assumed",
        )  # fmt: skip


def _intact(folder: Path, file: str, sha256: str) -> Iterator[Objection]:
    try:
        unchanged(folder, file, sha256)
    except FgbgError as error:
        yield Objection("error", "file", str(error), file)


def _foregrounds(folder: Path, project: Project) -> Iterator[Objection]:
    for foreground in project.good_foregrounds():
        try:
            rgba = read_rgba(unchanged(folder, foreground.file, foreground.sha256))
        except FgbgError as error:
            yield Objection("error", "file", str(error), foreground.file)
            continue
        for finding in check_cutout(rgba):
            yield Objection(finding.severity, finding.code, f"{foreground.file}: {finding.message}", foreground.file)
    yield from _sizes(project)


def _sizes(project: Project) -> Iterator[Objection]:
    """Foregrounds that the plan enlarges until they look soft."""
    try:
        plan = Plan(make_recipe(project))
        plan.check()
    except FgbgError:
        return  # said already
    pairs = plan.table(0, min(len(plan), 40_000))
    foreground, scale = pairs.columns[1], pairs.columns[-1]
    good = project.good_foregrounds()
    for number, picture in enumerate(good):
        largest = float(scale[foreground == number].max(initial=0))
        if largest > _BLURRED:
            yield Objection(
                "warning", "enlarged", f"{picture.file} is enlarged up to {largest:.1f} times", picture.file
            )
