"""Remarks on backgrounds: poor ones get theirs, good ones none; nothing is left out for them."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.imaging.quality import is_grey
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.imaging.thumbnails import measured
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.model import Background
from fgbg_studio.core.project.remarks import remarks
from tests.conftest import draw_background

SETTINGS = presets.get("studio-256").settings
MOST_FALSE = 0.05
"""Of real, good pictures."""


def said(rgb: Pixels, **more: object) -> list[str]:
    height, width = rgb.shape[:2]
    background = Background(
        file="backgrounds/a.png", sha256="a" * 64, width=width, height=height, grey=is_grey(rgb),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    found = remarks(background, measured(rgb), SETTINGS)
    assert all(remark.words[0].isupper() and not remark.words.endswith(".") for remark in found)
    return [remark.short for remark in found]


def blurred(rgb: Pixels, sigma: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


def noisy(rgb: Pixels, sigma: float) -> Pixels:
    noise = np.random.default_rng(0).normal(0, sigma, rgb.shape)
    return np.asarray(np.clip(rgb + noise, 0, 255), np.uint8)


def test_a_good_picture_has_none() -> None:
    for seed in range(12):
        assert said(draw_background(seed, 640, 480)) == []


@pytest.mark.parametrize("grey", [90, 128, 200])
def test_a_plain_one_is_flat(grey: int) -> None:
    assert said(np.full((400, 500, 3), grey, np.uint8)) == ["flat"]
    assert said(np.full((400, 500, 3), (grey, 60, 140), np.uint8)) == ["flat"]
    assert said(noisy(np.full((400, 500, 3), grey, np.uint8), 4)) == ["flat"]


def test_a_gradient_has_no_edge() -> None:
    ramp = np.linspace(0, 255, 600).astype(np.uint8)
    rgb = np.full((400, 600, 3), 90, np.uint8)
    rgb[..., 0] = ramp
    assert said(rgb) == ["blurred"]


@pytest.mark.parametrize("sigma", [2.5, 4.0, 8.0])
@pytest.mark.parametrize("size", [(400, 300), (1600, 1200)])
def test_a_blurred_one_is_seen_at_any_size(sigma: float, size: tuple[int, int]) -> None:
    scale = max(size) / 400
    sharp = draw_background(3, *size)
    assert said(blurred(sharp, sigma * scale)) == ["blurred"]
    assert said(noisy(blurred(sharp, sigma * scale), 3)) == ["blurred"]


def test_something_sharp_before_a_soft_background_is_not_blurred() -> None:
    soft = blurred(draw_background(1, 640, 480), 6)
    soft[150:330, 200:440] = draw_background(2, 240, 180)
    assert said(soft) == []


def test_dark_and_bright_ones() -> None:
    picture = draw_background(1, 640, 480).astype(np.float64)
    assert "dark" in said((picture * 0.06).astype(np.uint8))
    assert "bright" in said((255 - (255 - picture) * 0.06).astype(np.uint8))
    for factor in (0.4, 0.6):
        assert not {"dark", "bright"} & {*said((picture * factor).astype(np.uint8))}


@pytest.mark.parametrize(("size", "short"), [((6000, 300), "20:1"), ((300, 1200), "1:4"), ((900, 300), "3:1")])
def test_strips(size: tuple[int, int], short: str) -> None:
    assert said(draw_background(1, *size)) == [short]


def test_a_wide_photo_is_no_strip() -> None:
    assert said(draw_background(1, 1920, 1080)) == []
    assert said(draw_background(1, 2390, 1000)) == []


def test_what_is_enlarged_much_is_small() -> None:
    assert said(draw_background(1, 160, 140)) == ["small"]
    assert said(draw_background(1, 800, 600), crop=(0, 0, 130)) == ["small"]
    assert said(draw_background(1, 224, 224)) == []


def test_black_and_white() -> None:
    grey = np.repeat(draw_background(1, 640, 480)[..., :1], 3, axis=2)
    assert said(grey) == ["no colour"]


def test_what_was_not_measured_yet_has_only_its_shape() -> None:
    strip = Background(file="backgrounds/a.png", sha256="a" * 64, width=6000, height=300)
    assert [remark.short for remark in remarks(strip, None, SETTINGS)] == ["20:1"]


@pytest.mark.parametrize("folder", ["scenes/bg", "photos", "grabcut/images"])
def test_few_real_pictures_get_one(shared: Path, folder: str) -> None:
    pictures = [read_rgb(path) for path in sorted((shared / "data" / folder).iterdir())]
    assert sum(bool(said(rgb)) for rgb in pictures) <= MOST_FALSE * len(pictures)
    for rgb in pictures[:12]:
        assert "blurred" in said(blurred(rgb, 3 * max(max(rgb.shape) / 512, 1)))
