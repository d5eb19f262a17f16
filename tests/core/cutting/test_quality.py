"""The quality of a cutout says what its check says, in a few words, and sorts the worse before the better."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.cutting.check import check_cutout
from fgbg_studio.core.cutting.quality import CutoutQuality, QualityStore, quality_of
from fgbg_studio.core.imaging.matte import feather, trim
from fgbg_studio.core.imaging.reading import picture_hash, read_rgba
from tests.conftest import SHARED, write_picture
from tests.core.cutting.test_check import cutout, disc, person

DATA = SHARED / "data"


def two_discs(radius: float) -> Pixels:
    return np.maximum(disc(160, 260, 70, 80, 60), disc(160, 260, 200, 80, radius))


def test_a_sound_cutout_has_no_flaw() -> None:
    quality = quality_of(cutout(person()))
    assert (quality.flaws(140), quality.badness(140)) == ([], 0)
    assert quality.pieces == (1.0,)
    assert quality.size == (49, 124)


def test_more_of_the_same_flaw_is_worse() -> None:
    badness = [quality_of(cutout(two_discs(radius))).badness() for radius in (8, 20, 50)]
    assert badness == sorted(badness)
    assert len(set(badness)) == 3
    assert quality_of(cutout(two_discs(50))).flaws() == ["2 pieces"]


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (np.s_[:, 25:], "cut by the edge at the left"),
        (np.s_[:100], "cut by the edge at the bottom"),
        (np.s_[20:, 25:], "cut by the edge at the top and left"),
        (np.s_[20:, 25:75], "cut by the edge at the top, left and right"),
    ],
)
def test_it_says_which_edge_cuts(cut: tuple[slice, ...], words: str) -> None:
    alpha = np.zeros((140, 100), np.uint8)
    alpha[10:130, 10:90] = 255
    alpha = feather(alpha, 1)
    assert quality_of(cutout(alpha[cut])).flaws() == [words]


def test_an_object_is_small_beside_the_size_that_it_is_pasted_at() -> None:
    quality = quality_of(cutout(person()))
    assert quality.flaws(186) == []
    assert quality.flaws(248) == ["small: enlarged 2.0×"]
    assert quality.badness(496) > quality.badness(248) > 0


def test_whatever_it_is_it_is_said(recwarn: pytest.WarningsRecorder) -> None:
    clear, full = np.zeros((9, 9, 4), np.uint8), np.full((9, 9, 4), 255, np.uint8)
    assert quality_of(clear).flaws() == ["empty"]
    assert quality_of(full).flaws() == ["not cut out"]
    assert quality_of(cutout(person() // 4)).flaws() == ["haze"]
    assert not recwarn.list


def test_what_was_measured_is_kept_by_content_and_damage_is_passed_over(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "one.png", cutout(two_discs(50)))
    one = picture_hash(path)
    measured = QualityStore(tmp_path).get("one.png", one)
    assert measured == quality_of(cutout(two_discs(50)))
    path.unlink()
    (lines,) = (tmp_path / ".cache").glob("cutouts*.jsonl")
    lines.write_text('["b", {"codes"\n' + lines.read_text())
    assert QualityStore(tmp_path).get("one.png", one) == measured
    write_picture(path, cutout(person()))
    assert QualityStore(tmp_path).get("one.png", picture_hash(path)).codes == ()
    with pytest.raises(PictureError, match="was changed"):
        QualityStore(tmp_path).get("one.png", "a" * 64)


def test_cutouts_by_hand_are_judged_as_the_check_does() -> None:
    if not (DATA / "scenes").exists():
        pytest.skip("../shared/data/scenes is not here")
    found: dict[str, CutoutQuality] = {}
    for path in sorted((DATA / "scenes" / "fg").glob("*.png")):
        rgba = read_rgba(path)
        found[path.stem] = quality_of(rgba)
        assert found[path.stem].codes == tuple(dict.fromkeys(issue.code for issue in check_cutout(rgba)))
    worst = sorted(found, key=lambda name: -found[name].badness())[:8]
    assert {"fg_053", "fg_077", "fg_093", "fg_023"} <= set(worst)


def test_objects_that_were_cut_out_cleanly_raise_no_alarm() -> None:
    """Truth drawn by others: only what really ends at the edge of its photo is said to be cut by it."""
    if not (DATA / "grabcut").exists():
        pytest.skip("../shared/data/grabcut is not here")
    for path in sorted((DATA / "grabcut" / "images").iterdir()):
        truth = next((DATA / "grabcut" / "truth").glob(f"{path.stem}.*"))
        alpha = np.where(cv2.imread(str(truth), cv2.IMREAD_GRAYSCALE) == 255, np.uint8(255), np.uint8(0))
        whole = not (alpha[0].any() or alpha[-1].any() or alpha[:, 0].any() or alpha[:, -1].any())
        rgba, _ = trim(np.dstack([read_rgba(path)[..., :3], feather(alpha, 1)]))
        assert quality_of(rgba).codes in ((), () if whole else ("cut-by-frame",)), path.stem
