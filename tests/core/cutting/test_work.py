"""What was done to a photo is kept beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Eraser, Guess, Lasso, Rectangle, Stroke, packed_trimap
from fgbg_studio.core.cutting.work import PAINTED, STROKES, Work, beside, is_photo, load_alpha, load_work, save_work

SEEDS = (
    Rectangle(box=(20, 15, 60, 80)),
    Lasso(points=((20, 20), (80, 20), (50, 90))),
    Guess(trimap=packed_trimap(np.full((3, 4), 128, np.uint8))),
    Stroke(points=((40, 40), (50.5, 60)), radius=3, object=True),
    Stroke(points=((5, 5),), radius=2.5, object=False),
    Eraser(points=((40, 40), (41, 42)), radius=4),
)


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
