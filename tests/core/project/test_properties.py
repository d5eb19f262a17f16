"""What is said of a foreground: checked, kept beside its photo, handed on when it is kept, set on the command line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import ProjectError, UsageError
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.work import ABOUT, beside
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.project import photos, storage
from fgbg_studio.core.project.model import Foreground
from fgbg_studio.core.project.properties import (
    Properties,
    categories,
    changed,
    load_properties,
    properties_of,
    save_properties,
    with_properties,
)
from tests.conftest import MakeProject, draw_background, write_picture

CHAIR = Properties(category="chair", licence="CC0", origin="my kitchen", real_height=0.9)


@pytest.fixture
def folder(tmp_path: Path, make_project: MakeProject) -> Path:
    return make_project(tmp_path)


@pytest.fixture
def photo(folder: Path) -> Path:
    return write_picture(folder / "photos" / "toy.jpg", draw_background(5, 120, 90), Codec("jpeg", 95))


def test_words_stay_on_one_line_and_numbers_in_their_bounds() -> None:
    assert changed(Properties(), {"category": " arm\n chair ", "real_height": "1.75"}) == Properties(
        category="arm chair", real_height=1.75
    )
    for wrong in ({"real_height": 0}, {"real_height": "tall"}, {"height": 2}):
        with pytest.raises(UsageError):
            changed(CHAIR, wrong)


def test_a_foreground_takes_them_and_only_those_that_are_given(folder: Path) -> None:
    first, second, *_ = storage.load(folder).foregrounds
    first = with_properties(first, dict(CHAIR))
    assert properties_of(first) == CHAIR
    assert properties_of(with_properties(first, {"licence": ""})) == CHAIR.model_copy(update={"licence": ""})
    assert categories([first, second, first.model_copy(update={"category": "bed"})]) == ["bed", "chair"]


def test_they_lie_beside_the_photo_and_go_to_what_is_kept_of_it(folder: Path, photo: Path) -> None:
    save_properties(photo, CHAIR)
    assert beside(photo, ABOUT) in photos.files_of(photo)
    assert [found.path for found in photos.find_photos(folder)] == [photo]
    opened = photos.open_photo(photo)
    alpha = np.zeros((90, 120), np.uint8)
    alpha[20:70, 30:80] = 255
    alpha[20, 30:80] = 100
    kept = photos.keep_cutout(folder, {}, photo, opened.pixels, alpha, Refinement()).picture
    assert isinstance(kept, Foreground)
    assert properties_of(kept) == CHAIR


def test_what_is_said_of_the_one_before_is_handed_on(folder: Path) -> None:
    project = storage.load(folder)
    old = with_properties(project.foregrounds[0], dict(CHAIR))
    project = project.model_copy(update={"foregrounds": (old, *project.foregrounds[1:])})
    new = old.model_copy(update={"sha256": "a" * 64, **dict(Properties())})
    assert properties_of(photos.with_foreground(project, new, old.sha256).foregrounds[0]) == CHAIR


def test_nothing_said_is_no_file_and_a_damaged_one_is_named(photo: Path) -> None:
    assert load_properties(photo) == Properties()
    save_properties(photo, CHAIR)
    assert load_properties(photo) == CHAIR
    save_properties(photo, Properties())
    assert not beside(photo, ABOUT).exists()
    beside(photo, ABOUT).write_text('{"height": 3}')
    with pytest.raises(ProjectError, match="about"):
        load_properties(photo)
