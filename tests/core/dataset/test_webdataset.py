"""Tar datasets as WebDataset reads them: the guide's lines run, over its own rule of grouping, written anew here."""

from __future__ import annotations

import re
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, stem
from fgbg_studio.core.project import presets
from tests.conftest import ROOT
from tests.helpers.datasets import as_earlier, copy, find, kinds_of, look, opened

Samples = Iterator[dict[str, Any]]


def grouped(path: str) -> Samples:
    """As ``webdataset.tariterators`` does: consecutive members of one key are a sample, no field comes twice."""
    sample: dict[str, Any] = {}
    with tarfile.open(path, "r|") as archive:  # as a stream, front to back
        for member in archive:
            match = re.fullmatch(r"((?:.*/|)[^.]+)[.]([^/]*)", member.name)
            reader = archive.extractfile(member)
            assert match is not None
            assert reader is not None
            if sample and sample["__key__"] != match[1]:
                yield sample
                sample = {}
            assert match[2].lower() not in sample
            sample |= {"__key__": match[1], match[2].lower(): reader.read()}
    if sample:
        yield sample


class WebDataset:
    """As much of WebDataset's pipeline as the guide uses."""

    def __init__(self, paths: list[str], shardshuffle: bool) -> None:
        assert not shardshuffle
        self.steps: Iterator[Any] = (sample for path in paths for sample in grouped(path))

    def to_tuple(self, *fields: str) -> WebDataset:
        samples = self.steps
        self.steps = (tuple(sample[field] for field in fields) for sample in samples)
        return self

    def map_tuple(self, *functions: Callable[[bytes], Any]) -> WebDataset:
        tuples = self.steps
        self.steps = (tuple(f(data) for f, data in zip(functions, one, strict=True)) for one in tuples)
        return self

    def __iter__(self) -> Iterator[Any]:
        return self.steps


@pytest.mark.parametrize("preset", presets.names())
def test_every_sample_is_one_group_of_its_files(preset: str, datasets: Callable[..., Path]) -> None:
    root = datasets(preset, "tar")
    dataset, plain = open_dataset(root), datasets(preset)
    plan = dataset.plan()
    found = [sample for path in sorted(root.glob("shard-*.tar")) for sample in grouped(str(path))]
    assert [sample["__key__"] for sample in found] == [stem(plan.paths(sample).fg_bg) for sample in plan]
    for group, sample in zip(found, plan, strict=True):
        fields = {field.partition(".")[0]: data for field, data in group.items() if field != "__key__"}
        assert list(fields) == list(dataset.recipe.settings.sample_kinds)
        paths = plan.paths(sample)
        for kind, data in fields.items():
            assert data == (plain / plan.path(kind, paths)).read_bytes()


def test_the_lines_of_the_guide_read_pixels(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
    code = page[page.index("WebDataset reads a tar dataset") :].split("\n\n")[1]
    assert len(code.splitlines()) <= 4
    copy(datasets("studio-256", "tar"), tmp_path / "rooms-dataset")
    monkeypatch.chdir(tmp_path)
    fake = ModuleType("webdataset")
    fake.WebDataset = WebDataset  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "webdataset", fake)
    known: dict[str, Any] = {}
    exec(re.sub("^ {4}", "", code, flags=re.MULTILINE), known)
    plain, read = datasets("studio-256"), list(known["samples"])
    plan = open_dataset(plain).plan()
    assert len(read) == len(plan)
    for (image, mask, depth), paths in zip(read, map(plan.paths, plan), strict=True):
        stored = [decode((plain / path).read_bytes(), path) for path in paths]
        assert np.array_equal(image[..., ::-1], stored[0])
        assert np.array_equal(mask, stored[1])
        assert depth.dtype == np.uint16
        assert np.array_equal(depth, stored[2])


@pytest.mark.parametrize("preset", presets.names())
def test_without_its_record_it_is_understood_by_its_names(
    preset: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "found").mkdir()
    for path in datasets(preset, "tar").glob("*.tar"):
        copy_of = tmp_path / "found" / path.name
        copy_of.write_bytes(path.read_bytes())
    known, found = look(datasets(preset)), look(tmp_path / "found")
    assert {kind: part.report() for kind, part in found.kinds.items()} == {
        kind: part.report() for kind, part in known.kinds.items()
    }
    contents = opened(tmp_path / "found")
    assert contents.samples == open_dataset(datasets(preset)).samples
    assert list(contents.counts) == kinds_of(datasets(preset))


@pytest.mark.parametrize("preset", ["studio-256", "office-224"])
class TestOfOlderVersions:
    """Members lay in their kinds' folders, and had the layout's names."""

    @pytest.fixture
    def old(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> Path:
        root, plain = copy(datasets(preset, "tar"), tmp_path / "old"), datasets(preset)
        plan = open_dataset(root).plan()
        paths = {stem(plan.paths(sample).fg_bg): plan.paths(sample)._asdict() for sample in plan}
        for path in root.glob("shard-*.tar"):
            with tarfile.open(path) as archive:
                names = [member.name.split(".")[:2] for member in archive]
            with tarfile.open(path, "w") as archive:
                for sample, kind in names:
                    archive.add(plain / paths[sample][kind], paths[sample][kind])
        as_earlier(root, 2)
        return root

    def test_they_are_verified(self, old: Path) -> None:
        assert find(old).report()["faults"] == []

    def test_they_are_looked_through(self, old: Path, preset: str, datasets: Callable[..., Path]) -> None:
        contents = opened(old)
        for kind in SAMPLE_KINDS:
            for number in range(contents.samples):
                assert contents.read(kind, number) == (datasets(preset) / contents.name(kind, number)).read_bytes()

    def test_one_of_today_may_be_unpacked(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset, "tar"), tmp_path / "unpacked")
        for path in list(root.glob("*.tar")):
            with tarfile.open(path) as archive:
                archive.extractall(root, filter="data")
            path.unlink()
        assert find(root).report()["faults"] == []
        assert opened(root).read("mask", 3) == opened(datasets(preset)).read("mask", 3)
