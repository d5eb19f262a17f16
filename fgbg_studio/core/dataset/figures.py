"""The figures of a dataset as they are shown and stored: of what they are, depth in metres beside its stored unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fgbg_studio.core.base.words import human_bytes
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import INSTANCES, SAMPLE_KINDS
from fgbg_studio.core.project.settings import Settings

Reports = dict[str, dict[str, Any]]
"""Kind → what `figures` says of it."""

OF_FILES, OF_PIXELS = "files", "pixels before JPEG"
"""What mean and σ are of: what is read back from the files, or what was given to the encoder."""


def metres_a_step(encoding: Encoding, kind: str) -> float:
    """The metres that a stored 1 says, for depth of this kind (metric, relative, none); 0 where it has no unit."""
    return encoding.step if kind == "metric" and encoding.needs_metres else 0.0


def figures(statistics: Mapping[str, KindStatistics], metres: float, of: Mapping[str, str] | None = None) -> Reports:
    """What ``dataset.json`` and ``stats --json`` say of each kind.

    Args:
        statistics: by kind.
        metres: of one stored step of depth, 0 where there is no unit.
        of: kind → `OF_FILES` or `OF_PIXELS`; of files where it is not said.
    """
    made: Reports = {}
    for kind, part in statistics.items():
        made[kind] = part.report() | {"of": (of or {}).get(kind, OF_FILES)}
        if kind == INSTANCES:  # the numbers of objects measure nothing
            made[kind] |= {"mean": [], "std": []}
        found = part.in_metres(metres) if kind == "depth" and metres and not part.stored_as else None
        if found:
            made[kind]["metres"] = {"mean": found.mean, "std": found.deviation, "no_value": found.no_value}
    return made


def counted_of(settings: Settings) -> dict[str, str]:
    """What the statistics of a run are of, by kind: a sample's pictures are counted before they are coded."""
    return {kind: OF_FILES if getattr(settings.codecs, kind).lossless else OF_PIXELS for kind in SAMPLE_KINDS}


def figures_table(reports: Mapping[str, Mapping[str, Any]]) -> list[list[str]]:
    """Rows of (kind, count, size, shape, mean, σ, of what) as a person reads them; depth with its metres."""
    return [
        [kind, f"{report['count']:,}", human_bytes(report["bytes"]), _shape(report), *mean_and_deviation(report),
         str(report.get("of", ""))]
        for kind, report in reports.items()
    ]  # fmt: skip


def mean_and_deviation(report: Mapping[str, Any]) -> tuple[str, str]:
    """Both of each channel, on 0..1 (or as they are stored), and of depth in metres."""
    metres = report.get("metres")
    mean, deviation = _numbers(report["mean"]), _numbers(report["std"])
    return (f"{mean} ({metres['mean']:.3f} m)", f"{deviation} ({metres['std']:.3f} m)") if metres else (mean, deviation)


def remarks(reports: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Sentences that belong under such a table: which kinds are not measured yet, what has no value."""
    found = []
    before = [kind for kind, report in reports.items() if report.get("of") == OF_PIXELS]
    if before:
        found.append(
            f"mean and σ of {', '.join(before)} are of the pixels before JPEG, which changes them a little: "
            "verify measures the files and puts theirs here"
        )
    share = reports.get("depth", {}).get("metres", {}).get("no_value", 0.0)
    if share:
        found.append(f"{share:.2%} of the depth maps' pixels have no value: mean and σ in metres are of the others")
    return found


def _shape(report: Mapping[str, Any]) -> str:
    shape = " × ".join(map(str, report["shape"])) if report["shape"] else "varies"
    return f"{shape} {report['values']}" if report.get("values") else shape


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)
