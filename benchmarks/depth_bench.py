"""What `depth.py` measures with: rows, the processes that they run in, projects and datasets of real scenes."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from PIL import Image

from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.run import Options, chosen_recipe, generate
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.networks.description import Description, description_from
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds

DENSEDEPTH = {"meaning": "densedepth", "width": 640, "height": 480, "multiple": 32, "factor": 10.0}
FASTDEPTH = {"meaning": "metres", "width": 224, "height": 224, "dtype": "uint8", "divide": 1.0,
             "factor": 0.07169981, "dequantise": False}  # fmt: skip
BATCH = 64
WARM = 2
cv2.setNumThreads(1)  # as in the program's workers
Phases = dict[str, float]
Answer = tuple[float, float, float, Phases]  # begun, ended, seconds of processor, seconds by phase


class Measured(NamedTuple):
    """Composites a second, milliseconds of processor for each, and the seconds of all processes by phase."""

    rate: float
    cpu: float
    phases: Phases


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    network: str
    size: int
    samples: int
    way: str
    writer: str = "zip"
    runtime: str | None = None
    precision: str = "float32"

    @property
    def plain(self) -> bool:
        """Whether it is a notebook's loop."""
        return self.way == "plain"

    @property
    def slow(self) -> bool:
        """Whether a large network sees every composite: seconds each, so that one round averages over enough."""
        return self.network == "densedepth" and self.way != "inserted"


# In processes of their own


def worker(root: Path, number: int, samples: int, gate: Any, answers: Any) -> None:
    """Make so many samples as one shard, once all the others are as warm."""
    maker, control = open_maker(root), EventControl()
    start = number * (samples + WARM)
    maker.make(Shard(2 * number, start, start + WARM), control, lambda _: None)
    gate.wait()
    begun, spent = time.monotonic(), time.process_time()
    seconds = maker.make(Shard(2 * number + 1, start + WARM, start + WARM + samples), control, lambda _: None)
    assert seconds is not None
    answers.put((begun, time.monotonic(), time.process_time() - spent, seconds))


def plain(model: Path, described: dict[str, Any], pictures: list[Path], out: Path, answers: Any) -> None:
    """A notebook's loop over the files of composites."""
    description = description_from(described)
    size = (description.width, description.height)
    predict = _interpreter(model) if model.suffix == ".tflite" else predictor(model, description)
    predict(np.zeros((2, size[1], size[0], 3)))
    begun, spent = time.monotonic(), time.process_time()
    with zipfile.ZipFile(out / "depth.zip", "a") as archive:
        for start in range(0, len(pictures), BATCH):
            part = pictures[start : start + BATCH]
            batch = np.stack([np.asarray(Image.open(path).resize(size), dtype=float) / 255 for path in part])
            for path, depth in zip(part, predict(batch), strict=True):
                low, high = depth.min(), depth.max()
                grey = Image.fromarray((255 - (depth - low) / (high - low) * 255).astype(np.uint8))
                grey.save(out / "temporary.jpg")
                archive.write(out / "temporary.jpg", path.name)
    answers.put((begun, time.monotonic(), time.process_time() - spent, {}))


def predictor(model: Path, description: Description | None) -> Callable[[Any], Any]:
    """`model.predict` of DenseDepth as it was published: prepared pictures to depth, or the raw output for None."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from fgbg_studio.core.networks.densedepth import architecture, weights

    keras = architecture.import_keras()
    architecture.aligned_upsampling()
    legacy = model.suffix != ".keras"
    network = weights.load(model) if legacy else keras.saving.load_model(model, compile=False)

    def predict(batch: Any) -> Any:
        raw = network.predict(batch, batch_size=BATCH, verbose=0)[..., 0]
        return raw if description is None else description.convert(raw)

    return predict


def _interpreter(model: Path) -> Callable[[Any], Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(str(model))
    interpreter.allocate_tensors()
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def one(picture: Any) -> Any:
        interpreter.set_tensor(source["index"], (picture[None] * 255).astype(source["dtype"]))
        interpreter.invoke()
        return interpreter.get_tensor(target["index"])[0, ..., 0].astype(float)

    return lambda batch: [one(picture) for picture in batch]


# Projects, datasets, composites


class Bench:
    """Projects, prepared datasets and composites as files, all in one folder."""

    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        self._scenes, self._work = arguments.scenes, work
        self.workers = arguments.workers
        self._models = {"fastdepth": arguments.fastdepth, "densedepth": arguments.densedepth}
        self._count = 0
        self._ready: dict[Row, Path] = {}
        self.context = multiprocessing.get_context("spawn")

    def measure(self, row: Row) -> Measured:
        """One row, once."""
        answers, root = self.context.SimpleQueue(), None
        if row.plain:
            processes, samples = [self._plain(row, answers)], row.samples
        else:
            each = -(-row.samples // self.workers)
            gate, root, samples = self.context.Barrier(self.workers), self.dataset(row), each * self.workers
            processes = [
                self.context.Process(target=worker, args=(root, number, each, gate, answers))
                for number in range(self.workers)
            ]
        found = self.run(processes, answers)
        if root is not None and row.writer != "folders":  # ext4 is slow for a while after a mass deletion
            shutil.rmtree(root)
        begun, ended = min(answer[0] for answer in found), max(answer[1] for answer in found)
        phases = {phase: sum(answer[3][phase] for answer in found) for phase in found[0][3]}
        cpu = sum(answer[2] for answer in found) / samples * 1000
        return Measured(samples / (ended - begun), cpu, phases)

    def run(self, processes: list[Any], answers: Any) -> list[Any]:
        """What each of the processes answers."""
        for process in processes:
            process.start()
        found = []
        while len(found) < len(processes):
            while answers.empty():
                dead = [process.exitcode for process in processes if process.exitcode]
                assert not dead, f"a process ended with {dead[0]}; what it said stands above"
                time.sleep(0.05)
            found.append(answers.get())
        for process in processes:
            process.join()
        return found

    def dataset(self, row: Row) -> Path:
        """A dataset in which everything is prepared, with room for the shards to come; a fresh copy at each call."""
        if row not in self._ready:
            self._ready[row] = self._fresh("ready")
            for _ in generate(self.project(row), self._ready[row], Options(1, 1, row.way, row.writer, "inline")):
                pass
        out = self._fresh("dataset")
        shutil.copytree(self._ready[row], out)
        return out

    def project(self, row: Row) -> Path:
        """A project of all scenes with the row's network, made once."""
        model, described = self.model(row.network)
        folder = self._work / f"project-{row.size}-{row.network}-{row.runtime}-{row.precision}"
        if folder.exists():
            return folder
        pixels = round(row.size * 105 / 192)
        changes: dict[str, object] = {"size": row.size, "foreground.sizing.pixels": pixels, "placement": "uniform",
                                      "placements": 20, "depth.precision": row.precision}  # fmt: skip
        changes |= {"depth.model": str(model), "depth.network": described} if model else {}
        changes |= {"depth.runtime": row.runtime} if row.runtime else {}
        storage.create(folder, "studio-256", changes)
        for verdict in (
            *add_backgrounds(folder, [self._scenes / "bg"]),
            *add_foregrounds(folder, [self._scenes / "fg"]),
        ):
            assert verdict.picture, verdict.reason
        project = storage.load(folder)
        kept = tuple(f for f in project.foregrounds if f.box[2] / f.box[3] * pixels < row.size - 1)
        storage.save(folder, project.model_copy(update={"foregrounds": kept}))
        return folder

    def composites(self, row: Row) -> list[Path]:
        """Composites as JPEG files, from all over the plan: what the plain loop reads."""
        folder = self._work / f"composites-{row.size}"
        folder.mkdir(exist_ok=True)
        project = self.project(row)
        recipe = chosen_recipe(storage.load(project), Options(depth="none"))
        plan, composer = Plan(recipe), Composer(Pictures(recipe, None, project))
        paths = []
        for number in np.linspace(0, len(plan) - 1, row.samples).astype(int).tolist():
            paths.append(folder / f"{number:06}.jpg")
            if not paths[-1].exists():
                Image.fromarray(composer(plan[number]).image).save(paths[-1], quality=95)
        return paths

    def model(self, network: str) -> tuple[Path | None, dict[str, Any]]:
        """The file of ``fastdepth`` or ``densedepth`` (random weights unless one was given), and what it means."""
        if network == "fastdepth":
            return self._models["fastdepth"].resolve(), FASTDEPTH
        if network == "densedepth":
            if self._models["densedepth"] is None:
                self._models["densedepth"] = random_densedepth(self._work / "densedepth.keras")
            return self._models["densedepth"].resolve(), DENSEDEPTH
        return None, {}

    def _plain(self, row: Row, answers: Any) -> Any:
        out = self._fresh("plain")
        out.mkdir()
        model, described = self.model(row.network)
        fitted = description_from(described).fitted(row.size, row.size)
        described = {**described, "width": fitted.width, "height": fitted.height}
        return self.context.Process(target=plain, args=(model, described, self.composites(row), out, answers))

    def _fresh(self, name: str) -> Path:
        self._count += 1
        return self._work / f"{self._count:03}-{name}"


def random_densedepth(path: Path) -> Path:
    """DenseDepth of full size whose weights keep the signal's size from layer to layer, and give depths of metres."""
    from fgbg_studio.core.networks.densedepth import architecture

    random, model = np.random.default_rng(0), architecture.build(architecture.Variant())
    for layer in model.layers:
        shapes = [(weight.path, tuple(weight.shape)) for weight in layer.weights]
        layer.set_weights([
            random.normal(0, np.sqrt(1.6 / np.prod(shape[:-1])), shape) if "kernel" in name
            else random.uniform(0.7, 1.3, shape) if "variance" in name or "gamma" in name
            else random.normal(0, 0.1, shape)
            for name, shape in shapes
        ])  # fmt: skip
    last = model.get_layer("conv3")
    kernel, bias = last.get_weights()
    last.set_weights([4 * kernel, 0 * bias + 8])
    model.save(path)
    return path
