"""What a dataset teaches: the trial's figures, how much of them is noise, and what each setting of a dataset does.

    python -m benchmarks.trial figures  --work FOLDER [--scenes FOLDER] [--network FILE] [--samples N] [--real FOLDER]
    python -m benchmarks.trial noise    ...   # the same with the background coded as composites are, and coded afresh
    python -m benchmarks.trial settings ...   # blends, shadows, several objects: one setting changed at a time
    python -m benchmarks.trial reader   ...   # samples a second of the reader beside those of training

SCENES has backgrounds in bg and cutouts in fg. Datasets are of the preset studio-256 at 96 px with depth `inserted` by
the network (FastDepth of the catalogue), and are kept in WORK, where a measurement that was stopped goes on. REAL is
a folder of real photos as docs/trial.md has it. What follows ``--`` are settings of the trials: ``-- epochs=20``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.trial.architecture import build
from fgbg_studio.core.trial.feeding import Fed, Feeder, TrainFigures
from fgbg_studio.core.trial.metrics import mean_scores
from fgbg_studio.core.trial.parts import Parts, evenly, parts_of
from fgbg_studio.core.trial.pictures import TrialPictures
from fgbg_studio.core.trial.report import PARTS, figure_table, rows_of, said
from fgbg_studio.core.trial.results import TrialResult
from fgbg_studio.core.trial.run import run
from fgbg_studio.core.trial.scoring import Trained, measured
from fgbg_studio.core.trial.settings import TrialSettings, trial_settings
from fgbg_studio.core.trial.training import compiled

ROOT = Path(__file__).resolve().parents[1]
_TIMED = 60  # steps that each of the reader's rows is measured over
PLAIN = [
    "size=96", "placements=20", "foreground.sizing.pixels=64", "depth.way=inserted", "compositing.mode=alpha",
]  # fmt: skip
SHADOWS = ["appearance.contact_shadow=[0.3,0.7]", "appearance.cast_shadow=[0.2,0.5]"]
COLOURS = ["appearance.colour=[0.2,0.8]", "appearance.exposure=[-0.3,0.3]"]
ROWS: dict[str, list[str]] = {
    "alpha edges, one object": [],
    "binary edges": ["compositing.mode=binary"],
    "gaussian edges": ["compositing.mode=gaussian"],
    "multiband edges": ["compositing.mode=multiband"],
    "edges of many kinds": ["compositing.mode=mixed"],
    "shadows": SHADOWS,
    "colours of the background": COLOURS,
    "one to three objects": ["scene.objects.most=3"],
    "all of these": ["compositing.mode=mixed", *SHADOWS, *COLOURS, "scene.objects.most=3"],
}


def command(*words: str | Path) -> None:
    """Run a command of the program."""
    done = subprocess.run([sys.executable, "-m", "fgbg_studio", *map(str, words)], check=False, cwd=ROOT)
    if done.returncode not in {0, 1}:  # what comes out only while a dataset is made gives 1
        raise SystemExit(done.returncode)


def dataset(asked: argparse.Namespace, name: str, changes: list[str], samples: int) -> Path:
    """The dataset of that name in the folder of work, made where it is not there."""
    project, out = asked.work / f"{name}-project", asked.work / f"{name}-{samples}"
    if not (project / "project.json").exists():
        command("new", project, "--preset", "studio-256")
        command("set", project, *PLAIN, f"depth.model={asked.network}", *changes)
        command("add-backgrounds", project, asked.scenes.resolve() / "bg")
        command("add-foregrounds", project, asked.scenes.resolve() / "fg")
    command("generate", project, "--out", out, "--limit", str(samples), "--anyway")
    return out


def tried(where: Path, out: Path, settings: TrialSettings) -> TrialResult:
    """A trial to its end, with a line every half minute."""
    said_at, result = 0.0, None
    for step in run(where, out, settings):
        if time.monotonic() - said_at > 30 or step.finished:
            said_at = time.monotonic()
            print(f"  {step.phase} {step.done:,} / {step.total:,}  {step.rate:,.0f} a second", file=sys.stderr)
        result = step.result
    assert result is not None
    return result


def parts_in(contents: Contents) -> Parts:
    """As a trial has them."""
    found: list[Parts] = []

    def drawing() -> Iterator[Progress]:
        found.append((yield from parts_of(contents, 0)))

    deque(drawing(), maxlen=0)
    return found[0]


def figures(asked: argparse.Namespace, given: TrialSettings) -> None:
    """Both networks on the plain dataset, and the baselines."""
    where = dataset(asked, "alpha", [], asked.samples)
    clock = time.perf_counter()
    result = tried(where, asked.work / "figures", given)
    print(f"trained and measured in {(time.perf_counter() - clock) / 60:.1f} min\n")
    tell(result)


def noise(asked: argparse.Namespace, given: TrialSettings) -> None:
    """Two inputs, the background with the composites' own noise and with another."""
    where = dataset(asked, "alpha", [], asked.samples)
    for kind in ("shared", "fresh"):
        settings = replace(given, inputs="two", background_noise=kind, real="", card=False)
        print(f"## background_noise={kind}\n")
        tell(tried(where, asked.work / f"noise-{kind}", settings))


def tell(result: TrialResult) -> None:
    """The tables of a trial."""
    for one in result.networks:
        print(
            f"{one.inputs}: {one.parameters:,} weights, {one.steps:,} steps in {one.seconds:,.0f} s, {one.rate:.0f} a "
            f"second; the reader alone {result.loader_rate:.0f}"
        )
        for what, scores in one.real.items():
            print(
                f"  {what}: {json.dumps({key: value for key, value in scores.to_dict().items() if value is not None})}"
            )
    for name in ("iou", "dice", "boundary_f", "delta1", "abs_rel", "rmse", "ssim", "object_abs_rel"):
        print("", name, "", *figure_table(rows_of(result), PARTS, name), "", sep="\n")


def settings_table(asked: argparse.Namespace, given: TrialSettings) -> None:
    """Networks of one input, trained on as many samples of datasets that differ in one setting."""
    samples = asked.samples
    plain = opened(dataset(asked, "alpha", [], samples))
    lines = ["| dataset | own: seen | own: both new | plain: both new | depth on objects | real photos |"]
    lines += ["|---|--:|--:|--:|--:|--:|"]
    for number, (name, changes) in enumerate(ROWS.items()):
        where = dataset(asked, f"row{number}" if changes else "alpha", changes, samples)
        count = int(asked.trained or 0)
        result = tried(
            where, asked.work / f"settings-{number}", replace(given, inputs="one", samples=count, card=False)
        )
        one = result.networks[0]
        network = loaded(result)
        pictures = TrialPictures(plain, given)
        numbers = evenly(parts_in(plain)["both-new"], given.scored)
        across = mean_scores(row.figures for some in measured(network, pictures, numbers) for row in some)
        photos = one.real.get("photos")
        values = one.scores["seen"].iou, one.scores["both-new"].iou, across.iou, one.scores["both-new"].object_abs_rel
        shown = [*map(said, values), "–" if photos is None else said(photos.iou)]
        lines.append(f"| {name} ({result.trained_on:,}) | {' | '.join(shown)} |")
        print("\n".join(lines), flush=True)


def loaded(result: TrialResult) -> Trained:
    """The network of one input that a trial wrote."""
    import keras

    path = result.folder / result.networks[0].files["keras"]
    said_of = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))["saliency"]
    model = keras.saving.load_model(path, compile=False)
    shape = TrialPictures(opened(result.dataset), result.settings).shape
    return Trained(model, "one", shape, TrainFigures(tuple(said_of["mean"]), tuple(said_of["std"]), 1.0, 5.0))


def reader(asked: argparse.Namespace, given: TrialSettings) -> None:
    """What bounds training: the reader's rate with no network, the network's with no reader, and both together.

    Reading is measured from files, as in the first epoch, and of samples that are kept in memory, as in the others.
    """
    contents = opened(dataset(asked, "alpha", [], asked.samples))
    train = parts_in(contents).train
    plain = TrainFigures((0.5, 0.5, 0.5), (0.25, 0.25, 0.25), 2.5, 5.0)
    settings = replace(given, epochs=100)
    files = Feeder(TrialPictures(contents, given, most=0), train, settings, "two", plain)
    kept_pictures = TrialPictures(contents, given)
    kept = Feeder(kept_pictures, train[: _TIMED * given.batch], settings, "two", plain)
    model = compiled(build(kept_pictures.shape, "two", given.width, 2.5, 0), settings, files.steps, 2.5)
    fed = files.fed(0)
    for _ in range(3):
        model.train_on_batch(fed.inputs, fed.targets)
    deque((kept.fed(step) for step in range(kept.epoch)), maxlen=0)

    def learned(got: Fed) -> None:
        model.train_on_batch(got.inputs, got.targets)

    def left(_: Fed) -> None:
        """A reader alone."""

    print("| | samples a second | ms of processor a sample | waited for samples |\n|---|--:|--:|--:|")
    for name, feeder, one_step in (
        ("reader, files", files, left),
        ("reader, kept", kept, left),
        ("network", None, learned),
        ("both, files", files, learned),
        ("both, kept", kept, learned),
    ):
        print(f"| {name} | {timed(feeder, fed, one_step)} |", flush=True)


def timed(feeder: Feeder | None, same: Fed, one_step: Callable[[Fed], None]) -> str:
    """Samples a second, milliseconds of processor time a sample, and the share of time waited; the same without one."""
    source = repeat(same) if feeder is None else feeder.from_step(0)
    next(source)
    waited = feeder.waited if feeder else 0.0
    clock, spent = time.perf_counter(), time.process_time()
    for _ in range(_TIMED):
        one_step(next(source))
    seconds, samples = time.perf_counter() - clock, _TIMED * len(same.inputs[0])
    share = ((feeder.waited if feeder else 0.0) - waited) / seconds
    return f"{samples / seconds:,.0f} | {(time.process_time() - spent) / samples * 1e3:.2f} | {share:.1%}"


def main() -> None:
    """Measure what is asked for and print the tables."""
    words, _, given = (list(part) for part in partitioned(sys.argv[1:]))
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    jobs = {"figures": figures, "noise": noise, "settings": settings_table, "reader": reader}
    parser.add_argument("what", choices=jobs)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--scenes", type=Path, default=Path("../shared/data/scenes"))
    parser.add_argument("--network", default="fastdepth")
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--trained", type=int, help="Samples of each of 'settings'; all by default.")
    parser.add_argument("--real", type=Path)
    asked = parser.parse_args(words)
    asked.work = asked.work.resolve()
    asked.work.mkdir(parents=True, exist_ok=True)
    chosen = trial_settings({**({"real": str(asked.real.resolve())} if asked.real else {}), **parsed(given)})
    jobs[asked.what](asked, chosen)


def partitioned(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """What is before ``--``, it, and what is behind."""
    at = words.index("--") if "--" in words else len(words)
    return words[:at], words[at : at + 1], words[at + 1 :]


if __name__ == "__main__":
    main()
