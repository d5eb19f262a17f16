"""Two ways to depth on the same samples: figures, flags, pictures and the page."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.sample import Composite, Patch, PlacedPatch
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.depth.comparison import (
    Comparer,
    compare,
    difference_colours,
    outlined,
    page_text,
    said_of_flagged,
)
from fgbg_studio.core.depth.difference import Comparison, Difference, border_step, difference, fitted, unseen
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.project.storage import load
from tests.helpers import tiny_onnx
from tests.helpers.datasets import last, small

METRES = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw", "factor": 5.0}'
RELATIVE = '{"meaning": "relative", "width": 32, "height": 32, "layout": "nchw"}'


@pytest.fixture
def project(make_project: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
    """Makes a project whose network says that bright is far."""

    def make(described: str = METRES) -> Path:
        file = tiny_onnx.write(tmp_path / "sum.onnx", np.array([0.3, 0.3, 0.4], np.float32), (1, 3, 32, 32))
        changes = small("studio-256", f"depth.model={file}", f"depth.network={described}")
        return make_project(tmp_path, changes=changes)

    return make


def comparer_of(project: Path, ways: tuple[str, str] = ("network", "inserted"), count: int = 6) -> Comparer:
    return Comparer(chosen_recipe(load(project), Options()), project, ways, count)


def composite_of(solid: Any, x: int = 0, y: int = 0, size: int = 16) -> Composite:
    """A composite of which only the mask's place counts."""
    mask = solid.astype(np.uint8) * np.uint8(255)
    patch = Patch(mask, mask, mask, solid, int(solid.sum()))
    return Composite(np.zeros((size, size, 3), np.uint8), (PlacedPatch(patch, x, y),))


class TestFigures:
    SOLID = np.ones((6, 4), np.bool_)

    def test_difference(self) -> None:
        b = np.full((16, 16), 2, np.float32)
        a = b + np.float32(0.5)
        b[0, 0] = 0  # no value there: it has no relative error
        found = difference("one", a, b, composite_of(self.SOLID, 5, 8), None)
        assert found.abs_rel == pytest.approx(0.25)
        assert found.rmse == pytest.approx(np.sqrt((255 * 0.25 + 2.5**2) / 256))
        assert found.correlation == 0.0  # one of them is flat
        assert found.unseen is None
        assert not found.flagged

    def test_border_step_is_that_of_the_masks_edge(self) -> None:
        depth = np.full((16, 16), 4, np.float32)
        depth[8:14, 5:9] = 1
        assert border_step(depth, composite_of(self.SOLID, 5, 8)) == 3.0
        assert border_step(np.full((16, 16), 4, np.float32), composite_of(self.SOLID, 5, 8)) == 0.0
        assert border_step(depth, composite_of(np.zeros((2, 2), np.bool_))) == 0.0

    @pytest.mark.parametrize(("seen", "score"), [(0.0, 1.0), (0.25, 0.75), (1.0, 0.0), (-1.0, 0.0), (3.0, 0.0)])
    def test_unseen_is_how_little_the_network_steps(self, seen: float, score: float) -> None:
        base = np.full((16, 16), 4, np.float32)
        inserted, network = base.copy(), base.copy()
        inserted[8:14, 5:9] = 2
        network[8:14, 5:9] -= np.float32(2 * seen)
        composite = composite_of(self.SOLID, 5, 8)
        assert unseen((network, inserted), (None, base), composite) == pytest.approx(score)
        assert unseen((inserted, network), (base, None), composite) == pytest.approx(score)

    def test_nothing_is_said_where_the_object_stands_where_its_background_is(self) -> None:
        base = np.full((16, 16), 4, np.float32)
        composite = composite_of(self.SOLID, 5, 8)
        assert unseen((base, base), (None, base), composite) is None
        assert unseen((base, base), (None, None), composite) is None
        assert unseen((base, base), (base, base), composite) is None

    def test_fitted(self) -> None:
        depth = np.arange(16, dtype=np.float32).reshape(4, 4)
        assert fitted(depth, 4) is depth
        assert fitted(depth, 8).shape == (8, 8)


def one_of(name: str, abs_rel: float, score: float | None) -> Difference:
    return Difference(name, abs_rel, 2 * abs_rel, 0.5, (0.1, 0.9), score)


class TestComparison:
    RESULT = Comparison(
        ("network", "inserted"),
        [one_of("a", 0.1, 0.2), one_of("b", 0.2, 0.7), one_of("c", 0.3, None), one_of("d", 0.1, 0.9)],
        "m",
    )

    def test_flagged_first_the_worst_first(self) -> None:
        assert [d.name for d in self.RESULT.flagged()] == ["d", "b"]
        assert [d.name for d in self.RESULT.worth_a_look()] == ["d", "b", "c", "a"]
        assert self.RESULT.judged() == 3

    def test_report(self) -> None:
        said = self.RESULT.report()
        assert said["abs_rel"] == pytest.approx(0.175)
        assert said["rmse"] == pytest.approx(2 * np.sqrt(np.mean([0.01, 0.04, 0.09, 0.01])))
        assert said["sharpness"] == {"network": pytest.approx(0.1), "inserted": pytest.approx(0.9)}
        assert [one["name"] for one in said["flagged"]] == ["d", "b"]
        assert (said["unit"], said["judged"]) == ("m", 3)

    def test_in_words(self) -> None:
        assert said_of_flagged(self.RESULT).startswith("In 2 of 3 samples the network did not see the object (1 more")
        nothing = Comparison(("geometry", "inserted"), [one_of("a", 0.1, None)])
        assert "comparison of network with inserted" in said_of_flagged(nothing)
        text = page_text(self.RESULT)
        assert "| d | 0.100 | 0.20 | 0.90 |" in text
        assert "| c |" not in text  # it is not flagged
        assert "RMSE, m" in text
        assert "| a | 0.100 | 0.20 | – |" in page_text(nothing)


class TestComparer:
    def test_looks_again_at_what_it_compared(self, project: Callable[..., Path]) -> None:
        with contextlib.closing(comparer_of(project())) as comparer:
            steps = list(comparer.run())
            result = steps[-1]
            assert isinstance(result, Comparison)
            assert [type(step) for step in steps[:-1]] == [Progress] * (len(steps) - 1)
            assert {"opening network", "preparing inserted", "comparing"} <= {s.phase for s in steps[:-1]}  # type: ignore[union-attr]
            assert (len(result.samples), result.unit) == (6, "m")
            for one in result.samples:
                seen = comparer.look(one.name)
                assert seen.composite.shape == (64, 64, 3)
                assert seen.a.shape == seen.b.shape == seen.mask.shape == (64, 64)
                delta = seen.a.astype(np.float64) - seen.b
                assert one.rmse == pytest.approx(np.sqrt(np.mean(delta**2)))
            assert any(one.unseen is not None for one in result.samples)

    def test_leaves_nothing_behind(self, project: Callable[..., Path], tmp_path: Path, monkeypatch: Any) -> None:
        import tempfile

        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
        (tmp_path / "temporary").mkdir()
        comparer = comparer_of(project())
        steps = comparer.run()
        assert [next(steps) for _ in range(4)]
        assert list((tmp_path / "temporary").iterdir())
        comparer.close()
        comparer.close()
        assert not list((tmp_path / "temporary").iterdir())

    def test_geometry_is_no_judge_of_what_the_network_saw(self, project: Callable[..., Path]) -> None:
        folder = project()
        for ways in (("network", "geometry"), ("inserted", "geometry")):
            with contextlib.closing(comparer_of(folder, ways)) as comparer:
                result = last(comparer.run())
            assert isinstance(result, Comparison)
            assert result.judged() == 0

    @pytest.mark.parametrize("ways", [("network", "network"), ("none", "network"), ("inserted", "none")])
    def test_two_different_ways_that_make_depth(self, project: Callable[..., Path], ways: tuple[str, str]) -> None:
        with pytest.raises(UsageError, match="cannot be compared"):
            comparer_of(project(), ways)

    def test_no_unit_is_not_held_against_metres(self, project: Callable[..., Path]) -> None:
        folder = project(RELATIVE)
        with (
            contextlib.closing(comparer_of(folder, ("network", "geometry"))) as comparer,
            pytest.raises(UsageError, match="the network sum gives depth without a unit"),
        ):
            list(comparer.run())
        with contextlib.closing(comparer_of(folder)) as comparer:
            result = last(comparer.run())
        assert isinstance(result, Comparison)
        assert result.unit == ""

    def test_page(self, project: Callable[..., Path], tmp_path: Path) -> None:
        folder, page = project(), tmp_path / "page"
        result = last(compare(chosen_recipe(load(folder), Options()), folder, ("network", "inserted"), 3, page))
        assert isinstance(result, Comparison)
        assert "# network and inserted, 3 samples" in (page / "README.md").read_text("utf-8")
        sheet = decode((page / "comparison.jpg").read_bytes(), "page")
        assert sheet.shape[0] > 3 * 160


def test_colours_of_a_difference() -> None:
    found = difference_colours(np.array([[-2, -1, 0, 1, 5]], np.float32), 2)
    assert found[0, 0].tolist() == [33, 102, 172]
    assert found[0, 2].tolist() == [247, 247, 247]
    assert found[0, 4].tolist() == [178, 24, 43]
    assert 33 < found[0, 1, 0] < 247
    assert difference_colours(np.zeros((2, 2), np.float32), 0).min() == 247


def test_an_outline_goes_around_the_mask() -> None:
    mask = np.zeros((8, 8), np.uint8)
    mask[3:5, 3:5] = 255
    found = outlined(np.zeros((8, 8), np.uint8), mask)
    assert found.shape == (8, 8, 3)
    assert (found[..., 0] > 0).sum() == 12
    assert not found[3:5, 3:5].any()
