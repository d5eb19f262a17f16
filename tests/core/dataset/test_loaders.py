"""Datasets as training code reads them: numpy arrays, and PyTorch's tensors where that is installed."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, PictureError, UsageError
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.loaders import LoadedSample, LoadedSamples, TorchDataset
from tests.core.dataset.test_guide_split import code
from tests.helpers.datasets import copy, opened
from tests.helpers.foreign import FIVE, by_hand, without, zipped


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
def test_every_sample_is_what_is_stored(writer: str, datasets: Callable[..., Path]) -> None:
    root = datasets(writer=writer)
    samples, contents = fgbg_studio.open(root), opened(root)
    assert len(samples) == 16
    assert samples.unit == "m"
    for number, sample in zip(contents.numbers(), samples, strict=True):
        about = contents.triple(number)
        assert sample.name == about.name
        assert (sample.background, sample.foreground) == (
            contents.backgrounds[about.background], contents.foregrounds[about.foreground],
        )  # fmt: skip
        assert np.array_equal(sample.image, contents.pixels("fg_bg", number))
        assert np.array_equal(sample.mask, contents.pixels("mask", number) == 255)
        stored = contents.pixels("depth", number)
        assert np.array_equal(sample.valid, stored > 0)
        assert sample.depth is not None
        assert np.allclose(sample.depth[stored > 0], stored[stored > 0] / 1000)


def test_one_or_several_are_asked_for(datasets: Callable[..., Path]) -> None:
    samples = fgbg_studio.open(str(datasets()))
    names = [sample.name for sample in samples]
    assert [samples[3].name, samples[-1].name] == [names[3], names[-1]]
    assert [sample.name for sample in samples[2:9:3]] == names[2:9:3]
    assert [sample.name for sample in samples.some([9, 0, 4])] == [names[9], names[0], names[4]]
    with pytest.raises(IndexError):
        samples[16]


def test_the_camera_sees_the_ground_where_the_depth_says(datasets: Callable[..., Path]) -> None:
    root = datasets()
    sample, dataset = fgbg_studio.open(root)[0], open_dataset(root)
    (view, *_), k = dataset.plan().views, sample.intrinsics
    assert k is not None
    assert k[0, 0] == k[1, 1] == view.focal
    assert (k[0, 2], k[1, 2]) == (32, view.horizon)
    assert sample.mask is not None
    assert sample.depth is not None
    bare = ~sample.mask.any(axis=1)
    rows = np.arange(64)[bare & (np.arange(64) > view.horizon + 15)]
    ground = k[1, 1] * view.camera_height / (rows + 0.5 - k[1, 2])
    assert np.allclose(sample.depth[rows, 0], np.minimum(ground, view.wall), atol=0.002)


def test_boxes_are_where_the_mask_is(datasets: Callable[..., Path]) -> None:
    for sample in fgbg_studio.open(datasets()):
        (one,) = sample.objects
        assert sample.mask is not None
        assert sample.mask[one.y : one.y + one.height, one.x : one.x + one.width].sum() == sample.mask.sum() > 0


def test_backgrounds_by_their_names(datasets: Callable[..., Path]) -> None:
    samples = fgbg_studio.open(datasets())
    sample = samples[0]
    assert sample.image is not None
    assert sample.mask is not None
    picture = samples.background(sample.background)
    away = ~np.pad(sample.mask, 12)[12:-12, 12:-12]
    assert np.abs(picture[away].astype(int) - sample.image[away]).mean() < 8
    with pytest.raises(UsageError, match="has no picture of a background 'attic'"):
        samples.background("attic")


@pytest.mark.parametrize("team", FIVE)
@pytest.mark.parametrize("archives", [False, True])
def test_datasets_made_by_hand(team: str, archives: bool, tmp_path: Path) -> None:
    root = by_hand(tmp_path / "set", team)
    root = zipped(root, tmp_path / "zips", flat=True, deflated=True) if archives else root
    samples, contents = fgbg_studio.open(root), opened(root)
    assert (len(samples), samples.unit) == (6, "")
    for number, sample in enumerate(samples):
        stored = contents.pixels("depth", number)
        plane = stored if stored.ndim == 2 else stored[..., 0]
        assert np.array_equal(sample.depth, -plane.astype(np.float32))
        assert sample.mask is not None
        assert 0 < sample.mask.mean() < 0.5
        assert (sample.intrinsics, sample.objects) == (None, ())


def test_what_a_sample_lacks_is_none(tmp_path: Path) -> None:
    root = without(by_hand(tmp_path / "set", "course"), "fg_bg_depth/*000003.jpg", "fg_bg_mask/*000004.jpg")
    samples = fgbg_studio.open(root)
    assert [sample.depth is None for sample in samples] == [number == 3 for number in range(6)]
    assert [sample.mask is None for sample in samples] == [number == 4 for number in range(6)]


def test_faults_are_sentences(datasets: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="nowhere does not exist"):
        fgbg_studio.open(tmp_path / "nowhere")
    root = copy(datasets(), tmp_path / "set")
    lost = next((root / "mask").rglob("*.png"))
    lost.unlink()
    with pytest.raises(PictureError, match=lost.name):
        list(fgbg_studio.open(root))


def test_one_archive_of_all(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets()
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", root.parent, root.name)
    assert [sample.name for sample in fgbg_studio.open(packed)] == [sample.name for sample in fgbg_studio.open(root)]


def mean_of(samples: LoadedSamples, index: int) -> float:
    """In another process."""
    sample: LoadedSample = samples[index]
    assert sample.image is not None
    return float(sample.image.mean())


def test_workers_may_be_spawned(datasets: Callable[..., Path]) -> None:
    samples = fgbg_studio.open(datasets(writer="zip"))
    assert len(pickle.dumps(samples)) < 1000
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        means = pool.starmap(mean_of, [(samples, index) for index in (0, 5, 15)])
    assert means == [mean_of(samples, index) for index in (0, 5, 15)]


def test_without_torch_there_is_a_sentence(datasets: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(UsageError, match="needs PyTorch, which is not installed"):
        TorchDataset(datasets())


def test_the_guide_s_lines_run(
    datasets: Callable[..., Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrays, tensors = (
        code("using.md", "Read it with this package")
        .replace("num_workers=2", "num_workers=0")
        .split("\n\nfrom fgbg_studio.loaders")
    )
    exec(arrays.replace("rooms-dataset", datasets().as_posix()), {})
    assert "bg_000_fg_000_p_00 (64, 64, 3)" in capsys.readouterr().out
    pytest.importorskip("torch")
    names: dict[str, object] = {}
    exec("from fgbg_studio.loaders" + tensors.replace("rooms-dataset", datasets().as_posix()), names)
    assert names["image"].shape == (16, 3, 64, 64)  # type: ignore[attr-defined]


class TestTorch:
    """PyTorch is too heavy for the locks: these run where somebody has installed it."""

    @pytest.fixture(autouse=True)
    def _torch(self) -> None:
        pytest.importorskip("torch")

    def test_tensors_are_those_of_the_arrays(self, datasets: Callable[..., Path]) -> None:
        tensors, samples = TorchDataset(datasets()), fgbg_studio.open(datasets())
        assert len(tensors) == 16
        for index, sample in enumerate(samples):
            one = tensors[index]
            assert np.allclose(one["image"].numpy().transpose(1, 2, 0) * 255, sample.image, atol=1e-4)
            assert np.array_equal(one["mask"][0].numpy() == 1, sample.mask)
            assert np.array_equal(one["valid"][0].numpy(), sample.valid)
            assert np.array_equal(one["depth"][0].numpy(), np.nan_to_num(sample.depth, nan=0.0))
            assert one["intrinsics"].shape == (3, 3)

    @pytest.mark.parametrize("workers", ["none", "fork", "spawn"])
    def test_a_loader_takes_it(self, workers: str, datasets: Callable[..., Path]) -> None:
        from torch.utils.data import DataLoader

        more = {} if workers == "none" else {"num_workers": 2, "multiprocessing_context": workers}
        batches = list(DataLoader(TorchDataset(datasets(writer="zip")), batch_size=5, **more))
        assert [len(batch["name"]) for batch in batches] == [5, 5, 5, 1]
        assert batches[0]["image"].shape == (5, 3, 64, 64)
        names = [name for batch in batches for name in batch["name"]]
        assert names == [sample.name for sample in fgbg_studio.open(datasets())]

    def test_a_transform_has_the_last_word(self, datasets: Callable[..., Path]) -> None:
        assert TorchDataset(datasets(), transform=lambda one: one["name"])[0] == "bg_000_fg_000_p_00"
