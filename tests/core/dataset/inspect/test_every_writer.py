"""Whatever writer made a dataset, it can be looked through, verified, and got back when a file is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.dataset.inspect.repair import can_mend
from fgbg_studio.core.dataset.places import Places
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.interfaces.layout import KINDS, stem
from fgbg_studio.core.interfaces.writer import Writer
from tests.helpers.datasets import find, make, mend, opened, small, tree

KEEPING = [name for name, member in Writer.known().items() if member.keeps]
PRESETS = ["studio-256", "classroom-192"]  # the second's archives are flat


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("writer", KEEPING)
def test_it_is_looked_through(writer: str, preset: str, datasets: Callable[..., Path]) -> None:
    contents, plain = opened(datasets(preset, writer)), datasets(preset)
    assert list(contents.counts) == list(KINDS)
    for kind in contents.counts:
        for number in range(contents.length(kind)):
            assert contents.read(kind, number) == (plain / contents.name(kind, number)).read_bytes()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("writer", KEEPING)
def test_it_is_verified(writer: str, preset: str, datasets: Callable[..., Path]) -> None:
    assert find(datasets(preset, writer)).report()["faults"] == []


@pytest.mark.parametrize("writer", KEEPING)
def test_it_is_got_back(writer: str, make_project: Callable[..., Path], tmp_path: Path) -> None:
    """By repair, and by the same run once the archive is removed."""
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    make(project, root, writer=writer)
    before, dataset, contents = tree(root), open_dataset(root), opened(root)
    settings = dataset.recipe.settings
    file, _ = Places(dataset).locate("mask", contents.name("mask", 7), 7, stem(contents.name("fg_bg", 7)))
    (root / file).write_bytes(b"half a file")
    assert not find(root).clean
    assert can_mend(contents)
    assert mend(root).restored == [file]
    assert tree(root) == before
    if not settings.writer.in_place:
        (root / file).unlink()
        make(project, root, writer=writer)
    assert tree(root) == before
    assert find(root).clean
