"""The card as one HTML page that needs no other file: its pictures are inside, its looks follow the reader's."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from typing_extensions import override

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.paths import StrayPathError, astray, inside
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.exports.markdown_card import write_own_card
from fgbg_studio.core.dataset.record import disk_trouble
from fgbg_studio.core.interfaces.export import Export, ExportProgress

PAGE = "card.html"
_TYPES = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".svg": "svg+xml"}  # no picture in a page runs scripts

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the page may do, whatever stands in it: show the pictures inside of it."""

_STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1d2125; --quiet: #5f676f; --line: #d5d9dd;
  --raised: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --paper: #1f2124; --ink: #e4e6e9; --quiet: #a3aab2;
  --line: #3d4248; --raised: #282b2f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 48px 24px 64px; max-width: 1160px; background: var(--paper); color: var(--ink);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 12px; }
h2 { font-size: 20px; margin: 44px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
h3 { font-size: 15px; margin: 24px 0 8px; }
p, li { max-width: 72ch; }
p.picture { max-width: none; }
li { margin: 4px 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 20px 6px 0; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; }
td:first-child { font-weight: 600; }
img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
code { background: var(--raised); border-radius: 4px; padding: 1px 5px; font-size: 0.92em; }
footer { margin-top: 48px; color: var(--quiet); font-size: 13px; }
@media print { :root { --paper: #ffffff; --ink: #000000; --quiet: #444444; --line: #bbbbbb; --raised: #eeeeee; }
  body { padding: 0; max-width: none; font-size: 10pt; } h2, h3 { break-after: avoid; }
  img, tr, li { break-inside: avoid; } }
"""

_FOOTER = "<footer>Made with FGBG Studio.</footer>"


def card_page(markdown: str, folder: Path) -> str:
    """The page of a card.

    Args:
        markdown: the card's text.
        folder: what its pictures' paths are relative to; those outside of it are not put in.

    Raises:
        DatasetError: a picture of it is missing.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    title = "Dataset"
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            title = tokens[number + 1].content
        for child in token.children or ():
            if child.type == "image" and _put_inside(child, folder):
                tokens[number - 1].attrSet("class", "picture")
            elif child.type == "image":  # nothing is loaded from elsewhere: its words stand in its place
                child.type, child.children = "text", None
    body = parser.renderer.render(tokens, parser.options, {})
    body = body.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n"
        f"{_FOOTER}\n</body>\n</html>\n"
    )


def write_page(root: Path, out: Path) -> Path:
    """Write the page of the dataset in ``root``, whose card is there, as ``card.html`` into the folder ``out``.

    Raises:
        DatasetError: there is no card, or one of its pictures is missing.
    """
    card = root / "README.md"
    try:
        text = read_file(card).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{card} cannot be read", GenerateAgain(then="the card will be written again")) from error
    write_file(out / PAGE, card_page(text, root).encode())
    return out / PAGE


def _put_inside(image: Token, folder: Path) -> bool:
    """Whether the picture is one of the folder's, which then stands in the page itself."""
    source = unquote(str(image.attrs.get("src", "")))
    kind = _TYPES.get(Path(source).suffix.lower())
    if kind is None or ":" in source or astray(source):
        return False
    try:
        data = base64.b64encode(read_file(inside(folder, source))).decode()
    except StrayPathError:
        return False
    except OSError as error:
        problem = f"{folder / source} is missing"
        raise DatasetError(problem, "Export the card again: its pictures will be drawn again") from error
    image.attrs["src"] = f"data:image/{kind};base64,{data}"
    return True


@dataclass(frozen=True)
class HtmlCard(Export):
    """``card.html``: the card with its pictures inside, to be sent or put on a server as it is."""

    name: ClassVar[str] = "card-page"
    summary: ClassVar[str] = "card.html: the same page as one self-contained file"

    is_card: ClassVar[bool] = True

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        page = (out or root) / PAGE
        if page.exists() and _FOOTER.encode() not in read_file(page):
            raise UsageError(f"{page} is not of this program, and would be replaced", "Choose another folder")
        yield ExportProgress("writing the card's page", 0, 1)
        with disk_trouble(out or root):
            write_own_card(root)
            page = write_page(root, out or root)
        yield ExportProgress("writing the card's page", 1, 1, finished=True, files=(page,))
