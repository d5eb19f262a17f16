"""The family of segmenters: what is drawn is cut by, whoever cuts; a new one is one class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.cutting.raster import BACKGROUND, OBJECT
from fgbg_studio.core.cutting.seeds import Eraser, Guess, Lasso, Rectangle, Seed, Seen, Stroke, marks_of, packed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter
from fgbg_studio.core.cutting.segmenters.grabcut.session import GrabCutSession

BOX = Rectangle(box=(20, 15, 60, 80))
INSIDE = Stroke(points=((40, 40), (50.5, 60)), radius=3, object=True)
OUTSIDE = Stroke(points=((5, 5),), radius=2.5, object=False)


def draw_photo() -> Pixels:
    """A red disc on green, (100, 100, 3)."""
    rows, columns = np.mgrid[0:100, 0:100]
    photo = np.where(np.hypot(rows - 55, columns - 50)[..., None] < 25, (200, 40, 30), (40, 120, 60))
    noise = np.random.default_rng(0).normal(0, 4, photo.shape)
    return np.asarray(np.clip(photo + noise, 0, 255), np.uint8)


@pytest.fixture(params=list(Segmenter.known()))
def prepared(request: pytest.FixtureRequest) -> PreparedPhoto:
    return Segmenter.get(request.param)().prepare(draw_photo())


class TestEverySegmenter:
    def test_finds_the_disc(self, prepared: PreparedPhoto) -> None:
        alpha = prepared.cut((BOX,))
        assert alpha.shape == (100, 100)
        assert alpha.dtype == np.uint8
        assert alpha[55, 50] == 255
        assert alpha[2, 2] == 0

    def test_strokes_are_obeyed(self, prepared: PreparedPhoto) -> None:
        inside = Stroke(points=((50, 55),), radius=6, object=False)
        alpha = prepared.cut((BOX, inside), prepared.cut((BOX,)))
        assert alpha[54, 49] == 0
        assert alpha[40, 50] == 255

    def test_what_is_seen_is_what_is_cut(self, prepared: PreparedPhoto) -> None:
        """Each pixel that a stroke shows on the canvas stands as it says, and no other is forced."""
        seeds = (
            BOX,
            Stroke(points=((10.3, 20.8), (13.1, 24.2), (30, 22)), radius=2.2, object=True),
            Stroke(points=((50.2, 50.9), (44, 61.5)), radius=1.4, object=False),
            Eraser(points=((28, 22),), radius=3),
        )
        alpha, marks = prepared.cut(seeds), marks_of(seeds, (100, 100))
        assert {OBJECT, BACKGROUND} <= set(np.unique(marks))
        assert (alpha[marks == OBJECT] == 255).all()
        assert not alpha[marks == BACKGROUND].any()

    def test_cutting_on_equals_cutting_again(self, prepared: PreparedPhoto) -> None:
        """The same seeds in one go after others were tried give what a fresh start gives."""
        first = prepared.cut((BOX,)).copy()
        prepared.cut((BOX, OUTSIDE))
        assert np.array_equal(prepared.cut((BOX,)), first)

    def test_what_a_network_saw_may_come_later(self, prepared: PreparedPhoto) -> None:
        seen = Seen(box=BOX.box, map=packed(np.full((8, 8), 128, np.uint8)))
        prepared.cut((BOX,))
        assert prepared.cut((BOX, seen))[55, 50] == 255

    @pytest.mark.parametrize(
        "area",
        [
            Lasso(points=((20, 20), (80, 20), (85, 90), (18, 92))),
            Guess(trimap=packed(np.full((4, 4), 128, np.uint8))),
        ],
        ids=["lasso", "guess"],
    )
    def test_every_kind_of_area(self, prepared: PreparedPhoto, area: Seed) -> None:
        assert prepared.cut((area, INSIDE))[55, 50] == 255


class _Discs(PreparedPhoto):
    """Cuts a disc about each click, and adds it to the answer before."""

    def __init__(self, photo: Pixels) -> None:
        self._grid = np.mgrid[: photo.shape[0], : photo.shape[1]] + 0.5
        self._seen = 0

    def cut(self, seeds: tuple[Seed, ...], previous: Pixels | None = None) -> Pixels:
        alpha = np.zeros(self._grid.shape[1:], np.uint8) if previous is None else previous.copy()
        for click in seeds[self._seen :]:
            assert isinstance(click, Stroke)
            x, y = click.points[0]
            alpha[np.hypot(self._grid[0] - y, self._grid[1] - x) < 9] = 255 if click.object else 0
        self._seen = len(seeds)
        return alpha


@pytest.fixture
def discs() -> Iterator[type[Segmenter]]:
    """A segmenter by clicks, one class beside its prepared photo."""

    @dataclass(frozen=True)
    class Discs(Segmenter):
        name: ClassVar[str] = "discs"
        summary: ClassVar[str] = "a disc about each click"

        def prepare(self, photo: Pixels) -> PreparedPhoto:
            return _Discs(photo)

    yield Discs
    del Segmenter._members["discs"]


def test_one_by_clicks_is_one_class(discs: type[Segmenter]) -> None:
    assert list(Segmenter.known()) == ["clicks", "discs", "grabcut"]
    prepared = Segmenter.from_dict("discs").prepare(draw_photo())
    clicks = tuple(Stroke(points=(place,), radius=1, object=True) for place in ((20.5, 20.5), (60.5, 20.5)))
    first = prepared.cut(clicks[:1])
    both = prepared.cut(clicks, first)
    assert (first[20, 20], first[20, 60]) == (255, 0)
    assert (both[20, 20], both[20, 60]) == (255, 255)
    assert isinstance(Segmenter.default(), Segmenter.get("clicks"))


def test_cut_again_without_a_change_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another turn of GrabCut would change pixels of most photos, about which nobody said anything."""
    turns, run = list[int](), GrabCutSession.run

    def counted(session: GrabCutSession) -> Pixels:
        turns.append(1)
        return run(session)

    monkeypatch.setattr(GrabCutSession, "run", counted)
    prepared = Segmenter.get("grabcut")().prepare(draw_photo())
    first = prepared.cut((BOX, INSIDE))
    again = prepared.cut((BOX, INSIDE), first)
    assert len(turns) == 1
    assert np.array_equal(again, first)
    assert again is not first
    prepared.cut((BOX, INSIDE, OUTSIDE), again)
    assert len(turns) == 2
