"""How easily seams are told, put on a dataset's card."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Fgbg
from tests.conftest import MakeProject
from tests.helpers.datasets import find, make


def test_it_is_put_on_the_card_and_stays_there(make_project: MakeProject, tmp_path: Path, fgbg: Fgbg) -> None:
    changes = ["size=128", "placements=2", "mirrored=false", "compositing.mode=mixed"]
    project = make_project(tmp_path, "studio-256", 4, 3, changes)
    out = tmp_path / "out"
    make(project, out)
    before = (out / "README.md").read_text(encoding="utf-8")
    assert fgbg("seams", out, "--samples", "24", "--card").code == 0
    card = (out / "README.md").read_text(encoding="utf-8")
    start, end = card.index("## Seams"), card.index("## Files")
    assert start > card.index("## Statistics")
    assert card.replace(card[start : card.index("## ", start + 3)], "") == before
    assert "| blend binary |" in card[start:end]
    assert fgbg("verify", out, "--quick").code == 0
    assert fgbg("seams", out, "--samples", "24", "--card").code == 0
    assert (out / "README.md").read_text(encoding="utf-8") == card
    (out / "README.md").write_text("lost")
    assert fgbg("repair", out, "--project", project).code == 0
    assert (out / "README.md").read_text(encoding="utf-8") == card
    make(project, out)
    assert (out / "README.md").read_text(encoding="utf-8") == card
    assert find(out).report()["clean"]
    assert (out / "README.md").read_text(encoding="utf-8").count("## Seams") == 1
