"""The card as one HTML page: it needs no other file, and other people's words stay words."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.exports.html_card import card_page, write_page
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.interfaces.layout import KINDS
from tests.helpers.datasets import copy, last, tree


class Page(HTMLParser):
    """Tags with their attributes, and whether every tag is closed in its turn."""

    VOID = ("meta", "img", "br", "hr")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def page(datasets: Callable[..., Path], tmp_path: Path) -> Page:
    path = write_page(datasets("studio-256"), tmp_path)
    assert path == tmp_path / "card.html"
    return Page(path.read_text(encoding="utf-8"))


def test_every_grid_is_a_picture_inside_the_page(page: Page) -> None:
    pictures = page.all("img")
    assert len(pictures) == len(KINDS)
    for picture in pictures:
        source = picture["src"] or ""
        assert source.startswith("data:image/jpeg;base64,")
        assert picture["alt"]
        with Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))) as opened:
            opened.load()
            assert min(opened.size) >= 128


def test_it_needs_no_other_file(page: Page) -> None:
    assert page.open == []
    assert not page.all("script")
    assert not page.all("link")
    assert not [1 for _, attributes in page.found for key, value in attributes.items() if key == "href" and value]


def test_tables_and_headings_are_those_of_the_card(page: Page, datasets: Callable[..., Path]) -> None:
    text = (datasets("studio-256") / "README.md").read_text(encoding="utf-8")
    assert len(page.all("h2")) == text.count("\n## ")
    assert len(page.all("table")) == 2
    assert "".join(page.words).count("composites") >= 1
    shapes = [words for words in page.words if "64 × 64 × 3" in words]
    assert len(shapes) == text.count("64 × 64 × 3")


def test_it_follows_the_readers_colours_and_prints(datasets: Callable[..., Path], tmp_path: Path) -> None:
    text = write_page(datasets("studio-256"), tmp_path).read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text
    assert '<html lang="en">' in text
    assert "<title>" in text


def test_html_in_a_name_is_shown_as_text(tmp_path: Path) -> None:
    text = card_page('# <script>alert(1)</script> & "x"\n\n| licence |\n|---|\n| <img src=x onerror=y> |\n', tmp_path)
    page = Page(text)
    assert not page.all("script")
    assert not page.all("img")
    assert "<script>alert(1)</script>" in "".join(page.words)


def test_no_picture_from_outside_is_put_in(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "secret.png")
    text = card_page("![a](../secret.png) ![b](https://example.org/x.png)", tmp_path / "inside")
    assert "base64" not in text


def test_a_picture_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"card.bg\.jpg is missing"):
        card_page("![backgrounds](card/bg.jpg)", tmp_path)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"README\.md cannot be read"):
        write_page(tmp_path, tmp_path)


@pytest.mark.parametrize(("name", "expected"), [("card", "README.md"), ("card-page", "card.html")])
def test_exports_go_to_a_folder_and_leave_the_dataset(
    name: str, expected: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = copy(datasets("studio-256"), tmp_path / "set")
    before = tree(root)
    written = last(Export.from_dict(name).run(root, tmp_path / "out")).files
    assert (tmp_path / "out" / expected) in written
    assert all(path.is_file() and path.is_relative_to(tmp_path / "out") for path in written)
    assert tree(root) == before
