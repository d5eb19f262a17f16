"""Measured depth as the files of public datasets hold it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.imaging.measured_depth import UNITS, read_depth, unit_of

METRES = np.array([[0.5, 1.25, 3.0], [np.nan, 2.0, 8.0]], np.float32)


def whole(steps: float) -> np.ndarray:
    return np.nan_to_num(METRES * steps).round().astype(np.uint16)


@pytest.mark.parametrize("unit", ["millimetres", "tum", "kitti", "centimetres"])
@pytest.mark.parametrize("ending", ["png", "tif", "npy"])
def test_whole_numbers_are_read_in_their_unit(tmp_path: Path, unit: str, ending: str) -> None:
    path = tmp_path / f"d.{ending}"
    if ending == "npy":
        np.save(path, whole(UNITS[unit]))
    else:
        cv2.imwrite(str(path), whole(UNITS[unit]))
    np.testing.assert_allclose(read_depth(path, unit_of(unit)), METRES, atol=0.6 / UNITS[unit])


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8", "<f2"])
def test_floating_point_numbers_are_metres(tmp_path: Path, kind: str) -> None:
    np.save(tmp_path / "d.npy", np.asfortranarray(METRES.astype(kind)))
    np.testing.assert_allclose(read_depth(tmp_path / "d.npy"), METRES, rtol=1e-3)
    Image.fromarray(METRES).save(tmp_path / "d.tiff")
    np.testing.assert_allclose(read_depth(tmp_path / "d.tiff"), METRES)


def test_nothing_measured_is_no_value(tmp_path: Path) -> None:
    values = np.array([[0, 65535, 1000]], np.uint16)
    cv2.imwrite(str(tmp_path / "d.png"), values)
    assert np.isnan(read_depth(tmp_path / "d.png", 1000)).tolist() == [[True, True, False]]
    np.save(tmp_path / "d.npy", np.array([[-1, np.inf, 2.0]]))
    assert np.isnan(read_depth(tmp_path / "d.npy")).tolist() == [[True, True, False]]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: cv2.imwrite(str(p / "d.png"), whole(1000)), "does not say of what unit"),
        (lambda p: cv2.imwrite(str(p / "d.png"), np.full((4, 4), 9, np.uint8)), "holds no depth: that is one number"),
        (lambda p: cv2.imwrite(str(p / "d.png"), np.full((4, 4, 3), 900, np.uint16)), "holds no depth"),
        (lambda p: cv2.imwrite(str(p / "d.png"), np.zeros((4, 4), np.uint16)), "unit"),
        (lambda p: np.save(p / "d.npy", np.zeros((4, 4))), "nothing was measured"),
        (lambda p: np.save(p / "d.npy", np.full((4, 4), 2e4)), "20,000 m: that is not its unit"),
        (lambda p: np.save(p / "d.npy", np.array([[{}]], object), allow_pickle=True), "is damaged"),
        (lambda p: (p / "d.npy").write_bytes(b"\x93NUMPY\x01\x00"), "is damaged"),
        (lambda p: (p / "d.png").write_bytes(b"\x89PNG\r\n\x1a\n"), "d.png"),
        (lambda p: (p / "d.png").write_bytes(b""), "is empty"),
        (lambda p: (p / "d.npy").mkdir(), "is a folder"),
    ],
)  # fmt: skip
def test_what_is_no_depth_is_refused_with_a_sentence(tmp_path: Path, make: object, said: str) -> None:
    make(tmp_path)  # type: ignore[operator]
    path = next(tmp_path.iterdir())
    with pytest.raises(PictureError, match=said):
        read_depth(path)


@pytest.mark.parametrize("text", ["", "feet", "0", "-5", "nan", "inf"])
def test_a_unit_is_one_of_those_known_or_a_number(text: str) -> None:
    assert unit_of("TUM") == 5000
    assert unit_of("4000") == 4000
    with pytest.raises(UsageError, match="is no unit of depth"):
        unit_of(text)
