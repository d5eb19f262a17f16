"""What reading a dataset for training takes, beside the plain loop over its files and other libraries, in turns.

    python benchmarks/reading.py [--samples 8000] [--rounds 3] [--scenes FOLDER]
    python benchmarks/reading.py --first DATASET ...

It makes datasets of plain files, ZIPs and tars of a project of the preset ``studio-256`` (of drawn pictures, or of the
photos in ``bg`` and cutouts in ``fg`` of a folder), exports one for `datasets` and as a recipe, and reads
each with two worker processes in a drawn order (Parquet and WebDataset as they lie): composite in RGB, mask, depth in
metres. Samples a second are of the processor time of both, so that other work beside it counts little.
``--first`` says what the first batch of 32 of a dataset takes, in a fresh process, imports and opening included.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from large import make_project

from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.loaders import open_samples

PROGRAM = (sys.executable, "-m", "fgbg_studio")
WORKERS, EACH = 2, 1500  # samples that a worker reads in a round


def plain(root: Path, worker: int) -> Iterator[Any]:
    """As a class for a loader is written by hand: three files a sample, by OpenCV."""
    with (root / "samples.csv").open(encoding="utf-8", newline="") as file:
        rows = [f"{row['background']}/{row['name']}" for row in csv.DictReader(file)]
    for number in order(len(rows), worker):
        name = rows[number]
        image = cv2.cvtColor(cv2.imread(str(root / "fg_bg" / f"{name}.jpg")), cv2.COLOR_BGR2RGB)
        mask = cv2.imread(str(root / "mask" / f"{name}.png"), cv2.IMREAD_GRAYSCALE) > 127
        depth = cv2.imread(str(root / "depth" / f"{name}.png"), cv2.IMREAD_UNCHANGED).astype(np.float32) / 1000
        yield image, mask, depth, depth > 0


def ours(root: Path, worker: int, exact: bool = True) -> Iterator[Any]:
    samples = open_samples(root, None, ("image", "mask", "depth"), exact)
    numbers = order(len(samples), worker)
    for start in range(0, len(numbers), 32):
        yield from samples.some(numbers[start : start + 32])


def quick(root: Path, worker: int) -> Iterator[Any]:
    return ours(root, worker, exact=False)


def hub(root: Path, worker: int) -> Iterator[Any]:
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(root.parent / "cache")}
    import datasets

    found = datasets.load_dataset("parquet", data_files=str(root / "data" / "*.parquet"), split="train", streaming=True)
    for at, row in enumerate(found):
        if at % WORKERS == worker:
            depth = np.asarray(row["depth"], np.float32) / 1000
            yield np.asarray(row["fg_bg"]), np.asarray(row["mask"]) > 127, depth, depth > 0


def tars(root: Path, worker: int) -> Iterator[Any]:
    import webdataset

    def read(data: bytes) -> Any:
        return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)

    shards = [str(one) for one in sorted(root.glob("*.tar")) if not one.name.startswith(("back", "fore", "sources"))]
    found = webdataset.WebDataset(shards[worker::WORKERS] or shards, shardshuffle=False)
    for image, mask, depth in found.to_tuple("fg_bg.jpg", "mask.png", "depth.png").map_tuple(read, read, read):
        metres = depth.astype(np.float32) / 1000
        yield cv2.cvtColor(image, cv2.COLOR_BGR2RGB), mask > 127, metres, metres > 0


def order(count: int, worker: int) -> list[int]:
    """What one worker reads."""
    return [int(number) for number in np.random.default_rng(0).permutation(count)[worker::WORKERS]]


def timed(work: Callable[[Path, int], Iterator[Any]], root: Path, worker: int) -> float:
    """Seconds of processor time a sample, once its first hundred are read."""
    cv2.setNumThreads(1)
    samples = work(root, worker)
    deque((next(samples) for _ in range(100)), maxlen=0)
    begun, count = time.process_time(), 0
    for _ in zip(range(EACH), samples, strict=False):
        count += 1
    return (time.process_time() - begun) / count


def first(root: Path) -> None:
    """What a script waits for."""
    lines = f"""import time; begun = time.perf_counter()
from fgbg_studio.loaders import batches
read = batches({str(root)!r}, 32, seed=0, kinds=['image', 'mask'])
opened = time.perf_counter()
next(iter(read.epoch(0)))
done = time.perf_counter()
print(f'{{len(read.samples):,}} samples: opened after {{opened - begun:.2f}} s, '
      f'first batch after {{done - begun:.2f}} s, {{time.process_time():.2f}} s of the processor')"""
    for _ in range(2):
        subprocess.run([sys.executable, "-c", lines], check=True)


def made(
    folder: Path, samples: int, scenes: Path | None
) -> dict[str, tuple[Callable[[Path, int], Iterator[Any]], Path]]:
    """The rows: what reads, and where."""
    project = folder / "project"
    if scenes is None:
        make_project(project, 40, 50, {"placements": 4})
    else:
        for command in (
            ("new", project, "--preset", "studio-256"), ("add-backgrounds", project, scenes / "bg"),
            ("add-foregrounds", project, scenes / "fg"), ("set", project, "placements=4"),
        ):  # fmt: skip
            run(*command)
    for writer in ("folders", "zip", "tar"):
        run("generate", project, "--out", folder / writer, "--writer", writer, "--limit", str(samples), "--anyway")
    for name in ("hf-parquet", "recipe"):
        deque(Export.from_dict(name).run(folder / "folders", folder / name), maxlen=0)
    return {
        "plain loop, files": (plain, folder / "folders"), "ours, files": (ours, folder / "folders"),
        "ours, zip": (ours, folder / "zip"), "ours, tar": (ours, folder / "tar"),
        "datasets, Parquet": (hub, folder / "hf-parquet"), "webdataset, tar": (tars, folder / "tar"),
        "recipe, exact": (ours, folder / "recipe"), "recipe": (quick, folder / "recipe"),
    }  # fmt: skip


def run(*command: Any) -> None:
    subprocess.run([*PROGRAM, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scenes", type=Path)
    parser.add_argument("--first", type=Path, nargs="+")
    arguments = parser.parse_args()
    for root in arguments.first or ():
        first(root)
    if arguments.first:
        return
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        rows = made(Path(folder), arguments.samples, arguments.scenes)
        found: dict[str, list[float]] = {name: [] for name in rows}
        for _ in range(arguments.rounds):
            for name, (work, root) in rows.items():
                parts = pool.starmap(timed, [(work, root, worker) for worker in range(WORKERS)], chunksize=1)
                found[name].append(sum(1 / part for part in parts))
        for name, values in found.items():
            ratio = statistics.median(a / b for a, b in zip(values, found["plain loop, files"], strict=True))
            print(f"{name:20} {statistics.median(values):7,.0f} a second, {ratio:.2f} × the plain loop")


if __name__ == "__main__":
    main()
