"""Mean and σ of what is trained with: against numpy on the files, and in the libraries that take them."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.dataset.normalisation import LIBRARIES, Normalisation, normalise, read_normalisation
from fgbg_studio.core.dataset.splits import SplitSettings, make_splits, read_splits
from fgbg_studio.core.imaging.codecs import decode
from tests.conftest import MakeProject
from tests.helpers.datasets import find, last, make, quick, small
from tests.helpers.foreign import by_hand


def measured(path: Path) -> Normalisation:
    found = last(normalise(path))
    assert isinstance(found, Normalisation)
    return found


@pytest.fixture(scope="module")
def dataset(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset with sky, of which half the backgrounds are held out."""
    folder = tmp_path_factory.mktemp("normalisation")
    changes = small("studio-256", "camera.wall=4", "camera.horizon=0.4", "depth.encoding=uint16-millimetres")
    project = make_project(folder, n_bg=4, n_fg=3, changes=changes)
    from fgbg_studio.cli.main import main

    names = [f"backgrounds/{path.name}" for path in sorted((project / "backgrounds").iterdir())]
    main.main(["set-backgrounds", str(project), *names[:2], "wall=none"], standalone_mode=False)
    make(project, folder / "out")
    last(make_splits(folder / "out", SplitSettings(background=0.5, foreground=0.3, pairs=0.2)))
    return folder / "out"


def test_it_is_of_the_files_of_the_split_train_alone(dataset: Path) -> None:
    contents, found, splits = opened(dataset), measured(dataset), read_splits(dataset)
    assert splits is not None
    numbers = splits.numbers("train").tolist()
    files = [sample.files for sample in contents.stored(numbers, ("fg_bg", "depth"))]
    images = np.stack([decode(one["fg_bg"][1], "") for one in files]).reshape(-1, 3) / 255
    depths = np.stack([contents.reading.depth(decode(one["depth"][1], "")) for one in files]).astype(np.float64)
    assert found.split == "train"
    assert found.samples == len(numbers) < len(contents.numbers())
    np.testing.assert_allclose(found.image.mean, images.mean(0), rtol=1e-12)
    np.testing.assert_allclose(found.image.std, images.std(0), rtol=1e-12)
    assert found.depth is not None
    assert np.isnan(depths).any()
    assert found.depth.pixels == np.isfinite(depths).sum()
    np.testing.assert_allclose(found.depth.mean, np.nanmean(depths), rtol=1e-12)
    np.testing.assert_allclose(found.depth.std, np.nanstd(depths), rtol=1e-12)
    assert found.unit == "m"


def test_it_is_kept_until_the_dataset_is_split_anew(dataset: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(dataset, tmp_path / "copy"))
    found, contents = measured(copy), opened(copy)
    assert read_normalisation(contents, read_splits(contents)) == found
    assert quick(copy).clean
    last(make_splits(copy, SplitSettings(seed=5)))
    assert read_normalisation(contents, read_splits(contents)) is None
    note = copy / "splits" / "normalisation.json"
    measured(copy)
    note.write_bytes(note.read_bytes().replace(b'"samples"', b'"sample"'))
    assert read_normalisation(contents, read_splits(contents)) is None


def test_a_dataset_that_is_not_split_is_measured_as_a_whole(tmp_path: Path) -> None:
    hand = by_hand(tmp_path / "hand", "street")
    found = measured(hand)
    assert (found.split, found.samples, found.unit) == ("all", 6, "")
    assert "as the dataset is not split" in found.said()
    assert found.depth is not None
    assert 0 < found.depth.mean[0] < 1
    assert find(hand).passed.total == 0


def test_one_that_has_nothing_to_train_with_is_refused(tmp_path: Path) -> None:
    hand = by_hand(tmp_path / "hand", "street")
    shutil.rmtree(hand / "fg_bg")
    with pytest.raises(DatasetError, match="no composites to train with"):
        measured(hand)


def _torchvision(lines: dict[str, Any], image: Any) -> Any:
    return lines["transform"](image).numpy().transpose(1, 2, 0)


def _albumentations(lines: dict[str, Any], image: Any) -> Any:
    return lines["transform"](image=image)["image"]


def _keras(lines: dict[str, Any], image: Any) -> Any:
    return np.asarray(lines["normalise"](image[None].astype(np.float32)))[0]


RUN: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "torchvision": _torchvision, "albumentations": _albumentations, "keras": _keras,
}  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_lines_have_the_figures(dataset: Path, library: str) -> None:
    found = measured(dataset)
    tree = ast.parse(found.lines(library))
    given = {
        word.arg: ast.literal_eval(word.value)
        for call in ast.walk(tree) if isinstance(call, ast.Call)
        for word in call.keywords if word.arg in {"mean", "std", "variance"}
    }  # fmt: skip
    std = given["std"] if "std" in given else np.sqrt(given["variance"])
    np.testing.assert_allclose(given["mean"], found.image.mean, rtol=1e-5)
    np.testing.assert_allclose(std, found.image.std, rtol=1e-5)
    assert found.depth is not None
    depth: dict[str, Any] = {}
    exec(found.lines(library).rpartition("\n\n\n")[2], depth)
    assert abs(depth["normalised_depth"](found.depth.mean[0])) < 1e-4


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_lines_run_in_their_library(dataset: Path, library: str) -> None:
    pytest.importorskip(library, exc_type=ImportError)
    found, lines = measured(dataset), dict[str, Any]()
    exec(found.lines(library), lines)
    image = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    wanted = (image / 255 - np.array(found.image.mean)) / np.array(found.image.std)
    np.testing.assert_allclose(RUN[library](lines, image), wanted, atol=2e-4)
