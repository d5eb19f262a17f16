"""What was drawn: kept beside the photo, replayed on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.strokes import (
    PAINTED,
    STROKES,
    Cutter,
    Eraser,
    Lasso,
    Rectangle,
    Stroke,
    Work,
    beside,
    is_photo,
    lasso_trimap,
    load_alpha,
    load_work,
    save_work,
)

SEEDS = (
    Rectangle(box=(20, 15, 60, 80)),
    Lasso(points=((20, 20), (80, 20), (50, 90))),
    Stroke(points=((40, 40), (50.5, 60)), radius=3, object=True),
    Stroke(points=((5, 5),), radius=2.5, object=False),
    Eraser(points=((40, 40), (41, 42)), radius=4),
)


def draw_photo() -> Pixels:
    """A red disc on green, (100, 100, 3)."""
    rows, columns = np.mgrid[0:100, 0:100]
    photo = np.where(np.hypot(rows - 55, columns - 50)[..., None] < 25, (200, 40, 30), (40, 120, 60))
    noise = np.random.default_rng(0).normal(0, 4, photo.shape)
    return np.asarray(np.clip(photo + noise, 0, 255), np.uint8)


def test_work_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    photo, rng = tmp_path / "cat.jpg", np.random.default_rng(1)
    work = Work(seeds=SEEDS, finish=Refinement(feather=1.5, grow=-2, islands=9), foreground="a" * 64)
    alpha, painted = rng.integers(0, 256, (2, 30, 40), np.uint8)
    save_work(photo, work, alpha, painted)
    assert load_work(photo) == work
    planes = load_alpha(photo, (30, 40))
    assert planes is not None
    assert np.array_equal(planes[0], alpha)
    assert np.array_equal(planes[1], painted)


def test_a_photo_never_opened_has_no_work(tmp_path: Path) -> None:
    assert load_work(tmp_path / "cat.jpg") == Work()
    assert load_alpha(tmp_path / "cat.jpg", (30, 40)) is None


def test_what_is_emptied_leaves_no_file(tmp_path: Path) -> None:
    photo, full, empty = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8), np.zeros((4, 4), np.uint8)
    save_work(photo, Work(), full, full)
    save_work(photo, Work(), full, empty)
    assert not beside(photo, PAINTED).exists()
    planes = load_alpha(photo, (4, 4))
    assert planes is not None
    assert not planes[1].any()
    save_work(photo, Work(), empty, empty)
    assert load_alpha(photo, (4, 4)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seeds": [{"kind": "brush"}]}', '{"format": 2}'])
def test_damaged_strokes_are_named(tmp_path: Path, text: str) -> None:
    photo = tmp_path / "cat.jpg"
    beside(photo, STROKES).write_text(text)
    with pytest.raises(ProjectError, match=r"cat\.strokes\.json"):
        load_work(photo)


def test_an_alpha_of_another_photo_is_refused(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    save_work(photo, Work(), alpha, alpha)
    with pytest.raises(ProjectError, match=r"cat\.alpha\.png"):
        load_alpha(photo, (5, 4))


def test_what_lies_beside_a_photo_is_no_photo() -> None:
    names = ["cat.jpg", "cat.strokes.json", "cat.alpha.png", "cat.painted.png", "cat.mask.png", ".cat.png.part"]
    assert [name for name in names if is_photo(Path(name))] == ["cat.jpg"]


def test_a_lasso_leaves_its_inside_undecided() -> None:
    trimap = lasso_trimap(((2, 2), (8, 2), (8, 8), (2, 8)), (12, 12))
    assert set(np.unique(trimap)) == {0, 128}
    assert trimap[5, 5] == 128
    assert trimap[0, 0] == trimap[11, 11] == 0


def test_cutting_on_equals_cutting_again() -> None:
    """The same seeds in one go after others were tried give what a fresh start gives."""
    photo, cutter = draw_photo(), Cutter(draw_photo())
    first = cutter.cut(SEEDS[:1])
    assert first[55, 50] == 255
    assert first[2, 2] == 0
    cutter.cut((*SEEDS[:1], SEEDS[3]))
    assert np.array_equal(cutter.cut(SEEDS[:1]), first)
    assert np.array_equal(Cutter(photo).cut(SEEDS[:1]), first)


def test_strokes_are_obeyed() -> None:
    inside = Stroke(points=((50, 55),), radius=6, object=False)
    alpha = Cutter(draw_photo()).cut((SEEDS[0], inside))
    assert alpha[54, 49] == 0
    assert alpha[40, 50] == 255
