"""Samples of several objects, from the plan to the files: what must hold of every one of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.finalize import label_paths
from fgbg_studio.core.dataset.inspect.reproduce import remake
from fgbg_studio.core.dataset.record import Dataset, open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.annotations.coco import RunLengths
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.depth_maps import DepthMaps
from fgbg_studio.core.project.importing import add_backgrounds
from tests.conftest import MakeProject, draw_background, write_picture
from tests.helpers.datasets import counts, differing, find, make, mend, quick, small, tree

SCENE = ["scene.objects.least=2", "scene.objects.most=4", "scene.instances=true", "placements=3"]


def project_of(make_project: MakeProject, folder: Path, *changes: str, preset: str = "studio-256") -> Path:
    return make_project(folder, preset, 2, 4, small(preset, *SCENE, *changes))


@pytest.fixture(scope="module")
def made(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset of scenes and, beside it, its project."""
    folder = tmp_path_factory.mktemp("scenes")
    make(project_of(make_project, folder), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def pristine(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, which nobody has verified."""
    folder = tmp_path_factory.mktemp("pristine")
    make(project_of(make_project, folder), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def cut(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished dataset, all of whose further objects the frame cuts where it can."""
    folder = tmp_path_factory.mktemp("cut")
    make(project_of(make_project, folder, "scene.truncation=1", "scene.overlap=0.8"), folder / "out")
    return folder / "out"


def told(root: Path) -> dict[str, list[dict[str, Any]]]:
    """The lines of the table of objects by sample."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in (root / "objects.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        found.setdefault(one["sample"], []).append(one)
    return found


def files_of(dataset: Dataset, number: int) -> tuple[str, dict[str, Pixels]]:
    plan = dataset.plan()
    paths = plan.paths(plan[number])
    kinds = dataset.recipe.settings.sample_kinds
    read = {kind: decode((dataset.root / plan.path(kind, paths)).read_bytes(), kind) for kind in kinds}
    return stem(paths.fg_bg), read


def amodal(one: dict[str, Any]) -> Pixels:
    size = one["amodal"]["size"][0]
    return RunLengths(one["amodal"]["counts"], (size, size)).drawn((size, size)) > 0


class TestFiles:
    def test_every_object_is_where_its_line_says(self, made: Path) -> None:
        dataset, lines = open_dataset(made), told(made)
        several = 0
        for number in range(dataset.samples):
            name, files = files_of(dataset, number)
            indices, ones = files["instances"], lines[name]
            assert indices.dtype == np.uint8
            assert [one["index"] for one in ones] == list(range(1, len(ones) + 1))
            assert set(np.unique(indices)) <= {0, *(one["index"] for one in ones)}
            assert np.array_equal(indices > 0, files["mask"] > 0)  # the mask is that of all
            several += len(ones) > 1
            for one in ones:
                seen, whole = indices == one["index"], amodal(one)
                assert not (seen & ~whole).any()
                assert seen.sum() == one["visible_area"]
                assert whole.sum() == one["amodal_area"]
                assert one["occluded"] == pytest.approx(1 - seen.sum() / whole.sum(), abs=1e-4)
                assert one["occluded"] <= dataset.recipe.settings.scene.overlap
                for box, where in (("box", seen), ("amodal_box", whole)):
                    rows, columns = np.flatnonzero(where.any(1)), np.flatnonzero(where.any(0))
                    wanted = [columns[0], rows[0], np.ptp(columns) + 1, np.ptp(rows) + 1] if len(rows) else [0] * 4
                    assert one[box] == wanted
        assert several > dataset.samples / 2

    def test_nearer_objects_hide_farther_ones_in_picture_and_depth(self, made: Path) -> None:
        dataset, lines = open_dataset(made), told(made)
        for number in range(dataset.samples):
            name, files = files_of(dataset, number)
            for one in lines[name]:
                where = files["instances"] == one["index"]
                assert (np.abs(files["depth"][where] - one["contact_depth"] * 1000) <= 0.6).all()
                for other in lines[name]:
                    both = amodal(one) & amodal(other)
                    if one["contact_depth"] < other["contact_depth"]:
                        assert not (both & (files["instances"] == other["index"])).any()

    def test_the_first_object_is_that_of_a_plan_of_single_ones(self, made: Path) -> None:
        plan = open_dataset(made).plan()
        alone = plan.recipe.settings.model_copy(update={"scene": type(plan.recipe.settings.scene)()})
        single = type(plan)(plan.recipe.model_copy(update={"settings": alone}))
        for sample, other in zip(plan, single, strict=True):
            assert sample.first == other.first
            assert plan.paths(sample) == single.paths(other)

    def test_nothing_is_wrong(self, made: Path) -> None:
        report = find(made)
        assert report.clean
        assert report.figures["instances"]["count"] == open_dataset(made).samples
        assert open_dataset(made).record["statistics"]["instances"]["mean"] == []  # of which there is none
        assert quick(made).clean


@pytest.mark.parametrize("writer", ["folders", "zip", "tar", "sets"])
def test_every_writer_keeps_them(make_project: MakeProject, tmp_path: Path, writer: str) -> None:
    preset = {"zip": "classroom-192", "sets": "office-224"}.get(writer, "studio-256")
    make(project_of(make_project, tmp_path, preset=preset), tmp_path / "out", writer=writer)
    assert find(tmp_path / "out").clean


class TestTheSame:
    """The bytes are those of one run in one process, whoever else makes them."""

    def test_by_two_processes(self, pristine: Path, tmp_path: Path) -> None:
        make(pristine.parent / "project", tmp_path / "out", engine="local", workers=2)
        assert not differing(tmp_path / "out", pristine)

    def test_after_an_interruption(self, pristine: Path, tmp_path: Path) -> None:
        project, control = pristine.parent / "project", EventControl()
        for step in generate(project, tmp_path / "out", Options(engine="inline"), control):
            if step.done > 9:
                control.cancel()
        assert 0 < len(list((tmp_path / "out" / ".fgbg" / "shards").iterdir())) < 10
        make(project, tmp_path / "out")
        assert not differing(tmp_path / "out", pristine)

    def test_one_sample_again(self, pristine: Path, tmp_path: Path) -> None:
        dataset = open_dataset(pristine)
        sample = dataset.plan()[7]
        for path in remake(pristine, dataset.plan().paths(sample).fg_bg, tmp_path / "again"):
            assert path.read_bytes() == (pristine / path.relative_to(tmp_path / "again")).read_bytes()


class TestFaults:
    def damaged(self, made: Path, folder: Path, change: Callable[[Path], object]) -> Path:
        shutil.copytree(made, folder / "out")
        change(folder / "out")
        return folder / "out"

    def test_a_map_of_another_sample(self, made: Path, tmp_path: Path) -> None:
        def exchange(root: Path) -> None:
            one, two = sorted((root / "instances").rglob("*.png"))[:2]
            two.write_bytes(one.read_bytes())

        root = self.damaged(made, tmp_path, exchange)
        assert counts(find(root)) == {"instances differs from what the recipe makes": 1}
        mend(root)
        assert tree(root) == tree(made)

    def test_a_line_that_says_something_else(self, made: Path, tmp_path: Path) -> None:
        def lie(root: Path) -> None:
            file = root / "objects.jsonl"
            first, rest = file.read_text().split("\n", 1)
            file.write_text(first.replace('"index":1', '"index":7') + "\n" + rest)

        root = self.damaged(made, tmp_path, lie)
        assert counts(find(root)) == {"objects.jsonl differs from the recipe": 1}
        mend(root)
        assert tree(root) == tree(made)

    def test_no_lines_at_all(self, made: Path, tmp_path: Path) -> None:
        root = self.damaged(made, tmp_path, lambda root: (root / "objects.jsonl").unlink())
        assert "objects.jsonl is missing" in counts(find(root))
        mend(root)
        assert tree(root) == tree(made)


def shelves(make_project: MakeProject, folder: Path, *more: str, preset: str = "studio-256") -> Path:
    """A finished dataset in rooms with a measured board in front, behind which objects stand."""
    changes = ["depth.way=measured", "placement=uniform", "scene.front.hides=true", "scene.front.soft=0", *more]
    changes.append("foreground.sizing.pixels=40")
    project = project_of(make_project, folder, *changes, preset=preset)
    pictures = [
        write_picture(folder / "rooms" / f"{name}.png", draw_background(seed)) for seed, name in enumerate("ab")
    ]
    for path in pictures:
        depth = np.full(draw_background(0).shape[:2], 4, np.float32)
        depth[70:95], depth[:20] = 1.5, np.nan
        (folder / "maps").mkdir(exist_ok=True)
        np.save(folder / "maps" / f"{path.stem}.npy", depth)
    storage.save(project, storage.load(project).model_copy(update={"backgrounds": ()}))
    assert not any(one.reason for one in add_backgrounds(project, pictures, depths=DepthMaps(folder / "maps")))
    make(project, folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def shelved(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shelves(make_project, tmp_path_factory.mktemp("shelved"))


class TestThingsInFront:
    def test_hide_exactly_what_the_depth_test_says(self, shelved: Path) -> None:
        dataset, lines = open_dataset(shelved), told(shelved)
        composer = dataset.composer()
        maker = composer.open_depth(dataset.depth)
        assert maker is not None
        hidden = 0
        for number in range(dataset.samples):
            name, files = files_of(dataset, number)
            base = maker.base(dataset.plan()[number].background)
            assert base is not None
            for one in lines[name]:
                seen, whole = files["instances"] == one["index"], amodal(one)
                near = base < np.float32(one["contact_depth"] * 0.95)
                others = np.zeros_like(whole)
                for other in lines[name]:
                    if other is not one and other["contact_depth"] <= one["contact_depth"]:
                        others |= files["instances"] == other["index"]
                assert np.array_equal(seen, whole & ~near & ~others)
                hidden += int((whole & near).sum())
        assert hidden > 100 * dataset.samples / 4

    def test_are_verified_and_made_again(self, shelved: Path, tmp_path: Path) -> None:
        assert find(shelved).clean
        shutil.copytree(shelved, tmp_path / "out")
        for kind in ("fg_bg", "depth", "instances"):
            next((tmp_path / "out" / kind).rglob("*.*g")).write_bytes(b"")
        assert find(tmp_path / "out").faults == 3
        mend(tmp_path / "out")
        assert not differing(tmp_path / "out", shelved)

    def test_who_is_hidden_too_much_stands_elsewhere_in_all_that_says_where(
        self, make_project: MakeProject, tmp_path: Path
    ) -> None:
        alone = "scene.objects.least=1", "scene.objects.most=1", "scene.instances=false", "scene.front.min_visible=0.9"
        root = shelves(make_project, tmp_path, *alone, "layout.name=street")
        dataset = open_dataset(root)
        composer, plan, moved = dataset.composer(), dataset.plan(), 0
        composer.open_depth(dataset.depth)
        rows = (root / "samples.csv").read_text("utf-8").splitlines()[1:]
        labels = [line for path in label_paths(dataset) for line in (root / path).read_text("utf-8").splitlines()]
        for number, row in enumerate(rows):
            one = composer.settled(plan[number]).first
            moved += one != plan[number].first
            assert f",{one.x},{one.y},{one.width},{one.height}," in row
            assert any(str(one.x) in label and str(one.y) in label for label in labels)
        assert moved > 3
        make(tmp_path / "project", tmp_path / "two", engine="local", workers=2)
        assert not differing(tmp_path / "two", root)
        assert find(root).clean


class TestCutByTheFrame:
    def test_the_lines_say_how_much_and_all_kinds_agree(self, cut: Path) -> None:
        dataset, lines = open_dataset(cut), told(cut)
        shares = [one["cut"] for ones in lines.values() for one in ones]
        assert sum(share > 0 for share in shares) > dataset.samples / 3
        assert max(shares) < 1
        assert all(ones[0]["cut"] == 0 for ones in lines.values())
        for number in range(dataset.samples):
            name, files = files_of(dataset, number)
            assert np.array_equal(files["instances"] > 0, files["mask"] > 0)
            for one in lines[name]:
                seen, whole = files["instances"] == one["index"], amodal(one)
                assert not (seen & ~whole).any()
                assert (seen.sum(), whole.sum()) == (one["visible_area"], one["amodal_area"])
                left, top, width, height = one["amodal_box"]
                assert min(left, top) >= 0
                assert max(left + width, top + height) <= len(whole)
                assert (np.abs(files["depth"][seen] - one["contact_depth"] * 1000) <= 0.6).all()

    def test_it_is_verified_and_made_again(self, cut: Path, tmp_path: Path) -> None:
        assert quick(cut).clean
        dataset = open_dataset(cut)
        for path in remake(cut, dataset.plan().paths(dataset.plan()[1]).fg_bg, tmp_path / "again"):
            assert path.read_bytes() == (cut / path.relative_to(tmp_path / "again")).read_bytes()
