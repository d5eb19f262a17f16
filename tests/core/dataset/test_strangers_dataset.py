"""What strangers wrote into a dataset or a project gets nowhere: no file through a link, no markup, no formula."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from markdown_it import MarkdownIt

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.seal import sealed
from fgbg_studio.core.base.words import csv_cell, no_formula, one_line
from fgbg_studio.core.dataset.card import plain
from fgbg_studio.core.dataset.exports.html_card import card_page
from fgbg_studio.core.dataset.finalize import counted, write_tables
from fgbg_studio.core.dataset.manifest import read_manifest
from fgbg_studio.core.dataset.record import FILE, done_shards, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers.datasets import small

EVIL = [
    "<script>alert(1)</script>", "![x](https://example.org/x.png)", "[x](javascript:alert(1))", "# heading", "- item",
    "1. item", "a | b | c", "`code` ```", "**bold** _it_ ~~gone~~", "one\n\n# two", "&lt;img src=x&gt;", "\x1b[31mred",
    "<https://example.org>", "=HYPERLINK(1)", "\u202egnp.exe", "\\", "end\\",
]  # fmt: skip


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, n_bg=1, n_fg=1, changes=small("studio-256"))


@pytest.mark.parametrize("trap", ["folder", "file", "hidden", "pictures", "partial"])
def test_going_on_with_a_dataset_writes_through_no_link(project: Path, tmp_path: Path, trap: str) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    list(generate(project, out, Options(workers=1, engine="inline")))
    kind = next(out.glob("fg_bg/**/*.jpg"))
    place = {
        "folder": kind.parent, "file": kind, "hidden": out / ".fgbg", "pictures": out / ".fgbg" / "pictures",
        "partial": out / "dataset.json",
    }[trap]  # fmt: skip
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    for marker in (out / ".fgbg" / "shards").glob("*.json"):
        marker.unlink()
    before = {path: path.read_bytes() for path in [elsewhere, *elsewhere.rglob("*")] if path.is_file()}
    again = generate(project, out, Options(workers=1, engine="inline"))
    if trap == "file":  # the link itself gives way to the file
        list(again)
        assert not kind.is_symlink()
    else:
        with pytest.raises(DatasetError, match="is a link"):
            list(again)
    assert {path: path.read_bytes() for path in before} == before
    assert not list(elsewhere.rglob("*.part"))


@pytest.mark.parametrize("text", EVIL)
def test_words_of_others_are_words_on_the_card(tmp_path: Path, text: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = f"# {plain(text)}\n\n| licence | n |\n|---|--:|\n| {plain(text)} | 1 |\n\n- {plain(text)}\n"
    tokens = [token for token in parser.parse(page) if token.children]
    assert [token.type for token in parser.parse(page)].count("heading_open") == 1
    assert len(tokens) == 6
    for token in (tokens[0], tokens[3], tokens[5]):
        assert {child.type for child in token.children or ()} <= {"text", "text_special"}
        assert token.children
        shown = "".join(child.content for child in token.children)
        assert shown == one_line(" ".join(text.split()))


@pytest.mark.parametrize("source", ["https://example.org/x.png", "//example.org/x.png", "../x.png", "file:///x.png"])
def test_the_page_loads_nothing(tmp_path: Path, source: str) -> None:
    page = card_page(f"# Title\n\n![words]({source})\n", tmp_path)
    assert "<img" not in page
    assert "words" in page
    assert "default-src 'none'; img-src data:" in page


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1", '=a,"b"', "a=b", "chair"])
def test_no_cell_is_a_formula_and_each_can_be_read(text: str) -> None:
    ((cell,),) = csv.reader([csv_cell(text)])
    assert cell == no_formula(text)
    assert cell.lstrip()[:1] not in {"=", "+", "-", "@"}
    assert cell.removeprefix("'") == text


def test_a_class_and_a_file_with_breaks_stay_in_their_cells(project: Path, tmp_path: Path) -> None:
    opened = storage.load(project)
    odd = 'backgrounds/a, "b"\nc.png'
    (project / opened.backgrounds[0].file).rename(project / odd)
    background = opened.backgrounds[0].model_copy(update={"file": odd})
    foreground = opened.foregrounds[0].model_copy(update={"category": "=cmd|'/c calc'!A1"})
    storage.save(project, opened.model_copy(update={"backgrounds": (background,), "foregrounds": (foreground,)}))
    list(generate(project, tmp_path / "out", Options(workers=1, engine="inline")))
    with (tmp_path / "out" / "samples.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["class"] for row in rows} == {"'=cmd|'/c calc'!A1"}
    assert {row["background_file"] for row in rows} == {odd}


@pytest.fixture(scope="module")
def made(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    project = make_project(folder, n_bg=1, n_fg=1, changes=small("studio-256"))
    list(generate(project, folder / "out", Options(workers=1, engine="inline")))
    return folder / "out"


class TestSealedBySomebodyElse:
    """A seal proves no origin: what a stranger noted and sealed is checked like anything else."""

    @pytest.fixture
    def out(self, made: Path, tmp_path: Path) -> Path:
        return Path(shutil.copytree(made, tmp_path / "out"))

    CHANGES: ClassVar[dict[str, dict[str, object]]] = {
        "no statistics": {"statistics": None}, "no files": {"files": None}, "words": {"statistics": {"bg": "all"}},
        "short": {"coverage": [1, 2]}, "out": {"archives": ["../../a.zip"]}, "line": {"files": ["a" * 64 + "  /etc/a"]},
        "rows": {"rows": "one\n"}, "number": {"rows": 7}, "counts": {"counts": {"a": -1}}, "text": {"start": "0"},
    }  # fmt: skip

    @pytest.mark.parametrize("change", CHANGES)
    def test_a_note_that_is_none_is_as_a_damaged_one(self, out: Path, change: str) -> None:
        name = marker_name(0)
        note = json.loads((out / name).read_bytes()) | self.CHANGES[change]
        text = json.dumps({key: value for key, value in note.items() if value is not None and key != "sha256"})
        (out / name).write_bytes(sealed(text))
        dataset = open_dataset(out)
        if change == "rows":
            with pytest.raises(DatasetError, match="has not the rows of its samples"):
                write_tables(dataset)
            return
        with pytest.raises(DatasetError, match="is damaged"):
            counted(dataset)
        assert 0 not in done_shards(dataset)

    @pytest.mark.parametrize("value", ["1e5", 1e300, True, None])
    def test_a_sum_that_cannot_be_added_up_is_as_a_damaged_one(self, out: Path, value: object) -> None:
        note = json.loads((out / marker_name(0)).read_bytes())
        del note["sha256"]
        note["statistics"]["mask"]["sums"][0][1] = value
        (out / marker_name(0)).write_bytes(sealed(json.dumps(note)))
        with pytest.raises(DatasetError, match="is damaged"):
            counted(open_dataset(out))

    RECORDS: ClassVar[dict[str, tuple[tuple[Any, ...], object]]] = {
        "a text": (("statistics", "mask", "std"), ["1e5"]), "a number without end": (("recipe", "seed"), 10**29),
        "words": (("plausibility",), {"samples": "all"}), "a camera": (("recipe", "backgrounds", 0, "horizon"), 1e300),
    }  # fmt: skip

    @pytest.mark.parametrize("change", RECORDS)
    def test_a_record_with_what_is_no_such_number_is_a_sentence(self, out: Path, change: str) -> None:
        path, value = self.RECORDS[change]
        record = json.loads((out / FILE).read_bytes())
        del record["sha256"]
        place = record
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        (out / FILE).write_bytes(sealed(json.dumps(record)))
        with pytest.raises(DatasetError, match="is damaged: "):
            open_dataset(out)

    @pytest.mark.parametrize("kind", ["bg", "fg"])
    @pytest.mark.parametrize("shape", [(64, 64), (32, 32, 3), (300, 8, 4)])
    def test_a_prepared_picture_that_is_another_is_a_sentence(
        self, out: Path, kind: str, shape: tuple[int, ...]
    ) -> None:
        (out / ".fgbg" / "prepared.json").unlink()
        (out / ".fgbg" / "pictures" / f"{kind}_0000.png").write_bytes(encode(np.zeros(shape, np.uint8), Codec()))
        record = json.loads((out / FILE).read_bytes()) | {"format": 2}
        del record["sha256"], record["hashes"]
        (out / FILE).write_text(json.dumps(record))
        with pytest.raises(DatasetError, match="is no picture as the recipe asks for"):
            open_dataset(out).composer()(open_dataset(out).plan()[0])

    @pytest.mark.parametrize("hashes", [{"../a": "0" * 64}, {"a": "0"}, {}, [1], {"README.md": "0" * 64}])
    def test_hashes_that_are_none_are_a_sentence(self, out: Path, hashes: object) -> None:
        record = json.loads((out / FILE).read_bytes()) | {"hashes": hashes}
        record.pop("sha256")
        (out / FILE).write_bytes(sealed(json.dumps(record)))
        with pytest.raises(DatasetError, match="is damaged"):
            read_manifest(open_dataset(out))

    @pytest.mark.parametrize(
        ("change", "said"),
        [({"samples": 1 << 40}, "its recipe makes"),
         ({"limits": [1 << 40]}, "begun with more samples"), ({"samples": 0}, "samples")],
    )  # fmt: skip
    def test_a_record_of_samples_that_its_recipe_does_not_make_is_a_sentence(
        self, out: Path, change: dict[str, object], said: str
    ) -> None:
        record = json.loads((out / FILE).read_bytes()) | change
        record.pop("sha256")
        (out / FILE).write_bytes(sealed(json.dumps(record)))
        with pytest.raises(DatasetError, match=said) as refusal:
            open_dataset(out)
        assert FILE in refusal.value.problem
