"""Composites with depth a second: each network, runtime and way, against the plain loop with the same network.

    python benchmarks/depth.py [--densedepth FILE] [--sizes 192 224] [--rounds 3] [--only WORD ...] [--json FILE]

Every row is measured in one run, round by round, so that a machine whose speed drifts slows all rows alike; the
table gives medians of the rows and of their ratios to the plain loop of the same round. Where others use the
machine too, the milliseconds of processor are what can be compared. Rows:

- ``plain loop``: what a notebook does, in one process with all the threads that the library wants: PIL reads and
  resizes a composite, float64 over 255, `model.predict` on batches of 64, a JPEG to a temporary file, that into a
  ZIP. (A TFLite file has no `predict`: its interpreter is called for each picture.)
- everything else: shards of `generate`, one process a core: composites, masks, depth, statistics, files, sync. It
  includes making the composites, which the plain loop does not.

DenseDepth has random weights unless ``--densedepth`` names a file: they cost as much as others. What starts
before the first sample (processes, libraries, conversion) is not timed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from fgbg_studio.core import project as projects
from fgbg_studio.core.adding import add_backgrounds, add_foregrounds
from fgbg_studio.core.compose import Composer
from fgbg_studio.core.generate import Options, chosen_recipe, generate
from fgbg_studio.core.networks.description import Description, description_from
from fgbg_studio.core.pictures import Pictures
from fgbg_studio.core.plan import Plan
from fgbg_studio.core.progress import Control
from fgbg_studio.core.shard import open_maker

DENSEDEPTH = {"meaning": "densedepth", "width": 640, "height": 480, "multiple": 32, "factor": 10.0}
BATCH = 64
WARM = 2
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


def rows_of(arguments: argparse.Namespace) -> list[Row]:
    """All rows that this machine can run and that were asked for."""
    rows = []
    slow, quick, many = arguments.slow, arguments.quick, arguments.many
    for size in arguments.sizes:
        add = [
            Row("DenseDepth, plain loop", "densedepth", size, slow, "plain"),
            Row("DenseDepth, network, TensorFlow float32", "densedepth", size, slow, "network"),
        ]
        if importlib.util.find_spec("openvino"):
            add += [
                Row(f"DenseDepth, network, OpenVINO {precision}", "densedepth", size, slow, "network",
                    runtime="openvino", precision=precision)
                for precision in ("float32", "bfloat16")
            ]  # fmt: skip
        add += [
            Row("FastDepth, plain loop", "fastdepth", size, quick, "plain"),
            Row("FastDepth, network", "fastdepth", size, quick, "network"),
        ]
        kinds = [("FastDepth, inserted", "inserted"), ("geometry", "geometry")]
        for writer in ("folders", "zip", "null"):
            add += [
                Row(f"{name}, {writer}", "fastdepth" if way == "inserted" else "", size, many, way, writer)
                for name, way in kinds
            ]
        add.append(Row("DenseDepth, inserted, zip", "densedepth", size, many, "inserted"))
        rows += add
    return [row for row in rows if all(word in f"{row.name} {row.size}" for word in arguments.only)]


# In processes of their own -----------------------------------------------------------------------------------


def worker(root: Path, number: int, samples: int, gate: Any, answers: Any) -> None:
    """Make so many samples as one shard, once all the others are as warm."""
    maker, control = open_maker(root), Control()
    start = number * (samples + WARM)
    maker.make(2 * number, start, start + WARM, control, lambda _: None)
    gate.wait()
    begun, spent = time.monotonic(), time.process_time()
    seconds = maker.make(2 * number + 1, start + WARM, start + WARM + samples, control, lambda _: None)
    assert seconds is not None
    answers.put((begun, time.monotonic(), time.process_time() - spent, seconds))


def plain(model: Path, described: dict[str, Any], pictures: list[Path], out: Path, answers: Any) -> None:
    """A notebook's loop over the files of composites."""
    description = description_from(described)
    size = (description.width, description.height)
    predict = _interpreter(model) if model.suffix == ".tflite" else _predictor(model, description)
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


def _predictor(model: Path, description: Description) -> Callable[[Any], Any]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from fgbg_studio.core.networks import densedepth, densedepth_weights

    keras = densedepth.import_keras()
    densedepth.aligned_upsampling()
    legacy = model.suffix != ".keras"
    network = densedepth_weights.load(model) if legacy else keras.saving.load_model(model, compile=False)
    return lambda batch: description.convert(network.predict(batch, batch_size=BATCH, verbose=0)[..., 0])


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


# The bench ---------------------------------------------------------------------------------------------------


class Bench:
    """Projects, prepared datasets and composites as files, all in one folder."""

    def __init__(self, arguments: argparse.Namespace, work: Path) -> None:
        self._scenes, self._work = arguments.scenes, work
        self.workers = arguments.workers
        self._models = {"fastdepth": arguments.fastdepth, "densedepth": arguments.densedepth}
        self._count = 0
        self._context = multiprocessing.get_context("spawn")

    def measure(self, row: Row) -> Measured:
        """One row, once."""
        answers = self._context.SimpleQueue()
        if row.plain:
            processes, samples = [self._plain(row, answers)], row.samples
        else:
            each = -(-row.samples // self.workers)
            gate, root, samples = self._context.Barrier(self.workers), self._dataset(row), each * self.workers
            processes = [
                self._context.Process(target=worker, args=(root, number, each, gate, answers))
                for number in range(self.workers)
            ]
        for process in processes:
            process.start()
        found: list[Answer] = [answers.get() for _ in processes]
        for process in processes:
            process.join()
        begun, ended = min(answer[0] for answer in found), max(answer[1] for answer in found)
        phases = {phase: sum(answer[3][phase] for answer in found) for phase in found[0][3]}
        cpu = sum(answer[2] for answer in found) / samples * 1000
        return Measured(samples / (ended - begun), cpu, phases)

    def _plain(self, row: Row, answers: Any) -> Any:
        out = self._fresh("plain")
        out.mkdir()
        model, described = self._model(row)
        fitted = description_from(described).fitted(row.size, row.size)
        described = {**described, "width": fitted.width, "height": fitted.height}
        pictures = self._composites(row)
        return self._context.Process(target=plain, args=(model, described, pictures, out, answers))

    def _dataset(self, row: Row) -> Path:
        """A dataset in which everything is prepared, with room for the shards to come."""
        out = self._fresh("dataset")
        for _ in generate(self._project(row), out, Options(1, 1, row.way, row.writer, "inline")):
            pass
        return out

    def _project(self, row: Row) -> Path:
        """A project of all scenes with the row's network, made once."""
        model, described = self._model(row)
        folder = self._work / f"project-{row.size}-{row.network}-{row.runtime}-{row.precision}"
        if folder.exists():
            return folder
        pixels = round(row.size * 105 / 192)
        changes = [f"size={row.size}", f"foreground.sizing.pixels={pixels}", "placement=uniform", "placements=20",
                   f"depth.precision={row.precision}"]  # fmt: skip
        changes += [f"depth.model={model}", f"depth.network={json.dumps(described)}"] if model else []
        changes += [f"depth.runtime={row.runtime}"] if row.runtime else []
        projects.create(folder, "studio-256", changes)
        for verdict in (
            *add_backgrounds(folder, [self._scenes / "bg"]),
            *add_foregrounds(folder, [self._scenes / "fg"]),
        ):
            assert verdict.picture, verdict.reason
        project = projects.load(folder)
        kept = tuple(f for f in project.foregrounds if f.box[2] / f.box[3] * pixels < row.size - 1)
        projects.save(folder, project.model_copy(update={"foregrounds": kept}))
        return folder

    def _composites(self, row: Row) -> list[Path]:
        """Composites as JPEG files, from all over the plan: what the plain loop reads."""
        folder = self._work / f"composites-{row.size}"
        folder.mkdir(exist_ok=True)
        project = self._project(row)
        recipe = chosen_recipe(projects.load(project), Options(depth="none"))
        plan, composer = Plan(recipe), Composer(Pictures(recipe, None, project))
        paths = []
        for number in np.linspace(0, len(plan) - 1, row.samples).astype(int).tolist():
            paths.append(folder / f"{number:06}.jpg")
            if not paths[-1].exists():
                Image.fromarray(composer(plan[number]).image).save(paths[-1], quality=95)
        return paths

    def _model(self, row: Row) -> tuple[Path | None, dict[str, Any]]:
        if row.network == "fastdepth":
            plain = {"meaning": "metres", "width": 224, "height": 224, "dtype": "uint8", "divide": 1.0}
            return self._models["fastdepth"].resolve(), {**plain, "factor": 0.07169981, "dequantise": False}
        if row.network == "densedepth":
            if self._models["densedepth"] is None:
                self._models["densedepth"] = random_densedepth(self._work / "densedepth.keras")
            return self._models["densedepth"].resolve(), DENSEDEPTH
        return None, {}

    def _fresh(self, name: str) -> Path:
        """A folder of its own for each row and round: ext4 is slow for a while after a mass deletion."""
        self._count += 1
        return self._work / f"{self._count:03}-{name}"


def random_densedepth(path: Path) -> Path:
    """DenseDepth of full size whose weights keep the signal's size from layer to layer."""
    from fgbg_studio.core.networks import densedepth

    random, model = np.random.default_rng(0), densedepth.build(densedepth.Variant())
    for layer in model.layers:
        shapes = [(weight.path, tuple(weight.shape)) for weight in layer.weights]
        layer.set_weights([
            random.normal(0, np.sqrt(1.6 / np.prod(shape[:-1])), shape) if "kernel" in name
            else random.uniform(0.7, 1.3, shape) if "variance" in name or "gamma" in name
            else random.normal(0, 0.1, shape)
            for name, shape in shapes
        ])  # fmt: skip
    model.save(path)
    return path


def main() -> None:
    """Measure, print the table, write the JSON."""
    here = Path(__file__).resolve().parents[1]
    shared = here.parent / "shared"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=Path, default=shared / "data" / "scenes")
    parser.add_argument("--fastdepth", type=Path, default=shared / "models" / "fast_depth_224.tflite")
    parser.add_argument("--densedepth", type=Path, help="nyu.h5 or a file like it; random weights by default")
    parser.add_argument("--sizes", type=int, nargs="+", default=[192, 224])
    parser.add_argument("--slow", type=int, default=64, help="composites through DenseDepth")
    parser.add_argument("--quick", type=int, default=1000, help="composites through FastDepth")
    parser.add_argument("--many", type=int, default=8000, help="composites by the ways that run no network on them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="*", default=[], help="rows whose name and size contain these words")
    parser.add_argument("--work", type=Path, help="an empty folder to write in; a temporary one by default")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    work = arguments.work or Path(tempfile.mkdtemp(prefix="fgbg-depth-"))
    work.mkdir(parents=True, exist_ok=True)
    bench, rows = Bench(arguments, work), rows_of(arguments)
    loads: list[float] = []
    found: dict[Row, list[Measured]] = {row: [] for row in rows}
    for number in range(arguments.rounds):
        for row in rows:
            loads.append(os.getloadavg()[0])
            found[row].append(bench.measure(row))
            print(f"{number + 1}: {row.size} {row.name}: {found[row][-1].rate:,.1f}", file=sys.stderr)
    report(found, loads, arguments)
    if not arguments.work:
        shutil.rmtree(work, ignore_errors=True)


def report(found: dict[Row, list[Measured]], loads: list[float], arguments: argparse.Namespace) -> None:
    """Medians, the median of the ratios to the plain loop of the same round, and the network's share of the time."""
    print(f"{arguments.workers} processes, medians of {arguments.rounds}, load before each row "
          f"{min(loads):.1f} to {max(loads):.1f}")  # fmt: skip
    print(f"{'size':>4}  {'row':<42}{'a second':>9}{'× plain':>9}{'CPU ms':>9}{'× plain':>9}{'depth':>7}")
    data = []
    for row, values in found.items():
        loop = next((other for other in found if other.plain and same(row, other)), None)
        plain = found[loop] if loop else []
        rates, cpu = [one.rate for one in values], [one.cpu for one in values]
        times = statistics.median(a.rate / b.rate for a, b in zip(values, plain, strict=True)) if loop else None
        less = statistics.median(b.cpu / a.cpu for a, b in zip(values, plain, strict=True)) if loop else None
        phases = values[-1].phases
        share = f"{phases['depth'] / sum(phases.values()):.0%}" if phases else ""
        shown = [f"{value:.2f}" if value else "" for value in (times, less)]
        print(f"{row.size:>4}  {row.name:<42}{statistics.median(rates):>9,.1f}{shown[0]:>9}"
              f"{statistics.median(cpu):>9.2f}{shown[1]:>9}{share:>7}")  # fmt: skip
        data.append({"size": row.size, "row": row.name, "a_second": rates, "times_plain": times, "cpu_ms": cpu,
                     "cpu_times_plain": less, "phases": phases})  # fmt: skip
    if arguments.json:
        about = {"workers": arguments.workers, "load": loads, "rows": data}
        arguments.json.write_text(json.dumps(about, indent=1))


def same(row: Row, loop: Row) -> bool:
    """Whether ``loop`` is the plain loop that ``row`` is held against."""
    return (row.network, row.size) == (loop.network, loop.size)


if __name__ == "__main__":
    main()
