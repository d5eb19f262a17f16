"""Runs on real backgrounds, on hand-made cutouts with their flaws, and with a real network."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.dataset.inspect.reproduce import remake
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.project import presets, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from tests.helpers.datasets import differing, find, look, make

PRESETS = presets.names()


class TestRealPictures:
    @pytest.fixture
    def scenes(self, shared: Path, tmp_path: Path) -> Callable[..., Path]:
        def make_scenes(preset: str, *changes: str) -> Path:
            folder = tmp_path / "project"
            storage.create(folder, preset, parsed(changes))
            for kind, add in (("bg", add_backgrounds), ("fg", add_foregrounds)):
                pictures = sorted((shared / "data" / "scenes" / kind).iterdir())[:4]
                assert all(verdict.picture for verdict in add(folder, pictures))
            return folder

        return make_scenes

    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_preset_takes_real_pictures(self, preset: str, scenes: Callable[..., Path], tmp_path: Path) -> None:
        done = make(scenes(preset, "placements=2"), tmp_path / "out", limit=60)
        assert done.done == 60
        assert find(tmp_path / "out").report()["faults"] == []
        read = look(tmp_path / "out").kinds
        for kind, counted in done.statistics.items():
            np.testing.assert_allclose(counted.moments(), read[kind].moments(), atol=0.01)

    @pytest.mark.parametrize("way", ["inserted", "network"])
    def test_depth_by_a_real_network(self, way: str, scenes: Callable[..., Path], shared: Path, tmp_path: Path) -> None:
        pytest.importorskip("ai_edge_litert")
        made = scenes("studio-256", "placements=2", f"depth.model={shared / 'models' / 'fast_depth_224.tflite'}")
        done = make(made, tmp_path / "out", depth=way, limit=20)
        assert find(tmp_path / "out").report()["faults"] == []
        assert done.statistics["depth"].to_dict() == look(tmp_path / "out").kinds["depth"].to_dict()
        depth = json.loads((tmp_path / "out" / "dataset.json").read_bytes())["depth"]
        assert (depth["way"], depth["kind"]) == (way, "metric")
        assert depth["network_sha256"].startswith("e8957602")
        dataset = open_dataset(tmp_path / "out")
        plan, number = dataset.plan(), int(next(dataset.numbers())[11])
        for path in remake(tmp_path / "out", plan.paths(plan[number]).depth, tmp_path / "one"):
            assert path.read_bytes() == (tmp_path / "out" / path.relative_to(tmp_path / "one")).read_bytes()
        make(made, tmp_path / "two", depth=way, limit=20, engine="local", workers=2)
        assert find(tmp_path / "two").clean  # which puts into it what it measures
        assert differing(tmp_path / "out", tmp_path / "two") == []
