"""A first guess beside a photo: whole or not at all, and never over what a person did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.cutting.work import ALPHA, SavedWork, beside, save_work
from fgbg_studio.core.networks.description import IMAGENET_MEAN, IMAGENET_STD, Description
from fgbg_studio.core.project.first_guess import FirstGuess, first_guess, is_touched
from fgbg_studio.core.project.photos import find_photos, open_photo
from tests.conftest import write_picture
from tests.helpers import tiny_onnx
from tests.helpers.networks import open_here


@pytest.fixture
def guess(tmp_path: Path) -> FirstGuess:
    """Of a bright disc on dark ground."""
    rows, columns = np.mgrid[:90, :120]
    pixels = np.where(np.hypot(rows - 45, columns - 70)[..., None] < 25, (230, 220, 200), (30, 40, 50)).astype(np.uint8)
    (tmp_path / "photos").mkdir()
    photo = write_picture(tmp_path / "photos" / "toy.png", pixels)
    file = tiny_onnx.write(tmp_path / "net.onnx", np.full((1, 3, 1, 1), 1 / 3, np.float32), (1, 3, 320, 320))
    described = Description("saliency", 320, 320, layout="nchw", stretch=True, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    found = first_guess(photo, open_here(file, described), "first guess")
    assert found
    assert not is_touched(photo), "nothing is changed until it is put"
    return found


def test_it_is_opened_like_what_a_person_did(guess: FirstGuess) -> None:
    assert guess.put()
    opened = open_photo(guess.path)
    assert opened.work.seeds == (guess.seed,)
    assert opened.planes is not None
    assert 0.15 < (opened.planes[0] > 127).mean() < 0.21
    assert [(step.head.text, step.before) for step in opened.steps] == [("first guess", ())]
    (known,) = find_photos(guess.path.parents[1])
    assert (known.begun, known.guessed, known.touched) == (True, True, True)


def test_ended_before_its_last_step_it_is_whole_when_opened(guess: FirstGuess, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def ended(self: Path, target: Path) -> Path:
        if self == partial_of(beside(guess.path, ALPHA)):
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", ended)
    with pytest.raises(KeyboardInterrupt):
        guess.put()
    monkeypatch.undo()
    opened = open_photo(guess.path)
    assert opened.planes is not None
    assert (opened.planes[0] > 127).any()
    assert (opened.done, len(opened.steps)) == (1, 1)


def test_what_was_done_meanwhile_stays(guess: FirstGuess) -> None:
    save_work(guess.path, SavedWork(), np.zeros((90, 120), np.uint8), np.zeros((90, 120), np.uint8))
    assert not guess.put()
    assert open_photo(guess.path).work.seeds == ()
    guess.path.unlink()
    assert not guess.put()
