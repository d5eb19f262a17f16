"""A trial from beginning to end: read, train, measure, export, report."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.files import make_folder, write_file
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.base.progress import Control, EventControl, Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import open_contents
from fgbg_studio.core.dataset.record import disk_trouble
from fgbg_studio.core.dataset.splits import dataset_key
from fgbg_studio.core.networks.densedepth.architecture import import_keras
from fgbg_studio.core.networks.runtimes import muted
from fgbg_studio.core.trial import card, exporting, real_photos, report
from fgbg_studio.core.trial.baselines import BackgroundDepths, DifferenceMask, best_threshold, mean_depth
from fgbg_studio.core.trial.curves import curves_svg
from fgbg_studio.core.trial.feeding import Feeder, TrainFigures, normalisation
from fgbg_studio.core.trial.folders import BEGUN, LATER, MADE
from fgbg_studio.core.trial.metrics import Scores, mean_scores
from fgbg_studio.core.trial.parts import Parts, evenly, parts_of
from fgbg_studio.core.trial.pictures import TrialPictures, measured_lift
from fgbg_studio.core.trial.progress import Look, TrialProgress, WholeTrial
from fgbg_studio.core.trial.results import Baseline, NetworkResult, TrialResult
from fgbg_studio.core.trial.scoring import SampleFigures, Trained, looked_at, measured
from fgbg_studio.core.trial.settings import Inputs, Noise, TrialSettings
from fgbg_studio.core.trial.training import Course, train

"""Settings that a trained network may be measured anew with."""
_COUNTED = 1000  # samples that the training part's figures are of
_TUNED = 300  # samples that a threshold is chosen on
_TIMED = 12  # batches that the reader is timed with
_SHOWN = 6  # samples of the best and of the worst

Noted = dict[str, list[SampleFigures]]
T = TypeVar("T")


def run(
    dataset: Path, out: Path, settings: TrialSettings | None = None, control: Control | None = None
) -> Iterator[TrialProgress]:
    """Train on the dataset at ``dataset`` and write all that comes out into the folder ``out``.

    A trial that was stopped goes on there; one that is finished is measured and reported again.

    Yields:
        How far it is; the last is ``finished`` and has the result, or is not, where ``control`` stopped it.

    Raises:
        DatasetError: there is no dataset, it is damaged or not finished; or the disk refuses.
        UsageError: the folder has another trial, the dataset has nothing to learn, or not what was asked for.
        PictureError: a picture is missing or damaged.
        MissingPackageError: Keras is not installed.
    """
    settings, control = settings or TrialSettings(), control or EventControl()
    with muted():  # TensorFlow speaks of processors as it is loaded
        import_keras()
    folder = settings.real_folder
    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder {folder} of real photos", "Check the setting 'real'")
    with disk_trouble(out):
        trial = _Trial(dataset, out, settings, control)
        for step in trial.steps():
            yield trial.whole.told(step)


class _Trial:
    def __init__(self, dataset: Path, out: Path, settings: TrialSettings, control: Control) -> None:
        self.dataset, self.out, self.settings, self.control = dataset, out, settings, control
        self.notes: list[str] = []
        self.whole = WholeTrial()

    def steps(self) -> Iterator[TrialProgress]:
        contents = yield from _reading(open_contents(self.dataset))
        _begin(self.out, self.settings, contents)
        parts = yield from _reading(parts_of(contents, self.settings.seed))
        everybody = parts.train
        parts = replace(parts, numbers={**parts.numbers, "train": evenly(everybody, self.settings.samples)})
        pictures = TrialPictures(contents, self.settings)
        yield TrialProgress("measuring the training part", 0, 1)
        some = evenly(parts.train, _COUNTED)
        pictures.lift = measured_lift(pictures, some)
        figures = normalisation(pictures, some)
        runs = self._runs(pictures)
        self.whole.after = 2 + sum(self._phases_after(inputs, pictures) for inputs in runs)
        reading = self._reader_rate(TrialPictures(contents, self.settings, pictures.lift, 0), parts, runs[0], figures)
        steps = Feeder(pictures, parts.train, self.settings, runs[0], figures).steps
        courses: dict[Inputs, Course] = {}
        for place, inputs in enumerate(runs):
            begun = place * steps, (len(runs) - 1 - place) * steps
            course = yield from train(
                pictures, parts, self.settings, inputs, figures, self.out / FOLDERS[inputs], self.control, begun
            )
            if not course.finished:
                yield TrialProgress(
                    "stopped", begun[0] + course.points[-1].step if course.points else begun[0], steps * len(runs),
                    run=inputs, points=course.points, looks=course.looks,
                )  # fmt: skip
                return
            courses[inputs] = course
        yield from self._ending(contents, pictures, parts, figures, courses, reading)

    def _phases_after(self, inputs: Inputs, pictures: TrialPictures) -> int:
        """Writing and measuring a network, and measuring it once more, or on real photos."""
        return 3 if self._afresh(inputs, pictures) or (inputs == "one" and self.settings.real) else 2

    def _afresh(self, inputs: Inputs, pictures: TrialPictures) -> bool:
        """Whether it is measured with other backgrounds than those that it was trained with."""
        return inputs == "two" and pictures.shape.masks and self.settings.background_noise != "fresh"

    def _runs(self, pictures: TrialPictures) -> tuple[Inputs, ...]:
        runs = self.settings.runs
        if "two" not in runs or pictures.has_backgrounds:
            return runs
        lacking = f"{self.dataset} has no picture of each sample's background"
        if self.settings.inputs == "two":
            raise UsageError(lacking, "Train on the composites alone: inputs=one")
        self.notes.append(f"{lacking}: there is no network of two inputs, and no difference to it.")
        return ("one",)

    def _reader_rate(self, pictures: TrialPictures, parts: Parts, inputs: Inputs, figures: TrainFigures) -> float:
        """Samples a second that the reader gives by itself, on one thread, of what is not kept."""
        feeder = Feeder(pictures, parts.train, self.settings, inputs, figures)
        steps = range(min(_TIMED, feeder.steps))
        feeder.fed(0)  # the first opens files
        clock = time.perf_counter()
        for step in steps:
            feeder.fed(step)
        return len(steps) * feeder.batch / max(time.perf_counter() - clock, 1e-9)

    def _ending(
        self, contents: Contents, pictures: TrialPictures, parts: Parts, figures: TrainFigures,
        courses: dict[Inputs, Course], reading: float,
    ) -> Iterator[TrialProgress]:  # fmt: skip
        networks: list[NetworkResult] = []
        drawn: dict[str, str] = {}
        for inputs, course in courses.items():
            made, shown = yield from self._network(inputs, course, pictures, parts)
            networks.append(made)
            drawn |= shown
        baselines = yield from self._baselines(contents, pictures, parts, figures)
        if pictures.lift:
            self.notes.append(
                "Depth has no unit here and was shifted to be positive: δ1 and AbsRel compare networks with each "
                "other, and with nothing else."
            )
        result = TrialResult(
            self.out, self.dataset, contents.title, self.settings, pictures.shape.side, pictures.shape.out,
            pictures.unit, {name: len(numbers) for name, numbers in parts.numbers.items()}, len(parts.train),
            parts.origin, tuple(networks), tuple(baselines), reading, drawn, notes=tuple(self.notes),
        )  # fmt: skip
        yield TrialProgress("writing the report", 0, 1)
        result = replace(result, report=report.write_report(result))
        write_file(self.out / MADE, json.dumps(result.to_dict(), indent=1, ensure_ascii=False).encode())
        if self.settings.card:
            card.put(contents, result)
        last = courses[next(reversed(courses))]
        yield TrialProgress(
            "finished", 1, 1, finished=True, points=last.points, looks=last.looks, result=result
        )  # fmt: skip

    def _network(
        self, inputs: Inputs, course: Course, pictures: TrialPictures, parts: Parts
    ) -> Generator[TrialProgress, None, tuple[NetworkResult, dict[str, str]]]:
        network, folder = course.network, self.out / FOLDERS[inputs]

        def told(phase: str, done: int, total: int) -> TrialProgress:
            return TrialProgress(phase, done, total, run=inputs, points=course.points, looks=course.looks)

        yield told("writing the network", 0, 1)
        files, missing = exporting.export(network, folder, metric=pictures.unit == "m")
        noted = yield from self._measured(network, pictures, parts, None, told)
        scores = _means(noted)
        afresh: dict[str, Scores] = {}
        if self._afresh(inputs, pictures):
            afresh = _means((yield from self._measured(network, pictures, parts, "fresh", told)))
        real: dict[str, Scores] = {}
        if inputs == "one" and self.settings.real_folder is not None:
            yield told("looking at real photos", 0, 1)
            real = real_photos.scores_of(network, self.settings.real_folder, self.settings.real_unit)
        elif self.settings.real_folder is not None and self.settings.inputs == "two":
            self.notes.append("Real photos have no background of their own: only a network of one input can see them.")
        drawn = self._drawn(inputs, course, pictures, noted)
        rate = course.steps * min(self.settings.batch, len(parts.train)) / max(course.seconds, 1e-9)
        relative = {kind: f"{FOLDERS[inputs]}/{name}" for kind, name in files.items()}
        return NetworkResult(
            inputs, int(network.model.count_params()), course.steps, course.seconds, rate,
            course.waited / max(course.seconds, 1e-9), scores, afresh, real, relative, missing,
        ), drawn  # fmt: skip

    def _measured(
        self, network: Trained, pictures: TrialPictures, parts: Parts, noise: Noise | None, told: object
    ) -> Generator[TrialProgress, None, Noted]:
        assert callable(told)
        chosen = {
            name: evenly(numbers, self.settings.scored)
            for name, numbers in parts.numbers.items()
            if len(numbers) and not (noise and name == "train")
        }
        total, done = sum(map(len, chosen.values())), 0
        noted: Noted = {}
        for name, numbers in chosen.items():
            noted[name] = []
            for some in measured(network, pictures, numbers, noise):
                noted[name] += some
                done += len(some)
                yield told("measuring with backgrounds coded afresh" if noise else "measuring", done, total)
        return noted

    def _drawn(self, inputs: Inputs, course: Course, pictures: TrialPictures, noted: Noted) -> dict[str, str]:
        """Write the curves, and the best and the worst of what was not trained on."""
        found = {f"curves-{inputs}": f"pictures/curves-{inputs}.svg"}
        write_file(self.out / found[f"curves-{inputs}"], curves_svg(course.points).encode())
        judged = [(part, one) for part, many in noted.items() if part != "train" for one in many]
        key = "iou" if course.network.shape.masks else "delta1"
        judged = [pair for pair in judged if not math.isnan(pair[1].figures.get(key, math.nan))]
        judged.sort(key=lambda pair: -pair[1].figures[key])
        for which, some in (("best", judged[:_SHOWN]), ("worst", judged[-_SHOWN:][::-1])):
            if not some:
                continue
            looks = _looks(course.network, pictures, some)
            name = f"{which}-{inputs}"
            found[name] = f"pictures/{name}.jpg"
            report.write_sheet(self.out / found[name], looks)
        return found

    def _baselines(
        self, contents: Contents, pictures: TrialPictures, parts: Parts, figures: TrainFigures
    ) -> Generator[TrialProgress, None, list[Baseline]]:
        judged = {name: evenly(numbers, self.settings.scored) for name, numbers in parts.judged.items()}
        found: list[Baseline] = []
        if pictures.has_backgrounds and pictures.shape.masks:
            for noise, words in ((self.settings.background_noise, ""), ("fresh", ", background coded afresh")):
                yield TrialProgress("measuring baselines", len(found), 4)
                if words and self.settings.background_noise == "fresh":
                    continue
                threshold = best_threshold(pictures, evenly(parts.train, _TUNED), noise)
                by = DifferenceMask(threshold)
                scores = {name: by.scores(pictures, some, noise) for name, some in judged.items()}
                found.append(Baseline(f"|composite − background| from {threshold:.0f} on{words}", scores))
        if pictures.shape.depths:
            yield TrialProgress("measuring baselines", len(found), 4)
            scores = {name: mean_depth(pictures, some, figures) for name, some in judged.items()}
            found.append(Baseline("the mean depth everywhere", scores))
            if contents.backgrounds:
                yield TrialProgress("measuring baselines", len(found), 4)
                everybody = np.asarray(contents.numbers(), np.int64)
                empty = BackgroundDepths(pictures, everybody, contents.standing(everybody).background, figures)
                found.append(
                    Baseline("the background's depth", {name: empty.scores(some) for name, some in judged.items()})
                )
        return found


FOLDERS: dict[Inputs, str] = {"two": "two-inputs", "one": "one-input"}
"""Where each network is, in a trial's folder."""


def _means(noted: Noted) -> dict[str, Scores]:
    return {part: mean_scores(one.figures for one in many) for part, many in noted.items()}


def _looks(network: Trained, pictures: TrialPictures, some: Sequence[tuple[str, SampleFigures]]) -> tuple[Look, ...]:
    batch = pictures.batch([one.number for _, one in some])
    return looked_at(network, batch, [part for part, _ in some])


def _reading(steps: Generator[Progress, None, T]) -> Generator[TrialProgress, None, T]:
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
        yield TrialProgress(step.phase, step.done, step.total)


def _begin(out: Path, settings: TrialSettings, contents: Contents) -> None:
    """See that a trial may be written into ``out``, and note which.

    Raises:
        UsageError: another trial, or somebody else's files are there.
    """
    path = out / BEGUN
    wanted = {"format": 1, "dataset": dataset_key(contents), "settings": settings.to_dict()}
    if path.exists():
        try:
            known = parsed(read_file(path))
            before, key = dict(known["settings"]), known["dataset"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DatasetError(f"{path} is damaged ({reason_of(error)})", "Choose another folder") from error
        now = wanted["settings"]
        assert isinstance(now, dict)
        other = [name for name in now if name not in LATER and before.get(name) != now[name]]
        if other or key != wanted["dataset"]:
            what = f"other settings ({', '.join(other)})" if other else "another dataset"
            raise UsageError(f"{out} has a trial with {what}", "Choose another folder, or delete that one")
    elif out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} has files that are no trial's", "Choose another folder")
    make_folder(out)
    write_file(path, json.dumps(wanted, indent=1, ensure_ascii=False).encode())
