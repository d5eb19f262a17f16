"""Masks as labelling tools and editors write them: what they mean, or the question that they leave."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError, UsageError
from fgbg_studio.core.base.remedies import NameObject
from fgbg_studio.core.imaging.masks import ObjectValues, _levels, _sorted_levels, _table_levels, read_mask
from tests.conftest import SHARED, write_picture

REGION = np.zeros((80, 60), np.bool_)
REGION[12:70, 18:42] = True
OUTLINE = cv2.dilate(REGION.astype(np.uint8), np.ones((5, 5))) - REGION
VOC = [sum((i >> 3 * bit + channel & 1) << 7 - bit for bit in range(3)) for i in range(256) for channel in range(3)]
"""The palette of VOC and labelme: black, dark red, dark green ...; 15 is (192, 128, 128)."""


def palette(indices: Any, colours: list[int] = VOC) -> Image.Image:
    image = Image.fromarray(np.asarray(indices).astype(np.uint8), "P")
    image.putpalette(colours)
    return image


def grey(values: Any, kind: Any = np.uint8) -> Image.Image:
    return Image.fromarray(np.asarray(values).astype(kind))


def colours(*layers: tuple[Any, tuple[int, ...]]) -> Image.Image:
    picture = np.zeros((*REGION.shape, len(layers[0][1])), np.uint8)
    for where, colour in layers:
        picture[where] = colour
    return Image.fromarray(picture)


def save(tmp_path: Path, image: Image.Image, suffix: str = "png", **how: Any) -> Path:
    image.save(tmp_path / f"m.{suffix}", **how)
    return tmp_path / f"m.{suffix}"


TWO = {
    "0 and 1": (grey(REGION), "png"),
    "0 and 200": (grey(REGION * 200), "png"),
    "20 and 235": (grey(np.where(REGION, 235, 20)), "png"),
    "16 bits 0 and 1": (grey(REGION, np.uint16), "png"),
    "16 bits 0 and 255": (grey(REGION * 255, np.uint16), "png"),
    "16 bits 0 and 65535": (grey(REGION * 65535, np.uint16), "png"),
    "32 bits 0 and 1": (grey(REGION, np.int32), "tif"),
    "32 bits 0 and 255": (grey(REGION * 255, np.int32), "tif"),
    "float 0 and 1": (grey(REGION, np.float32), "tif"),
    "float 0 and 255": (grey(REGION * 255, np.float32), "tif"),
    "one bit": (Image.fromarray(REGION), "png"),
    "VOC's person": (palette(REGION * 15), "png"),
    "labelme's first": (palette(REGION * 1), "png"),
    "a palette with white first": (palette(~REGION, [255, 255, 255, 0, 0, 0]), "png"),
    "a palette without black": (palette(REGION, [10, 20, 30, 200, 100, 50]), "png"),
    "a colour on black": (colours((REGION, (255, 85, 0))), "png"),
    "a dark colour on black": (colours((REGION, (0, 0, 60))), "png"),
    "grey as colour": (colours((REGION, (255, 255, 255))), "png"),
    "a label on nothing": (colours((REGION, (200, 0, 0, 255))), "png"),
    "a veil on nothing": (colours((REGION, (200, 0, 0, 128))), "png"),
    "opaque RGBA": (colours((~REGION, (0, 0, 0, 255)), (REGION, (9, 200, 0, 255))), "png"),
}


@pytest.mark.parametrize("kind", TWO)
def test_two_values_are_background_and_object(kind: str, tmp_path: Path) -> None:
    image, suffix = TWO[kind]
    assert np.array_equal(read_mask(save(tmp_path, image, suffix)), np.where(REGION, 255, 0))


SEVERAL = {
    "VOC's border": palette(np.where(OUTLINE, 255, REGION * 15)),
    "the same as greys": grey(np.where(OUTLINE, 255, REGION * 15)),
    "a border about class 1": grey(np.where(OUTLINE, 255, REGION * 1)),
    "a trimap": grey(np.where(OUTLINE, 128, REGION * 255)),
    "classes": grey(np.where(REGION, 1 + np.arange(80)[:, None] // 30, 0)),
    "instances": grey(np.kron(np.arange(48).reshape(8, 6), np.ones((10, 10))), np.uint16),
    "two colours on black": colours((REGION, (200, 0, 0)), (OUTLINE > 0, (0, 200, 0))),
    "two colours on nothing": colours((REGION, (200, 0, 0, 255)), (OUTLINE > 0, (0, 200, 0, 255))),
    "two colours and no black": colours((~REGION, (0, 0, 200)), (REGION, (200, 0, 0))),
    "labels 1 and 2": grey(np.where(REGION, 1, 2)),
    "nothing solid": grey(np.where(REGION, np.linspace(0, 120, 60), 0)),
    "inverted": grey(np.where(REGION, 0, 255)),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_others_are_asked_about(kind: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"m\.png .*\(values: ") as caught:
        read_mask(save(tmp_path, SEVERAL[kind]))
    (remedy,) = caught.value.remedies
    assert isinstance(remedy, NameObject)
    ObjectValues.parse(remedy.example)


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("VOC's border", "15", REGION & ~(OUTLINE > 0)),
        ("VOC's border", "not 0", REGION | (OUTLINE > 0)),
        ("VOC's border", "not 0,255", REGION & ~(OUTLINE > 0)),
        ("a trimap", "128-255", REGION | (OUTLINE > 0)),
        ("classes", "2,3", REGION & (np.arange(80)[:, None] >= 30)),
        ("two colours on black", "#c80000", REGION & ~(OUTLINE > 0)),
        ("two colours on nothing", "#c80000,#00c800", REGION | (OUTLINE > 0)),
        ("inverted", "0", REGION),
    ],
)
def test_what_a_person_says(kind: str, said: str, expected: Any, tmp_path: Path) -> None:
    found = read_mask(save(tmp_path, SEVERAL[kind]), ObjectValues.parse(said))
    assert np.array_equal(found, np.where(expected, 255, 0))


def test_values_that_are_said_and_not_there(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"nothing of it is the object \(values: 0 in .*15 in"):
        read_mask(save(tmp_path, SEVERAL["VOC's border"]), ObjectValues.parse("7"))


@pytest.mark.parametrize("text", ["", "red", "1,", "-3", "not", "#12"])
def test_what_is_no_value(text: str) -> None:
    with pytest.raises(UsageError, match="which values of a mask are the object"):
        ObjectValues.parse(text)


@pytest.mark.parametrize("value", [0, 1, 255])
def test_the_same_everywhere_is_no_mask(value: int, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="of it is the object"):
        read_mask(save(tmp_path, grey(np.full((9, 9), value))))


def soft() -> Pixels:
    big = np.zeros((400, 400), np.uint8)
    cv2.ellipse(big, (200, 210), (90, 150), 20, 0, 360, 255, -1)
    return big


SOFT = {
    "halved": cv2.resize(soft(), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "reduced": cv2.resize(soft(), None, fx=0.23, fy=0.23, interpolation=cv2.INTER_AREA),
    "feathered": cv2.GaussianBlur(soft(), (0, 0), 3),
    "wide": cv2.GaussianBlur(soft(), (0, 0), 25),
}


@pytest.mark.parametrize("kind", SOFT)
def test_a_soft_edge_is_an_alpha(kind: str, tmp_path: Path) -> None:
    alpha = SOFT[kind]
    assert np.array_equal(read_mask(save(tmp_path, grey(alpha))), alpha)


def test_a_soft_edge_in_other_depths(tmp_path: Path) -> None:
    alpha = SOFT["feathered"]
    for values, kind in (
        (alpha.astype(int) * 257, np.uint16),
        (alpha, np.uint16),
        (alpha / 255, np.float32),
        (alpha, np.int32),
    ):
        assert np.array_equal(read_mask(save(tmp_path, grey(values, kind), "tif")), alpha)
    found = read_mask(save(tmp_path, grey(alpha // 2)))
    assert found.max() == 255
    assert np.count_nonzero(found == 255) == np.count_nonzero(alpha // 2 == 127)


@pytest.mark.parametrize("quality", [100, 95, 75, 30])
def test_jpeg_leaves_a_mask(quality: int, tmp_path: Path) -> None:
    found = read_mask(save(tmp_path, grey(soft()), "jpg", quality=quality))
    assert np.array_equal(found >= 128, soft() >= 128)


def test_real_alphas_are_soft_and_real_trimaps_are_asked_about(shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "data" / "scenes" / "fg").glob("*.png"))[::5]:
        alpha = np.asarray(Image.open(path).convert("RGBA"))[..., 3]
        assert alpha.max() >= 240
        found = read_mask(save(tmp_path, grey(alpha)))
        assert np.abs(found.astype(int) - alpha).max() <= 255 - int(alpha.max())
    for path in sorted((SHARED / "data" / "grabcut" / "truth").glob("*.png"))[::5]:
        if len(np.unique(np.asarray(Image.open(path).convert("L")))) > 2:
            with pytest.raises(PictureError, match="no soft edge"):
                read_mask(path)


def test_a_photo_that_is_given_as_its_mask_is_refused_soon(tmp_path: Path) -> None:
    """Its many colours were each looked for in all pixels, and for each of them again: it never ended."""
    rng = np.random.default_rng(1)
    path = write_picture(tmp_path / "photo.png", rng.integers(0, 256, (300, 300, 3), dtype=np.uint8))
    began = time.process_time()
    with pytest.raises(PictureError, match=r"picture in colours and no mask.*others"):
        read_mask(path)
    assert time.process_time() - began < 5  # of the processor; it takes 0.1


@pytest.mark.parametrize(("kind", "most"), [("u1", 2), ("u1", 200), ("u2", 60_000), ("i4", 2), ("i4", 100_000)])
def test_counting_in_a_table_is_as_sorting(kind: str, most: int) -> None:
    rng = np.random.default_rng(most)
    values = rng.integers(-1 if kind[0] != "u" else 0, most, (37, 41)).astype(kind)
    for found, wanted in zip(_table_levels(values), _sorted_levels(values), strict=True):
        assert np.array_equal(found, wanted)


def test_floats_of_very_many_values_are_taken_in_steps() -> None:
    values = np.random.default_rng(1).random((1100, 1100), np.float32)
    levels, ranks, counts = _levels(values)
    assert len(levels) == len(counts) <= 1 << 16
    assert np.abs(levels[ranks.astype(int)] - values).max() < 1e-4
    values[3, 4] = np.inf
    assert not np.isfinite(_levels(values)[0]).all()
