"""What blends, matched colours and shadows cost: samples a second of processor time, composite to files in memory.

``python -m benchmarks.appearance [PROJECT]``: rows of settings, each run in turns with the plain one, the best of a few
rounds. Without a project the program's own pictures are taken.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import cv2

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.shard import Tally
from fgbg_studio.core.interfaces.depth import DepthMaker
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.demo import make_demo
from fgbg_studio.core.project.settings import with_changes

COLOUR = ["appearance.colour=[0.1,0.5]", "appearance.exposure=[-0.2,0.2]"]
TEXTURE = ["appearance.sharpness=[0.5,1]", "appearance.grain=[0.5,1]"]
SHADOW = ["appearance.contact_shadow=[0.3,0.6]", "appearance.cast_shadow=[0.2,0.5]"]
ROWS = {
    "alpha": [], "binary": ["compositing.mode=binary"], "gaussian": ["compositing.mode=gaussian"],
    "multiband": ["compositing.mode=multiband"], "mixed": ["compositing.mode=mixed"], "colour": COLOUR,
    "sharpness, grain": TEXTURE, "shadows": SHADOW, "colour, shadows": [*COLOUR, *SHADOW],
    "all, alpha": [*COLOUR, *TEXTURE, *SHADOW], "all, mixed": [*COLOUR, *TEXTURE, *SHADOW, "compositing.mode=mixed"],
}  # fmt: skip
cv2.setNumThreads(1)  # as in the workers of the program
BATCH, BATCHES, ROUNDS = 100, 4, 3


class Row:
    """The makers of one row; pictures are kept in ``store``."""

    def __init__(self, folder: Path, changes: Sequence[str], store: Path) -> None:
        project = storage.load(folder)
        settings = with_changes(project.settings, parsed(changes))
        recipe = make_recipe(project.model_copy(update={"settings": settings}))
        pictures = Pictures(recipe, LocalStore(store), folder)
        for _ in pictures.prepare():
            pass
        self.composer, self.plan = Composer(pictures), Plan(recipe)
        self.depth: DepthMaker | None = settings.depth.way.open(self.composer, LocalStore(store))
        self.encoder = SampleEncoder(self.composer, self.depth)

    def make(self, samples: list[Sample]) -> float:
        """Seconds of processor time for ``samples``: pixels, counts, depth and files."""
        begun = time.process_time()
        tally = Tally(self.composer)
        composites = []
        for sample in samples:
            composites.append(self.composer(sample))
            tally.add(sample, composites[-1])
        if self.depth:
            self.encoder.depths(samples, self.depth(samples, composites))
        for sample, composite in zip(samples, composites, strict=True):
            self.encoder.composite(sample, composite)
            self.encoder.mask(composite)
        tally.statistics()
        return time.process_time() - begun


def main(folder: Path) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as place:
        rows = {name: Row(folder, changes, Path(place)) for name, changes in ROWS.items()}
        best = dict.fromkeys(rows, float("inf"))
        for _ in range(ROUNDS):
            for name, row in rows.items():
                plan = row.plan
                taken = [
                    plan[i * BATCH : (i + 1) * BATCH] for i in range(0, len(plan) // BATCH, len(plan) // BATCH // 4)
                ]
                best[name] = min(best[name], sum(map(row.make, taken[:BATCHES])))
    for name, seconds in best.items():
        rate = BATCH * BATCHES / seconds
        print(f"{name:18} {rate:8.0f} samples/s  {best['alpha'] / seconds:6.2f} of alpha's")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            for _ in make_demo(Path(made) / "demo"):
                pass
            main(Path(made) / "demo")
