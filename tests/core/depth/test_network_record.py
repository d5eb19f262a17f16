"""Which network made a dataset's depth, and how it is run: written down, kept, refused when it is another."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import DatasetError, NetworkError, UsageError
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.depth.agreement import Agreement, agreement, checked
from fgbg_studio.core.depth.network import ByNetwork, NetworkMaker
from fgbg_studio.core.depth.network_record import network_meaning, open_first, recall
from fgbg_studio.core.networks.batching import best_batch, in_halves
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.network import Network
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project.storage import load
from tests.helpers import tiny_onnx
from tests.helpers.datasets import small

DESCRIBED = Description("relative", 32, 32)
FLOATS = NDArray[np.float32]


def network_of(run: Any, **keys: Any) -> Network:
    """A network that is a function of the prepared batch."""
    plain = {"batch": 1, "runtime": "tflite", "precision": "float32", "on_gpu": False}
    return Network("mine", Path("mine"), "0" * 64, DESCRIBED, **{**plain, **keys}, run=run)


@pytest.fixture
def composer(make_project: Any, tmp_path: Path) -> Composer:
    file = tiny_onnx.write(tmp_path / "sum.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
    described = '{"meaning": "relative", "width": 32, "height": 32, "layout": "nchw"}'
    changes = small("studio-256", f"depth.model={file}", f"depth.network={described}", "depth.way=network")
    project = make_project(tmp_path, changes=changes)
    return Composer(Pictures(make_recipe(load(project)), None, project))


class TestRecord:
    @pytest.mark.parametrize(
        "text", ["[]", "{", '{"sha256": 7}', '{"agreement": {}}', '{"agreement": {"abs_rel": "x"}}', '{"name": null}']
    )
    def test_one_that_is_none_is_a_sentence(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "network.json").write_text(text)
        with pytest.raises(DatasetError, match=r"network\.json is damaged"):
            network_meaning(LocalStore(tmp_path), "it saw")

    def test_says_what_made_the_depth(self, composer: Composer, tmp_path: Path) -> None:
        network = open_first(composer, LocalStore(tmp_path))
        assert recall(LocalStore(tmp_path)) == {
            "name": "sum",
            "sha256": network.sha256,
            "kind": "relative",
            "runtime": "onnx",
            "precision": "float32",
            "on_gpu": False,
            "output": "relative",
        }
        meaning = network_meaning(LocalStore(tmp_path), "the network saw every composite")
        assert meaning == ("relative", "the network saw every composite", "sum", network.sha256, "relative")

    def test_another_network_is_refused_on_going_on(self, composer: Composer, tmp_path: Path) -> None:
        open_first(composer, LocalStore(tmp_path))
        tiny_onnx.write(tmp_path / "sum.onnx", np.array([1.0, 0.0, 0.0], np.float32), (1, 3, 32, 32))
        with pytest.raises(DatasetError, match="was started with the network sum"):
            open_first(composer, LocalStore(tmp_path))

    def test_no_network_is_named(self, composer: Composer, tmp_path: Path) -> None:
        depth = composer.settings.depth.model_copy(update={"model": None})
        composer.settings = composer.settings.model_copy(update={"depth": depth})
        with pytest.raises(UsageError, match="needs a network"):
            open_first(composer, LocalStore(tmp_path))

    def test_one_process_feeds_a_graphics_card(self, tmp_path: Path) -> None:
        assert ByNetwork().workers(LocalStore(tmp_path)) is None
        (tmp_path / "network.json").write_text(json.dumps({"on_gpu": False}))
        assert ByNetwork().workers(LocalStore(tmp_path)) is None
        (tmp_path / "network.json").write_text(json.dumps({"on_gpu": True}))
        assert ByNetwork().workers(LocalStore(tmp_path)) == 1


class TestAgreement:
    def test_is_relative_error_and_correlation(self) -> None:
        reference = np.linspace(1, 5, 32, dtype=np.float32).reshape(2, 4, 4)
        found = agreement(reference * np.float32(1.01), reference)
        assert found.abs_rel == pytest.approx(0.01, rel=1e-4)
        assert found.correlation == pytest.approx(1.0)
        assert found.pictures == 2

    def test_of_flat_depth_the_relative_error_alone_decides(self) -> None:
        reference, other = (np.random.default_rng(n).normal(2, 1e-3, (1, 4, 4)).astype(np.float32) for n in (1, 2))
        assert agreement(other, reference).correlation == 1.0

    @pytest.mark.parametrize(
        ("factor", "noise", "passes"), [(1.01, 0.0, True), (1.03, 0.0, False), (1.0, 0.01, True), (1.0, 0.5, False)]
    )
    def test_limits(self, factor: float, noise: float, passes: bool) -> None:
        random = np.random.default_rng(4)
        reference = random.uniform(1, 5, (3, 32, 32)).astype(np.float32)
        other = (reference * factor + random.normal(0, noise, reference.shape)).astype(np.float32)
        one, two = (network_of(lambda batch, made=made: made[: len(batch)], batch=3) for made in (other, reference))
        pictures = np.zeros((3, 32, 32, 3), np.uint8)
        if passes:
            assert isinstance(checked(one, two, pictures), Agreement)
        else:
            with pytest.raises(NetworkError, match=r"differs too much from float32 on 3 of your backgrounds"):
                checked(one, two, pictures)


class TestBatches:
    def test_out_of_memory_halves_the_batch_all_the_way(self, composer: Composer) -> None:
        """From composites to depth maps, in their order, with a card that holds three pictures."""
        sizes: list[int] = []

        def crowded(batch: FLOATS) -> FLOATS:
            sizes.append(len(batch))
            if len(batch) > 3:
                raise MemoryError
            return np.asarray(batch.mean(axis=3), np.float32)

        samples = list(Plan(composer.pictures.recipe)[:11])
        composites = [composer(sample) for sample in samples]
        maker = NetworkMaker(network_of(in_halves(crowded), batch=8))
        assert maker.batch == 8
        found = maker(samples, composites)
        alone = NetworkMaker(network_of(crowded))
        for depth, sample, composite in zip(found, samples, composites, strict=True):
            np.testing.assert_array_equal(depth.map, alone([sample], [composite])[0].map)
        assert sizes[:6] == [8, 4, 2, 2, 2, 2]

    @pytest.mark.parametrize(("lanes", "best"), [(1, 1), (8, 8), (1000, 64)])
    def test_the_batch_grows_while_it_gains(self, lanes: int, best: int) -> None:
        """A network that takes as long for so many pictures as for one, and then in proportion."""
        now = [0.0]

        def run(batch: FLOATS) -> FLOATS:
            now[0] += max(len(batch) / lanes, 1)
            return batch[..., 0]

        assert best_batch(run, np.zeros((1, 2, 2, 3), np.float32), clock=lambda: now[0]) == best

    def test_a_quick_network_is_sent_several_that_run_one_by_one(self) -> None:
        """Sent together once the first was quick; not one that was slow. The maps are those of each alone."""
        sent: list[int] = []

        def run(batch: FLOATS) -> FLOATS:
            sent.append(len(batch))
            return np.asarray(batch.mean(axis=3), np.float32)

        quick, slow = network_of(run), network_of(lambda batch: (time.sleep(0.11), run(batch))[1])
        pictures = np.random.default_rng(1).integers(0, 256, (9, 32, 32, 3), np.uint8)
        maps = quick(pictures)
        assert sent == [1, 8]
        assert NetworkMaker(quick).batch == 16
        np.testing.assert_array_equal(maps, np.concatenate([quick(one[None]) for one in pictures]))
        slow(pictures[:2])
        assert sent[-2:] == [1, 1]
        assert NetworkMaker(slow).batch == 1

    def test_a_batch_that_does_not_fit_is_not_chosen(self) -> None:
        now = [0.0]

        def crowded(batch: FLOATS) -> FLOATS:
            now[0] += 1
            if len(batch) > 4:
                raise MemoryError
            return batch[..., 0]

        assert best_batch(in_halves(crowded), np.zeros((1, 2, 2, 3), np.float32), clock=lambda: now[0]) == 4
