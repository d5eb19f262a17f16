"""Whole trials with networks of a few steps: stopped and continued, measured, written, and used by the program."""

from __future__ import annotations

import importlib.util
import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from fgbg_studio.cli.main import main
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.cutting.saliency import saliency_map
from fgbg_studio.core.depth.network_record import open_model
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.project import storage
from fgbg_studio.core.trial import architecture
from fgbg_studio.core.trial.progress import TrialProgress
from fgbg_studio.core.trial.results import TrialResult
from fgbg_studio.core.trial.run import run
from fgbg_studio.core.trial.settings import TrialSettings
from tests.conftest import MakeProject, draw_background, write_picture
from tests.helpers.datasets import find, last, make
from tests.helpers.networks import open_here

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="tensorflow is not installed"),
    # TensorFlow's tensors do not know NumPy 2's keyword "copy" yet.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]
SHORT = TrialSettings(side=32, batch=8, samples=24, epochs=2, scored=8, card=False)


@pytest.fixture(scope="module", autouse=True)
def _tiny() -> Iterator[None]:
    """Networks of few layers: what takes time here is that TensorFlow makes itself a graph of each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(architecture.WIDTHS, "small", (4, 4, 8))
        yield


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    return make_project(tmp_path_factory.mktemp("tried"), n_bg=5, n_fg=5, changes=["size=64", "placements=2"])


@pytest.fixture(scope="module")
def root(project: Path) -> Path:
    make(project, project.parent / "out")
    return project.parent / "out"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two photos with masks, one of them unsure of a stripe, and a frame with depth."""
    folder = tmp_path_factory.mktemp("real")
    for number in range(2):
        mask = np.zeros((70, 90), np.uint8)
        mask[20:60, 30:60], mask[20:60, 60:63] = 255, 128
        write_picture(folder / "images" / f"{number}.png", draw_background(number, 90, 70))
        write_picture(folder / "masks" / f"{number}.png", mask)
    write_picture(folder / "rgb" / "a.png", draw_background(5, 90, 70))
    write_picture(folder / "depth" / "a.png", np.full((70, 90), 2000, np.uint16))
    return folder


@pytest.fixture(scope="module")
def whole(root: Path, real: Path) -> tuple[TrialResult, list[TrialProgress]]:
    """Both networks at once, without a stop."""
    events = list(run(root, root.with_name("whole"), replace(SHORT, real=str(real))))
    assert events[-1].result is not None
    return events[-1].result, events


def weights(folder: Path) -> list[Any]:
    import keras

    return list(keras.saving.load_model(folder / "network.keras", compile=False).get_weights())


def test_what_is_told_and_what_comes_out(whole: tuple[TrialResult, list[TrialProgress]]) -> None:
    result, events = whole
    training = [event for event in events if event.phase.startswith("training")]
    assert [event.run for event in training] == sorted((event.run for event in training), reverse=True)  # two, then one
    assert training[-1].total == 12  # three steps twice, for each of both
    assert [point.step for point in training[-1].points] == [1, 2, 3, 4, 5, 6]
    assert all(np.isfinite(point).all() for point in training[-1].points)
    assert [look.part for look in events[-1].looks] == ["seen"] * 4 + ["both-new"] * 4
    assert events[-1].finished
    two, one = result.networks
    assert (two.inputs, one.inputs, one.parameters < two.parameters < 1_000_000) == ("two", "one", True)
    assert set(two.scores) == {"train", "seen", "new-background", "new-foreground", "both-new"}
    assert set(two.afresh) == set(two.scores) - {"train"}
    assert all(np.isfinite(score).all() for score in (*two.scores.values(), *one.scores.values()))
    assert [one.name.partition(" from")[0] for one in result.baselines] == [
        "|composite − background|", "|composite − background|", "the mean depth everywhere", "the background's depth",
    ]  # fmt: skip
    assert {key: score.samples for key, score in one.real.items()} == {
        "photos": 2, "photos: the whole picture": 2, "depth": 1, "depth, scaled to the truth's median": 1,
        "depth: the same everywhere, scaled": 1,
    }  # fmt: skip
    assert one.real["photos: the whole picture"].iou == pytest.approx(40 * 30 / (90 * 70 - 40 * 3))
    assert one.real["depth: the same everywhere, scaled"].abs_rel == 0


def test_the_report_says_it_all(whole: tuple[TrialResult, list[TrialProgress]]) -> None:
    result, _ = whole
    text, page = (path.read_text(encoding="utf-8") for path in result.report)
    for heading in ("Figures", "Real photos", "Curves", "The best and the worst", "How it was made", "Files"):
        assert f"\n## {heading}\n" in text
    assert page.count("<img") == 6
    assert 'src="pictures' not in page  # it needs no other file
    told = json.loads((result.folder / "trial.json").read_text(encoding="utf-8"))
    assert told["networks"][0]["scores"]["seen"]["iou"] == result.networks[0].scores["seen"].iou
    assert str(result.folder) not in json.dumps(told) + text


def test_stopped_and_continued_it_is_what_it_would_have_been(
    root: Path, whole: tuple[TrialResult, list[TrialProgress]], tmp_path: Path
) -> None:
    settings, control = replace(SHORT, inputs="two"), EventControl()
    last_seen = None
    for event in run(root, tmp_path / "out", settings, control):
        last_seen = event
        if event.points and event.points[-1].step == 2:
            control.cancel()
    assert last_seen is not None
    assert (last_seen.finished, last_seen.result, last_seen.phase) == (False, None, "stopped")
    done = last(run(root, tmp_path / "out", settings))
    assert done.result is not None
    assert [point.step for point in done.points] == [1, 2, 3, 4, 5, 6]
    there, here = weights(whole[0].folder / "two-inputs"), weights(tmp_path / "out" / "two-inputs")
    assert max(float(np.abs(a - b).max()) for a, b in zip(there, here, strict=True)) < 1e-4
    first = [event.points for event in whole[1] if event.run == "two"][-1]
    assert np.array(done.points) == pytest.approx(np.array(first), abs=1e-3)

    again = list(run(root, tmp_path / "out", replace(settings, scored=4)))  # it is measured anew, and not trained
    assert len([event for event in again if event.phase.startswith("training")]) == 1
    assert again[-1].points == done.points
    assert again[-1].result is not None
    assert again[-1].result.networks[0].scores["seen"].samples == 4
    with pytest.raises(UsageError, match=r"other settings \(epochs\)"):
        last(run(root, tmp_path / "out", replace(settings, epochs=3)))


def test_a_folder_of_somebody_else_is_left_alone(root: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    with pytest.raises(UsageError, match="no trial's"):
        last(run(root, tmp_path, SHORT))


def test_the_program_uses_it_at_once(whole: tuple[TrialResult, list[TrialProgress]], project: Path) -> None:
    result, _ = whole
    one = result.network("one")
    assert one is not None
    pictures = np.stack([draw_background(seed, 64, 64) for seed in range(2)])
    guesses, depths = [], []
    for kind in one.files:
        path = result.folder / one.files[kind]
        guesses.append(open_here(path, use="saliency")(pictures))
        depths.append(open_here(path, use="depth")(pictures))
        assert open_here(path, use="depth").kind == "metric"
    assert {"keras", "tflite"} <= set(one.files)
    assert guesses[0].shape == depths[0].shape == (2, 16, 16)
    for guess, depth in zip(guesses, depths, strict=True):
        assert guess == pytest.approx(guesses[0], abs=1e-3)
        assert depth == pytest.approx(depths[0], rel=1e-2)
    assert 0 <= guesses[0].min() < guesses[0].max() <= 1
    assert saliency_map(open_here(path, use="saliency"), pictures[0]).shape == (64, 64)
    file = str(result.folder / one.files["tflite"])
    used = storage.changed(storage.load(project), {"depth.way": "network", "depth.model": file})
    assert open_model(used.settings.depth, 64).description.meaning == "metres"


def test_what_cannot_be_written_is_said(whole: tuple[TrialResult, list[TrialProgress]]) -> None:
    for one in whole[0].networks:
        if importlib.util.find_spec("tf2onnx") is None:
            assert "tf2onnx" in one.missing["onnx"]
        else:
            assert set(one.files) == {"keras", "tflite", "onnx"}


def test_the_curves_are_logged_for_tensorboard(whole: tuple[TrialResult, list[TrialProgress]]) -> None:
    import tensorflow as tf

    result, events = whole
    logged: dict[str, list[tuple[int, float]]] = {}
    for file in sorted((result.folder / "one-input" / "log").iterdir()):
        for record in _records(file.read_bytes()):
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                logged.setdefault(value.tag, []).append((event.step, float(tf.make_ndarray(value.tensor))))
                assert value.metadata.plugin_data.plugin_name == "scalars"
    points = events[-1].points
    assert logged["mask_loss"] == [(point.step, pytest.approx(point.mask_loss)) for point in points]
    assert set(logged) == set(points[0]._fields[1:])


def _records(data: bytes) -> Iterator[bytes]:
    """Of a TFRecord file: length, its check, the record, its check."""
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        yield data[at + 12 : at + 12 + length]
        at += 16 + length


def test_the_command_and_the_card(root: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(root, tmp_path / "copy")
    settings = ["side=32", "samples=8", "batch=8", "epochs=1", "scored=4", "inputs=one", "depth_weight=0"]
    done = CliRunner().invoke(main, ["trial", str(copy), *settings, "--json"])
    assert done.exit_code == 0, done.output
    network = json.loads(done.stdout)["networks"][0]
    assert (tmp_path / "copy-trial" / "trial.html").exists()
    card = (copy / "README.md").read_text(encoding="utf-8")
    section = card[card.index("## Trial") : card.index("## How it was made")]
    assert f"{network['scores']['seen']['iou']:.3f}" in section
    assert "![the worst of the trial](card/trial.jpg)" in section
    assert "depth" not in section
    assert find(copy).clean
    listed = CliRunner().invoke(main, ["trial", str(root), "--settings"])
    assert "background_noise" in listed.stdout
    assert isinstance(CliRunner().invoke(main, ["trial", str(root), "epochs=no"]).exception, UsageError)


def test_a_dataset_without_backgrounds_trains_the_composite_alone(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    for kind in ("fg_bg", "mask"):
        for number in range(40):
            picture = np.full((48, 48), number * 5, np.uint8)
            picture[10:30, 10:30] = 255
            write_picture(folder / kind / f"photo{number:03}x.png", picture, Codec("png"))
    begun = next(event for event in run(folder, tmp_path / "out", replace(SHORT, side=0)) if event.looks)
    assert begun.run == "one"
    assert begun.looks[0].composite.shape == (48, 48, 3)
    assert begun.looks[0].depth is None
    with pytest.raises(UsageError, match="inputs=one"):
        last(run(folder, tmp_path / "two", replace(SHORT, inputs="two")))


def test_losses_by_hand() -> None:
    from fgbg_studio.core.networks.densedepth.architecture import import_keras
    from fgbg_studio.core.trial.depth_losses import DepthLoss
    from fgbg_studio.core.trial.mask_losses import MaskLoss

    ops = import_keras().ops
    truth, mask = np.zeros((2, 4, 4, 1), np.float32), np.zeros((2, 4, 4, 1), np.float32)
    truth[0, :2], mask[0, :, :2] = 1, 1  # half is right
    mask = np.clip(mask, 0.1, 0.9).astype(np.float32)

    def loss(family: Any, name: str, *given: Any) -> Any:
        return np.asarray(family.from_dict(name)(ops, *given))

    half = -(np.log(0.9) + np.log(0.1)) / 2
    assert loss(MaskLoss, "bce", truth, mask) == pytest.approx([half, -np.log(0.9)], rel=1e-5)
    assert loss(MaskLoss, "dice", truth, mask) == pytest.approx([1 - 9 / 17, 1 - 1 / 2.6], rel=1e-5)
    together = loss(MaskLoss, "bce", truth, mask) + loss(MaskLoss, "dice", truth, mask)
    assert loss(MaskLoss, "bce-dice", truth, mask) == pytest.approx(together)

    depth, deep, valid = np.ones((1, 4, 4, 1), np.float32), np.full((1, 4, 4, 1), 2, np.float32), np.ones((1, 4, 4, 1))
    valid = valid.astype(np.float32)
    deep[0, 0, 0], valid[0, 0, 0] = 90, 0  # nothing counts there
    assert loss(DepthLoss, "l1", depth, deep, valid) == pytest.approx([1])
    assert loss(DepthLoss, "gradient", depth, deep, valid) == pytest.approx([0])
    assert loss(DepthLoss, "scale-invariant", depth, deep, valid) == pytest.approx([np.log(2) ** 2 / 2], rel=1e-4)
    assert loss(DepthLoss, "ssim", depth, depth, valid) == pytest.approx([0], abs=1e-6)
    flat = (2 * 2 + 1e-4) / (1 + 4 + 1e-4)
    whole = np.ones_like(valid)
    deep[0, 0, 0] = 2
    assert loss(DepthLoss, "ssim", depth, deep, whole) == pytest.approx([(1 - flat) / 2], rel=1e-3)
    parts = {"l1": 1.0, "ssim": 0.5, "gradient": 0.5, "scale-invariant": 0.5}
    summed = sum(weight * loss(DepthLoss, name, depth, deep, whole) for name, weight in parts.items())
    assert loss(DepthLoss, "sum", depth, deep, whole) == pytest.approx(summed)
    step = depth.copy()
    step[0, :, 2:] = 3
    assert loss(DepthLoss, "gradient", depth, step, whole) == pytest.approx([2 / 3])  # of three pairs across one
