"""What was done to a photo is kept beside it."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Eraser, Guess, Lasso, Rectangle, Stroke, packed
from fgbg_studio.core.cutting.work import (
    ALPHA,
    OWN,
    PAINTED,
    STROKES,
    DamagedWorkError,
    SavedWork,
    Work,
    beside,
    is_photo,
    load,
    load_work,
    save_work,
)
from fgbg_studio.core.imaging.codecs import Codec, encode

SEEDS = (
    Rectangle(box=(20, 15, 60, 80)),
    Lasso(points=((20, 20), (80, 20), (50, 90))),
    Guess(trimap=packed(np.full((3, 4), 128, np.uint8))),
    Stroke(points=((40, 40), (50.5, 60)), radius=3, object=True),
    Stroke(points=((5, 5),), radius=2.5, object=False),
    Eraser(points=((40, 40), (41, 42)), radius=4),
)


def test_work_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    photo, rng = tmp_path / "cat.jpg", np.random.default_rng(1)
    work = Work(seeds=SEEDS, finish=Refinement(feather=1.5, grow=-2, islands=9), foreground="a" * 64)
    alpha, painted = rng.integers(0, 256, (2, 30, 40), np.uint8)
    save_work(photo, work, alpha, painted)
    assert load_work(photo).work == work
    found = load(photo, (30, 40))
    assert found.whole
    planes = found.planes
    assert planes is not None
    assert np.array_equal(planes[0], alpha)
    assert np.array_equal(planes[1], painted)


def test_a_photo_never_opened_has_no_work(tmp_path: Path) -> None:
    assert load_work(tmp_path / "cat.jpg").work == Work()
    assert load(tmp_path / "cat.jpg", (30, 40)).planes is None


def test_what_is_emptied_leaves_no_file(tmp_path: Path) -> None:
    photo, full, empty = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8), np.zeros((4, 4), np.uint8)
    save_work(photo, Work(), full, full)
    save_work(photo, Work(), full, empty)
    assert not beside(photo, PAINTED).exists()
    planes = load(photo, (4, 4)).planes
    assert planes is not None
    assert not planes[1].any()
    save_work(photo, Work(), empty, empty)
    assert load(photo, (4, 4)).planes is None


FAR = '{"seeds": [{"kind": "lasso", "points": [[1, 2], [1e29, 3], [5, 1e29]]}]}'  # it was filled for seconds


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seeds": [{"kind": "brush"}]}', '{"format": 2}', FAR])
def test_damaged_strokes_are_named(tmp_path: Path, text: str) -> None:
    photo = tmp_path / "cat.jpg"
    beside(photo, STROKES).write_text(text)
    with pytest.raises(ProjectError, match=r"cat\.strokes\.json"):
        load_work(photo)


def test_an_alpha_of_another_photo_is_refused(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    save_work(photo, Work(), alpha, alpha)
    with pytest.raises(ProjectError, match=r"cat\.alpha\.png"):
        load(photo, (5, 4))


def test_what_lies_beside_a_photo_is_no_photo() -> None:
    names = ["cat.jpg", "cat.strokes.json", "cat.alpha.png", "cat.painted.png", "cat.mask.png", ".cat.png.part"]
    assert [name for name in names if is_photo(Path(name))] == ["cat.jpg"]


def states(rng: np.random.Generator) -> list[tuple[Work, Pixels, Pixels]]:
    """Works that differ in everything, some without one of the pictures."""
    made = []
    for number in range(4):
        alpha, painted = rng.integers(0, 256, (2, 12, 9), np.uint8)
        work = Work(seeds=SEEDS[:number], foreground="abcd"[number])
        made.append((work, alpha * (number != 1), painted * (number % 2)))
    return made


def test_whenever_the_power_fails_there_is_one_state_or_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before one thing that saving does on the disk, then before the next, and so on; from every state to every one."""
    photo, some = tmp_path / "cat.jpg", states(np.random.default_rng(5))
    found_old = found_new = 0
    for old, new in itertools.permutations(some, 2):
        for number in itertools.count():
            for path in tmp_path.iterdir():
                path.unlink()
            save_work(photo, *old)
            with monkeypatch.context() as patched:
                ended = _fails_at(patched, number, lambda new=new: save_work(photo, *new))  # type: ignore[misc]
            found = load(photo, (12, 9))
            assert found.whole
            assert found.saved.work in (old[0], new[0])
            work, alpha, painted = old if found.saved.work == old[0] else new
            found_old, found_new = found_old + (work is old[0]), found_new + (work is new[0])
            planes = found.planes or (np.zeros((12, 9), np.uint8),) * 2
            assert np.array_equal(planes[0], alpha)
            assert np.array_equal(planes[1], painted) or not alpha.any()
            assert load(photo, (12, 9)).whole  # and so it stays
            if ended:
                assert found.saved.work == new[0]
                break
    assert found_old > 20
    assert found_new > 20


class _PowerFailure(BaseException):
    pass


def _fails_at(patched: pytest.MonkeyPatch, number: int, save: Callable[[], object]) -> bool:
    """Whether ``save`` does fewer than so many things on the disk, the last of which does not come about."""
    left = itertools.count(number, -1)

    def fails(name: str) -> Callable[..., Any]:
        done = getattr(Path, name)

        def step(path: Path, *args: Any, **kwargs: Any) -> Any:
            if (name != "open" or "w" in args[0]) and next(left) <= 0:
                raise _PowerFailure
            return done(path, *args, **kwargs)

        return step

    for name in ("replace", "open", "unlink"):
        patched.setattr(Path, name, fails(name))
    try:
        save()
    except _PowerFailure:
        return False
    return True


def test_a_picture_that_somebody_put_there_is_taken_as_it_is(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    save_work(photo, Work(seeds=SEEDS), alpha, alpha)
    beside(photo, ALPHA).write_bytes(encode(alpha * 2, Codec()))
    found = load(photo, (4, 4))
    assert found.planes is not None
    assert np.array_equal(found.planes[0], alpha * 2)
    assert not found.whole


def test_where_the_alpha_is_missing_the_cut_is_wanted_again(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    save_work(photo, Work(seeds=SEEDS), alpha, alpha)
    beside(photo, ALPHA).unlink()
    found = load(photo, (4, 4))
    assert found.planes is None
    assert found.saved.cut_wanted
    assert not found.whole


def test_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    beside(photo, STROKES).write_text(Work(seeds=SEEDS).model_dump_json())
    beside(photo, ALPHA).write_bytes(encode(alpha, Codec()))
    found = load(photo, (4, 4))
    assert found.saved.seeds == SEEDS
    assert found.planes is not None
    assert np.array_equal(found.planes[0], alpha)
    assert (found.saved.cut_wanted, found.saved.history) == (False, "")


def test_what_has_not_changed_is_not_written_again(tmp_path: Path) -> None:
    photo, alpha = tmp_path / "cat.jpg", np.full((4, 4), 9, np.uint8)
    saved = save_work(photo, Work(seeds=SEEDS[:1]), alpha, alpha)
    assert saved.alpha
    assert saved.painted
    before = beside(photo, ALPHA).stat()
    save_work(photo, SavedWork(seeds=SEEDS, step=3), saved.alpha, saved.painted)
    assert beside(photo, ALPHA).stat() == before
    found = load(photo, (4, 4))
    assert (found.whole, found.saved.step, found.saved.seeds) == (True, 3, SEEDS)


def test_the_error_of_a_damaged_file_travels(tmp_path: Path) -> None:
    error = pickle.loads(pickle.dumps(DamagedWorkError(tmp_path / "a.alpha.png", "cut off")))
    assert (error.path, error.reason) == (tmp_path / "a.alpha.png", "cut off")
    assert all(ending.startswith(".") for ending in OWN)
