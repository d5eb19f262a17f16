"""What strangers wrote into a dataset or a project gets nowhere: no file through a link, no markup, no formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.words import csv_cell, no_formula, one_line
from fgbg_studio.core.dataset.card import plain
from fgbg_studio.core.dataset.exports.html_card import card_page
from fgbg_studio.core.dataset.run import Options, generate
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
