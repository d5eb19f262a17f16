"""Networks from files: the description, the runtimes, and the real FastDepth on a real picture."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.batching import one_by_one
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.description import Description, description_from
from fgbg_studio.core.networks.network import fit
from fgbg_studio.core.networks.runtimes import Runtime, check_input, maps_of, onnx
from tests.conftest import SHARED
from tests.helpers import tiny_onnx
from tests.helpers.networks import open_here as open_network

FASTDEPTH = SHARED / "models" / "fast_depth_224.tflite"
U2NETP = SHARED / "models" / "u2netp_float16.tflite"
PAIR = SHARED / "data" / "rgbd"
needs_shared = pytest.mark.skipif(not FASTDEPTH.exists(), reason="the real networks of ../shared are not here")
needs_onnxruntime = pytest.mark.skipif(
    importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed (extra 'onnx')"
)

WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)
PLAIN = Description("relative", 32, 32, layout="nchw", factor=2.0)


def noise(count: int, height: int = 32, width: int = 32) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(0, 256, (count, height, width, 3), np.uint8)


def described(**keys: Any) -> Description:
    return Description(**{"meaning": "metres", "width": 32, "height": 32, **keys})


maps = arrays(np.float32, (2, 4, 4), elements=st.floats(-1e6, 1e6, width=32))


class TestConvert:
    def test_densedepth_is_the_published_formula(self) -> None:
        raw = np.array([[[0.5, 1.0, 2.0, 10.0, 100.0, 1000.0, 0.0]]])
        depth = described(meaning="densedepth", factor=10.0).convert(raw)
        assert depth.dtype == np.float32
        np.testing.assert_allclose(depth[0, 0], [10, 10, 5, 1, 0.1, 0.1, 10], rtol=1e-6)
        kitti = described(meaning="densedepth", factor=80.0).convert(raw)
        np.testing.assert_allclose(kitti, depth * 8, rtol=1e-6)

    def test_inverse_is_in_units_of_the_nearest(self) -> None:
        raw = np.array([[[8.0, 4.0, 2.0, 0.001, -3.0]]])
        depth = described(meaning="inverse", reach=50.0).convert(raw)
        np.testing.assert_allclose(depth[0, 0], [1, 2, 4, 50, 50], rtol=1e-6)

    @settings(deadline=None)
    @given(maps)
    def test_inverse_turns_the_order_round_and_stays_in_reach(self, raw: NDArray[np.float32]) -> None:
        depth = described(meaning="inverse").convert(raw)
        assert np.isfinite(depth).all()
        assert depth.min() >= np.float32(0.999)
        assert depth.max() <= np.float32(100.001)
        for near, far in zip(raw, depth, strict=True):
            order = np.argsort(-near, axis=None, kind="stable")
            assert (np.diff(far.ravel()[order]) >= 0).all()

    @settings(deadline=None)
    @given(maps, st.sampled_from(["metres", "inverse", "densedepth", "saliency", "matte", "relative"]))
    def test_a_picture_does_not_depend_on_its_neighbour(self, raw: NDArray[np.float32], meaning: Any) -> None:
        description = described(meaning=meaning)
        both = description.convert(raw)
        np.testing.assert_array_equal(both[:1], description.convert(raw[:1]))

    def test_saliency_fills_0_to_1(self) -> None:
        raw = np.array([[[2.0, 4.0], [3.0, 2.0]], [[5.0, 5.0], [5.0, 5.0]]])
        np.testing.assert_allclose(described(meaning="saliency").convert(raw), [[[0, 1], [0.5, 0]], [[0, 0], [0, 0]]])


class TestPrepare:
    def test_normalised_as_described(self) -> None:
        pictures = noise(2)
        mean, std = (0.4, 0.5, 0.6), (0.1, 0.2, 0.3)
        batch = described(layout="nchw", mean=mean, std=std).prepare(pictures)
        expected = (pictures / 255.0 - np.array(mean)) / np.array(std)
        np.testing.assert_allclose(batch, expected.transpose(0, 3, 1, 2), atol=1e-5)
        assert batch.dtype == np.float32

    def test_bytes_stay_bytes(self) -> None:
        pictures = noise(1)
        np.testing.assert_array_equal(described(dtype="uint8").prepare(pictures), pictures)

    def test_stretch_takes_each_picture_by_itself(self) -> None:
        pictures = np.stack([np.full((32, 32, 3), 100, np.uint8), np.full((32, 32, 3), 200, np.uint8)])
        np.testing.assert_allclose(described(stretch=True).prepare(pictures), 1.0, rtol=1e-6)


class TestDescription:
    def test_from_a_mapping(self) -> None:
        assert description_from({"meaning": "inverse", "width": 28, "height": 42, "multiple": 14}).kind == "relative"

    @pytest.mark.parametrize(
        ("picture", "runs_at"),
        [((192, 192), (480, 480)), ((224, 224), (448, 448)), ((640, 480), (640, 480)), ((300, 200), (704, 480))],
    )
    def test_several_sizes_take_the_one_that_suits(self, picture: tuple[int, int], runs_at: tuple[int, int]) -> None:
        fitted = CATALOGUE["densedepth-nyu"].description.fitted(*picture)
        assert (fitted.width, fitted.height) == runs_at
        assert PLAIN.fitted(*picture) is PLAIN

    @pytest.mark.parametrize(
        "wrong",
        [
            {"meaning": "metres", "width": 32},
            {"meaning": "feet", "width": 32, "height": 32},
            {"meaning": "metres", "width": 32, "height": 32, "colour": "bgr"},
            {"meaning": "metres", "width": 33, "height": 32, "multiple": 32},
            {"meaning": "metres", "width": 32, "height": 32, "std": (1, 0, 1)},
        ],
    )
    def test_what_does_not_fit_is_refused(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(NetworkError, match="description is invalid"):
            description_from(wrong)


class TestOnnx:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tiny_onnx.write(tmp_path / "sum.onnx", WEIGHTS, (1, 3, 32, 32))

    def test_gives_what_it_computes(self, file: Path) -> None:
        pictures = noise(3)
        network = open_network(file, PLAIN)
        np.testing.assert_allclose(network(pictures), 2 * (pictures / 255.0) @ WEIGHTS, atol=1e-5)
        assert network.kind == "relative"
        assert network.name == "sum"
        assert len(network.sha256) == 64

    @needs_onnxruntime
    def test_opencv_agrees_with_onnxruntime(self, file: Path) -> None:
        batch = PLAIN.prepare(noise(2))
        by_opencv, by_onnxruntime = (
            one_by_one(maps_of(session, file))(batch)
            for session in (onnx.open_with_opencv(file, PLAIN), onnx.open_with_onnxruntime(file, PLAIN, 1))
        )
        np.testing.assert_allclose(by_opencv, by_onnxruntime, atol=1e-6)

    def test_runs_at_another_size_where_the_file_is_free(self, tmp_path: Path) -> None:
        file = tiny_onnx.write(tmp_path / "free.onnx", WEIGHTS, ("n", 3, "h", "w"))
        free = dataclasses.replace(PLAIN, multiple=16)
        assert open_network(file, free, size=(48, 64))(noise(2)).shape == (2, 64, 48)
        assert open_network(file, free, picture=(10, 20))(noise(1)).shape == (1, 64, 32)
        with pytest.raises(NetworkError, match="multiples of 16"):
            open_network(file, free, size=(50, 64))

    def test_a_fixed_size_is_kept(self, file: Path) -> None:
        with pytest.raises(NetworkError, match="32 × 32 pixels only"):
            open_network(file, PLAIN, size=(64, 64))

    @needs_onnxruntime
    @pytest.mark.parametrize("wrong", [{"width": 64}, {"layout": "nhwc"}])
    def test_another_input_than_described_is_refused(self, file: Path, wrong: dict[str, Any]) -> None:
        with pytest.raises(NetworkError, match="takes 1 × 3 × 32 × 32, but its description says"):
            open_network(file, dataclasses.replace(PLAIN, **wrong))

    def test_an_output_that_is_not_there(self, file: Path) -> None:
        with pytest.raises(NetworkError, match="has 1 outputs"):
            open_network(file, dataclasses.replace(PLAIN, output=1))

    @needs_onnxruntime
    def test_an_output_whose_axes_of_one_are_left_out(self, file: Path, tmp_path: Path) -> None:
        squeezed = tiny_onnx.write(tmp_path / "squeezed.onnx", WEIGHTS, (1, 3, 32, 32), squeezed=True)
        pictures = noise(3)
        np.testing.assert_array_equal(open_network(squeezed, PLAIN)(pictures), open_network(file, PLAIN)(pictures))

    @needs_onnxruntime
    def test_a_fixed_batch_is_named(self, tmp_path: Path) -> None:
        file = tiny_onnx.write(tmp_path / "four.onnx", WEIGHTS, (4, 3, 32, 32))
        with pytest.raises(NetworkError, match="4 pictures at once, and it is given one at a time"):
            open_network(file, PLAIN)

    def test_a_missing_batch_is_named(self, file: Path) -> None:
        with pytest.raises(NetworkError, match="takes 3 × 32 × 32: it has no axis for the batch"):
            check_input(file, (1, 3, 32, 32), (3, 32, 32))

    @needs_onnxruntime
    def test_a_second_input_is_refused_when_it_is_opened(self, tmp_path: Path) -> None:
        file = tiny_onnx.write_two(tmp_path / "two.onnx", WEIGHTS, 32)
        with pytest.raises(NetworkError, match=r"takes 2 inputs \(picture, before\)"):
            open_network(file, PLAIN)

    def test_values_that_are_not_finite_are_refused(self, tmp_path: Path) -> None:
        file = tiny_onnx.write(tmp_path / "nan.onnx", WEIGHTS * np.float32(np.inf), (1, 3, 32, 32))
        with pytest.raises(NetworkError, match="not finite"):
            open_network(file, PLAIN)(noise(1))

    @needs_onnxruntime
    def test_damage_is_named(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[:60])
        with pytest.raises(NetworkError, match=r"sum\.onnx cannot be opened"):
            open_network(file, PLAIN)


class TestOpening:
    def test_a_file_that_nobody_describes(self, tmp_path: Path) -> None:
        file = tiny_onnx.write(tmp_path / "mine.onnx", WEIGHTS, (1, 3, 32, 32))
        with pytest.raises(NetworkError, match=r"depth\.network\.meaning"):
            open_network(file)

    def test_a_file_of_no_known_kind(self, tmp_path: Path) -> None:
        file = tmp_path / "net.pth"
        file.write_bytes(b"x")
        with pytest.raises(NetworkError, match=r"\.tflite"):
            open_network(file, PLAIN)

    def test_a_tflite_file_that_is_none(self, tmp_path: Path) -> None:
        file = tmp_path / "net.tflite"
        file.write_bytes(b"no flatbuffer" * 10)
        with pytest.raises(NetworkError, match="cannot be opened"):
            open_network(file, PLAIN)

    def test_every_runtime_says_what_it_is(self) -> None:
        known = Runtime.known()
        assert {"tflite", "onnx"} <= set(known)
        suffixes = [suffix for runtime in known.values() for suffix in runtime.suffixes]
        assert len(set(suffixes)) == len(suffixes)
        assert all(runtime.summary for runtime in known.values())


class TestFit:
    def test_the_same_size_is_not_touched(self) -> None:
        picture = noise(1)[0]
        assert fit(picture, (32, 32)) is picture

    def test_shrinking_averages(self) -> None:
        checks = np.zeros((32, 32, 3), np.uint8)
        checks[::2, ::2] = checks[1::2, 1::2] = 200
        assert (fit(checks, (16, 16)) == 100).all()

    def test_growing_keeps_a_plain_picture_plain(self) -> None:
        assert (fit(np.full((8, 9, 3), 77, np.uint8), (40, 30)) == 77).all()


@needs_shared
class TestReal:
    def test_fastdepth_on_a_real_room(self) -> None:
        network = open_network(FASTDEPTH)
        picture = np.rint(np.load(PAIR / "rgb.npy") * 255).astype(np.uint8)
        truth = np.load(PAIR / "depth.npy")
        depth = network(picture[None])[0]
        ratio = np.maximum(depth / truth, truth / depth)
        assert network.name == "fastdepth"
        assert network.kind == "metric"
        assert (ratio < 1.25).mean() == pytest.approx(0.774, abs=0.001)
        assert (np.abs(depth - truth) / truth).mean() == pytest.approx(0.140, abs=0.001)
        levels = np.unique(depth)
        np.testing.assert_array_equal(levels, np.float32(0.07169981) * np.rint(levels / 0.07169981).astype("f4"))

    def test_fastdepth_dequantised_by_the_files_own_scale(self) -> None:
        by_hand = Description("metres", 224, 224, dtype="float32", divide=255.0)
        pictures = noise(2, 224, 224)
        np.testing.assert_allclose(
            open_network(FASTDEPTH, by_hand)(pictures), open_network(FASTDEPTH)(pictures), rtol=1e-6
        )

    def test_a_picture_does_not_depend_on_its_neighbours(self) -> None:
        network = open_network(FASTDEPTH, threads=0)
        pictures = noise(3, 100, 150)
        np.testing.assert_array_equal(network(pictures)[1:2], network(pictures[1:2]))

    def test_by_its_catalogue_name_once_it_is_added(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
        with pytest.raises(NetworkError, match="has no fixed address"):
            open_network("fastdepth")
        model_cache.add(FASTDEPTH)
        assert open_network("fastdepth").path == model_cache.path_of("fastdepth")
        with model_cache.path_of("fastdepth").open("r+b") as file:
            file.write(b"damage")
        with pytest.raises(NetworkError, match="is not the published fastdepth: it has the SHA-256"):
            open_network("fastdepth")

    def test_u2netp_gives_a_matte(self) -> None:
        network = open_network(U2NETP)
        matte = network(noise(1, 60, 80))
        assert network.kind == "matte"
        assert matte.shape == (1, 320, 320)
        assert (matte.min(), matte.max()) == (0, 1)
