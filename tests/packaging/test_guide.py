"""The guide says what the program is: its shortcuts, presets, encodings, places and pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from fgbg_studio.cli import main
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.project import presets

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("*.md"))


@pytest.fixture(scope="module")
def shortcuts() -> str:
    """The table as the program would write it now, from a process whose settings are its own."""
    code = "import sys; sys.path.insert(0, 'docs'); import screenshots; sys.stdout.write(screenshots.table())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_table_of_shortcuts_is_the_program_s(shortcuts: str) -> None:
    assert (DOCS / "shortcuts.md").read_text(encoding="utf-8") == shortcuts, "run: python docs/screenshots.py --table"


def test_the_cutting_page_names_keys_that_there_are(shortcuts: str) -> None:
    text = (DOCS / "cutting.md").read_text(encoding="utf-8")
    named = {key for line in text.splitlines() if line.startswith("| `") for key in re.findall("`([^`]+)`", line)}
    assert len(named) > 8
    known = {key for keys in re.findall(r"^\| `(.+?)` \|", shortcuts, re.MULTILINE) for key in keys.split(", ")}
    assert sorted(named - known) == []


def test_every_preset_way_and_encoding_is_explained() -> None:
    notebook = (DOCS / "from-a-notebook.md").read_text(encoding="utf-8")
    depth = (DOCS / "depth.md").read_text(encoding="utf-8")
    assert [name for name in presets.names() if f"`{name}`" not in notebook] == []
    assert [name for name in Encoding.known() if f"`{name}`" not in depth] == []
    assert [
        name for name, way in Depth.known().items() if way.offered and name != "none" and f"`{name}`" not in depth
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_and_links_of_a_page_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"^ {4}fgbg-studio ([a-z][a-z-]+)", text, re.MULTILINE):
        assert name in main.main.commands
    script = (DOCS / "screenshots.py").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        if target.startswith("pictures/"):
            assert f'"{Path(target).stem}"' in script, f"nobody makes {target}"
        else:
            assert (DOCS / target).exists()


def test_every_picture_that_is_made_is_shown() -> None:
    script = (DOCS / "screenshots.py").read_text(encoding="utf-8")
    shown = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    made = re.findall(r'shoot\("([\w-]+)"\)', script)
    assert len(made) == 10
    assert [name for name in made if f"pictures/{name}.png" not in shown] == []
