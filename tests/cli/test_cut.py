"""Cutting an object out of a photo from the command line."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.cutting import cut_file
from fgbg_studio.core.imaging import reducing
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.networks.catalogue import CATALOGUE
from tests.cli.conftest import Fgbg
from tests.conftest import write_picture
from tests.helpers import prompted_onnx, tiny_onnx


def disc() -> NDArray[np.bool_]:
    """Where the photo's object is."""
    rows, columns = np.mgrid[:120, :160]
    return np.asarray(np.hypot(rows - 60, columns - 90) < 30)


class TestCut:
    @pytest.fixture
    def photo(self, tmp_path: Path) -> Path:
        """A red disc on a green ground."""
        pixels = np.where(disc()[..., None], [200, 40, 40], [40, 120, 60]).astype(np.uint8)
        noise = np.random.default_rng(0).integers(-8, 9, pixels.shape)
        return write_picture(tmp_path / "photo.png", (pixels + noise).clip(0, 255).astype(np.uint8))

    def overlap(self, cut: Path) -> float:
        solid = read_rgba(cut)[..., 3] > 127
        return float((solid & disc()).sum() / (solid | disc()).sum())

    def test_by_a_rectangle(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("cut", photo, "--out", tmp_path / "cut.png", "--rect", "50,20,80,80")
        assert result.code == 0
        assert read_rgba(tmp_path / "cut.png").shape == (120, 160, 4)
        assert self.overlap(tmp_path / "cut.png") > 0.95

    def test_by_a_trimap(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        rows, columns = np.mgrid[:120, :160]
        far = np.hypot(rows - 60, columns - 90)
        trimap = np.select([far < 20, far < 40], [255, 128], 0).astype(np.uint8)
        write_picture(tmp_path / "trimap.png", trimap)
        arguments = ("--trimap", tmp_path / "trimap.png", "--iterations", "2")
        assert fgbg("cut", photo, "--out", tmp_path / "cut.png", *arguments).code == 0
        assert self.overlap(tmp_path / "cut.png") > 0.95

    @pytest.mark.parametrize("drawn", [(), ("--rect", "50,20,80,80")], ids=["alone", "in a rectangle"])
    def test_by_a_network(
        self, drawn: tuple[str, ...], photo: Path, fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that sees what is red, taken for the catalogue's."""
        pytest.importorskip("onnxruntime")
        file = tiny_onnx.write(tmp_path / "red.onnx", np.array([1, 0, 0], np.float32), (1, 3, 320, 320))
        data = file.read_bytes()
        entry = dataclasses.replace(CATALOGUE["u2netp"], sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        monkeypatch.setitem(CATALOGUE, "u2netp", entry)
        assert fgbg("cut", photo, "--out", tmp_path / "cut.png", *drawn, "--network", file).code == 0
        assert self.overlap(tmp_path / "cut.png") > 0.95

    def test_trimmed(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        assert fgbg("cut", photo, "--out", tmp_path / "cut.png", "--rect", "50,20,80,80", "--trim").code == 0
        height, width = read_rgba(tmp_path / "cut.png").shape[:2]
        assert abs(height - 60) < 8
        assert abs(width - 60) < 8

    def test_no_png(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        assert fgbg("cut", photo, "--out", tmp_path / "cut.jpg", "--rect", "50,20,80,80").code == 2

    def test_a_rectangle_outside_the_photo(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        result = fgbg("cut", photo, "--out", tmp_path / "cut.png", "--rect", "500,20,80,80")
        assert result.code in {1, 2}
        assert "Traceback" not in result.err
        assert not (tmp_path / "cut.png").exists()

    @pytest.mark.parametrize("by", ["rect", "trimap"])
    def test_a_photo_over_the_limit_is_cut_reduced_only_where_that_is_said(
        self, by: str, photo: Path, fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reducing, "LARGEST", 4800)
        monkeypatch.setattr(cut_file, "LARGEST", 4800)
        rows, columns = np.mgrid[:120, :160]
        far = np.hypot(rows - 60, columns - 90)
        trimap = write_picture(tmp_path / "trimap.png", np.select([far < 20, far < 40], [255, 128], 0).astype(np.uint8))
        drawn = ("--rect", "50,20,80,80") if by == "rect" else ("--trimap", trimap)
        refused = fgbg("cut", photo, "--out", tmp_path / "cut.png", *drawn)
        assert refused.code == 1
        assert "photo.png has 0.0 megapixels, more than the 0 that can be cut" in refused.err
        assert "Cut it reduced with --reduce." in refused.err
        assert not (tmp_path / "cut.png").exists()
        assert fgbg("cut", photo, "--out", tmp_path / "cut.png", *drawn, "--reduce").code == 0
        cut = read_rgba(tmp_path / "cut.png")
        assert cut.shape == (60, 80, 4)
        expected = disc()[::2, ::2]
        solid = cut[..., 3] > 127
        assert (solid & expected).sum() / (solid | expected).sum() > 0.9

    def test_by_a_network_that_answers_to_points(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        pytest.importorskip("onnxruntime")
        network, out = prompted_onnx.write(tmp_path / "sam", "sam"), tmp_path / "cut.png"
        for asked in (("--point", "90,60"), ("--rect", "58,28,64,64", "--point", "70,60", "--point", "10,10,0")):
            assert fgbg("cut", photo, "--out", out, "--network", network, *asked).code == 0
            assert self.overlap(out) > 0.95
        for wrong, said in (
            ((), "finds nothing by itself"),
            (("--point", "90,600"), "the point 90,600 lies outside the photo"),
            (("--point", "here"), "--point 'here' is not X,Y or X,Y,0"),
            (("--point", "9,9", "--iterations", "3"), "without a trimap or a number of iterations"),
        ):
            result = fgbg("cut", photo, "--out", out, "--network", network, *wrong)
            assert result.code == 2
            assert said in result.err

    def test_hair_in_a_band(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        """The disc's border is made anew from the colours, and takes no green with it."""
        rows, columns = np.mgrid[:120, :160]
        far = np.hypot(rows - 60, columns - 90)
        band = (far > 22) & (far < 38)
        write_picture(tmp_path / "band.png", np.where(band, np.uint8(255), np.uint8(0)))
        arguments = ("--rect", "50,20,80,80", "--hair", tmp_path / "band.png")
        assert fgbg("cut", photo, "--out", tmp_path / "cut.png", *arguments).code == 0
        assert self.overlap(tmp_path / "cut.png") > 0.97
        cut = read_rgba(tmp_path / "cut.png")
        seen = band & (cut[..., 3] > 100)
        assert cut[seen, 0].mean() > 180
        assert cut[seen, 1].mean() < 55

    def test_a_band_that_does_not_fit(self, photo: Path, fgbg: Fgbg, tmp_path: Path) -> None:
        for shape, said in (((60, 80), "has 80 × 60 pixels and the photo 160 × 120"), ((120, 160), "black everywhere")):
            write_picture(tmp_path / "band.png", np.zeros(shape, np.uint8))
            arguments = ("--rect", "50,20,80,80", "--hair", tmp_path / "band.png")
            result = fgbg("cut", photo, "--out", tmp_path / "cut.png", *arguments)
            assert result.code == 2
            assert said in result.err
        (tmp_path / "band.png").write_text("no picture")
        result = fgbg("cut", photo, "--out", tmp_path / "cut.png", *arguments)
        assert result.code == 1
        assert "band.png" in result.err
        assert not (tmp_path / "cut.png").exists()
