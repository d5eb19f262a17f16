"""Classes of foregrounds in a dataset: in its record, table and card, and nowhere where nobody said one."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.record import FILE, ROWS
from fgbg_studio.core.dataset.target import Found, look_at
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.properties import with_properties
from tests.helpers.datasets import find, make, small, tree


@pytest.fixture
def project(make_project: Callable[..., Path], tmp_path: Path) -> Path:
    return make_project(tmp_path, changes=small("studio-256"))


def say(folder: Path, *classes: str) -> None:
    """Say of the first foregrounds what they are."""
    project = storage.load(folder)
    said = [with_properties(one, {"category": name}) for one, name in zip(project.foregrounds, classes, strict=False)]
    every = (*said, *project.foregrounds[len(said) :])
    storage.save(folder, project.model_copy(update={"foregrounds": every}))


def table(out: Path) -> list[dict[str, str]]:
    with (out / ROWS).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_a_class_nothing_is_said_of_them(project: Path, tmp_path: Path) -> None:
    make(project, out := tmp_path / "out")
    assert "class" not in table(out)[0]
    assert "## Classes" not in (out / "README.md").read_text(encoding="utf-8")


def test_record_table_and_card_have_them(project: Path, tmp_path: Path) -> None:
    say(project, 'a "tall", chair', "cup")
    make(project, out := tmp_path / "out")
    sources = json.loads((out / FILE).read_bytes())["recipe"]["foregrounds"]
    assert [source["category"] for source in sources[:2]] == ['a "tall", chair', "cup"]
    assert (out / ROWS).read_text(encoding="utf-8").partition("\n")[0].endswith(",class")
    of_files = {source["file"]: source["category"] for source in sources}
    rows = table(out)
    assert {row["class"] for row in rows} >= {'a "tall", chair', "cup"}
    assert all(row["class"] == of_files[row["foreground_file"]] for row in rows)
    assert "| cup | 1 |" in (out / "README.md").read_text(encoding="utf-8")
    assert find(out).clean


def test_a_class_that_is_said_later_changes_no_sample(project: Path, tmp_path: Path) -> None:
    make(project, out := tmp_path / "out")
    before = tree(out)
    say(project, "cup")
    assert look_at(storage.load(project), out).found is Found.UNFINISHED
    make(project, out)
    after = tree(out)
    assert {name for name in before if before[name] != after[name]} == {FILE, ROWS, "README.md", MANIFEST}
    assert {row["class"] for row in table(out)} == {"cup", ""}
    assert find(out).clean
    make(project, anew := tmp_path / "anew")
    assert tree(anew) == after
