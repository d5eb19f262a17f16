"""What a recipe makes is what the dataset stores: files byte for byte, pixels as they are decoded from them."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.dataset.normalisation import normalise
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.splits import SplitSettings, make_splits, read_splits
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.project import presets
from fgbg_studio.loaders import LoadedSample, LoadedSamples, TorchDataset, batches, open_samples, tf_dataset
from tests.conftest import MakeProject
from tests.core.dataset.test_depth_quality import use
from tests.core.dataset.test_guide_split import code
from tests.helpers.datasets import copy, last, make, opened, small
from tests.helpers.foreign import by_hand


def recipe_of(root: Path, out: Path) -> Path:
    last(Export.from_dict("recipe").run(root, out))
    return out


def same(one: LoadedSample, other: LoadedSample) -> bool:
    """Every part, NaN where NaN is."""
    return all(
        np.array_equal(mine, its, equal_nan=mine.dtype.kind == "f")
        if isinstance(mine, np.ndarray) and isinstance(its, np.ndarray)
        else mine == its
        for mine, its in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("preset", presets.names())
def test_it_makes_what_is_stored(preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(preset)
    out = recipe_of(root, tmp_path / "out")
    shutil.copytree(out, tmp_path / "moved")
    made, stored = opened(tmp_path / "moved"), opened(root)
    assert made.counts == stored.counts
    assert list(made.numbers()) == list(stored.numbers())
    for kind in stored.counts:
        for number in range(stored.length(kind)):
            assert made.name(kind, number) == stored.name(kind, number)
            assert made.read(kind, number) == stored.read(kind, number)
    kinds = tuple(stored.sample_kinds)
    for mine, its in zip(made.stored(made.numbers(), kinds), stored.stored(stored.numbers(), kinds), strict=True):
        assert mine == its
    pairs = zip(fgbg_studio.open(out), fgbg_studio.open(root), strict=True)
    assert all(same(mine, its) for mine, its in pairs)


WRITERS = ["zip", "tar", "sets"]


@pytest.mark.parametrize("writer", WRITERS)
def test_whatever_wrote_the_dataset(writer: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(writer=writer)
    out = recipe_of(root, tmp_path / "out")
    assert all(same(mine, its) for mine, its in zip(fgbg_studio.open(out), fgbg_studio.open(root), strict=True))
    assert opened(out).read("bg", 1) == opened(root).read("bg", 1)


def test_crowded_scenes_have_the_objects_that_were_laid_down(make_project: MakeProject, tmp_path: Path) -> None:
    """Of the planned ones some are left out, and others are laid down in another order: values in the map follow."""
    changes = small(
        "scenes-384",
        "scene.objects.least=4",
        "scene.overlap=0.2",
        "scene.front.margin=0.01",
        "scene.front.min_visible=0.7",
    )
    project, root = make_project(tmp_path, "scenes-384", changes=changes), tmp_path / "out"
    use(project, 1.0, "inverse", "inserted", "uint16-relative")
    make(project, root)
    plan, stored = open_dataset(root).plan(), fgbg_studio.open(root)
    assert any(len(plan[number].objects) > len(one.objects) for number, one in enumerate(stored))
    assert any(
        {*plan[at].objects} == {*one.objects} and plan[at].objects != one.objects for at, one in enumerate(stored)
    )
    made = fgbg_studio.open(recipe_of(root, tmp_path / "recipe"))
    assert all(same(mine, its) for mine, its in zip(made, stored, strict=True))
    for form in ("zip", "tar"):  # all of the dataset in one archive
        packed = fgbg_studio.open(shutil.make_archive(str(tmp_path / "whole"), form, root))
        assert all(same(mine, its) for mine, its in zip(packed, stored, strict=True))
    lines = [json.loads(line) for line in (root / "objects.jsonl").read_text("utf-8").splitlines()]
    told = {(line["sample"], line["index"]): line["foreground"] for line in lines}
    found = {
        (one.name, index): stored.foregrounds[placed.foreground]
        for one in stored for placed, index in zip(one.objects, one.indices, strict=True)
    }  # fmt: skip
    assert found == told


@pytest.mark.parametrize("encoding", ["uint16-relative", "uint8-stretched"])
def test_depths_of_a_network_travel_with_it(encoding: str, make_project: MakeProject, tmp_path: Path) -> None:
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    use(project, 1.0, "inverse", "inserted", encoding)
    make(project, root)
    out = recipe_of(root, tmp_path / "recipe")
    shutil.rmtree(project)
    assert all(same(mine, its) for mine, its in zip(fgbg_studio.open(out), fgbg_studio.open(root), strict=True))


def test_depth_of_composites_makes_no_recipe(make_project: MakeProject, tmp_path: Path) -> None:
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    use(project, 1.0, "inverse", "network", "uint16-relative")
    make(project, root)
    with pytest.raises(UsageError, match="what a network saw in each composite"):
        recipe_of(root, tmp_path / "recipe")
    assert not (tmp_path / "recipe").exists()


def test_pixels_before_jpeg_are_quicker_and_near(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = recipe_of(datasets(), tmp_path / "out")
    for exact, quick in zip(open_samples(out), open_samples(out, exact=False), strict=True):
        assert exact.image is not None
        assert quick.image is not None
        assert 0 < np.abs(exact.image.astype(int) - quick.image).mean() < 6
        assert same(exact._replace(image=None), quick._replace(image=None))


def test_splits_travel_with_it(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets(), tmp_path / "set")
    last(make_splits(root, SplitSettings(background=0.5, foreground=0.5, pairs=0)))
    out = recipe_of(root, tmp_path / "out")
    for split in ("train", "both-new"):
        assert [one.name for one in fgbg_studio.open(out, split)] == [one.name for one in fgbg_studio.open(root, split)]
    last(make_splits(out, SplitSettings(background=0.5, foreground=0, pairs=0, seed=1)))
    assert read_splits(out) != read_splits(root)
    assert last(normalise(out)).samples == len(fgbg_studio.open(out, "train"))


def mean_of(samples: LoadedSamples, index: int) -> float:
    """In another process."""
    image = samples[index].image
    assert image is not None
    return float(image.mean())


def test_several_threads_and_processes_make_the_same(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = recipe_of(datasets(), tmp_path / "out")
    orders = [batches(out, 3, seed=5, threads=threads) for threads in (1, 4)]
    for one, other in zip(*orders, strict=True):
        assert one.names == other.names
        assert np.array_equal(one.image, other.image)
        assert np.array_equal(one.depth, other.depth)
    samples = fgbg_studio.open(out)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.starmap(mean_of, [(samples, 3), (samples, 9)]) == [mean_of(samples, 3), mean_of(samples, 9)]


def test_all_of_a_plan_of_which_few_samples_were_made(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    make(project, tmp_path / "all")
    make(project, tmp_path / "few", limit=3)
    assert len(fgbg_studio.open(recipe_of(tmp_path / "few", tmp_path / "limited"))) == 3
    last(Export.from_dict({"name": "recipe", "whole": True}).run(tmp_path / "few", tmp_path / "whole"))
    pairs = zip(fgbg_studio.open(tmp_path / "whole"), fgbg_studio.open(tmp_path / "all"), strict=True)
    assert all(same(mine, its) for mine, its in pairs)
    last(make_splits(tmp_path / "whole", SplitSettings()))
    assert 0 < len(fgbg_studio.open(tmp_path / "whole", "train")) < 16


def test_other_exports_take_it(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = recipe_of(datasets(), tmp_path / "out")
    for root, name in ((datasets(), "stored"), (out, "made")):
        last(Export.from_dict("webdataset").run(root, tmp_path / name))
    made, stored = (next((tmp_path / name).glob("*-000000.tar")) for name in ("made", "stored"))
    assert made.name == stored.name
    assert made.read_bytes() == stored.read_bytes()


def test_what_has_no_recipe_is_said(datasets: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="was not made by this program"):
        recipe_of(by_hand(tmp_path / "hand", "course"), tmp_path / "out")
    root = copy(datasets(), tmp_path / "set")
    out = recipe_of(root, tmp_path / "recipe")
    with pytest.raises(UsageError, match="is a recipe already"):
        recipe_of(out, tmp_path / "again")
    with pytest.raises(DatasetError, match="is a recipe: it has no samples of its own"):
        open_dataset(out)
    (root / ".fgbg" / "pictures" / "bg_0001.png").write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"bg_0001.png in .* is damaged"):
        recipe_of(root, tmp_path / "other")
    with pytest.raises(DatasetError):  # what is not finished is no recipe yet
        fgbg_studio.open(tmp_path / "other")
    (out / ".fgbg" / "pictures" / "bg_0001.png").unlink()
    with pytest.raises(DatasetError, match=r"bg_0001.png is missing"):
        list(fgbg_studio.open(out))


def test_torch_and_tensorflow_train_with_it(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = recipe_of(datasets(), tmp_path / "out")
    for one, other in zip(tf_dataset(out, 5, seed=2), tf_dataset(datasets(), 5, seed=2), strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in other)
    data = pytest.importorskip("torch.utils.data")
    tensors = [TorchDataset(path) for path in (out, datasets())]
    made, read = ([*data.DataLoader(one, batch_size=4, num_workers=2)] for one in tensors)
    for one, other in zip(made, read, strict=True):
        assert one["name"] == other["name"]
        assert all(one[kind].equal(other[kind]) for kind in ("image", "mask", "depth", "valid"))


def test_the_guide_s_lines_run(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    recipe_of(datasets(), tmp_path / "rooms-recipe")
    exec(code("exporting.md", "Recipe"), {})
    assert capsys.readouterr().out == "16 (64, 64, 3) float32\n"
    exec(code("loading.md", "Without stored samples"), {})
    assert "(16, 64, 64, 3) (16, 64, 64) (16, 64, 64)" in capsys.readouterr().out
