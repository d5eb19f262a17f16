"""One sample made again: the very bytes of the dataset's files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.inspect.reproduce import remake
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.project import presets
from tests.helpers.datasets import copy, counts, find, make, small, tree


@pytest.mark.parametrize("preset", presets.names())
def test_every_sample_is_made_again_byte_for_byte(preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(preset)
    plan = open_dataset(root).plan()
    for sample in plan[:: max(len(plan) // 5, 1)]:
        paths = plan.paths(sample)
        made = remake(root, stem(paths.fg_bg), tmp_path)
        names = [path.relative_to(tmp_path).as_posix() for path in made]
        assert names[: len(paths)] == list(paths)
        assert len(names) == len(plan.recipe.settings.sample_kinds)
        for path in names:
            assert (tmp_path / path).read_bytes() == (root / path).read_bytes()


@pytest.mark.parametrize("preset", ["office-224", "layers-150", "course-200"])
def test_any_of_the_three_names_will_do(preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = datasets(preset)
    plan = open_dataset(root).plan()
    paths = plan.paths(plan[7])
    for number, name in enumerate([*paths, *map(stem, paths)]):
        made = remake(root, name, tmp_path / str(number))
        assert {path.relative_to(tmp_path / str(number)).as_posix() for path in made} == set(paths)


def test_from_a_dataset_in_archives_and_from_one_that_was_not_kept(
    datasets: Callable[..., Path], make_project: Callable[..., Path], tmp_path: Path
) -> None:
    plan = open_dataset(datasets()).plan()
    name = stem(plan.paths(plan[9]).fg_bg)
    plain = [path.read_bytes() for path in remake(datasets(), name, tmp_path / "one")]
    assert [path.read_bytes() for path in remake(datasets(writer="zip"), name, tmp_path / "two")] == plain
    with zipfile.ZipFile(datasets(writer="zip") / "mask-00001.zip") as archive:
        assert archive.read(plan.paths(plan[9]).mask) == plain[1]
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "null", writer="null")
    assert [path.read_bytes() for path in remake(tmp_path / "null", name, tmp_path / "three")] == plain


def test_without_depth_there_are_two_files(make_project: Callable[..., Path], tmp_path: Path) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "out", depth="none")
    assert len(remake(tmp_path / "out", "bg_000_fg_000_p_00", tmp_path / "one")) == 2


def test_it_mends_a_dataset(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets(), tmp_path / "out")
    plan = open_dataset(root).plan()
    paths = plan.paths(plan[4])
    (root / paths.mask).unlink()
    (root / paths.fg_bg).write_bytes(b"")
    assert counts(find(root))
    remake(root, paths.mask, root)
    assert find(root).report()["faults"] == []


@pytest.mark.parametrize("name", ["bg_000_fg_000_x_00", "", "bg_000", "samples.csv"])
def test_an_unknown_name(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sample called") as caught:
        remake(datasets(), name, tmp_path)
    assert "samples.csv" in caught.value.way_out
    assert list(tmp_path.iterdir()) == []


def test_a_sample_beyond_the_limit_is_not_in_the_dataset(make_project: Callable[..., Path], tmp_path: Path) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "out", limit=3)
    plan = open_dataset(tmp_path / "out").plan()
    with pytest.raises(UsageError, match="no sample called"):
        remake(tmp_path / "out", stem(plan.paths(plan[3]).fg_bg), tmp_path / "one")


def test_a_dataset_of_somebody_else(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"not a dataset of this program \(dataset\.json is missing\)"):
        remake(tmp_path, "bg_000_fg_000_p_00", tmp_path / "one")


def test_a_dataset_whose_prepared_pictures_are_damaged(make_project: Callable[..., Path], tmp_path: Path) -> None:
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    make(project, root)
    before = tree(root)
    victim = root / ".fgbg" / "pictures" / "fg_0000.png"
    victim.write_bytes(victim.read_bytes()[:-9])
    with pytest.raises(DatasetError, match=r"fg_0000\.png is damaged") as caught:
        remake(root, "bg_000_fg_000_p_00", tmp_path / "one")
    assert caught.value.remedies == (GenerateAgain(then="it will be made again"),)
    make(project, root)
    assert tree(root) == before


def test_a_dataset_that_lost_its_prepared_pictures(make_project: Callable[..., Path], tmp_path: Path) -> None:
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    make(project, root)
    before = tree(root)
    for path in (root / ".fgbg" / "pictures").iterdir():
        path.unlink()
    with pytest.raises(DatasetError, match=r"_0000\.png is missing") as caught:
        remake(root, "bg_000_fg_000_p_00", tmp_path / "one")
    assert caught.value.remedies == (GenerateAgain(then="it will be prepared again"),)
    make(project, root)
    assert tree(root) == before
