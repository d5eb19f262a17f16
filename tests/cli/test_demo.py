"""The demo: one command from nothing to a verified dataset."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgbg_studio.core.project import demo, storage
from fgbg_studio.core.project.demo import make_demo
from tests.cli.conftest import Fgbg


class TestDemo:
    @pytest.fixture(autouse=True)
    def fewer_pictures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(demo, "BACKGROUNDS", 3)
        monkeypatch.setattr(demo, "FOREGROUNDS", 3)

    def test_it_ends_with_a_verified_dataset(self, tmp_path: Path, fgbg: Fgbg) -> None:
        result = fgbg("demo", "--out", tmp_path / "demo", "--workers", "1")
        assert result.code == 0
        assert "nothing wrong" in result.out
        assert "depth" in result.out
        assert result.out.count("nothing wrong") == 2
        for before, samples in (("", 3 * 3 * 2 * 4), ("scenes-", 3 * 3 * 2)):
            assert (tmp_path / "demo" / f"{before}contact-sheet.png").exists()
            assert (tmp_path / "demo" / f"{before}dataset" / "README.md").exists()
            assert len((tmp_path / "demo" / f"{before}dataset" / "samples.csv").read_text().splitlines()) == samples + 1
        objects = (tmp_path / "demo" / "scenes-dataset" / "objects.jsonl").read_text("utf-8").splitlines()
        assert len(objects) > samples
        again = fgbg("demo", "--out", tmp_path / "demo", "--workers", "1")
        assert again.code == 0

    def test_interrupted_while_drawing_it_begins_anew(self, tmp_path: Path) -> None:
        drawing = make_demo(tmp_path / "project")
        for _ in range(2):
            next(drawing)
        drawing.close()  # type: ignore[attr-defined]
        assert not (tmp_path / "project").exists()
        for _ in make_demo(tmp_path / "project"):
            pass
        made = storage.load(tmp_path / "project")
        assert made.backgrounds
        assert all(picture.licence and picture.horizon is not None for picture in made.backgrounds)
        assert [path.name for path in tmp_path.iterdir()] == ["project"]
