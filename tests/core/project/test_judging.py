"""Judging pictures: files are read, and nothing else happens."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.project.judging import Verdict, judge_backgrounds, judge_cutout, judge_foregrounds
from fgbg_studio.core.project.model import Foreground
from fgbg_studio.core.project.settings import BackgroundRule
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.helpers.datasets import tree


def test_judging_changes_nothing(tmp_path: Path) -> None:
    files = [
        write_picture(tmp_path / "a.png", draw_background(1)),
        write_picture(tmp_path / "tiny.png", draw_background(2, 40, 40)),
        write_picture(tmp_path / "known.png", draw_background(3)),
    ]
    known = {hashlib.sha256(files[2].read_bytes()).hexdigest(): "backgrounds/there.png"}
    before, known_before = tree(tmp_path), dict(known)
    verdicts = list(judge_backgrounds(files, known, BackgroundRule()))
    assert verdicts == list(judge_backgrounds(files, known, BackgroundRule()))
    assert (tree(tmp_path), known) == (before, known_before)
    good, tiny, again = verdicts
    assert good.picture
    assert (good.picture.file, good.data) == ("backgrounds/a.png", b"")
    assert "shorter side is under 128" in tiny.reason
    assert again.reason == "already in the project as backgrounds/there.png"


def test_what_is_entered_meanwhile_is_known(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "a.png", draw_background(1))
    known: dict[str, str] = {}
    steps = judge_backgrounds([path, path], known, BackgroundRule())
    first = next(steps)
    assert first.picture
    known[first.picture.sha256] = "backgrounds/a-2.png"
    assert next(steps).reason == "already in the project as backgrounds/a-2.png"


def test_a_picture_and_its_mask_come_with_the_bytes_of_what_was_made(tmp_path: Path) -> None:
    cutout = draw_cutout(1)
    path = write_picture(tmp_path / "p.jpg", np.ascontiguousarray(cutout[..., :3]), Codec("jpeg", 95))
    write_picture(tmp_path / "masks" / "p.png", np.ascontiguousarray(cutout[..., 3]))
    before = tree(tmp_path)
    (verdict,) = judge_foregrounds([path], {}, tmp_path / "masks")
    assert tree(tmp_path) == before
    assert verdict.picture
    assert verdict.picture.file == "foregrounds/p.png"
    assert verdict.picture.sha256 == hashlib.sha256(verdict.data).hexdigest()
    assert np.array_equal(decode(verdict.data, "p")[..., 3], cutout[..., 3])


def test_one_photo_with_two_masks_is_taken_once(tmp_path: Path) -> None:
    cutout = draw_cutout(1)
    rgb, alpha = np.ascontiguousarray(cutout[..., :3]), np.ascontiguousarray(cutout[..., 3])
    files = [write_picture(tmp_path / f"{name}.png", rgb) for name in "pq"]
    write_picture(tmp_path / "masks" / "p.png", alpha)
    write_picture(tmp_path / "masks" / "q.png", np.ascontiguousarray(alpha[::-1]))
    known: dict[str, str] = {}
    steps = judge_foregrounds(files, known, tmp_path / "masks")
    first = next(steps)
    assert first.picture
    known[first.picture.sha256] = first.picture.file
    assert next(steps).reason == "already in the project as foregrounds/p.png"


class TestCutouts:
    """Pixels in memory get the verdict that their file would get."""

    @pytest.mark.parametrize("alpha", [None, 0, 255, 3])
    def test_the_verdict_of_their_file(self, tmp_path: Path, alpha: int | None) -> None:
        rgba = draw_cutout(1, 60, 100, margin=8)
        if alpha is not None:
            rgba[..., 3] = alpha
        data = encode(rgba, Codec())
        path = tmp_path / "toy.png"
        path.write_bytes(data)
        (of_file,) = judge_foregrounds([path], {})
        of_pixels = judge_cutout(rgba, tmp_path / "toy.png", {})
        assert (of_pixels.picture, of_pixels.reason) == (of_file.picture, of_file.reason)
        assert of_pixels.data == (data if of_pixels.picture else b"")

    def test_one_that_is_known(self) -> None:
        rgba = draw_cutout(1)
        known = {hashlib.sha256(encode(rgba, Codec())).hexdigest(): "foregrounds/old.png"}
        verdict = judge_cutout(rgba, Path("new.png"), known)
        assert verdict == Verdict(
            Path("new.png"), None, "already in the project as foregrounds/old.png", twin="foregrounds/old.png"
        )

    def test_it_is_named_after_its_photo_with_its_own_suffix(self) -> None:
        verdict = judge_cutout(draw_cutout(1), Path("photos/a b.jpg"), {})
        assert isinstance(verdict.picture, Foreground)
        assert verdict.picture.file == "foregrounds/a b.png"


@pytest.mark.parametrize(("side", "offered"), [(1, False), (40, True)])
def test_the_limit_is_lowered_for_what_is_some_picture(tmp_path: Path, side: int, offered: bool) -> None:
    path = write_picture(tmp_path / "tiny.png", draw_background(2, side, side))
    (verdict,) = judge_backgrounds([path], {}, BackgroundRule())
    assert verdict.error
    assert any(isinstance(remedy, Set) for remedy in verdict.error.remedies) == offered
