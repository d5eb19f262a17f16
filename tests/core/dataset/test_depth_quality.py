"""What is not stored as it is, is said: by the pilot, at the end of the run, in the record and on the card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.forecast import forecast
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.encoding import NO_VALUE, ONE_DEPTH, TOO_FAR, TOO_NEAR
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers import tiny_onnx
from tests.helpers.datasets import last, run

pytest.importorskip("onnxruntime")
SMALL = ["size=64", "placements=1"]
EVERY = 2 * 2 * 2


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, changes=SMALL)


def use(project: Path, weight: float, meaning: str, way: str, encoding: str) -> None:
    """A network whose output is ``weight`` times the mean of the channels (0..1)."""
    weights = np.full((1, 3, 1, 1), weight / 3, np.float32)
    model = tiny_onnx.write(project / "network.onnx", weights, (1, 3, 64, 64))
    described = {"meaning": meaning, "width": 64, "height": 64, "layout": "nchw"}
    changes: dict[str, Any] = {"depth.way": way, "depth.model": str(model), "depth.network": described}
    opened = storage.changed(storage.load(project), changes | parsed([f"depth.encoding={encoding}"]))
    storage.save(project, opened)


def made(project: Path, out: Path) -> tuple[RunProgress, dict[str, Any], str]:
    """The end of a run, the dataset's record and its card."""
    end = last(generate(project, out, Options(engine="inline")))
    assert isinstance(end, RunProgress)
    return end, json.loads((out / "dataset.json").read_bytes()), (out / "README.md").read_text("utf-8")


def stored(out: Path) -> np.ndarray:
    return np.stack([decode(path.read_bytes(), path.name) for path in sorted(out.glob("depth/*/*.png"))])


@pytest.mark.parametrize("way", ["network", "inserted"])
@pytest.mark.parametrize(
    ("weight", "meaning", "encoding", "code"),
    [
        (200.0, "metres", "uint16-millimetres", TOO_FAR),
        (200.0, "metres", "uint8-linear", TOO_FAR),
        (-1.0, "metres", "uint16-millimetres", TOO_NEAR),
        (-1.0, "relative", "uint16-relative", TOO_NEAR),
        (0.0, "inverse", "uint16-relative", ONE_DEPTH),
        (0.0, "inverse", "uint8-stretched", ONE_DEPTH),
    ],
)
def test_it_is_said_everywhere(
    way: str, weight: float, meaning: str, encoding: str, code: str, project: Path, tmp_path: Path
) -> None:
    use(project, weight, meaning, way, encoding)
    recipe = make_recipe(storage.load(project))
    pilot = forecast(recipe, project, tmp_path, EVERY, workers=1)
    end, record, card = made(project, tmp_path / "out")
    for issues in (pilot.issues, end.issues):
        (issue,) = (one for one in issues if one.code == code)
        assert issue.severity == "error"
        assert issue.remedies
    assert issue.message in card
    count = record["counts"][code]
    if code == ONE_DEPTH:
        assert count == EVERY
    else:
        kept = stored(tmp_path / "out")
        top = {"uint16-millimetres": 65535, "uint16-relative": 65535, "uint8-linear": 255}[encoding]
        assert count == pytest.approx((kept == (top if code == TOO_FAR else 1)).sum(), rel=0.01)
        assert f"{count / kept.size:.1%}" in issue.message
    assert not (stored(tmp_path / "out") == 0).any() or encoding == "uint8-stretched"


def test_a_sound_run_says_nothing(project: Path, tmp_path: Path) -> None:
    storage.save(project, storage.changed(storage.load(project), {"camera.wall": 40.0}))  # behind every object
    end, record, card = made(project, tmp_path / "out")
    assert end.issues == ()
    assert record["counts"] == {}
    assert "every pixel has a value" in card


@pytest.mark.parametrize("way", ["network", "inserted"])
@pytest.mark.parametrize(
    ("meaning", "encoding", "said", "remedy"),
    [
        ("metres", "uint16-relative", "gives metres, which uint16-relative cannot store", "uint16-millimetres"),
        ("relative", "uint16-millimetres", "gives relative depth, which uint16-millimetres cannot", "uint16-relative"),
        ("inverse", "uint8-linear", "gives relative depth, which uint8-linear cannot store", "uint16-relative"),
    ],
)
def test_an_encoding_for_another_sort_of_depth_is_refused(
    way: str, meaning: str, encoding: str, said: str, remedy: str, project: Path, tmp_path: Path
) -> None:
    use(project, 1.0, meaning, way, encoding)
    for begin in (
        lambda: last(generate(project, tmp_path / "out", Options(engine="inline"))),
        lambda: forecast(make_recipe(storage.load(project)), project, tmp_path, EVERY, workers=1),
    ):
        with pytest.raises(UsageError, match=said) as caught:
            begin()
        assert f"{remedy}" in caught.value.problem
        assert caught.value.remedies == (Set({"depth.encoding": remedy}, "set another encoding"),)


def test_geometry_is_metres(project: Path, tmp_path: Path) -> None:
    storage.save(project, storage.changed(storage.load(project), {"depth.encoding": "uint16-relative"}))
    with pytest.raises(UsageError, match="gives metres"):
        last(generate(project, tmp_path / "out", Options(engine="inline")))


class TestOutdoors:
    @pytest.fixture
    def out(self, project: Path, tmp_path: Path) -> Path:
        opened = storage.load(project)
        first, second = opened.backgrounds
        own = (
            first.model_copy(update={"wall": "none", "horizon": 0.5}),
            second.model_copy(update={"wall": 7.0, "camera_height": 1.2}),
        )
        storage.save(project, opened.model_copy(update={"backgrounds": own}))
        made(project, tmp_path / "out")
        return tmp_path / "out"

    def test_the_sky_is_0_and_counted(self, out: Path) -> None:
        record, kept = json.loads((out / "dataset.json").read_bytes()), stored(out)
        assert record["counts"] == {NO_VALUE: int((kept == 0).sum())}
        share = (kept == 0).mean()
        assert 0.1 < share < 0.4
        assert f"{share:.1%} of the pixels have no value" in (out / "README.md").read_text("utf-8")
        assert record["depth"]["zero"] == "no value"

    def test_each_backgrounds_camera_is_published(self, out: Path) -> None:
        record = json.loads((out / "dataset.json").read_bytes())
        first, second = record["cameras"]["backgrounds"]
        assert (first["background"], first["wall"], first["cy"], first["cx"]) == ("bg_000", None, 32, 32)
        assert (second["wall"], second["height"], second["field_of_view"]) == (7, 1.2, 60)
        # What is published makes the map again.
        kept = decode((out / "depth/bg_001/bg_001_fg_000_p_00.png").read_bytes(), "")
        rows = np.arange(64) + 0.5
        below = rows > second["cy"]
        ground = np.full(64, np.inf)
        ground[below] = second["f"] * second["height"] / (rows[below] - second["cy"])
        wanted = np.rint(1000 * np.minimum(ground, second["wall"]))
        assert np.abs(kept[:, 0].astype(float) - wanted).max() <= 1
        card = (out / "README.md").read_text("utf-8")
        assert "height 1.2 to 1.6 m" in card
        assert "a wall at 7 m, 1 of 2 backgrounds outdoors" in card


def test_a_network_has_no_camera_to_publish(project: Path, tmp_path: Path) -> None:
    use(project, 5.0, "metres", "inserted", "uint16-millimetres")
    _, record, card = made(project, tmp_path / "out")
    assert record["cameras"]["backgrounds"] == []
    assert "nobody knows" in record["cameras"]["said"]
    assert "Camera: none" in card


def test_a_command_that_made_what_is_wrong_says_so_by_its_exit_code(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(project, 200.0, "metres", "network", "uint16-millimetres")
    monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "cache"))
    assert run("models", "allow", project / "network.onnx").returncode == 0
    told = run("generate", project, "--out", tmp_path / "out", "--workers", "1")
    assert told.returncode == 1
    assert "farther than uint16-millimetres can hold" in told.stdout
    assert json.loads((tmp_path / "out" / "dataset.json").read_bytes())["complete"]
    assert run("generate", project, "--out", tmp_path / "out", "--anyway").returncode == 0
