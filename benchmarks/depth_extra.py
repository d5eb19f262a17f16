"""What `depth.py` measures beside its table: memory over many pictures, a graphics card, writing 16-bit PNGs."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.depth_bench import BATCH, DENSEDEPTH, Bench, Row, predictor
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.depth_png import DepthPng, Object
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.imaging.codecs import encode
from fgbg_studio.core.interfaces.depth import Insertion
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.networks.description import description_from
from fgbg_studio.core.networks.network import fit, open_network
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import storage

P100 = 22.7
"""Pictures a second of 480 × 480 that were published for DenseDepth on a P100."""
GFLOP = 184
"""Arithmetic of DenseDepth as it was published, for one picture of 480 × 480."""
SHARD = 500


def memory(bench: Bench, marks: list[int], writer: str) -> list[dict[str, float]]:
    """The most memory that one worker held by each number of pictures of ``marks``, FastDepth seeing all of them."""
    row = Row("FastDepth, network", "fastdepth", 224, marks[-1], "network", writer)
    answers = bench.context.SimpleQueue()
    process = bench.context.Process(target=_remember, args=(bench.dataset(row), marks, answers))
    (found,) = bench.run([process], answers)
    return list(found)


def _remember(root: Path, marks: list[int], answers: Any) -> None:
    maker, control, found = open_maker(root), EventControl(), []
    begun = time.monotonic()
    for number, start in enumerate(range(0, marks[-1], SHARD)):
        maker.make(Shard(number, start, min(start + SHARD, marks[-1])), control, lambda _: None)
        done = min(start + SHARD, marks[-1])
        if any(start < mark <= done for mark in marks):
            rate = done / (time.monotonic() - begun)
            found.append({"pictures": done, "peak_mb": _peak(), "a_second": rate})
            print(f"{done:,} pictures: {found[-1]['peak_mb']:.0f} MB", file=sys.stderr, flush=True)
    answers.put(found)


def _peak() -> float:
    """The most memory that this process has held, in megabytes."""
    import resource

    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def gpu(bench: Bench, pictures: int, side: int) -> list[dict[str, Any]]:
    """DenseDepth on whatever Keras's backend computes on: `model.predict` as published, then as it is used here.

    On a graphics card the batch is measured; on a processor it is one picture. The error is the mean difference of
    the raw output from that of `model.predict`, as a share of that output's standard deviation.
    """
    path, _ = bench.model("densedepth")
    assert path is not None
    described = description_from({**DENSEDEPTH, "width": side, "height": side})
    batch = np.random.default_rng(1).integers(0, 256, (pictures, side // 2, side // 2, 3), np.uint8)
    prepared = described.prepare(np.stack([fit(picture, (side, side)) for picture in batch]))
    predict = predictor(path, None)
    published = predict(prepared)
    found = [_gpu_row("model.predict", "float32", BATCH, side, pictures / _seconds(lambda: predict(prepared)))]
    for precision in ("float32", "bfloat16"):
        network = open_network(path, described, threads=0, precision=precision)  # type: ignore[arg-type]
        steps = range(0, pictures, network.batch)
        raw = np.concatenate([network.run(prepared[i : i + network.batch]) for i in steps])
        row = _gpu_row("ours", precision, network.batch, side, pictures / _seconds(partial(network, batch)))
        found.append({**row, "error": float(np.abs(raw - published).mean() / published.std())})
    return found


def _gpu_row(what: str, precision: str, batch: int, side: int, rate: float) -> dict[str, Any]:
    from fgbg_studio.core.networks.densedepth import architecture
    from fgbg_studio.core.networks.runtimes.keras import gpu_of

    backend = str(architecture.import_keras().backend.backend())
    share = (side / 480) ** 2  # of the arithmetic of the published size
    return {
        "backend": backend, "card": "yes" if gpu_of(backend) else "none", "side": side, "what": what,
        "precision": precision, "batch": batch, "a second": rate, "× P100": rate * share / P100,
        "TFLOP/s as published": rate * share * GFLOP / 1000, "error": 0.0,
    }  # fmt: skip


def _seconds(work: Callable[[], Any]) -> float:
    """Of the second time: the first may compile."""
    work()
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def png(bench: Bench, size: int, count: int = 400) -> list[dict[str, Any]]:
    """Files a second of one process: 16-bit depth PNGs of inserted objects, and of maps that a network made."""
    row = Row("FastDepth, inserted", "fastdepth", size, count, "inserted", "null")
    root = bench.dataset(row)
    dataset = open_dataset(root)
    composer, plan = dataset.composer(), dataset.plan()
    maker = dataset.recipe.settings.depth.way.open(composer, dataset.depth)
    assert maker is not None
    samples = [plan[number] for number in range(count) if plan[number].background == 0]
    depths = maker(samples, [composer(sample) for sample in samples])
    encoding, codec = dataset.recipe.settings.depth.encoding, dataset.recipe.settings.codecs.depth
    base = maker.base(0)
    assert base is not None
    joined = DepthPng(np.asarray(encoding.encode(base), np.uint16))
    objects = [
        [
            Object(placed.patch.solid, placed.x, placed.y, round(contact * 1000))
            for placed, contact in zip(one.patches, one.contacts, strict=True)
        ]
        for one in depths if isinstance(one, Insertion)
    ]  # fmt: skip
    network_maps = _network_maps(bench, size)
    found = []
    for name, work, number in (
        ("inserted, joined to the background's file", lambda: joined.encode(objects), len(objects)),
        ("a network's map, whole", lambda: [encode(encoding.encode(one), codec) for one in network_maps],
         len(network_maps)),
    ):  # fmt: skip
        files = work()
        found.append({"size": size, "what": name, "a second": number / _seconds(work),
                      "kilobytes": sum(map(len, files)) / number / 1000})  # fmt: skip
    return found


def _network_maps(bench: Bench, size: int, count: int = 60) -> list[Any]:
    """FastDepth's maps of some composites, in the size in which they are stored."""
    row = Row("FastDepth, network", "fastdepth", size, count, "network")
    project = bench.project(row)
    recipe = chosen_recipe(storage.load(project), Options(depth="network"))
    plan, composer = Plan(recipe), Composer(Pictures(recipe, None, project))
    path, described = bench.model("fastdepth")
    assert path is not None
    network = open_network(path, description_from(described))
    maps = [network(composer(plan[number]).image[None])[0] for number in range(0, 20 * count, 20)]
    return [cv2.resize(one, (size, size), interpolation=cv2.INTER_AREA) for one in maps]


def cores() -> int:
    """Of this machine, as far as this process may use them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
