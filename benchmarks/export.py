"""What exports take beside the plain loop that somebody would write with the format's own library, in turns.

    python benchmarks/export.py [--samples 100000] [--turns 3] [--dataset FOLDER] [--only FORMAT ...]

It draws a project and makes a dataset of plain files of it in a temporary folder, or takes the one that is given. A
plain loop knows where the files are and how they belong together. Both run in this process, on one thread but for what
the system and the libraries start. What is compared is processor time, in which a disk that is busy with other things
does not count; wall time is said beside it, and means something on a quiet machine alone. Each wrote once before.
"""

from __future__ import annotations

import argparse
import csv
import json
import logging
import resource
import shutil
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

PROGRAM = (sys.executable, "-m", "fgbg_studio")
KINDS = {"fg_bg": "jpg", "mask": "png", "depth": "png"}


def rows(root: Path) -> Iterator[dict[str, Any]]:
    """Of each sample its line of the table, and its files."""
    with (root / "samples.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = f"{row['background']}/{row['name']}"
            yield row | {kind: root / kind / f"{name}.{suffix}" for kind, suffix in KINDS.items()}


def parquet(root: Path, out: Path) -> None:
    import datasets

    datasets.disable_progress_bars()
    out.mkdir()
    image, text = datasets.Image(), datasets.Value("string")
    features = datasets.Features({"name": text, **dict.fromkeys(KINDS, image), "background": text, "foreground": text})

    def samples() -> Iterator[dict[str, Any]]:
        for row in rows(root):  # of paths alone the library would keep the paths
            yield {
                name: {"bytes": row[name].read_bytes(), "path": row[name].name} if name in KINDS else row[name]
                for name in features
            }

    made = datasets.Dataset.from_generator(samples, features=features, cache_dir=str(out / "cache"))
    made.to_parquet(out / "train.parquet", batch_size=100)


def tars(root: Path, out: Path) -> None:
    import webdataset

    out.mkdir()
    with webdataset.ShardWriter(f"{out}/samples-%06d.tar", maxcount=10**9, maxsize=10**9, verbose=0) as sink:
        for row in rows(root):
            files = {f"{kind}.{suffix}": row[kind].read_bytes() for kind, suffix in KINDS.items()}
            said = {name: row[name] for name in ("background", "foreground", "x", "y", "width", "height")}
            sink.write({"__key__": row["name"], **files, "json": said})


def coco(root: Path, out: Path) -> None:
    from pycocotools import mask as api

    (out / "images").mkdir(parents=True)
    images, annotations = [], []
    for number, row in enumerate(rows(root), 1):
        mask = cv2.imread(str(row["mask"]), cv2.IMREAD_GRAYSCALE) // 255
        code = api.encode(np.asfortranarray(mask))
        shutil.copyfile(row["fg_bg"], out / "images" / row["fg_bg"].name)
        size = {"height": mask.shape[0], "width": mask.shape[1]}
        images.append({"id": number, "file_name": row["fg_bg"].name, **size})
        annotations.append(
            {
                "id": number, "image_id": number, "category_id": 1, "iscrowd": 0, "area": int(api.area(code)),
                "bbox": api.toBbox(code).tolist(),
                "segmentation": {"size": code["size"], "counts": code["counts"].decode()},
            }
        )  # fmt: skip
    whole = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "object"}]}
    (out / "instances.json").write_text(json.dumps(whole))


def yolo(root: Path, out: Path) -> None:
    """The outer outline of the largest part alone: YOLO has no library that writes."""
    for folder in ("images", "labels"):
        (out / folder).mkdir(parents=True)
    for row in rows(root):
        mask = cv2.imread(str(row["mask"]), cv2.IMREAD_GRAYSCALE)
        found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        corners = (max(found, key=cv2.contourArea).reshape(-1, 2) + 0.5) / mask.shape[::-1]
        line = "0 " + " ".join(f"{value:.6f}" for value in corners.ravel())
        (out / "labels" / f"{row['name']}.txt").write_text(line)
        shutil.copyfile(row["fg_bg"], out / "images" / row["fg_bg"].name)


PLAIN: dict[str, Callable[[Path, Path], None]] = {
    "hf-parquet": parquet, "webdataset": tars, "coco": coco, "yolo-seg": yolo
}  # fmt: skip


def taken(work: Callable[[], None], out: Path) -> tuple[float, float]:
    """Seconds of processor time, of the processes that it starts, too, and seconds by the clock."""
    begun, clock = busy(), time.monotonic()
    work()
    seconds = busy() - begun, time.monotonic() - clock
    shutil.rmtree(out)
    return seconds


def busy() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def compare(name: str, root: Path, out: Path, turns: int) -> None:
    """Both ways to one format, in turns."""

    def ours() -> None:
        deque(Export.from_dict(name).run(root, out), maxlen=0)

    pairs = [(taken(lambda: PLAIN[name](root, out), out), taken(ours, out)) for _ in range(turns + 1)][1:]
    plain, own = (
        [statistics.median(column) for column in zip(*times, strict=True)] for times in zip(*pairs, strict=True)
    )
    ratio = statistics.median(one[0] / two[0] for one, two in pairs)
    print(
        f"{name:12} plain loop {plain[0]:7.1f} s, export {own[0]:7.1f} s: {ratio:.1f} times as fast "
        f"(by the clock {plain[1]:.1f} and {own[1]:.1f} s)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--dataset", type=Path)
    parser.add_argument("--only", nargs="*", default=list(PLAIN), help="formats")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        root = arguments.dataset or Path(folder) / "set"
        if arguments.dataset is None:
            make_project(Path(folder) / "project", 100, 100, {"placements": 5})
            options = ("--limit", str(arguments.samples), "--anyway", "--workers", "2", "--writer", "folders")
            command = [*PROGRAM, "generate", Path(folder) / "project", "--out", root, *options]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{sum(1 for _ in rows(root)):,} samples")
        for name in arguments.only:
            compare(name, root, Path(folder) / "out", arguments.turns)


if __name__ == "__main__":
    main()
