"""What several objects and things in front cost: samples a second of processor time, beside single objects.

    python -m benchmarks.scenes [--scenes FOLDER] [--before CHECKOUT] [--samples 400] [--rounds 5]

FOLDER has backgrounds in bg and cutouts in fg. Every row makes as many samples of 256 px in one process, without
writing them (the writer `null`): alpha blends, spliced JPEG of 95, PNG masks and 16-bit depth. Rounds go through all
rows in turns; the table has medians and their ratios to one object by `geometry` and by `measured`. ``--before`` is a
checkout of an earlier version, whose single objects are measured in the same turns. Measured depth is drawn: a floor, a
wall, and two boxes in front.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

TWO = ["scene.objects.least=2", "scene.objects.most=2"]
FRONT = ["depth.way=measured", "scene.front.hides=true"]
LOOK = [
    "appearance.colour=[0.1,0.5]", "appearance.exposure=[-0.2,0.2]",
    "appearance.contact_shadow=[0.3,0.6]", "appearance.cast_shadow=[0.2,0.5]",
]  # fmt: skip
PLAIN = [f"{name}=[0,0]" for name in (one.partition("=")[0] for one in LOOK)]
ROWS = {
    "one object": [],
    "two objects": TWO,
    "two objects, index maps and lines": [*TWO, "scene.instances=true"],
    "one to four objects, index maps and lines": ["scene.objects.most=4", "scene.instances=true"],
    "one object, measured depth": ["depth.way=measured"],
    "one object, things in front": FRONT,
    "two objects, things in front": [*TWO, *FRONT],
    "two objects, things in front, colour, shadows": [*TWO, *FRONT, *LOOK],
}

# Run with the checkout that is measured, so that it holds for earlier versions too.
_PREPARE = """
import sys
from pathlib import Path
from fgbg_studio.core.base.store import store_of
from fgbg_studio.core.dataset.record import open_dataset, write_record
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.dataset.shards import Extent
from fgbg_studio.core.project import storage
project, out, samples = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
out.mkdir()
recipe = chosen_recipe(storage.load(project), Options(writer="null"))
write_record(store_of(out), recipe, Extent(samples))
dataset = open_dataset(out)
composer = dataset.composer(project)
for _ in composer.pictures.prepare():
    pass
for _ in recipe.settings.depth.way.prepare(composer, dataset.depth):
    pass
dataset.prepared.save()
"""
_MEASURE = """
import sys, time
import cv2
cv2.setNumThreads(1)
from pathlib import Path
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.interfaces.engine import Shard
samples = int(sys.argv[2])
maker, control = open_maker(Path(sys.argv[1])), EventControl()
maker.make(Shard(0, 0, min(samples, 100)), control, lambda _: None)  # what is imported and cached once
begun = time.process_time()
maker.make(Shard(1, 0, samples), control, lambda _: None)
print(samples / (time.process_time() - begun))
"""


def run(checkout: Path, *arguments: str) -> str:
    """What Python prints, with the package of ``checkout``."""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=checkout)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:] or done.stdout[-2000:])
    return done.stdout


def draw_depths(pictures: Path, folder: Path) -> None:
    """A floor, a wall at 6 m and two boxes, of each picture's size; in metres."""
    folder.mkdir()
    for number, path in enumerate(sorted(pictures.iterdir())):
        height, width = cv2.imread(str(path)).shape[:2]
        rows = np.arange(height)[:, None] + np.zeros((1, width))
        depth = np.minimum(0.9 * 1.6 * height / np.maximum(rows - 0.45 * height, 1e-3), 6.0)
        rng = np.random.default_rng(number)
        for _ in range(2):
            left, wide = rng.integers(0, width * 3 // 4), rng.integers(width // 8, width // 3)
            depth[height // 2 : height * 7 // 8, left : left + wide] = rng.uniform(1.5, 3)
        np.save(folder / f"{path.stem}.npy", depth.astype(np.float32))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenes", type=Path, default=Path("../shared/data/scenes"))
    parser.add_argument("--before", type=Path)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    here, scenes = Path(__file__).resolve().parents[1], asked.scenes.resolve()
    with tempfile.TemporaryDirectory(prefix="fgbg-scenes-") as temporary:
        work = Path(temporary)
        draw_depths(scenes / "bg", work / "depths")
        project = work / "project"
        run(here, "-m", "fgbg_studio", "new", str(project), "--preset", "studio-256")
        added = str(scenes / "bg"), "--depth", str(work / "depths")
        run(here, "-m", "fgbg_studio", "add-backgrounds", str(project), *added)
        run(here, "-m", "fgbg_studio", "add-foregrounds", str(project), str(scenes / "fg"))
        rows = {name: (here, changes) for name, changes in ROWS.items()}
        if asked.before:
            rows = {"one object, before": (asked.before.resolve(), [])} | rows
        plain = ["placement=uniform", "depth.way=geometry", "scene.objects.least=1", "scene.objects.most=1"]
        plain += ["scene.instances=false", "scene.front.hides=false", *PLAIN]
        made: dict[str, tuple[Path, Path]] = {}
        for number, (name, (checkout, changes)) in enumerate(rows.items()):
            run(here, "-m", "fgbg_studio", "set", str(project), *plain, *changes)
            run(checkout, "-c", _PREPARE, str(project), str(work / f"{number}"), str(asked.samples))
            made[name] = checkout, work / f"{number}"
        rates: dict[str, list[float]] = {name: [] for name in made}
        for _ in range(asked.rounds):
            for name, (checkout, out) in made.items():
                rates[name].append(float(run(checkout, "-c", _MEASURE, str(out), str(asked.samples))))
    medians = {name: statistics.median(found) for name, found in rates.items()}
    one, measured = medians["one object"], medians["one object, measured depth"]
    print("| row | samples a second | of one object | of one with measured depth |\n|---|--:|--:|--:|")
    for name, rate in medians.items():
        print(f"| {name} | {rate:,.0f} | {rate / one:.2f} | {rate / measured:.2f} |")


if __name__ == "__main__":
    main()
