"""Adopting hand-made datasets of the five shapes, whole and broken, in folders and ZIPs; no file of theirs changes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

import fgbg_studio
from fgbg_studio.core.base.errors import DatasetError, FgbgError, UsageError
from fgbg_studio.core.dataset.adopting.adopt import Adopted, AdoptionWords, adopt
from fgbg_studio.core.dataset.adopting.shapes import shapes
from fgbg_studio.core.dataset.hub_page import Config, ConfigSplit, hub_page
from fgbg_studio.core.dataset.inspect.adopted_contents import AdoptedContents
from fgbg_studio.core.dataset.inspect.adoption import ADOPTED, Adoption, read_adoption, write_adoption
from fgbg_studio.core.dataset.inspect.open_contents import opened
from fgbg_studio.core.interfaces.layout import Layout, stem
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import presets
from tests.conftest import drawn_recipe
from tests.core.dataset.adopting.conftest import files_of
from tests.helpers.datasets import find, last
from tests.helpers.foreign import by_hand, zipped
from tests.helpers.handmade import TEAMS, HandMade

MakeByHand = Callable[[str, Path], HandMade]


def adopted(path: Path, out: Path | None = None, encoding: str | None = None, **more: str) -> Adopted:
    found = last(adopt(path, out, None, AdoptionWords(**more), encoding=encoding))
    assert isinstance(found, Adopted)
    return found


def one_zip(root: Path, to: Path, *, windows: bool = False) -> Path:
    with zipfile.ZipFile(to, "w") as archive:
        for path in sorted(path for path in root.rglob("*") if path.is_file()):
            name = path.relative_to(root).as_posix()
            info = zipfile.ZipInfo(name)
            info.filename = name.replace("/", "\\") if windows else name
            archive.writestr(info, path.read_bytes())
    return to


@pytest.mark.parametrize("preset", list(TEAMS))
@pytest.mark.parametrize("packing", ["folders", "upper case", "around", "zips", "one zip", "windows zip"])
def test_every_shape_however_it_is_packed(made_by_hand: MakeByHand, tmp_path: Path, preset: str, packing: str) -> None:
    made = made_by_hand(preset, tmp_path / "set" / "within" if packing == "around" else tmp_path / "set")
    path = tmp_path / "set"
    if packing == "upper case":
        for file in [file for file in path.rglob("*") if file.is_file()]:
            file.rename(file.with_suffix(file.suffix.upper()))
    elif packing == "zips":
        inner = path / "Dataset150" if preset == "layers-150" else path
        path = zipped(inner, tmp_path / "zips", flat=preset == "classroom-192", deflated=True)
    elif "zip" in packing:
        path = one_zip(path, tmp_path / "set.zip", windows=packing == "windows zip")
    before = files_of(tmp_path)
    found = adopted(path)
    assert (found.preset, found.samples, found.backgrounds, found.foregrounds) == (preset, 16, 2, 2)
    assert (found.missing, found.odd) == ({}, [])
    after = files_of(tmp_path)
    new = set(after) - set(before)
    assert {name: digest for name, digest in after.items() if name in before} == before
    assert {Path(name).name for name in new} == {ADOPTED}
    contents = opened(found.folder)
    assert isinstance(contents, AdoptedContents)
    assert contents.counts["depth"] == contents.counts["fg_bg"] == 16
    names = {stem(name) for name in made.truth}
    assert {contents.triple(number).name for number in range(16)} == names
    mirrored = [dict(contents.triple(number).facts)["Mirrored"] for number in range(16)]
    assert mirrored.count("yes") == 8
    assert len(contents.numbers(background=1, foreground=0)) == 4
    assert contents.picture_of("fg", 1) is not None
    assert contents.pixels("mask", 3).max() > 200
    assert adopted(path).samples == 16  # again


@pytest.mark.parametrize("preset", presets.names())
def test_layouts_read_the_names_that_they_make(preset: str) -> None:
    recipe = drawn_recipe(preset, 3, 4, ["placements=20"])
    plan, layout = Plan(recipe), recipe.settings.layout
    for sample in plan.table_of(np.arange(0, len(plan), 7)).samples():
        paths = plan.paths(sample)
        bare = [path.rpartition(".")[0] for path in paths]
        told = layout.tell(stem(paths.fg_bg))
        assert told
        assert told.mirrored == sample.first.mirrored
        assert layout.background(sample.background).endswith(str(told.background))
        assert layout.foreground(sample.first.foreground, False).endswith(str(told.foreground))
        assert list(layout.siblings(bare[0]) or ()) == bare
    assert layout.tell("holiday") is None
    assert layout.siblings("elsewhere/holiday") is None


def test_earlier_names_are_of_the_same_presets(tmp_path: Path) -> None:
    assert {shape.preset for shape in shapes()} == {"studio-256", *TEAMS}
    found = adopted(by_hand(tmp_path / "set", "office"))
    assert (found.preset, read_adoption(found.folder).layout) == ("office-224", "office-1")
    layout = Layout.get("office-1")()
    assert layout.siblings("fg_bg/bg001_fg002_01_010") == (
        "fg_bg/bg001_fg002_01_010", "fg_bg_mask/bg001_fg002_01_010", "fg_bg_depth/bg_001_fg_002_01_010_depth_map_010"
    )  # fmt: skip


class TestWhatIsSaid:
    def test_a_dry_run_writes_nothing(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("street-224", tmp_path / "set")
        before = files_of(tmp_path)
        found = last(adopt(made.root, dry=True))
        assert not found.written
        assert files_of(tmp_path) == before

    def test_a_folder_of_its_own(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("street-224", tmp_path / "set")
        before = files_of(made.root)
        adopted(made.root, tmp_path / "out")
        assert read_adoption(tmp_path / "out").data == "../set"
        assert files_of(made.root) == before
        assert opened(tmp_path / "out").samples == 16
        assert find(tmp_path / "out").files == find(made.root).files
        far = adopted(made.root, tmp_path / "far" / "out").folder
        assert read_adoption(far).data == str(made.root)
        assert any(str(made.root) in note for note in opened(far).notes)

    def test_depth_has_a_meaning_and_metres(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("course-200", tmp_path / "set")
        adopted(made.root)
        sample = fgbg_studio.open(made.root)[0]
        assert sample.depth is not None
        assert 8 < np.nanmax(sample.depth) < 9.2
        assert sample.background == "000"
        adopted(made.root, encoding="uint8-stretched")
        assert fgbg_studio.open(made.root).unit == ""
        adopted(made.root)  # what was said stays
        assert fgbg_studio.open(made.root).unit == ""

    def test_licence_and_title_are_on_pages(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("course-200", tmp_path / "set")
        adopted(made.root, title="Beach", licence="CC BY-NC 4.0", origin="friends")
        adopted(made.root, origin="many friends")  # the rest stays
        page = hub_page(
            opened(made.root), [Config("samples", "data", {"fg_bg": "image"}, [ConfigSplit("train", 16, 0)])]
        )
        head = yaml.safe_load(page.split("---\n")[1])
        assert (head["pretty_name"], head["license"]) == ("Beach", "cc-by-nc-4.0")
        assert "many friends" in page

    @pytest.mark.parametrize("case", ["ours", "names", "preset", "inside", "full", "gone"])
    def test_what_cannot_be_adopted(
        self, made_by_hand: MakeByHand, datasets: Callable[..., Path], tmp_path: Path, case: str
    ) -> None:
        made = made_by_hand("course-200", tmp_path / "set")
        path, out, preset = made.root, None, None
        if case == "ours":
            path = datasets()
        elif case == "names":
            for number, file in enumerate(sorted((made.root / "fg_bg").iterdir())):
                file.rename(file.with_name(f"holiday{number}.jpg"))
            shutil.rmtree(made.root / "fg_bg_mask")
            shutil.rmtree(made.root / "fg_bg_depth")
        elif case == "preset":
            preset = "office-224"
        elif case == "inside":
            out = made.root / "out"
        elif case == "full":
            out = tmp_path / "full"
            (out / "a").mkdir(parents=True)
        else:
            path = tmp_path / "gone"
        with pytest.raises((DatasetError, UsageError)):
            last(adopt(path, out, preset))
        assert not (made.root / ADOPTED).exists()


class TestVerify:
    def faults(self, root: Path) -> dict[str, list[str]]:
        return {group.issue.message: group.files for group in find(root).in_order()}

    def test_what_is_wrong_is_named(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("street-224", tmp_path / "set")
        first, second = sorted(made.truth)[:2]
        (made.root / first.replace("fg_bg/", "fg_bg_masks/", 1)).unlink()
        for folder in ("fg_bg", "fg_bg_masks", "fg_bg_depth"):
            (made.root / second.replace("fg_bg/", f"{folder}/", 1)).unlink()
        shutil.copy(made.root / first, made.root / "fg_bg" / "bg_00" / "holiday.jpg")
        (made.root / "bg" / "bg_01.jpg").unlink()
        adopted(made.root)
        found = self.faults(made.root)
        assert sorted(found["mask is missing"]) == sorted(["fg_bg/bg_00/holiday.jpg", first])
        assert found["the name is none of the shape of street-224"] == ["fg_bg/bg_00/holiday.jpg"]
        assert found["the picture of a background is missing"] == ["bg 1"]
        assert found["fewer than the 2 samples that most have"] == ["background 0, foreground 0: 1"]
        assert found["a label file has the place of a composite that is not there"] == [stem(second)]
        assert found["no label file has its place"] == ["fg_bg/bg_00/holiday.jpg"]

    def test_a_whole_one_has_only_the_faults_of_its_kind(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("course-200", tmp_path / "set")
        adopted(made.root)
        assert {group.issue.code for group in find(made.root).in_order()} == {"statistics"}

    def test_composites_alone(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("classroom-192", tmp_path / "set")
        for folder in ("fg_bg_mask_images", "fg_bg_depth_images"):
            shutil.rmtree(made.root / folder)
        found = adopted(made.root)
        assert found.missing == {"mask": 16, "depth": 16}
        assert {"there is no mask of any sample", "there is no depth of any sample"} <= set(self.faults(made.root))

    def test_a_cut_zip(self, made_by_hand: MakeByHand, tmp_path: Path) -> None:
        made = made_by_hand("classroom-192", tmp_path / "set")
        path = zipped(made.root, tmp_path / "zips", flat=True, deflated=False)
        cut = path / "fg_bg_depth_images.zip"
        cut.write_bytes(cut.read_bytes()[:-300])
        found = adopted(path)
        assert found.missing == {"depth": 16}
        assert any("fg_bg_depth_images.zip is damaged" in note for note in found.notes)
        assert any("fg_bg_depth_images.zip" in name for name in self.faults(path)["unreadable archive"])


@pytest.mark.parametrize(
    "change",
    [
        {"layout": "holiday"},
        {"encoding": {"name": "x"}},
        {"data": "../nothing"},
        {"preset": 5},
        {"format": 2},
        {"a": 1},
    ],
)
def test_a_damaged_description_is_said(made_by_hand: MakeByHand, tmp_path: Path, change: dict[str, object]) -> None:
    made = made_by_hand("course-200", tmp_path / "set")
    adopted(made.root)
    data = read_adoption(made.root).model_dump(mode="json") | change
    import json

    (made.root / ADOPTED).write_text(json.dumps(data))
    with pytest.raises(FgbgError, match=ADOPTED):
        opened(made.root)


def test_descriptions_that_lead_to_each_other_end(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / one).mkdir()
        encoding = {"name": "uint8-linear", "far": 10.0}
        write_adoption(
            tmp_path / one, Adoption(data=f"../{other}", preset="course-200", layout="course", encoding=encoding)
        )
    with pytest.raises(DatasetError, match="no pictures"):
        opened(tmp_path / "a")
