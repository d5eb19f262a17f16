"""What a network is fed with: the right samples, all pictures of one altered alike, backgrounds as asked for."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents, DecodedFiles
from fgbg_studio.core.trial import feeding
from fgbg_studio.core.trial.baselines import BackgroundDepths, DifferenceMask, best_threshold, mean_depth
from fgbg_studio.core.trial.feeding import Feeder, TrainFigures, normalisation
from fgbg_studio.core.trial.parts import Parts, evenly, parts_of
from fgbg_studio.core.trial.pictures import TrialPictures, Window
from fgbg_studio.core.trial.settings import TrialSettings
from tests.conftest import MakeProject
from tests.helpers.datasets import make, opened

PLAIN = TrialSettings(side=64, batch=8, crop=0.0, colour=0.0, flip=False)
FIGURES = TrainFigures((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), 1.0, 1.0)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    folder = tmp_path_factory.mktemp("fed")
    make(make_project(folder, n_bg=5, n_fg=5, changes=["size=64", "placements=2"]), folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def contents(root: Path) -> Contents:
    return opened(root)


@pytest.fixture(scope="module")
def parts(contents: Contents) -> Parts:
    found: list[Parts] = []

    def drawing() -> Iterator[Progress]:
        found.append((yield from parts_of(contents, 0)))

    deque(drawing(), maxlen=0)
    return found[0]


def test_parts_are_drawn_where_the_dataset_has_none(parts: Parts, root: Path) -> None:
    assert {name: len(numbers) for name, numbers in parts.numbers.items()} == {
        "train": 56, "seen": 8, "new-background": 16, "new-foreground": 16, "both-new": 4,
    }  # fmt: skip
    assert "none of its own" in parts.origin
    assert not (root / "splits").exists()


def test_each_epoch_has_every_sample_once_in_another_order(contents: Contents, parts: Parts) -> None:
    feeder = Feeder(TrialPictures(contents, PLAIN), parts.train, replace(PLAIN, epochs=2), "two", FIGURES)
    assert (feeder.epoch, feeder.steps) == (7, 14)
    epochs = [np.concatenate([feeder.order(7 * epoch + step) for step in range(7)]).tolist() for epoch in range(2)]
    assert epochs[0] != epochs[1]
    assert Counter(epochs[0]) == Counter(epochs[1]) == Counter(parts.train.tolist())


def test_a_step_is_the_same_wherever_one_begins(contents: Contents, parts: Parts) -> None:
    settings = replace(PLAIN, epochs=2, crop=0.3, colour=0.3, flip=True, background_noise="fresh")
    feeder = Feeder(TrialPictures(contents, settings), parts.train, settings, "two", FIGURES)
    whole, later = list(feeder.from_step(0)), list(feeder.from_step(9))
    assert (len(whole), len(later)) == (14, 5)
    for one, other in zip(whole[9:], later, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.inputs, other.inputs, strict=True))
        assert all(np.array_equal(a, b) for a, b in zip(one.targets, other.targets, strict=True))
    other_seed = Feeder(TrialPictures(contents, settings), parts.train, replace(settings, seed=1), "two", FIGURES)
    assert not np.array_equal(other_seed.fed(0).inputs[0], whole[0].inputs[0])


def test_all_pictures_of_a_sample_are_mirrored_and_cropped_alike(contents: Contents, parts: Parts) -> None:
    pictures = TrialPictures(contents, replace(PLAIN, full_size=True))
    numbers = parts.train[:4]
    plain = pictures.batch(numbers)
    mirrored = pictures.batch(numbers, [Window(0.0, 0.0, 1.0, True)] * 4)
    cropped = pictures.batch(numbers, [Window(0.25, 0.5, 0.5, False)] * 4)
    assert plain.masks is not None
    assert plain.masks.any(axis=(1, 2)).all()
    pairs = ("composites", "backgrounds", "masks", "depths")
    for whole, flipped, part in ((getattr(batch, name) for batch in (plain, mirrored, cropped)) for name in pairs):
        assert np.array_equal(flipped, whole[:, :, ::-1])
        shrunk = part[:, 1::2, 1::2].astype(np.float64)  # it was enlarged twice
        wanted = whole[:, 32:64, 16:48].astype(np.float64)
        assert np.mean(np.abs(shrunk - wanted)) < 0.08 * max(float(np.ptp(wanted)), 1)


def test_colours_change_on_the_inputs_alone_and_alike(contents: Contents, parts: Parts) -> None:
    pictures = TrialPictures(contents, PLAIN)
    plain, coloured = (
        Feeder(pictures, parts.train, replace(PLAIN, colour=colour), "two", FIGURES).fed(0) for colour in (0.0, 0.4)
    )
    assert all(np.array_equal(a, b) for a, b in zip(plain.targets, coloured.targets, strict=True))
    for place in range(8):
        lines = [np.polyfit(plain.inputs[i][place].ravel(), coloured.inputs[i][place].ravel(), 1) for i in (0, 1)]
        assert lines[0] == pytest.approx(lines[1], abs=1e-4)
        assert abs(lines[0][0] - 1) <= 0.4
    assert not np.allclose(plain.inputs[0], coloured.inputs[0])


def test_inputs_are_normalised_with_the_training_part(contents: Contents, parts: Parts) -> None:
    pictures = TrialPictures(contents, PLAIN)
    figures = normalisation(pictures, parts.train)
    batch = pictures.batch(parts.train)
    values = figures(batch.composites)
    assert values.mean(axis=(0, 1, 2)) == pytest.approx([0, 0, 0], abs=1e-3)
    assert values.std(axis=(0, 1, 2)) == pytest.approx([1, 1, 1], abs=1e-3)
    assert batch.depths is not None
    assert figures.depth == pytest.approx(float(np.nanmean(batch.depths)), rel=1e-4)


def test_a_background_shares_the_composites_noise_or_has_its_own(contents: Contents, parts: Parts) -> None:
    pictures = TrialPictures(contents, replace(PLAIN, full_size=True))
    number = parts.train[:1]
    shared, stored, fresh = (pictures.batch(number, noise=noise) for noise in ("shared", "stored", "fresh"))  # type: ignore[arg-type]
    equal = []
    for batch in (shared, stored, fresh):
        assert batch.backgrounds is not None
        equal.append(float((batch.backgrounds == batch.composites).all(axis=-1).mean()))
    assert equal[0] > 0.5  # all blocks that the object does not touch
    assert max(equal[1:]) < 0.2
    again = pictures.batch(number, noise="fresh")
    assert np.array_equal(again.backgrounds, fresh.backgrounds)  # measured twice it is the same


def test_the_side_is_the_datasets_own_by_default(contents: Contents) -> None:
    assert TrialPictures(contents, TrialSettings()).shape.side == 64
    assert TrialPictures(contents, TrialSettings()).shape.out == 32
    assert TrialPictures(contents, TrialSettings(full_size=True)).shape.out == 64
    assert not TrialPictures(contents, TrialSettings(mask_weight=0)).shape.masks


def test_a_dataset_without_masks_and_depth_teaches_nothing(contents: Contents, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "counts", {"fg_bg": 100})
    with pytest.raises(UsageError, match="neither masks nor depth"):
        TrialPictures(contents, TrialSettings())


def test_baselines(contents: Contents, parts: Parts) -> None:
    pictures = TrialPictures(contents, PLAIN)
    figures = normalisation(pictures, parts.train)
    threshold = best_threshold(pictures, parts.train, "shared")
    assert DifferenceMask(threshold).scores(pictures, parts["both-new"], "shared").iou > 0.6
    flat = mean_depth(pictures, parts["seen"], figures)
    everybody = np.asarray(contents.numbers())
    empty = BackgroundDepths(pictures, everybody, contents.standing(everybody).background, figures)
    known = empty.scores(parts["seen"])
    assert known.abs_rel < 0.1 < flat.abs_rel  # all but the object
    assert known.object_abs_rel > known.abs_rel


def test_evenly() -> None:
    numbers = np.arange(10, 20)
    assert evenly(numbers, 3).tolist() == [10, 14, 19]
    assert evenly(numbers, 0) is evenly(numbers, 10) is numbers


def test_kept_samples_are_those_that_were_read(
    contents: Contents, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    decoded = type(contents).decoded

    def noted(self: Contents, numbers: list[int], kinds: list[str]) -> Iterator[DecodedFiles]:
        read.extend(numbers)
        return decoded(self, numbers, kinds)

    monkeypatch.setattr(type(contents), "decoded", noted)
    numbers = [int(number) for number in [*parts.train[:6], parts.train[0]]]
    windows = [Window(0.0, 0.0, 1.0, mirrored) for mirrored in (False, True, False, True, False, False, True)]
    plain = TrialPictures(contents, PLAIN, most=0).batch(numbers, windows)
    assert sorted(read) == sorted(set(numbers))  # once each in a batch
    read.clear()
    pictures = TrialPictures(contents, PLAIN)
    batches = [pictures.batch(numbers, windows), pictures.batch(numbers, windows)]
    assert sorted(read) == sorted(set(numbers))
    for batch in batches:
        for name in ("composites", "backgrounds", "masks", "depths", "standing_on"):
            assert np.array_equal(getattr(batch, name), getattr(plain, name))
        assert batch.names == plain.names
    assert plain.depths is not None
    assert np.array_equal(plain.depths[0], plain.depths[-1][:, ::-1])
    pictures.lift = 1.0  # what was kept had another
    assert pictures.batch(numbers, windows).depths == pytest.approx(plain.depths + 1)


def test_what_does_not_fit_is_read_anew_and_so_are_crops(contents: Contents, parts: Parts) -> None:
    numbers = parts.train[:6]
    of_one = 64 * 64 * 3 + 32 * 32 * (1 + 4)
    pictures = TrialPictures(contents, PLAIN, most=2 * of_one + 10)
    first, again = pictures.batch(numbers), pictures.batch(numbers)
    assert len(pictures._kept) == 2
    assert np.array_equal(first.composites, again.composites)
    cropping = TrialPictures(contents, PLAIN)
    cropping.batch(numbers, [Window(0.0, 0.0, 0.9, False)] * 6)
    assert not cropping._kept


def test_waiting_for_samples_is_counted(contents: Contents, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    feeder = Feeder(TrialPictures(contents, PLAIN), parts.train, PLAIN, "two", FIGURES)
    fed, clock = feeder.fed(0), iter(range(100))
    monkeypatch.setattr(feeding, "done_ahead", lambda *_: iter([fed, fed]))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    assert len(list(feeder.from_step(0))) == 2
    assert feeder.waited == 3  # for both, and for hearing that there are no more
