"""Where objects may stand: packing and painting of the raster, and that a project keeps it."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.placement.region_mask import CELLS, pack, paint, unpack
from fgbg_studio.core.project import storage

EMPTY = np.zeros((CELLS, CELLS), np.bool_)
fractions = st.floats(0, 1)


@given(arrays(np.bool_, (CELLS, CELLS)))
def test_what_was_packed_comes_back(cells: Region) -> None:
    assert np.array_equal(unpack(pack(cells)), cells)


def test_everywhere_is_an_empty_text() -> None:
    assert pack(EMPTY) == ""
    assert not unpack("").any()


@pytest.mark.parametrize("text", ["?", "abcd", base64.b64encode(zlib.compress(b"short")).decode()])
def test_what_is_no_raster_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="region"):
        unpack(text)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = base64.b64encode(zlib.compress(bytes(50_000_000))).decode()
    with pytest.raises(ValueError, match="size"):
        unpack(bomb)


@given(fractions, fractions, fractions, fractions, st.floats(0.01, 0.3))
def test_a_stroke_covers_its_ends_and_clears_again(x: float, y: float, u: float, v: float, radius: float) -> None:
    painted = paint(EMPTY, (x, y), (u, v), (radius, radius), add=True)
    for a, b in ((x, y), (u, v)):
        assert painted[min(int(b * CELLS), CELLS - 1), min(int(a * CELLS), CELLS - 1)]
    assert not EMPTY.any()
    assert not paint(painted, (x, y), (u, v), (radius, radius), add=False).any()


def test_a_circle_has_its_area() -> None:
    painted = paint(EMPTY, (0.5, 0.5), (0.5, 0.5), (0.25, 0.125), add=True)
    assert painted.mean() == pytest.approx(np.pi * 0.25 * 0.125, rel=0.02)


def test_the_project_keeps_the_region_and_refuses_a_damaged_one(tmp_path: Path, make_project) -> None:
    folder = make_project(tmp_path)
    project = storage.load(folder)
    cells = paint(EMPTY, (0.2, 0.8), (0.8, 0.8), (0.1, 0.1), add=True)
    first = project.backgrounds[0].model_copy(update={"standing": pack(cells), "kept": True})
    storage.save(folder, project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])}))
    again = storage.load(folder).backgrounds[0]
    assert np.array_equal(unpack(again.standing), cells)
    assert again.kept
    text = (folder / storage.FILE).read_text().replace(pack(cells), "damaged")
    (folder / storage.FILE).write_text(text)
    with pytest.raises(ProjectError, match="standing"):
        storage.load(folder)
