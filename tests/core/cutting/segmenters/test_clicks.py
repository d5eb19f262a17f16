"""Cutting by a network that answers to clicks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.cutting.asking import MOST_ANSWERS, settled
from fgbg_studio.core.cutting.seeds import Click, Eraser, Guess, Rectangle, Seed, Stroke, marks_of, packed
from fgbg_studio.core.cutting.segmenters import PreparedPhoto, Segmenter, clicks
from fgbg_studio.core.cutting.work import Work
from fgbg_studio.core.networks import consent, model_cache
from fgbg_studio.core.networks.prompted.opening import open_prompted
from fgbg_studio.core.networks.prompted.prompt import Prompt, Proposal
from tests.helpers import prompted_onnx

pytest.importorskip("onnxruntime")

WIDE, HIGH = 300, 200
RED, YELLOW = (75.0, 50.0), (225.0, 150.0)
NETWORK = "asked"


def disc(x: float, y: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:HIGH, :WIDE] + 0.5
    return np.asarray(np.hypot(columns - x, rows - y) < 30)


def overlap(alpha: Pixels, truth: NDArray[np.bool_]) -> float:
    return float(((alpha > 127) & truth).sum() / ((alpha > 127) | truth).sum())


def click(place: tuple[float, float], *, object_: bool = True) -> Click:
    return Click(point=place, object=object_, network=NETWORK)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prompted_onnx.write(tmp_path_factory.mktemp("sam") / "files", "sam")


@pytest.fixture
def prepared(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PreparedPhoto:
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
    network = open_prompted(files, here=True)
    monkeypatch.setattr(clicks, "opened", lambda model: {NETWORK: network}[model])
    return Segmenter.default().prepare(prompted_onnx.photo(WIDE, HIGH, (*RED, 30.0)))


class TestClicks:
    def test_on_the_object_beside_it_and_on_another(self, prepared: PreparedPhoto) -> None:
        """At the photo's own edge: the network's answer is 16 times coarser."""
        first = prepared.cut((click(RED),))
        assert overlap(first, disc(*RED)) > 0.97
        both = prepared.cut((click(RED), click(YELLOW)), first)
        assert overlap(both, disc(*RED) | disc(*YELLOW)) > 0.97
        again = prepared.cut((click(RED), click(YELLOW), click((228.0, 140.0), object_=False)), both)
        assert overlap(again, disc(*RED)) > 0.97

    def test_a_preview_is_what_would_be_cut(self, prepared: PreparedPhoto) -> None:
        shown = prepared.preview((click(RED),))
        assert shown is not None
        assert shown.sum() / shown.size == pytest.approx(disc(*RED).mean(), rel=0.2)
        assert prepared.preview((Rectangle(box=(20, 10, 90, 80)),)) is None

    def test_strokes_say_more_than_the_network(self, prepared: PreparedPhoto) -> None:
        """They are asked about too, stand as they are drawn, and can be erased."""
        bite = Stroke(points=((75.0, 40.0), (75.0, 60.0)), radius=4, object=False)
        more = Stroke(points=((225.0, 140.0), (225.0, 160.0)), radius=4, object=True)
        seeds: tuple[Seed, ...] = (click(RED), more, bite)
        alpha, marks = prepared.cut(seeds), marks_of(seeds, (HIGH, WIDE))
        assert (alpha[marks == 1] == 255).all()
        assert not alpha[marks == 2].any()
        assert overlap(prepared.cut(seeds[:2]), disc(*RED) | disc(*YELLOW)) > 0.97
        erased = prepared.cut((*seeds[:2], Eraser(points=((225.0, 130.0), (225.0, 170.0)), radius=9)))
        assert erased[150, 225] == 255  # it goes on from the answer before

    def test_a_guess_is_an_answer_before(self, prepared: PreparedPhoto) -> None:
        trimap = np.zeros((20, 30), np.uint8)
        trimap[12:18, 20:26] = 255
        alpha = prepared.cut((Guess(trimap=packed(trimap)), click(RED)))
        assert overlap(alpha, disc(*RED) | disc(*YELLOW)) > 0.6
        assert (alpha[150, 225], alpha[50, 75], alpha[150, 75]) == (255, 255, 0)

    def test_a_rectangle_is_a_box_and_a_limit(self, prepared: PreparedPhoto) -> None:
        alpha = prepared.cut((Rectangle(box=(40, 15, 36, 80)), click((70.0, 50.0))))
        left = disc(*RED)
        left[:, 76:] = False
        assert overlap(alpha, left) > 0.95
        assert not alpha[:, 76:].any()
        drawn_later = prepared.cut((click(YELLOW), Rectangle(box=(35, 10, 80, 80))))
        assert overlap(drawn_later, disc(*RED)) > 0.95  # a new rectangle is another object

    def test_the_same_whatever_came_before(self, prepared: PreparedPhoto) -> None:
        seeds = (click(RED), click(YELLOW), click((228.0, 140.0), object_=False))
        step_by_step = [prepared.cut(seeds[:end]) for end in (1, 2, 3)]
        fresh = Segmenter.default().prepare(prompted_onnx.photo(WIDE, HIGH, (*RED, 30.0)))
        np.testing.assert_array_equal(fresh.cut(seeds), step_by_step[2])
        np.testing.assert_array_equal(prepared.cut(seeds[:1]), step_by_step[0])

    def test_they_are_saved_like_strokes(self) -> None:
        work = Work(seeds=(click(RED), click(YELLOW, object_=False)))
        assert Work.model_validate_json(work.model_dump_json()) == work

    def test_a_network_that_is_not_at_hand_is_a_sentence(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
        photo = Segmenter.default().prepare(np.zeros((20, 20, 3), np.uint8))
        with pytest.raises(NetworkError, match="cut by the network slimsam: the network slimsam-encoder is not on"):
            photo.cut((Click(point=(3, 3), object=True, network="slimsam"),))
        monkeypatch.setenv(consent.STRICT, "1")  # what a stranger's project names is not even looked at
        with pytest.raises(NetworkError, match="was never chosen on this computer"):
            photo.cut((Click(point=(3, 3), object=True, network="/somebody/else"),))


class TestSettling:
    def asked(self, answers: list[float]) -> tuple[int, Callable[[Prompt], list[Proposal]], list[Prompt]]:
        prompts: list[Prompt] = []

        def ask(prompt: Prompt) -> list[Proposal]:
            prompts.append(prompt)
            wide = answers[min(len(prompts), len(answers)) - 1]
            odds = np.full((50, 100), -5, np.float32)
            odds[10:40, 10 : 10 + round(wide)] = 5
            return [Proposal(odds, 0.9), Proposal(-odds, 1.0)]

        return len(answers), ask, prompts

    @pytest.mark.parametrize(("answers", "count"), [([20, 20], 2), ([20, 60, 60], 3), ([10, 20, 40, 80], MOST_ANSWERS)])
    def test_until_it_stands(self, answers: list[float], count: int) -> None:
        """The one that the click lies in is meant, though the network likes another more; bounded."""
        _, ask, prompts = self.asked(answers)
        odds = settled(ask, Prompt(points=((15.0, 20.0, True),)), (50, 100), remembers=True)
        assert len(prompts) == count
        assert (odds > 0).sum() == 30 * answers[count - 1]
        assert [len(prompt.points) for prompt in prompts] == [1] + [2] * (count - 1)
        assert prompts[1].before is not None

    def test_one_that_forgets_is_not_asked_the_same_again(self) -> None:
        _, ask, prompts = self.asked([20])
        settled(ask, Prompt(points=((15.0, 20.0, True), (90.0, 20.0, False))), (50, 100), remembers=False)
        assert len(prompts) == 1
