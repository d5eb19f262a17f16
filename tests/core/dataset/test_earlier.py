"""What earlier versions made by layouts that have other names now: it is found by the names that it has."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.target import Found, look_at
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.earlier import with_earlier_names
from tests.conftest import MakeProject, drawn_recipe
from tests.helpers.datasets import as_earlier, find, make, small


def rewrite(path: Path, number: int, layout: str, *keys: str) -> None:
    """Make the file one of an earlier format, whose settings lie under ``keys``."""
    data = json.loads(path.read_text())
    part = data
    for key in keys:
        part = part[key]
    part["layout"] = {"name": layout}
    path.write_text(json.dumps({**data, "format": number}))


@pytest.mark.parametrize(
    ("preset", "now", "earlier"),
    [
        ("course-200", "course", "course-1"),
        ("layers-150", "layers", "layers-1"),
        ("office-224", "office", "office-1"),
    ],
)
def test_a_dataset_is_read_and_continued_by_its_own_names(
    tmp_path: Path, make_project: MakeProject, preset: str, now: str, earlier: str
) -> None:
    project = make_project(tmp_path, preset, changes=small(preset, f"layout={earlier}"))
    out = tmp_path / "out"
    make(project, out)
    as_earlier(out, 1)
    rewrite(out / "dataset.json", 1, now, "recipe", "settings")
    rewrite(project / "project.json", 2, now, "settings")
    dataset, known = open_dataset(out), storage.load(project)
    assert dataset.recipe.settings.layout.name == known.settings.layout.name == earlier
    for sample in dataset.plan():
        assert all((out / path).is_file() for path in dataset.plan().paths(sample))
    layout = dataset.recipe.settings.layout
    for path in (layout.background(1), layout.foreground(1, False), layout.fg_mask(1, False)):
        assert list(out.glob(f"{path}.*"))
    assert look_at(known, out).found in {Found.FINISHED, Found.UNFINISHED}


def test_course_and_layers_as_they_were() -> None:
    course = Plan(drawn_recipe("course-200", changes=["layout=course-1"]))
    assert [course.paths(course[number]).fg_bg for number in (20, 40)] == [
        "fg_bg/fg_000_bg_000_000020.jpg", "fg_bg/fg_000_bg_001_000040.jpg",
    ]  # fmt: skip
    assert [sample.first.mirrored for sample in course[:40]] == [False] * 20 + [True] * 20
    assert (course.layout.background(0), course.layout.foreground(0, True)) == ("bg/bg_000", "fg/fg_000")
    layers = Plan(drawn_recipe("layers-150", changes=["layout=layers-1"])).layout
    assert (layers.background(0), layers.foreground(0, True)) == ("bg/bg1", "fg/flip_fg_1")
    assert layers.fg_mask(0, True) == "fg_mask/flip_fg_1"


def test_office_as_it_was() -> None:
    office = Plan(drawn_recipe("office-224", changes=["layout=office-1", "codecs.mask.format=png"]))
    assert office.paths(office[20]) == (
        "fg_bg/bg001_fg001_01_001.jpeg",
        "fg_bg_mask/bg001_fg001_01_001.png",
        "fg_bg_depth/bg_001_fg_001_01_001_depth_map_001.jpeg",
    )
    assert (office.layout.background(0), office.layout.foreground(0, True)) == ("bg/bg001", "fg/fg001_01")
    assert office.layout.fg_mask(0, True) == "fg_mask/frg001_01"


@pytest.mark.parametrize("data", [None, [], {}, {"settings": None}, {"settings": {}}, {"settings": {"layout": 5}}])
def test_what_is_no_such_data_is_left_alone(data: Any) -> None:
    assert with_earlier_names(data) is data


def test_others_keep_their_layout_and_a_bare_name_will_do() -> None:
    studio = {"name": "p", "settings": {"layout": {"name": "studio"}, "size": 64}}
    assert with_earlier_names(studio) == studio
    bare = with_earlier_names({"name": "p", "settings": {"layout": "layers", "size": 64}})
    assert bare == {"name": "p", "settings": {"layout": {"name": "layers-1"}, "size": 64}}


@pytest.mark.parametrize("preset", ["studio-256", "street-224"])
def test_what_was_begun_by_earlier_rules_goes_on_by_them(
    tmp_path: Path, make_project: MakeProject, preset: str
) -> None:
    """Objects on the wall and with its depth: whole as it was begun, none mixed, none found faulty."""
    project = make_project(tmp_path, preset, changes=small(preset, "camera.wall=4", "shard=100", "placements=40"))
    earlier = make_project(tmp_path, preset, changes=small(preset), name="earlier")
    storage.save(earlier, storage.load(project))
    for kind in ("backgrounds", "foregrounds"):
        shutil.copytree(project / kind, earlier / kind, dirs_exist_ok=True)
    before = {"depth.way": "geometry-1"} | ({"placement": "perspective-1"} if preset == "studio-256" else {})
    storage.save(earlier, storage.changed(storage.load(earlier), before))
    make(earlier, tmp_path / "whole")
    for limit in (100, None):  # a run by the earlier version, then one by today's
        make(earlier if limit else project, tmp_path / "out", limit=limit)
        data = json.loads((tmp_path / "out" / "dataset.json").read_text())
        settings = data["recipe"]["settings"]
        settings["depth"]["way"] = {"name": "geometry"}
        settings["placement"]["name"] = settings["placement"]["name"].removesuffix("-1")
        as_earlier(tmp_path / "out", 1, recipe=data["recipe"])
        if limit:
            for path in (tmp_path / "out" / ".fgbg" / "shards").iterdir():
                marker = json.loads(path.read_text())
                marker["rows"] = "".join(",".join(row.split(",")[:12]) + "\n" for row in marker["rows"])
                path.write_text(json.dumps(marker))
            assert look_at(storage.load(project), tmp_path / "out").found is Found.UNFINISHED
    rows = (tmp_path / "out" / "samples.csv").read_text().splitlines()
    depths = [float(row["contact_depth"]) for row in csv.DictReader(rows)]
    assert max(depths) == 4
    assert find(tmp_path / "out").clean
    dataset, whole = open_dataset(tmp_path / "out"), open_dataset(tmp_path / "whole")
    assert dataset.recipe.silent() == whole.recipe.silent()
    for sample in whole.plan():
        for path in whole.plan().paths(sample):
            assert (tmp_path / "out" / path).read_bytes() == (tmp_path / "whole" / path).read_bytes()
