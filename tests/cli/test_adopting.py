"""``adopt`` on the command line: what it says, as words and as JSON, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from fgbg_studio.selftest.networks import FOLDER
from tests.cli.conftest import Fgbg
from tests.helpers.foreign import without
from tests.helpers.handmade import hand_made


def test_what_was_found_is_said(fgbg: Fgbg, tmp_path: Path) -> None:
    made = hand_made(tmp_path / "set", "street-224", 2, 1)
    without(made.root, "fg_bg_depth")
    result = fgbg("adopt", made.root, "--dry-run")
    assert result.code == 0
    assert "8 samples of the shape of street-224" in result.out
    assert "8 samples have no depth" in result.out
    assert "nothing was written" in result.out
    result = fgbg("adopt", made.root, "--licence", "CC0", "--json")
    assert json.loads(result.out)["missing"] == {"depth": 8}
    assert (made.root / "adopted.json").exists()
    assert fgbg("verify", made.root).code == 1
    assert fgbg("stats", made.root).code == 0


def test_what_cannot_be_adopted_is_said(fgbg: Fgbg, tmp_path: Path) -> None:
    assert fgbg("adopt", tmp_path / "nothing").code == 1
    made = hand_made(tmp_path / "set", "street-224", 1, 1)
    result = fgbg("adopt", made.root, "--as", "course-200")
    assert result.code == 1
    assert "are not of the shape of course-200" in result.err
    assert fgbg("adopt", made.root, "--as", "course").code == 2


def test_what_is_missing_is_completed(fgbg: Fgbg, tmp_path: Path) -> None:
    made = hand_made(tmp_path / "set", "street-224", 1, 1)
    without(made.root, "fg_bg_masks", "fg_bg_depth")
    assert fgbg("complete", made.root).code == 1
    fgbg("adopt", made.root)
    result = fgbg("complete", made.root, "--kind", "mask")
    assert (result.code, result.out.strip()) == (0, "2 mask pictures were made: 2 sure")
    network = FOLDER / "tiny.tflite"
    described = ["depth.network.meaning=metres", "depth.network.width=32", "depth.network.height=32"]
    result = fgbg("complete", made.root, f"depth.model={network}", *described, "--json")
    assert json.loads(result.out) == {"made": {"depth": {"sure": 2}}, "left": {}}
    without(made.root, "fg", "fg_bg_masks")
    result = fgbg("complete", made.root, "--kind", "mask")
    assert result.code == 1
    assert "2 mask pictures were not" in result.out
