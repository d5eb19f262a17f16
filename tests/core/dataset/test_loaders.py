"""Datasets as training code reads them: numpy arrays, and PyTorch's tensors where that is installed."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, PictureError, UsageError
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.splits import SplitSettings, make_splits
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.loaders import LoadedSample, LoadedSamples, TorchDataset, batches, tf_dataset
from tests.core.dataset.test_guide_split import code
from tests.helpers.datasets import copy, last, opened
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


@pytest.fixture(scope="module")
def halved(datasets: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half of the backgrounds and half of the foregrounds are held out."""
    root = copy(datasets(writer="zip"), tmp_path_factory.mktemp("halved") / "set")
    last(make_splits(root, SplitSettings(background=0.5, foreground=0.5, pairs=0)))
    return root


def test_a_split_has_its_samples_alone(halved: Path) -> None:
    parts = {name: fgbg_studio.open(halved, name) for name in ("train", "new-background", "new-foreground", "both-new")}
    assert [len(part) for part in parts.values()] == [4, 4, 4, 4]
    listed = (halved / "splits" / "train.txt").read_text("utf-8").split()
    assert [sample.name for sample in parts["train"]] == listed
    for name, part in parts.items():
        assert {sample.name for sample in pickle.loads(pickle.dumps(part))} == {sample.name for sample in part}, name
    assert len({sample.name for part in parts.values() for sample in part}) == 16
    assert [name for batch in batches(halved, 3, split="both-new") for name in batch.names] == [
        sample.name for sample in parts["both-new"]
    ]
    with pytest.raises(UsageError, match="there is no split 'test'"):
        fgbg_studio.open(halved, "test")


def test_without_splits_all_is_to_train_with(datasets: Callable[..., Path]) -> None:
    assert len(fgbg_studio.open(datasets(), "train")) == 16
    with pytest.raises(UsageError, match="is not split, and so has no samples of 'both-new'"):
        fgbg_studio.open(datasets(), "both-new")


def test_batches_are_the_samples_in_their_order(datasets: Callable[..., Path]) -> None:
    samples, read = fgbg_studio.open(datasets(writer="zip")), batches(datasets(writer="zip"), 5, threads=3, ahead=2)
    found = list(read)
    assert [len(batch.names) for batch in found] == [5, 5, 5, 1]
    assert len(read) == 4
    assert [name for batch in found for name in batch.names] == [sample.name for sample in samples]
    for batch, start in zip(found, range(0, 16, 5), strict=True):
        for at, sample in enumerate(samples[start : start + 5]):
            assert batch.image is not None
            assert batch.mask is not None
            assert batch.depth is not None
            assert batch.valid is not None
            assert batch.intrinsics is not None
            assert np.array_equal(batch.image[at], sample.image)
            assert np.array_equal(batch.mask[at], sample.mask)
            assert np.array_equal(batch.depth[at], np.nan_to_num(sample.depth, nan=0.0))
            assert np.array_equal(batch.valid[at], sample.valid)
            assert np.allclose(batch.intrinsics[at], sample.intrinsics)
            assert (batch.backgrounds[at], batch.foregrounds[at]) == (sample.background, sample.foreground)
            assert batch.instances is None


def test_an_order_is_drawn_by_the_seed_anew_in_each_epoch(datasets: Callable[..., Path]) -> None:
    def names(seed: int | None, epoch: int) -> list[str]:
        read = batches(datasets(), 4, seed=seed, kinds=["mask"], whole=True)
        return [name for batch in read.epoch(epoch) for name in batch.names]

    orders = [names(None, 0), names(1, 0), names(1, 1), names(2, 0)]
    assert [sorted(order) for order in orders] == [sorted(orders[0])] * 4
    assert len(set(map(tuple, orders))) == 4
    assert names(1, 1) == orders[2]
    read = batches(datasets(), 16, seed=1)
    assert [list(batch.names) for _ in range(2) for batch in read] == orders[1:3]


def test_a_walk_that_is_left_leaves_no_thread(datasets: Callable[..., Path]) -> None:
    for batch in batches(datasets(), 2, kinds=["mask"]):
        assert batch.image is None
        assert batch.depth is None
        break
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("fgbg-batches")]


def test_what_makes_no_batch_is_said(tmp_path: Path) -> None:
    root = without(by_hand(tmp_path / "set", "course"), "fg_bg_mask/*000004.jpg")
    with pytest.raises(UsageError, match=r"the sample \S+000004 has no mask, as others have"):
        list(batches(root, 6))
    assert len(list(batches(root, 6, kinds=["image"]))) == 1
    with pytest.raises(UsageError, match="at least one sample"):
        batches(root, 0)
    with pytest.raises(UsageError, match="a sample has no 'boxes'"):
        batches(root, kinds=["boxes"])
    picture = next((root / "fg_bg").glob("*000002.jpg"))
    picture.write_bytes(encode(np.zeros((9, 9, 3), np.uint8), Codec("jpeg")))
    with pytest.raises(UsageError, match=r"the image of \S+000002 is \(9, 9, 3\)"):
        list(batches(root, 6, kinds=["image"]))


def test_tensorflow_reads_the_same(halved: Path) -> None:
    tf = pytest.importorskip("tensorflow")
    made, read = tf_dataset(halved, 3, split="train", seed=4), batches(halved, 3, split="train", seed=4)
    spec = {name: (part.dtype.name, part.shape.as_list()) for name, part in made.element_spec.items()}
    assert spec == {
        "image": ("uint8", [None, 64, 64, 3]), "mask": ("uint8", [None, 64, 64, 1]),
        "depth": ("float32", [None, 64, 64, 1]), "valid": ("bool", [None, 64, 64, 1]),
        "intrinsics": ("float32", [None, 3, 3]),
        "name": ("string", [None]), "background": ("string", [None]), "foreground": ("string", [None]),
    }  # fmt: skip
    assert made.cardinality().numpy() == 2
    for _ in range(2):
        for element, batch in zip(made.as_numpy_iterator(), read, strict=True):
            assert tuple(name.decode() for name in element["name"]) == batch.names
            assert np.array_equal(element["image"], batch.image)
            assert np.array_equal(element["mask"][..., 0] == 1, batch.mask)
            assert np.array_equal(element["depth"][..., 0], batch.depth)
            assert np.array_equal(element["valid"][..., 0], batch.valid)
    assert tf_dataset(halved, 3, split="train", whole=True).element_spec["image"].shape.as_list()[0] == 3
    assert sum(1 for _ in tf_dataset(halved, 3, split="train").unbatch()) == 4
    with pytest.raises(UsageError, match="has no batch of 99 samples"):
        tf_dataset(halved, 99, whole=True)
    assert isinstance(made, tf.data.Dataset)


def test_without_tensorflow_there_is_a_sentence(datasets: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(UsageError, match="needs TensorFlow, which is not installed"):
        tf_dataset(datasets())


def test_index_maps_are_read_with_their_values(datasets: Callable[..., Path]) -> None:
    root = datasets("scenes-384")
    contents = opened(root)
    for number, sample in zip(contents.numbers(), fgbg_studio.open(root), strict=True):
        assert np.array_equal(sample.instances, contents.pixels("instances", number))
        assert sample.instances is not None
        assert set(np.unique(sample.instances)) <= {0, *sample.indices}
        assert len(sample.indices) == len(sample.objects)


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
    datasets: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    copy(datasets(), tmp_path / "rooms-dataset")
    exec(code("using.md", "Read it with this package"), {})
    assert "bg_000_fg_000_p_00 (64, 64, 3)" in capsys.readouterr().out
    exec(code("loading.md", "NumPy"), {})
    assert "(16, 64, 64, 3) uint8" in capsys.readouterr().out
    exec(code("loading.md", "TensorFlow and Keras"), {})
    assert "(16, 64, 64, 3) (16, 64, 64, 1)" in capsys.readouterr().out


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

    def test_the_guide_s_lines_run(
        self, datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        copy(datasets(), tmp_path / "rooms-dataset")
        names: dict[str, Any] = {}
        exec(code("loading.md", "PyTorch").replace("num_workers=2", "num_workers=0"), names)
        assert names["image"].shape == (16, 3, 64, 64)
        assert names["valid"].shape == names["mask"].shape == (16, 1, 64, 64)

    def test_a_split_of_some_pictures(self, halved: Path) -> None:
        tensors = TorchDataset(halved, split="both-new", kinds=["image"])
        assert len(tensors) == 4
        assert set(tensors[0]) == {"image", "intrinsics", "name", "background", "foreground"}

    def test_a_transform_has_the_last_word(self, datasets: Callable[..., Path]) -> None:
        assert TorchDataset(datasets(), transform=lambda one: one["name"])[0] == "bg_000_fg_000_p_00"
