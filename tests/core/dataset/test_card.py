"""The card: tables that agree with the files, a picture grid of every kind, sources and licences."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.words import human_bytes
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.interfaces.layout import KINDS
from fgbg_studio.core.project import presets, storage
from tests.helpers.datasets import change_record, copy, find, kinds_of, last, look, make, small, tree

MakeProject = Callable[..., Path]


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """First cell → the others, of the table below a heading."""
    table = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    return {line[0].strip(): [cell.strip() for cell in line[1:]] for line in lines[2:]}


@pytest.mark.parametrize("preset", presets.names())
def test_the_table_is_what_is_in_the_files(preset: str, datasets: Callable[..., Path]) -> None:
    root = datasets(preset)
    table = rows((root / "README.md").read_text(encoding="utf-8"), "Statistics")
    assert list(table) == kinds_of(root)
    for kind, part in look(root).kinds.items():
        count, size, shape, mean, deviation, of = table[kind]
        assert of in {"files", "pixels before JPEG"}
        assert count == f"{part.count:,}"
        assert size == human_bytes(part.bytes)
        assert shape == (" × ".join(map(str, part.shape)) if part.shape else "varies")
        if kind == "instances":
            assert mean == deviation == ""  # of numbers of objects
            continue
        means, deviations = part.moments()
        assert [float(word) for word in mean.partition(" (")[0].split()] == pytest.approx(means, abs=0.02)
        assert [float(word) for word in deviation.partition(" (")[0].split()] == pytest.approx(deviations, abs=0.02)


@pytest.mark.parametrize("preset", presets.names())
def test_every_kind_has_its_grid_of_pictures(preset: str, datasets: Callable[..., Path]) -> None:
    root = datasets(preset)
    text = (root / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"!\[.+\]\((card/\w+\.jpg)\)", text)
    assert sorted(linked) == sorted(f"card/{kind}.jpg" for kind in kinds_of(root))
    for path in linked:
        with Image.open(root / path) as picture:
            picture.load()
            assert min(picture.size) >= 128
            assert len(picture.convert("L").getcolors(256) or []) > 2


def test_it_says_how_each_kind_was_made(datasets: Callable[..., Path]) -> None:
    text = (datasets("classroom-192") / "README.md").read_text(encoding="utf-8")
    how = text.partition("## How it was made")[2].partition("\n## ")[0]
    for kind in ("bg", "fg", "fg_bg", "mask", "depth", "samples.csv"):
        assert f"- **{kind}**" in how
    assert "JPEG, quality 95" in how
    assert "binary compositing" in how
    assert "per-picture stretch" in how
    assert "2 × 2 × 2 × 2 = 16" in text
    assert "Preset `classroom-192`, seed 0" in text


def test_a_part_of_the_plan_is_said_to_be_one(make_project: MakeProject, tmp_path: Path) -> None:
    made = make_project(tmp_path, changes=small("studio-256"))
    make(made, tmp_path / "out", limit=5, depth="none")
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    assert "= 16, of which 5 were made, spread evenly over" in text
    assert "depth" not in rows(text, "Statistics")
    assert not (tmp_path / "out" / "card" / "depth.jpg").exists()


def test_sources_and_licences(make_project: MakeProject, tmp_path: Path) -> None:
    made = make_project(tmp_path, changes=small("studio-256"))
    project = storage.load(made)
    first = project.backgrounds[0].model_copy(update={"licence": "CC0", "origin": "my camera"})
    storage.save(made, project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])}))
    make(made, tmp_path / "out")
    table = rows((tmp_path / "out" / "README.md").read_text(encoding="utf-8"), "Sources and licences")
    assert table == {"CC0": ["my camera", "1"], "not stated": ["not stated", "3"]}


def test_a_licence_with_a_bar_or_a_line_break_does_not_break_the_table(
    make_project: MakeProject, tmp_path: Path
) -> None:
    made = make_project(tmp_path, changes=small("studio-256"))
    project = storage.load(made)
    odd = {"licence": "CC BY 4.0 | see below", "origin": "album\nof 2019"}
    backgrounds = tuple(picture.model_copy(update=odd) for picture in project.backgrounds)
    storage.save(made, project.model_copy(update={"backgrounds": backgrounds}))
    make(made, tmp_path / "out")
    text = (tmp_path / "out" / "README.md").read_text(encoding="utf-8")
    lines = text.partition("## Sources and licences\n")[2].strip().splitlines()
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in lines] == [4] * len(lines)


def test_the_card_is_no_part_of_the_dataset(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets(), tmp_path / "out")
    assert set(look(root).kinds) == set(KINDS)
    assert find(root).report()["faults"] == []


class TestExport:
    def test_it_is_written_again_as_it_was(self, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(), tmp_path / "out")
        before = tree(root)
        (root / "README.md").unlink()
        written = last(Export.from_dict("card").run(root)).files
        assert tree(root) == before
        assert {path.name for path in written} == {"README.md", *(f"{kind}.jpg" for kind in KINDS)}

    def test_an_unfinished_dataset_gets_none(self, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(), tmp_path / "out")
        change_record(root, complete=False)
        with pytest.raises(DatasetError, match="not finished") as caught:
            last(Export.from_dict("card").run(root))
        assert caught.value.remedies == (GenerateAgain(),)

    @pytest.mark.parametrize("name", list(Export.known()))
    def test_no_export_takes_a_folder_that_is_no_dataset(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(FgbgError, match=re.escape(str(tmp_path))):
            last(Export.from_dict(name).run(tmp_path))


def files_of(root: Path) -> list[str]:
    """The lines of the card's tree."""
    return (root / "README.md").read_text("utf-8").partition("```text\n")[2].partition("\n```")[0].splitlines()


@pytest.mark.parametrize("preset", presets.names())
def test_the_tree_is_what_is_on_the_disk(preset: str, datasets: Callable[..., Path]) -> None:
    root = datasets(preset)
    counted = 0
    for line in files_of(root):
        found = re.match(r"(\S.*?)/(?: … (.*?)/)?  +([\d,]+) files?( each)?", line)
        if not found:
            continue
        first, last, count, each = found.groups()
        parent = root / Path(first).parent
        folders = [root / first]
        if each:
            names = sorted(path.relative_to(root).as_posix() for path in parent.iterdir())
            begin, end = names.index(first), names.index(last)
            folders = [root / name for name in names[begin : end + 1]]
        for folder in folders:
            assert len(list(folder.iterdir())) == int(count.replace(",", "")), line
            counted += len(list(folder.iterdir()))
    here = [path for path in root.rglob("*") if path.is_file() and ".fgbg" not in path.parts and path.parent != root]
    assert counted == len([path for path in here if path.parent.name not in {"card", "splits"}])


@pytest.mark.parametrize("writer", ["zip", "tar"])
def test_the_tree_has_every_archive(writer: str, datasets: Callable[..., Path]) -> None:
    root = datasets(writer=writer)
    text = "\n".join(files_of(root))
    archives = sorted(path.name for path in root.glob(f"*.{writer}"))
    assert archives
    for name in archives:
        kind = re.sub(r"-?\d+\.", ".", name).partition(".")[0]
        assert kind in text
    named = sum(int(count) for count in re.findall(r"  (\d+) archives", text))
    alone = [line for line in text.splitlines() if re.match(rf"\S+\.{writer}  ", line) and " … " not in line]
    assert named + len(alone) == len([path for path in root.iterdir() if path.suffix in {".zip", ".tar"}])
