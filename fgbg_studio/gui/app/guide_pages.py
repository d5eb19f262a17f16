"""The guide as it ships: its pages in their order, found by words, and as HTML for a window without internet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from fgbg_studio.core.base.resources import guide

FIRST = "index"
_MARKDOWN = MarkdownIt("commonmark").enable("table")


@dataclass(frozen=True)
class GuideSection:
    """What stands under a heading; ``anchor`` is its link's, empty for the page's beginning."""

    title: str
    anchor: str
    text: str


@dataclass(frozen=True)
class GuidePage:
    """``name`` is the file's without ``.md``, ``text`` its Markdown."""

    name: str
    text: str

    @cached_property
    def sections(self) -> tuple[GuideSection, ...]:
        """The page's beginning, then what its headings of the second order divide."""
        parts = re.split(r"^#{1,2} (.+)$", self.text, flags=re.MULTILINE)[1:]
        titles, texts = parts[::2], parts[1::2]
        anchors = ["", *map(anchor_of, titles[1:])]
        return tuple(GuideSection(*three) for three in zip(titles, anchors, texts, strict=True))

    @property
    def title(self) -> str:
        """Its heading."""
        return self.sections[0].title

    def found(self, words: str) -> Iterator[GuideSection]:
        """The sections that have every one of ``words``, in any case; all of them without words."""
        wanted = words.casefold().split()
        for section in self.sections:
            text = f"{section.title} {section.text}".casefold()
            if all(word in text for word in wanted):
                yield section

    def html(self, folder: Path) -> str:
        """The page for a `QTextBrowser`; pictures that are not in ``folder`` are left out, with the links around them.

        Links to other pages end in ``.html``, and each heading has the anchor that links of the guide use.
        """
        tokens = _MARKDOWN.parse(self.text)
        for before, token in zip([None, *tokens], tokens, strict=False):
            if token.type == "table_open":
                token.attrs.update({"border": 1, "cellspacing": 0, "cellpadding": 6})
            if token.type == "inline" and token.children:
                token.children = list(_inline(token.children, folder))
                if before and before.type == "heading_open":
                    token.children.insert(
                        0, Token("html_inline", "", 0, content=f'<a name="{anchor_of(token.content)}">')
                    )
                    token.children.append(Token("html_inline", "", 0, content="</a>"))
        return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def pages() -> tuple[GuidePage, ...]:
    """Every page, the first one first, then as it links to them."""
    read = {path.stem: GuidePage(path.stem, path.read_text(encoding="utf-8")) for path in sorted(guide().glob("*.md"))}
    linked = re.findall(r"\]\(([\w-]+)\.md", read[FIRST].text)
    return tuple(read[name] for name in dict.fromkeys([FIRST, *linked, *read]))


def anchor_of(heading: str) -> str:
    """A heading's anchor as the guide's pages on the web have it: 'what-the-check-says'."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode()
    return re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _inline(tokens: list[Token], folder: Path) -> Iterator[Token]:
    """Links to pages lead to their HTML; pictures that there are not are gone, with the link around them."""
    missing = False
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            missing = target.startswith("pictures/") and not (folder / target).exists()
            token.attrs["href"] = re.sub(r"^([\w-]+)\.md(#|$)", r"\1.html\2", target)
        drop = missing or (token.type == "image" and not (folder / str(token.attrs["src"])).exists())
        if not drop:
            yield token
        if token.type == "link_close":
            missing = False
