"""Up to what a dataset's depth is known: by the way, the network's output and the encoding."""

from __future__ import annotations

import pytest

from fgbg_studio.core.depth.invariance import expected_invariance, invariance
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import with_changes

METRIC, NETWORK = Meaning("metric", ""), Meaning("metric", "", "net", "", "metres")
AFFINE, INVERSE, UNKNOWN = (Meaning("relative", "", "net", "", output) for output in ("relative", "inverse", ""))


@pytest.mark.parametrize(
    ("meaning", "encoding", "degree"),
    [
        (METRIC, "uint16-millimetres", "metric"),
        (METRIC, "uint8-linear", "metric"),
        (NETWORK, "uint16-millimetres", "metric"),
        (METRIC, "uint8-stretched", "affine-invariant"),
        (NETWORK, "uint8-stretched-inverted", "affine-invariant"),
        (AFFINE, "uint16-relative", "affine-invariant"),
        (INVERSE, "uint16-relative", "affine-invariant"),
        (INVERSE, "uint8-stretched", "ordinal"),
        (UNKNOWN, "uint16-relative", "ordinal"),
    ],
)
def test_the_degree(meaning: Meaning, encoding: str, degree: str) -> None:
    found = invariance(meaning, with_changes(presets.get("studio-256").settings, {"depth.encoding": encoding}))
    assert found is not None
    assert found.degree == degree
    assert ("absolute errors" in found.losses) == (degree == "metric")
    assert ("1 / value" in found.losses) == (meaning is INVERSE and degree != "ordinal")
    assert f"is {degree}: {found.why}" in found.said()


def test_jpeg_is_said() -> None:
    found = invariance(METRIC, presets.get("street-224").settings)
    assert found is not None
    assert "JPEG" in found.why


@pytest.mark.parametrize(
    ("changes", "degree"),
    [
        ({}, "metric"),
        ({"depth.way": "none"}, None),
        ({"depth.way": "inserted", "depth.model": "fastdepth"}, "metric"),
        ({"depth.way": "inserted", "depth.model": "midas-v2.1-small", "depth.encoding": "uint16-relative"},
         "affine-invariant"),
        ({"depth.way": "network", "depth.model": "mine.onnx"}, None),
    ],
)  # fmt: skip
def test_what_is_known_before_a_run(changes: dict[str, object], degree: str | None) -> None:
    found = expected_invariance(with_changes(presets.get("studio-256").settings, changes))
    assert (found.degree if found else None) == degree
