"""Contact sheets of a plan, before anything is generated."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fgbg_studio.core.compose import Composer
from fgbg_studio.core.errors import UsageError
from fgbg_studio.core.images import Codec, encode, write_file
from fgbg_studio.core.pictures import Pictures
from fgbg_studio.core.plan import Plan
from fgbg_studio.core.recipe import Recipe
from fgbg_studio.core.sheet import preview, spread


def write_preview(recipe: Recipe, project: Path, count: int, out: Path) -> None:
    """Write a sheet of ``count`` samples from all over the plan as PNG or JPEG.

    Raises:
        UsageError: a file of another sort.
        FgbgError: a picture or a network that cannot be used.
    """
    codecs = {".png": Codec(), ".jpg": Codec("jpeg", 92), ".jpeg": Codec("jpeg", 92)}
    if out.suffix.lower() not in codecs:
        raise UsageError(f"{out} is neither .png nor .jpg", "Choose one of these")
    plan = Plan(recipe)
    with tempfile.TemporaryDirectory(prefix="fgbg-preview-") as cache:
        composer = Composer(Pictures(recipe, None, project))
        for _ in recipe.settings.depth.way.prepare(composer, Path(cache)):
            pass
        pixels = preview(composer, plan, spread(len(plan), count, recipe.seed), Path(cache))
    write_file(out, encode(pixels, codecs[out.suffix.lower()]))
