"""Inserted depth: the ground contact against its traps, one inference a background, and a real network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.errors import DatasetError, NetworkError, UsageError
from fgbg_studio.core.base.remedies import ChooseNetwork
from fgbg_studio.core.base.sample import Patch, PlacedPatch
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.record import DEPTH
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.depth.inserted import Inserted, contact_depth
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers import tiny_onnx
from tests.helpers.datasets import last, small

SIZE = 200
needs_onnxruntime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed (extra 'onnx')"
)


def ramp() -> DepthMap:
    """A floor: 10 m at the top row, 1 m at the bottom."""
    return np.repeat(np.linspace(10, 1, SIZE, dtype=np.float32)[:, None], SIZE, axis=1)


def standing(x: int, y: int, width: int, height: int, solid: Any = None) -> PlacedPatch:
    """A foreground in its box, solid all over unless ``solid`` says where."""
    solid = np.ones((height, width), bool) if solid is None else solid
    white = solid.astype(np.uint8) * np.uint8(255)
    colour = np.zeros((height, width, 3), np.uint8)
    return PlacedPatch(Patch(colour, colour, white, solid, int(solid.sum())), x, y)


def contact(base: DepthMap, x: int, y: int, width: int, height: int, solid: Any = None) -> float:
    return contact_depth(base, standing(x, y, width, height, solid))


class TestContact:
    @given(st.integers(1, SIZE), st.integers(1, SIZE), st.floats(0, 1), st.floats(0, 1), st.integers(0, 2**32))
    def test_is_a_depth_of_the_background_wherever_it_stands(
        self, width: int, height: int, across: float, down: float, seed: int
    ) -> None:
        rng = np.random.default_rng(seed)
        base = rng.uniform(0.5, 20, (SIZE, SIZE)).astype(np.float32)
        solid = rng.random((height, width)) < rng.choice([0, 0.02, 0.5, 1])
        x, y = round(across * (SIZE - width)), round(down * (SIZE - height))
        found = contact(base, x, y, width, height, solid=solid)
        assert base[:, x : x + width].min() <= found <= base[:, x : x + width].max()

    @pytest.mark.parametrize("foot", [20, 60, 100, 150, 190])
    def test_on_a_floor_it_is_the_depth_of_the_foot(self, foot: int) -> None:
        height = min(foot, 50)
        assert contact(ramp(), 80, foot - height, 30, height) == pytest.approx(10 - 9 * foot / 199, abs=0.06)

    @pytest.mark.parametrize("foot", [196, 198, 199, 200])
    def test_feet_at_the_frames_lower_edge_have_the_last_rows(self, foot: int) -> None:
        assert contact(ramp(), 80, 100, 30, foot - 100) == pytest.approx(ramp()[-4:].mean(), abs=0.15)

    @pytest.mark.parametrize("foot", [1, 2, 3])
    def test_feet_at_the_upper_edge(self, foot: int) -> None:
        assert contact(ramp(), 80, 0, 30, foot) == pytest.approx(10, abs=0.3)

    @pytest.mark.parametrize("noise", [0.0, 80.0])
    def test_one_noisy_pixel_does_not_count(self, noise: float) -> None:
        clean, base = ramp(), ramp()
        for x in (80, 95, 109):
            base[149, x] = base[150, x] = noise
        assert contact(base, 80, 60, 30, 90) == pytest.approx(contact(clean, 80, 60, 30, 90), abs=0.05)

    def test_what_is_behind_the_body_does_not_count(self) -> None:
        """Only the lowest part stands anywhere: arms spread before a near wall change nothing."""
        base = ramp()
        base[:140] = 0.5
        assert contact(base, 60, 60, 80, 120) == pytest.approx(contact(ramp(), 60, 60, 80, 120), abs=0.05)

    def test_only_the_columns_of_the_feet_count(self) -> None:
        base = ramp()
        base[:, 100:] = 0.5  # a table beside the feet, under the outstretched arm
        solid = np.zeros((90, 80), bool)
        solid[:40] = True
        solid[40:, :30] = True
        assert contact(base, 60, 60, 80, 90, solid=solid) == pytest.approx(10 - 9 * 150 / 199, abs=0.06)

    def test_a_tables_edge_under_a_part_of_the_feet_does_not_count(self) -> None:
        base = ramp()
        base[:, 80:88] = 0.5
        assert contact(base, 80, 60, 30, 90) == pytest.approx(10 - 9 * 150 / 199, abs=0.06)

    def test_an_object_without_a_solid_pixel_still_stands(self) -> None:
        assert np.isfinite(contact(ramp(), 80, 60, 30, 90, solid=np.zeros((90, 30), bool)))


def opened(folder: Path, make_project: MakeProject, *changes: str) -> tuple[Composer, Plan]:
    project = make_project(folder, "studio-256", 2, 2, changes)
    recipe = make_recipe(storage.load(project))
    return Composer(Pictures(recipe, None, project)), Plan(recipe)


def tiny(folder: Path, weights: tuple[float, float, float], meaning: str) -> list[str]:
    """Settings with a network of one 1 × 1 convolution of 32 × 32 pictures."""
    path = tiny_onnx.write(folder / "tiny.onnx", np.array(weights, np.float32), (1, 3, 32, 32))
    described = {"meaning": meaning, "width": 32, "height": 32, "layout": "nchw"}
    return [
        "depth.way=inserted",
        f"depth.model={path}",
        "depth.encoding=uint16-relative" if meaning == "relative" else "depth.encoding=uint16-millimetres",
        *(f"depth.network.{key}={value}" for key, value in described.items()),
    ]


@needs_onnxruntime
class TestNetworks:
    def test_relative_depth_reaches_from_nought_to_one(self, tmp_path: Path, make_project: MakeProject) -> None:
        composer, plan = opened(tmp_path, make_project, *tiny(tmp_path, (1, 1, 1), "relative"))
        assert list(Inserted().prepare(composer, LocalStore(tmp_path / "cache"))) == [(1, 2), (2, 2)]
        maker = Inserted().open(composer, LocalStore(tmp_path / "cache"))
        for number in range(2):
            base = maker.base(number)
            assert base.shape == (256, 256)
            assert base.min() >= 0
            assert 0.9 < base.max() <= 1
        assert Inserted().meaning(composer, LocalStore(tmp_path / "cache")).kind == "relative"
        assert len(plan) == 160

    def test_a_network_that_sees_nothing_gives_zeros_and_no_nan(
        self, tmp_path: Path, make_project: MakeProject
    ) -> None:
        composer, plan = opened(tmp_path, make_project, *tiny(tmp_path, (0, 0, 0), "relative"))
        for way in ("inserted", "network"):
            strategy = Depth.get(way)()
            for _ in strategy.prepare(composer, LocalStore(tmp_path / way)):
                pass
            maker = strategy.open(composer, LocalStore(tmp_path / way))
            assert maker is not None
            (depth,) = maker(plan[:1], [composer(plan[0])])
            assert not depth.map.any()

    def test_each_background_is_seen_once_and_kept_by_content(self, tmp_path: Path, make_project: MakeProject) -> None:
        composer, _ = opened(tmp_path, make_project, *tiny(tmp_path, (0.2, 0.3, 0.5), "metres"))
        cache = tmp_path / "cache"
        for _ in Inserted().prepare(composer, LocalStore(cache)):
            pass
        made = {path.name: path.stat().st_mtime_ns for path in cache.glob("*.npy")}
        assert len(made) == 2
        for _ in Inserted().prepare(composer, LocalStore(cache)):
            pass
        assert {path.name: path.stat().st_mtime_ns for path in cache.glob("*.npy")} == made
        maker = Inserted().open(composer, LocalStore(cache))
        next(iter(cache.glob("*.npy"))).unlink()
        with pytest.raises(DatasetError, match="is missing"):
            [maker.base(number) for number in range(2)]

    def test_another_network_in_the_same_dataset_is_refused(self, tmp_path: Path, make_project: MakeProject) -> None:
        composer, _ = opened(tmp_path, make_project, *tiny(tmp_path, (0.2, 0.3, 0.5), "metres"))
        for _ in Inserted().prepare(composer, LocalStore(tmp_path / "cache")):
            pass
        tiny(tmp_path, (0.5, 0.3, 0.2), "metres")  # the file is another one now
        with pytest.raises(DatasetError, match="was started with the network"):
            list(Inserted().prepare(composer, LocalStore(tmp_path / "cache")))


class TestRefusals:
    def test_depth_without_a_unit_in_millimetres_is_refused_at_the_first_background(
        self, tmp_path: Path, make_project: MakeProject
    ) -> None:
        file = tiny_onnx.write(tmp_path / "sum.onnx", np.array([0.3, 0.3, 0.4], np.float32), (1, 3, 32, 32))
        described = '{"meaning": "inverse", "width": 32, "height": 32, "layout": "nchw"}'
        changes = small("studio-256", f"depth.model={file}", f"depth.network={described}")
        project = make_project(tmp_path, n_bg=4, changes=changes)
        with pytest.raises(UsageError, match="relative depth, which uint16-millimetres cannot store"):
            last(generate(project, tmp_path / "out", Options(4, 1, "inserted", engine="inline")))
        assert len(list((tmp_path / "out" / DEPTH).glob("*.npy"))) == 1

    def test_no_network_named(self, tmp_path: Path, make_project: MakeProject) -> None:
        composer, _ = opened(tmp_path, make_project, "depth.way=inserted")
        with pytest.raises(UsageError, match="needs a network") as caught:
            list(Inserted().prepare(composer, LocalStore(tmp_path)))
        assert caught.value.remedies[0] == ChooseNetwork()

    def test_a_file_that_is_missing(self, tmp_path: Path, make_project: MakeProject) -> None:
        composer, _ = opened(tmp_path, make_project, "depth.way=inserted", f"depth.model={tmp_path}/gone.tflite")
        with pytest.raises((UsageError, NetworkError), match=r"gone\.tflite"):
            list(Inserted().prepare(composer, LocalStore(tmp_path)))


def test_fastdepth_on_drawn_pictures(shared: Path, tmp_path: Path, make_project: MakeProject) -> None:
    """The real network: metres, one depth inside each mask, the background's own depth outside."""
    model = shared / "models" / "fast_depth_224.tflite"
    composer, plan = opened(tmp_path, make_project, "depth.way=inserted", f"depth.model={model}")
    for _ in Inserted().prepare(composer, LocalStore(tmp_path / "cache")):
        pass
    cache = LocalStore(tmp_path / "cache")
    maker, meaning = Inserted().open(composer, cache), Inserted().meaning(composer, cache)
    assert meaning.kind == "metric"
    assert meaning.network_sha256.startswith("e8957602750f16ac")
    samples = plan[::9]
    composites = [composer(sample) for sample in samples]
    for sample, composite, depth in zip(samples, composites, maker(samples, composites), strict=True):
        base, solid = maker.base(sample.background), composite.mask == 255
        assert base.shape == (256, 256)
        assert np.array_equal(depth.map[~solid], base[~solid])
        assert len(set(depth.map[solid].tolist())) == 1
        assert 0.2 < depth.contact < 15
        assert base.min() <= depth.contact <= base.max()
