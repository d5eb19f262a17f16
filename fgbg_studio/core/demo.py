"""A project made of pictures that the program draws itself: something to try everything on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fgbg_studio.core import presets
from fgbg_studio.core import project as projects
from fgbg_studio.core.adding import add_backgrounds, add_foregrounds
from fgbg_studio.core.images import Codec, encode, write_file
from fgbg_studio.core.progress import Progress
from fgbg_studio.core.samples import draw_background, draw_foreground

BACKGROUNDS, FOREGROUNDS = 12, 12
_LICENCE, _ORIGIN = "MIT", "drawn by FGBG Studio"


def make_demo(folder: Path, preset: str = presets.DEFAULT) -> Iterator[Progress]:
    """A project in ``folder`` with drawn backgrounds, whose horizons are known, and drawn foregrounds.

    It appears when it is whole: what was interrupted is drawn again.
    """
    partial = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    projects.create(partial, preset, ["name=Demo", "placements=4"])
    total, done = BACKGROUNDS + FOREGROUNDS, 0
    horizons: dict[str, tuple[float, float]] = {}
    heights: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="fgbg-demo-") as temporary:
        drawn = Path(temporary)
        for number in range(BACKGROUNDS):
            background = draw_background(number)
            horizons[f"backgrounds/{background.name}.png"] = (background.horizon, background.camera_height)
            write_file(drawn / "bg" / f"{background.name}.png", encode(background.pixels, Codec()))
            yield Progress("drawing pictures", done := done + 1, total)
        for number in range(FOREGROUNDS):
            foreground = draw_foreground(number)
            heights[f"foregrounds/{foreground.name}.png"] = foreground.real_height
            write_file(drawn / "fg" / f"{foreground.name}.png", encode(foreground.pixels, Codec()))
            yield Progress("drawing pictures", done := done + 1, total)
        for verdict in (*add_backgrounds(partial, [drawn / "bg"]), *add_foregrounds(partial, [drawn / "fg"])):
            assert verdict.picture, verdict.reason
    _complete(partial, horizons, heights)
    partial.rename(folder)


def _complete(folder: Path, horizons: dict[str, tuple[float, float]], heights: dict[str, float]) -> None:
    """What the drawings know and files do not say: horizon, camera, real height, licence."""
    project = projects.load(folder)
    said = {"licence": _LICENCE, "origin": _ORIGIN}
    backgrounds = [
        b.model_copy(update={**said, "horizon": horizons[b.file][0], "camera_height": horizons[b.file][1]})
        for b in project.backgrounds
    ]
    foregrounds = [f.model_copy(update={**said, "real_height": heights[f.file]}) for f in project.foregrounds]
    changed = {"backgrounds": tuple(backgrounds), "foregrounds": tuple(foregrounds)}
    projects.save(folder, project.model_copy(update=changed))
