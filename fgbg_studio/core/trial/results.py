"""What came out of a trial; ``trial.json`` in its folder says it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fgbg_studio.core.trial.metrics import Scores
from fgbg_studio.core.trial.settings import Inputs, TrialSettings


@dataclass(frozen=True)
class NetworkResult:
    """Of one trained network.

    Attributes:
        inputs: what it sees.
        parameters: how many weights it has.
        steps: that it was trained for.
        seconds: that training took.
        rate: samples a second while training.
        waited: share of that time in which there was no batch to train on, 0..1.
        scores: by the part of the dataset; ``train`` is measured too.
        afresh: the same with backgrounds coded afresh; empty for one input, and where it was
            trained so.
        real: by what of the folder of real photos; empty where none was given, or for two inputs.
        files: of the network, by what they are: ``keras``, ``tflite``, ``onnx``; relative to the trial's folder.
        missing: what was not written, and why.
    """

    inputs: Inputs
    parameters: int
    steps: int
    seconds: float
    rate: float
    waited: float
    scores: Mapping[str, Scores]
    afresh: Mapping[str, Scores] = field(default_factory=dict)
    real: Mapping[str, Scores] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Baseline:
    """Something that scores without learning.

    Attributes:
        name: what it is, as a person says it.
        scores: by the part of the dataset.
    """

    name: str
    scores: Mapping[str, Scores]


@dataclass(frozen=True)
class TrialResult:
    """All of it.

    Attributes:
        folder: where it is written.
        dataset: path of the dataset.
        title: of the dataset.
        settings: of the trial.
        side: of what the networks see, in pixels.
        out: of their maps.
        unit: 'm' where depth is in metres, else empty.
        parts: how many samples each part of the dataset has.
        trained_on: how many samples were.
        origin: what the parts are by.
        networks: that were trained.
        baselines: beside them.
        loader_rate: samples a second that the reader alone gives, on one thread, of what it has not kept.
        pictures: of the report by what they show, relative to the folder.
        report: the pages: ``trial.md``, ``trial.html``.
        notes: what should be known of it, sentences.
    """

    folder: Path
    dataset: Path
    title: str
    settings: TrialSettings
    side: int
    out: int
    unit: str
    parts: Mapping[str, int]
    trained_on: int
    origin: str
    networks: tuple[NetworkResult, ...]
    baselines: tuple[Baseline, ...]
    loader_rate: float
    pictures: Mapping[str, str]
    report: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()

    def network(self, inputs: Inputs) -> NetworkResult | None:
        """The one that sees so much, if it was trained."""
        return next((one for one in self.networks if one.inputs == inputs), None)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: of the dataset and the folder only their names, for the pages may be shown to others."""
        return {
            "dataset": self.title, "settings": self.settings.to_dict(), "side": self.side, "out": self.out,
            "unit": self.unit, "parts": dict(self.parts), "trained_on": self.trained_on, "split": self.origin,
            "networks": [_network(one) for one in self.networks],
            "baselines": [{"name": one.name, "scores": _scores(one.scores)} for one in self.baselines],
            "loader_rate": round(self.loader_rate, 1), "pictures": dict(self.pictures), "notes": list(self.notes),
        }  # fmt: skip


def _scores(by_part: Mapping[str, Scores]) -> dict[str, dict[str, float | None]]:
    return {part: scores.to_dict() for part, scores in by_part.items()}


def _network(one: NetworkResult) -> dict[str, Any]:
    return {
        "inputs": one.inputs, "parameters": one.parameters, "steps": one.steps, "seconds": round(one.seconds, 1),
        "rate": round(one.rate, 1), "waited": round(one.waited, 4),
        "scores": _scores(one.scores), "background_afresh": _scores(one.afresh),
        "real": _scores(one.real), "files": dict(one.files), "missing": dict(one.missing),
    }  # fmt: skip
