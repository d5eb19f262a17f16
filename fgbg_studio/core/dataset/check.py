"""What a careful reviewer would object to before 400,000 pictures are made."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from fgbg_studio.core.base.errors import FgbgError, PlanError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Adjust, Advice, FindCameras, RejectBackgrounds, Set, SetHorizons, as_remedies
from fgbg_studio.core.base.store import LocalStore, Store, store_of
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures, unchanged
from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.dataset.harm import Harm, harms, measured
from fgbg_studio.core.dataset.licence import licence_issues
from fgbg_studio.core.dataset.run import Options, chosen_project
from fgbg_studio.core.dataset.target import would_begin
from fgbg_studio.core.depth.flaws import depth_issues, misfit, said_of_missing, set_encoding
from fgbg_studio.core.depth.network_record import described_output, find_network
from fgbg_studio.core.depth.plausibility import MOST, level_of, plausibility
from fgbg_studio.core.imaging.quality import DARK
from fgbg_studio.core.imaging.reading import may_be_clear, read_rgba
from fgbg_studio.core.interfaces.encoding import NO_VALUE
from fgbg_studio.core.plan.fitting_heights import Suggested, fitting_heights
from fgbg_studio.core.plan.order import PlanOrder
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.plan.selection import some_of, thinned
from fgbg_studio.core.project.duplicates import open_groups, similar_groups
from fgbg_studio.core.project.model import Background, Project
from fgbg_studio.core.project.stored_depth import read_stored

UNMEASURED = "depth-unmeasured"
"""The code of the issue that a network's depth is not measured here: a forecast's `Plausibility` takes its place."""

NO_NETWORK = "network"
"""The code of the issue that the network of the chosen way to depth is not at hand."""

HEIGHT_ASSUMED = "height-assumed"
HEIGHT_MISFIT = "height-misfit"
"""The code of the issue that foregrounds are likely not as tall as the settings take them for."""

_NAMED = 3  # pictures of a group that are named one by one
_LOOKED_AT = 100  # backgrounds, and foregrounds, of which samples are looked at
_NARROW = 5  # backgrounds that are named
_SAME = 3  # backgrounds with one and the same camera: two may well be of one place
_COARSE = 0.25  # metres that one stored value is: two of them are half a metre, as a person stands before a thing
_BLURRED = 1.5  # enlarged by more than half, a picture looks soft beside its surroundings


def check(folder: Path, project: Project, *, samples: bool = True) -> Iterator[Issue]:
    """Every issue of the project in ``folder``: its pictures, their fit, its settings.

    Without ``samples`` none are looked at; what is said of them are warnings only.
    """
    yield from _plan(project)
    yield from _network(project)
    yield from _settings(folder, project)
    yield from _stored_depth(folder, project)
    yield from _backgrounds(folder, project)
    yield from _foregrounds(folder, project)
    yield from _depth(folder, project) if samples else ()
    yield from _measured(folder, project)
    yield from _hiding(project)
    yield from _licences(project)


def check_before_run(
    folder: Path, project: Project, out: Path | Store, options: Options, *, samples: bool = True
) -> list[Issue]:
    """The issues of a run that would begin in ``out``; none where it would go on, or cannot begin and will say why.

    ``samples`` is as for `check`.

    Raises:
        UsageError: an unknown name among the options.
    """
    chosen = chosen_project(project, options)
    begins = would_begin(chosen, store_of(out), options.limit)
    # A run without its network cannot begin either.
    return [issue for issue in check(folder, chosen, samples=samples) if issue.code != NO_NETWORK] if begins else []


def _plan(project: Project) -> Iterator[Issue]:
    try:
        Plan(make_recipe(project)).check()
    except FgbgError as error:
        narrow = _narrow(project)
        if narrow is None:
            yield Issue.of(error, "plan")
            return
        yield narrow
        left = tuple(one for one in project.backgrounds if one.file not in (narrow.file, *narrow.more_files))
        yield from _plan(project.model_copy(update={"backgrounds": left})) if left else ()


def _narrow(project: Project) -> Issue | None:
    """Backgrounds that have no place for most foregrounds, at once; None where that is none of them, or all."""
    try:
        plan = Plan(make_recipe(project))
    except FgbgError:
        return None
    missing, every = plan.lacking(), len(plan.exclusions.kept_pictures[1])
    found = np.flatnonzero(missing * 2 > every).tolist()
    if not 0 < len(found) < len(missing):  # what no background has room for is not the backgrounds' fault
        return None
    files = tuple(plan.recipe.backgrounds[number].file for number in found)
    named = [f"{files[at]} (for {missing[number]:,} of {every:,})" for at, number in enumerate(found[:_NARROW])]
    more = f" and {len(found) - _NARROW:,} more" if len(found) > _NARROW else ""
    message = (
        f"{len(found):,} of {len(missing):,} backgrounds have no place for most foregrounds: {', '.join(named)}{more}"
    )
    ways_out = as_remedies((RejectBackgrounds(files), Adjust("placement", "choose another placement or other limits")))
    return Issue("error", "no-room", message, files[0], ways_out, more_files=files[1:])


def _network(project: Project) -> Iterator[Issue]:
    """A way to depth whose network is not at hand: a run would end before it makes anything."""
    if project.settings.depth.way.needs_network:
        try:
            find_network(project.settings.depth)
        except FgbgError as error:
            yield Issue.of(error, NO_NETWORK)


def _measured(folder: Path, project: Project) -> Iterator[Issue]:
    """Backgrounds without the depth map that the way to depth needs, and maps that are lost."""
    if not project.settings.depth.way.needs_measured:
        return
    good = project.good_backgrounds()
    without = [background for background in good if background.depth is None]
    if without:
        problem = f"{len(without):,} of {len(good):,} backgrounds came without measured depth: {_named(without)}"
        way_out = ["reject them", "add them again with their depth maps", "choose another way to depth"]
        yield Issue.of(PlanError(problem, way_out), "unmeasured")
    for background in good:
        if background.depth is not None:
            try:
                read_stored(folder, background.depth)
            except FgbgError as error:
                yield Issue.of(error, "unmeasured", background.file)


def _hiding(project: Project) -> Iterator[Issue]:
    """Things in front that no depth of the backgrounds tells."""
    way = project.settings.depth.way
    if project.settings.scene.front.hides and (way.sees_composites or not way.makes_depth):
        message = (
            f"things in front are to hide objects (scene.front.hides), and none does: the depth way {way.name!r} "
            "knows no depth of the backgrounds alone"
        )
        ways_out = Advice("take inserted, aligned or measured depth"), Set({"scene.front.hides": False})
        yield Issue("warning", "hides-nothing", message, remedies=ways_out)


def _licences(project: Project) -> Iterator[Issue]:
    with contextlib.suppress(FgbgError):  # said already
        yield from licence_issues(make_recipe(project))


def _settings(folder: Path, project: Project) -> Iterator[Issue]:
    settings, harm = project.settings, Harm()
    with contextlib.suppress(FgbgError):  # said already, or of the picture concerned
        composer = Composer(Pictures(make_recipe(project), None, folder))
        way = settings.depth.way
        harm = measured(composer, None if way.needs_network else way.open(composer, LocalStore(folder)))
    yield from harms(settings, harm)


def _backgrounds(folder: Path, project: Project) -> Iterator[Issue]:
    good = project.good_backgrounds()
    for group in open_groups(good, similar_groups(good)):
        yield Issue(
            "warning", "near-duplicate",
            f"{_named(group)} look alike: duplicate backgrounds make thousands of redundant samples",
            group[1].file,
        )  # fmt: skip
    for background in good:
        side = background.crop[2] if background.crop else min(background.width, background.height)
        if side * _BLURRED < project.settings.size:
            yield Issue(
                "warning", "enlarged",
                f"{background.file} is enlarged from {side} to {project.settings.size} px", background.file,
            )  # fmt: skip
        if background.mean is not None and background.mean < DARK:
            yield Issue(
                "warning", "dark",
                f"{background.file} is almost black: its mean is {background.mean:.1f} of 255", background.file,
            )  # fmt: skip
        yield from _intact(folder, background.file, background.sha256)
    grey = [background for background in good if background.grey]
    if 0 < len(grey) < len(good) and not project.settings.grayscale:
        yield Issue(
            "warning",
            "grey",
            f"{len(grey):,} of {len(good):,} backgrounds have no colour: {_named(grey)}",
            grey[0].file,
        )
    yield from _horizons(project)


def _horizons(project: Project) -> Iterator[Issue]:
    good, settings = project.good_backgrounds(), project.settings
    without = [background for background in good if background.horizon is None]
    by_camera = settings.depth.way.by_camera
    if by_camera and not without:
        yield from _one_horizon(good)
    if not without or not (settings.depth.way.uses_camera or settings.placement.uses_camera):
        return
    # One depth map for many backgrounds teaches that a row is a depth; sizes alone are only somewhat off.
    error = by_camera and len(good) >= _SAME and 2 * len(without) >= len(good)
    owns = "has no horizon of its own" if len(without) == 1 else "have no horizon of their own"
    alike = len(without) > 1 and len({(one.camera_height, one.wall) for one in without}) == 1
    then = "they would all get the same depth map" if error and alike else "one is assumed"
    network = (Adjust("depth.way", "choose a way to depth with a network"),) if by_camera else ()
    yield Issue(
        "error" if error else "warning",
        "horizon",
        f"{len(without):,} of {len(good):,} backgrounds {owns}: {then} ({settings.camera.horizon:.0%} of the height)",
        without[0].file,
        (FindCameras(), SetHorizons(without[0].file), *network),
        more_files=tuple(background.file for background in without[1:]),
    )


def _one_horizon(good: Sequence[Background]) -> Iterator[Issue]:
    """Backgrounds of which somebody said the same: perhaps all at once, so that nothing more would be said."""
    if len(good) < _SAME or len({(one.horizon, one.camera_height, one.wall) for one in good}) > 1:
        return
    first, *others = good
    yield Issue(
        "warning",
        "same-horizon",
        f"all {len(good):,} backgrounds have the same horizon ({first.horizon:.0%} of the height): they get the same"
        " depth map",
        first.file,
        (SetHorizons(first.file), Adjust("depth.way", "choose a way to depth with a network")),
        more_files=tuple(one.file for one in others),
    )


def _stored_depth(folder: Path, project: Project) -> Iterator[Issue]:
    """What can be said of the stored depth before any is made."""
    settings = project.settings
    way, encoding = settings.depth.way, settings.depth.encoding
    output = "metres" if way.gives_metres or not way.needs_network else described_output(settings.depth)
    kind: Literal["metric", "relative"] = "relative" if output in {"relative", "inverse"} else "metric"
    if not way.makes_depth or not project.good_backgrounds():
        return
    if output and not encoding.fits(kind):
        source = f"the network {settings.depth.model}" if way.needs_network else f"depth by {way.name}"
        yield Issue.of(misfit(kind, source, settings), "depth-encoding")
    elif way.by_camera:
        yield from _by_camera(folder, project)


def _by_camera(folder: Path, project: Project) -> Iterator[Issue]:
    good, settings = project.good_backgrounds(), project.settings
    cameras = Counter((one.horizon, one.camera_height, one.wall) for one in good)
    some = {(one.horizon, one.camera_height, one.wall): one for one in good}
    part = project.model_copy(update={"backgrounds": tuple(some.values())})
    if not part.good_foregrounds():
        return  # said already
    composer = Composer(Pictures(make_recipe(part), None, folder))
    maker = settings.depth.way.open(composer, LocalStore(folder))
    counts: Counter[str] = Counter()
    coarse: list[tuple[float, int]] = []
    for number, camera in enumerate(some):
        base = maker.base(number) if maker else None
        for name, where in settings.depth.encoding.unheld(base) if base is not None else ():
            counts[name] += int(where.sum()) * cameras[camera]
        if base is not None and not np.isnan(base).all():
            coarse.append((level_of(settings.depth.encoding, base), cameras[camera]))
    yield from _coarse(coarse, project)
    yield from depth_issues(counts, settings.size**2 * len(good), len(good), settings)
    if counts[NO_VALUE] and settings.depth.encoding.zero == "a value":
        missing = said_of_missing(counts, settings.size**2 * len(good))
        yield Issue(
            "warning",
            "depth-no-value",
            f"{missing} (sky), but {settings.depth.encoding.name} cannot say so: they are stored as farthest",
            remedies=(set_encoding("uint16-millimetres", settings),),
        )
    elif counts[NO_VALUE] and not settings.codecs.depth.lossless:
        yield Issue(
            "warning",
            "depth-no-value-jpeg",
            f"{said_of_missing(counts, settings.size**2 * len(good))} (sky), and JPEG changes the 0 that says so at"
            " every border",
            remedies=(Set({"codecs.depth.format": "png"}, "keep it exact"),),
        )


def _coarse(levels: Sequence[tuple[float, int]], project: Project) -> Iterator[Issue]:
    """Pictures stretched so far that a value is metres; ``levels``: metres to a value, in how many backgrounds."""
    settings = project.settings
    found = [(level, count) for level, count in levels if level >= _COARSE]
    if settings.depth.encoding.pointwise or not found:
        return
    concerned, total = sum(count for _, count in found), len(project.good_backgrounds())
    yield Issue(
        "warning",
        "depth-stretched-far",
        f"the ground of {concerned:,} of {total:,} backgrounds goes on so far that, stretched, one grey value is up to"
        f" {max(found)[0]:.1f} m: objects there can hardly be told from what they cover",
        remedies=(
            Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres"),
            Advice("give those backgrounds a wall that is nearer"),
        ),
    )


def _named(group: Sequence[Background]) -> str:
    """The pictures of a group, the first of many: 'a.jpg, b.jpg and 298 more'."""
    files = [background.file for background in group]
    more = len(files) - _NAMED
    if len(files) == 1:
        return files[0]
    return f"{', '.join(files[:_NAMED])} and {more:,} more" if more > 1 else f"{', '.join(files[:-1])} and {files[-1]}"


def _intact(folder: Path, file: str, sha256: str) -> Iterator[Issue]:
    try:
        path = unchanged(folder, file, sha256)
        clear = may_be_clear(path) and int(read_rgba(path)[..., 3].min()) < 255
    except FgbgError as error:
        yield Issue.of(error, "file", file)
        return
    if clear:
        message = f"{file} has transparent areas, which come out white"
        yield Issue("error", "transparent", message, file, (Advice("reject it and add it again, filled"),))


def _foregrounds(folder: Path, project: Project) -> Iterator[Issue]:
    for foreground in project.good_foregrounds():
        try:
            rgba = read_rgba(unchanged(folder, foreground.file, foreground.sha256))
        except FgbgError as error:
            yield Issue.of(error, "file", foreground.file)
            continue
        for issue in check_cutout(rgba):
            yield replace(issue, message=f"{foreground.file}: {issue.message}", file=foreground.file)
    yield from _sizes(project)
    yield from _heights(project)


def _heights(project: Project) -> Iterator[Issue]:
    """Foregrounds that a camera makes as tall as somebody who stands, though they are likely not."""
    if not project.settings.placement.uses_camera:
        return
    odd, misfits = fitting_heights(project)
    if misfits:
        yield _misfits(project, misfits)
    if odd:
        files = [one.file for one, _ in odd]
        names = ", ".join(f"{one.file} {likely.metres:g} m" for one, likely in odd[:_NAMED])
        more = f" and {len(odd) - _NAMED:,} more" if len(odd) > _NAMED else ""
        assumed = project.settings.foreground.real_height
        message = (
            f"{len(odd):,} of {len(project.good_foregrounds()):,} foregrounds have no real height of their own and are"
            f" taken as {assumed:g} m tall; by class and shape likelier are {names}{more}"
        )
        way_out = Advice("say how tall they are")
        yield Issue("warning", HEIGHT_ASSUMED, message, files[0], (way_out,), more_files=tuple(files[1:]))


def _misfits(project: Project, odd: Suggested) -> Issue:
    """Likelier heights with which the plan would have no place for the object."""
    files = [one.file for one, _ in odd]
    names = ", ".join(f"{one.file} {likely.metres:g} m" for one, likely in odd[:_NAMED])
    more = f" and {len(odd) - _NAMED:,} more" if len(odd) > _NAMED else ""
    settings = project.settings
    message = (
        f"{len(odd):,} of {len(project.good_foregrounds()):,} foregrounds fit into the frame only as they are taken, as"
        f" {settings.foreground.real_height:g} m tall; likelier are {names}{more}, which the placement"
        f" {settings.placement.name!r} has no place for"
    )
    ways_out = as_remedies((Adjust("placement", "let objects be smaller or larger"), "reject them"))
    return Issue("warning", HEIGHT_MISFIT, message, files[0], ways_out, more_files=tuple(files[1:]))


def _sizes(project: Project) -> Iterator[Issue]:
    """Foregrounds that the plan enlarges until they look soft."""
    try:
        plan = Plan(make_recipe(project))
        plan.check()
    except FgbgError:
        return  # said already
    pairs = plan.table_of(PlanOrder(plan).numbers(0, min(plan.made, 40_000)))
    good = project.good_foregrounds()
    for number, picture in enumerate(good):
        largest = max(float(one.scale[one.foreground == number].max(initial=0)) for one in pairs.objects)
        if largest > _BLURRED:
            yield Issue("warning", "enlarged", f"{picture.file} is enlarged up to {largest:.1f} times", picture.file)


def _depth(folder: Path, project: Project) -> Iterator[Issue]:
    """Objects that are not where the camera's depth has them; what a network will say, only a pilot knows."""
    way = project.settings.depth.way
    if way.sees_composites or not way.makes_depth:
        return
    with contextlib.suppress(FgbgError):  # said already
        recipe = make_recipe(project)
        Plan(recipe).check()
        if way.needs_network:
            yield Issue(
                "warning", UNMEASURED,
                "whether objects fit into the depth that the network sees is not measured by this check, which runs no"
                " network",
                remedies=(Advice("look at the forecast, which measures it"),),
            )  # fmt: skip
            return
        yield from _rows_on_walls(Plan(recipe))
        few = thinned(recipe, _LOOKED_AT)
        numbers = some_of(Plan(few), MOST)
        found = plausibility(Composer(Pictures(few, None, folder)), LocalStore(folder), numbers, Plan(recipe).made)
        yield from found.issues() if found else ()


def _rows_on_walls(plan: Plan) -> Iterator[Issue]:
    """Rows of places in which objects hang before the wall."""
    placement = plan.recipe.settings.placement
    if not placement.fixed_rows:
        return
    row = placement.grid.columns * plan.recipe.settings.compositing.mode.times
    first = [plan[plan.number(0, 0, False, k)].first for k in range(0, plan.counts.placement, row)]
    feet = np.array([one.y + one.height for one in first])
    hanging = feet[:, None] <= plan.walls
    if hanging.any():
        rows, walls = hanging.any(axis=1).sum(), hanging.any(axis=0).sum()
        yield Issue(
            "warning", "row-on-wall",
            f"{rows} of {len(feet)} rows of places are above the line where the floor ends, in {walls:,} of"
            f" {len(plan.walls):,} backgrounds: objects there hang in front of the wall",
            remedies=as_remedies([
                Adjust("placement.step", "set a smaller rise from row to row"),
                Adjust("camera.wall", "set a wall farther away"), "correct the backgrounds' horizons",
            ]),
        )  # fmt: skip
