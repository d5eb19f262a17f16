"""A project made of the pictures that ship with the program: something to try everything on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.project import presets, samples, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.core.project.judging import Verdict

BACKGROUNDS, FOREGROUNDS = 12, 12
# Small shards: a short run shows its statistics as it goes, uses every core, and can be stopped and continued.
_CHANGES = {
    "name": "Demo", "placements": 4, "background.max_side": None, "shard": 100,
    "goal.backgrounds": BACKGROUNDS, "goal.foregrounds": FOREGROUNDS,
}  # fmt: skip
SCENES = "scenes-384"
_FEWER = {"name": "Demo scenes", "placements": 1}  # larger pictures of several objects: a quarter of them is enough
_LICENCE, _ORIGIN = "MIT", "drawn by FGBG Studio"


def make_demo(folder: Path, preset: str = presets.DEFAULT) -> Iterator[Progress]:
    """A project in ``folder`` with drawn backgrounds, whose horizons are known, and drawn foregrounds.

    It appears when it is whole: what was interrupted is made again.
    """
    partial = partial_of(folder)
    shutil.rmtree(partial, ignore_errors=True)
    storage.create(partial, preset, {**_CHANGES, **(_FEWER if preset == SCENES else {})})
    if presets.get(preset).settings.placement.uses_camera:
        # The drawn rooms are shallow: feet above this row would stand on the wall.
        storage.save(partial, storage.changed(storage.load(partial), {"placement.floor": 0.68}))
    backgrounds, foregrounds = samples.backgrounds()[:BACKGROUNDS], samples.foregrounds()[:FOREGROUNDS]
    yield from _counted(
        add_backgrounds(partial, [b.path for b in backgrounds], licence=_LICENCE, origin=_ORIGIN), len(backgrounds)
    )
    yield from _counted(
        add_foregrounds(partial, [f.path for f in foregrounds], licence=_LICENCE, origin=_ORIGIN), len(foregrounds)
    )
    project = storage.load(partial)
    seen = {
        "backgrounds": tuple(
            b.model_copy(update={"horizon": known.horizon, "camera_height": known.camera_height})
            for b, known in zip(project.backgrounds, backgrounds, strict=True)
        ),
        "foregrounds": tuple(
            f.model_copy(update={"real_height": known.real_height})
            for f, known in zip(project.foregrounds, foregrounds, strict=True)
        ),
    }
    storage.save(partial, project.model_copy(update=seen))
    partial.rename(folder)


def _counted(verdicts: Iterator[Verdict], total: int) -> Iterator[Progress]:
    for done, verdict in enumerate(verdicts, 1):
        assert verdict.picture, verdict.reason
        yield Progress("adding pictures", done, total)
