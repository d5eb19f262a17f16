"""The depth benchmark's parts: its table, its goals, its rows, and the section about a card on a processor."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import depth, depth_bench
from benchmarks.depth_bench import Measured, Row
from tests.conftest import SHARED, SOAK

long = pytest.mark.skipif(not SOAK, reason="it takes long: make soak")  # a benchmark's own run; nothing of the program
needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="tensorflow is not installed (extra 'tensorflow')"
)
PLAIN = Row("DenseDepth, plain loop", "densedepth", 192, 64, "plain")
NETWORK = Row("DenseDepth, network, TensorFlow float32", "densedepth", 192, 32, "network")
INSERTED = Row("DenseDepth, inserted, zip", "densedepth", 192, 8000, "inserted")
PHASES = {"compose": 1.0, "depth": 6.0, "encode": 2.0, "write": 1.0, "sync": 0.0}


def test_ratios_are_of_the_same_round() -> None:
    found = {
        PLAIN: [Measured(2.0, 10.0, {}), Measured(4.0, 10.0, {})],
        NETWORK: [Measured(3.0, 5.0, PHASES), Measured(8.0, 5.0, PHASES)],
        INSERTED: [Measured(3000.0, 1.0, PHASES), Measured(6000.0, 1.0, PHASES)],
    }
    plain, network, inserted = depth.compared(found)
    assert (plain["× plain"], network["× plain"], inserted["× plain"]) == (1.0, 1.75, 1500.0)
    assert (network["CPU × plain"], network["depth %"], network["encode %"]) == (2.0, 60.0, 20.0)
    said = depth.goals([plain, network, inserted])
    assert said == [
        "192 DenseDepth, network, TensorFlow float32: 1.8, goal 1.3 × the plain loop: met",
        "192 DenseDepth, inserted, zip: 4,500.0, goal 4,000.0 a second: met",
    ]
    assert "NOT MET" in depth.goals([{**inserted, "a second": 3999.0}])[0]


def test_a_table_is_markdown() -> None:
    assert (
        depth.table([{"row": "a", "n": 1234.5, "×": None}]) == "| row | n | × |\n| --- | --: | --: |\n| a | 1,234 |  |"
    )
    assert depth.table([]) == ""


def test_every_goal_has_rows() -> None:
    options = depth._options(["--sizes", "192", "224"])
    rows = [row.name for row in depth.rows_of(options)]
    for words, *_ in depth.GOALS:
        if "OpenVINO" not in words or importlib.util.find_spec("openvino"):
            assert sum(words in name for name in rows) >= 2
    assert [row.name for row in depth.rows_of(depth._options(["--only", "FastDepth", "plain", "192"]))] == [
        "FastDepth, plain loop"
    ]


@long
@needs_tensorflow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_section_about_a_card_runs_on_a_processor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import keras

    file, picture = tmp_path / "small.keras", keras.Input((None, None, 3))
    x = keras.layers.Conv2D(4, 3, 2, padding="same", activation="relu")(picture)  # DenseDepth itself takes a minute
    keras.Model(picture, keras.layers.Conv2D(1, 1)(x)).save(file)
    arguments = ["--gpu", "--slow", "2", "--side", "32", "--densedepth", str(file), "--work", str(tmp_path / "work")]
    depth.main([*arguments, "--json", str(tmp_path / "said.json")])
    said: list[dict[str, Any]] = json.loads((tmp_path / "said.json").read_text())["gpu"]
    assert [(one["what"], one["precision"]) for one in said] == [
        ("model.predict", "float32"),
        ("ours", "float32"),
        ("ours", "bfloat16"),
    ]
    assert all(one["a second"] > 0 for one in said)
    assert said[1]["error"] < 1e-3
    assert "| backend |" in capsys.readouterr().out


@long
@pytest.mark.skipif(not SHARED.exists(), reason="the folder ../shared with real scenes and networks is not here")
def test_rows_run(tmp_path: Path) -> None:
    """The cheapest rows of each kind, in processes of their own, from the scenes to the figures."""
    options = depth._options(["--quick", "8", "--many", "8", "--workers", "1", "--work", str(tmp_path)])
    bench = depth_bench.Bench(options, tmp_path)
    for row in (
        Row("FastDepth, plain loop", "fastdepth", 192, 8, "plain"),
        Row("FastDepth, network", "fastdepth", 192, 8, "network"),
    ):
        found = bench.measure(row)
        assert found.rate > 0
        assert found.cpu > 0
