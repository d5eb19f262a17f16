"""Contact sheets of a plan, before anything is generated."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outputs import refuse_inputs
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.colour_maps import depth_colours, depth_range
from fgbg_studio.core.imaging.contact_sheet import sheet
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe
from fgbg_studio.core.plan.selection import SampleSelection, selected


def preview(composer: Composer, plan: Plan, numbers: Sequence[int], cache: Store) -> Pixels:
    """A sheet of the plan's samples ``numbers``: composites with their names, masks and, with depth, depth maps.

    ``cache`` holds the background depths, prepared already.
    """
    maker = composer.open_depth(cache)
    samples: list[Sample] = [composer.settled(plan[number]) for number in numbers]
    composites = [composer(sample) for sample in samples]
    rows: list[Sequence[Pixels]] = [[c.image for c in composites], [c.mask for c in composites]]
    labels = [f"composites: {len(samples)} of {plan.made:,} samples", "masks"]
    if maker is not None:
        maps = [depth.map for depth in maker(samples, composites)]
        low, high = depth_range(maps)
        rows.append([depth_colours(d, low, high) for d in maps])
        unit = " m" if composer.settings.depth.way.meaning(composer, cache).kind == "metric" else ""
        labels.append(f"depth: near is bright; {low:.1f} to {high:.1f}{unit}")
    columns = 6
    names = [[stem(plan.paths(sample).fg_bg) for sample in samples], *([] for _ in rows[1:])]
    blocks = [row[i : i + columns] for i in range(0, len(samples), columns) for row in rows]
    captions = [row[i : i + columns] for i in range(0, len(samples), columns) for row in names]
    # What the rows are is said once: the blocks below the first have them in the same order.
    return sheet(blocks, labels + [""] * (len(blocks) - len(rows)), 192, captions)


def write_preview(recipe: Recipe, project: Path, count: int, out: Path) -> None:
    """Write a sheet of ``count`` samples from all over the plan, the first that a window shows, as PNG or JPEG.

    Raises:
        UsageError: a file of another sort, or one that is a picture of the project.
        FgbgError: a picture or a network that cannot be used.
    """
    codecs = {".png": Codec(), ".jpg": Codec("jpeg", 92), ".jpeg": Codec("jpeg", 92)}
    if out.suffix.lower() not in codecs:
        raise UsageError(f"{out} is neither .png nor .jpg", "Use one of these")
    files = [*(b.file for b in recipe.backgrounds), *(f.file for f in recipe.foregrounds)]
    refuse_inputs(out, [project / file for file in files])
    plan = Plan(recipe)
    with tempfile.TemporaryDirectory(prefix="fgbg-preview-") as folder:
        composer, cache = Composer(Pictures(recipe, None, project)), LocalStore(Path(folder))
        for _ in recipe.settings.depth.way.prepare(composer, cache):
            pass
        pixels = preview(composer, plan, selected(plan, SampleSelection(count=count, excluded=False)), cache)
    write_file(out, encode(pixels, codecs[out.suffix.lower()]))
