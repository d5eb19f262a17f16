"""Single samples for a person who waits: the run's own pixels, and what is remembered between settings."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose import pictures
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.networks import consent
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.plan.selection import SampleSelection
from fgbg_studio.core.plan.what_if import WhatIf
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.model import Project
from fgbg_studio.gui.preview.cache_folder import cache_folder
from fgbg_studio.gui.preview.depth_service import DepthService
from fgbg_studio.gui.preview.preview_cache import PreviewCache
from fgbg_studio.gui.preview.rendering import Renderer
from fgbg_studio.gui.preview.sample_jobs import PreparedSample, prepare_samples
from tests.helpers import tiny_onnx
from tests.helpers.pixels import from_image

MakeProject = Callable[..., Path]


def tried(project: Project) -> tuple[Recipe, Sample]:
    trial = WhatIf(project, project.backgrounds[0], project.foregrounds[0])
    return trial.recipe, trial.sample(True, 1)


@pytest.mark.parametrize("preset", ["studio-256", "classroom-192", "layers-150", "course-200"])
def test_pixels_are_the_runs(preset: str, make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, preset=preset)
    recipe, sample = tried(storage.load(folder))
    seen = Renderer(folder, PreviewCache()).quick(recipe, sample)
    composer = Composer(Pictures(recipe, None, folder))
    composite = composer(sample)
    assert np.array_equal(seen.image, composite.image)
    assert np.array_equal(seen.mask, composite.mask)
    assert np.array_equal(seen.background, composer.background(0))
    assert seen.cutouts[0].shape == (sample.first.height, sample.first.width, 4)
    maker = recipe.settings.depth.way.open(composer, LocalStore(tmp_path))
    assert maker is not None
    exact = maker([sample], [composite])[0]
    assert seen.depth is not None
    assert np.array_equal(seen.depth.map, exact.map)
    assert seen.depth.contact == exact.contact
    assert seen.depth.metric
    assert seen.depth.low < seen.depth.high <= recipe.settings.camera.wall


def test_pictures_are_read_once_however_often_the_settings_change(
    make_project: MakeProject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = make_project(tmp_path)
    project = storage.load(folder)
    renderer, read = Renderer(folder, PreviewCache()), []
    real = pictures.unchanged
    monkeypatch.setattr(pictures, "unchanged", lambda *args: read.append(args[1]) or real(*args))
    for horizon in (0.4, 0.42, 0.44):
        renderer.quick(*tried(storage.changed(project, {"camera.horizon": horizon})))
    assert len(read) == 2
    renderer.quick(*tried(storage.changed(project, {"size": 128})))
    assert len(read) == 4


def test_without_depth_there_is_none(make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, changes=["depth.way=none"])
    recipe, sample = tried(storage.load(folder))
    renderer = Renderer(folder, PreviewCache())
    assert renderer.quick(recipe, sample).depth is None
    assert renderer.slow(recipe, sample) is None


@pytest.mark.parametrize("way", ["inserted", "network"])
def test_a_missing_network_leaves_composite_and_mask(way: str, make_project: MakeProject, tmp_path: Path) -> None:
    folder = make_project(tmp_path, changes=[f"depth.way={way}", "depth.model=/nowhere/net.tflite"])
    recipe, sample = tried(storage.load(folder))
    renderer = Renderer(folder, PreviewCache())
    assert renderer.quick(recipe, sample).depth is None
    with pytest.raises(FgbgError, match=r"net\.tflite"):
        renderer.slow(recipe, sample)


@pytest.mark.parametrize("way", ["inserted", "network"])
def test_a_network_is_waited_for_and_then_remembered(
    way: str, make_project: MakeProject, tmp_path: Path, shared: Path
) -> None:
    model = shared / "models" / "fast_depth_224.tflite"
    folder = make_project(tmp_path, preset="street-224", changes=[f"depth.way={way}", f"depth.model={model.resolve()}"])
    recipe, sample = tried(storage.load(folder))
    renderer = Renderer(folder, PreviewCache())
    assert renderer.quick(recipe, sample).depth is None
    slow = renderer.slow(recipe, sample)
    assert slow is not None
    assert slow.metric
    quick = renderer.quick(recipe, sample).depth
    if way == "network":
        assert quick is None
        assert (slow.stands, slow.low < slow.contact < slow.high) == (False, True)
    else:
        assert quick is not None
        assert np.array_equal(quick.map, slow.map)
        assert quick.contact == slow.contact


def test_what_is_prepared_is_not_prepared_again(
    make_project: MakeProject, tmp_path: Path, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = (shared / "models" / "fast_depth_224.tflite").resolve()
    folder = make_project(tmp_path, preset="street-224", changes=["depth.way=inserted", f"depth.model={model}"])
    recipe, sample = tried(storage.load(folder))
    first = Renderer(folder, PreviewCache()).slow(recipe, sample)
    monkeypatch.setattr(type(recipe.settings.depth.way), "prepare", lambda *_: pytest.fail("prepared again"))
    second = Renderer(folder, PreviewCache()).slow(recipe, sample)
    assert first is not None
    assert second is not None
    assert np.array_equal(first.map, second.map)


def test_two_threads_may_prepare_the_same_backgrounds(make_project: MakeProject, tmp_path: Path, shared: Path) -> None:
    model = (shared / "models" / "fast_depth_224.tflite").resolve()
    folder = make_project(tmp_path, preset="street-224", changes=["depth.way=inserted", f"depth.model={model}"])
    recipe, memory = make_recipe(storage.load(folder)), PreviewCache()
    composer, cache = Composer(Pictures(recipe, None, folder)), cache_folder(folder, recipe)
    count = len(recipe.backgrounds)
    with ThreadPoolExecutor(2) as threads:
        for steps in threads.map(lambda _: list(memory.prepare(composer, cache)), range(2)):
            assert steps == [(number + 1, count) for number in range(count)]
    assert len(list(cache.glob("*.npy"))) == count


def test_the_grid_hides_once_a_network_has_seen_the_backgrounds(make_project: MakeProject, tmp_path: Path) -> None:
    """It never hid anything by a network's depth."""
    pytest.importorskip("onnxruntime")
    file = tiny_onnx.write(tmp_path / "one.onnx", np.full(3, 0.05, np.float32), (1, 3, 32, 32))
    described = {"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}
    folder = make_project(tmp_path, changes=["size=64", "placements=2", "scene.front.hides=true", "depth.way=inserted"])
    project = storage.changed(storage.load(folder), {"depth.model": str(file), "depth.network": described})
    consent.remember(file)
    memory, choice = PreviewCache(), SampleSelection()

    def made() -> list[PreparedSample]:
        return [one for one in prepare_samples(project, folder, choice, memory) if isinstance(one, PreparedSample)]

    before = made()
    assert {one.hides for one in before} == {False}
    recipe = before[0].recipe
    again = [one for one in DepthService(folder, memory).depths(recipe, before) if isinstance(one, PreparedSample)]
    assert [(one.place, one.number, one.hides) for one in again] == [(one.place, one.number, True) for one in before]
    composer, plan = Composer(Pictures(recipe, None, folder)), Plan(recipe)
    composer.open_depth(LocalStore(cache_folder(folder, recipe)))
    for one in again:
        assert one.sample == composer.settled(plan[one.number])
        assert one.composite is not None
        assert np.array_equal(from_image(one.composite)[..., :3], composer(one.sample).image)
    assert any(one.mask != other.mask for one, other in zip(before, again, strict=True))
    at_once = made()
    assert {one.hides for one in at_once} == {True}
    assert all(one.composite == other.composite for one, other in zip(at_once, again, strict=True))
