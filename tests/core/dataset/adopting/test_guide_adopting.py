"""The lines of the guide's page about hand-made datasets run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from fgbg_studio.core.dataset.adopting.adopt import adopt
from tests.core.dataset.test_guide_split import code
from tests.helpers.datasets import ROOT, last
from tests.helpers.handmade import TEAMS, HandMade

PAGE = "adopting.md"


def test_the_lines_run(made_by_hand: Callable[[str, Path], HandMade], tmp_path: Path) -> None:
    made = made_by_hand("street-224", tmp_path / "set")
    last(adopt(made.root))
    names: dict[str, Any] = {"print": lambda *_: None}
    exec(code(PAGE, "What it gives").replace("street-dataset", made.root.as_posix()), names)
    assert len(names["samples"]) == 16
    assert names["sample"].foreground == "fg_00"


def test_every_shape_is_explained() -> None:
    text = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    assert [preset for preset in TEAMS if f"`{preset}`" not in text] == []
