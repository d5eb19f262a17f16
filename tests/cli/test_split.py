"""The command that splits a dataset."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from fgbg_studio.cli.main import main
from tests.core.dataset.test_splits import pairs


def test_it_says_how_many_there_are_and_what_a_random_split_would_leak(tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 5, 5)
    done = CliRunner().invoke(main, ["split", str(hand), "--pairs", "0.25", "--hold-out-background", "bg 2"])
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.stdout.splitlines()]
    assert rows[0] == ["split", "samples", "share"]
    assert rows[1:7] == [
        ["train", "12", "48.0%"], ["seen", "4", "16.0%"], ["new-background", "4", "16.0%"],
        ["new-foreground", "4", "16.0%"], ["both-new", "1", "4.0%"], ["none", "0", "0.0%"],
    ]  # fmt: skip
    assert "held out: 1 of 5 backgrounds" in done.stdout
    assert "A random split by sample would leak: each of 5 backgrounds" in done.stdout
    assert (hand / "splits" / "train.txt").read_text(encoding="utf-8").count("\n") == 12


def test_for_programs_it_is_json(tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 5, 5)
    done = CliRunner().invoke(main, ["split", str(hand), "--background", "0", "--pairs", "0", "--json"])
    told = json.loads(done.stdout)
    assert told["counts"] == {
        "train": 20, "seen": 0, "new-background": 0, "new-foreground": 5, "both-new": 0, "none": 0,
    }  # fmt: skip
    assert told["settings"]["foreground"] == 0.2


def test_normalising_prints_lines_to_paste(tmp_path: Path) -> None:
    hand = pairs(tmp_path / "hand", 5, 5)
    done = CliRunner().invoke(main, ["normalise", str(hand), "--lines", "albumentations"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("import albumentations as A\n\ntransform = A.Normalize(mean=[0.")
    told = json.loads(CliRunner().invoke(main, ["normalise", str(hand), "--json"]).stdout)
    assert told["of"] == "all"
    assert set(told["lines"]) == {"torchvision", "albumentations", "keras"}
