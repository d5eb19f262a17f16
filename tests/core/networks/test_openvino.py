"""The runtime OpenVINO: the other runtimes' answers in float32, near them in bfloat16, and only where it is chosen."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import MissingPackageError, NetworkError, UsageError
from fgbg_studio.core.dataset.record import DEPTH
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.depth.agreement import MOST_ABS_REL
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import Runtime, check_dtype, runtime_for
from tests.helpers import tiny_onnx
from tests.helpers.datasets import last, make, small
from tests.helpers.networks import open_here as open_network

INSTALLED = importlib.util.find_spec("openvino") is not None
needs_openvino = pytest.mark.skipif(not INSTALLED, reason="openvino is not installed (extra 'openvino')")
needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="tensorflow is not installed (extra 'tensorflow')"
)
# TensorFlow's tensors do not know NumPy 2's keyword "copy" yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)
CANCELLING = np.array([100.0, -99.9, 0.0], np.float32)  # of grey pixels next to nothing is left, but for rounding
PLAIN = Description("metres", 32, 32, layout="nchw", factor=2.0)


def noise(count: int, side: int = 32) -> NDArray[np.uint8]:
    return np.random.default_rng(7).integers(40, 256, (count, side, side, 3), np.uint8)


def has_bfloat16() -> bool:
    if not INSTALLED:
        return False
    import openvino

    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


needs_bfloat16 = pytest.mark.skipif(not has_bfloat16(), reason="openvino or a processor with bfloat16 is not here")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tiny_onnx.write(tmp_path / "sum.onnx", WEIGHTS, (1, 3, 32, 32))


class TestChoosing:
    def test_never_by_itself(self, file: Path) -> None:
        assert runtime_for(file).name == "onnx"
        assert not any(
            Runtime.get("openvino").takes(file.with_suffix(s)) for s in (".onnx", ".keras", ".h5", ".tflite")
        )

    def test_one_that_cannot_run_the_file(self, file: Path) -> None:
        with pytest.raises(NetworkError, match=r"'tflite' cannot run .*sum\.onnx.*=onnx, or set .*=openvino"):
            open_network(file, PLAIN, runtime="tflite")
        with pytest.raises(NetworkError, match="'openvino' cannot run"):
            open_network(write_nothing(file.with_suffix(".tflite")), PLAIN, runtime="openvino")

    def test_one_that_there_is_not(self, file: Path) -> None:
        with pytest.raises(UsageError, match="Did you mean 'openvino'"):
            open_network(file, PLAIN, runtime="openvono")

    def test_a_precision_that_the_runtime_has_not(self, file: Path) -> None:
        with pytest.raises(
            NetworkError,
            match=r"'onnx' does not compute in bfloat16. Set depth\.runtime=openvino, or set depth\.precision=float32",
        ):
            open_network(file, PLAIN, precision="bfloat16")

    def test_bytes_where_the_description_says_numbers(self, file: Path) -> None:
        check_dtype(file, np.float32, PLAIN)
        check_dtype(file, np.uint8, Description("metres", 32, 32, dtype="uint8", divide=1.0))
        with pytest.raises(NetworkError, match=r"sum\.onnx takes uint8, but its description says float32\. Set dtype"):
            check_dtype(file, np.uint8, PLAIN)

    @pytest.mark.skipif(INSTALLED, reason="openvino is installed")
    def test_without_the_package_the_way_out_is_its_installation(self, file: Path) -> None:
        with pytest.raises(MissingPackageError, match=r"fgbg-studio\[openvino\]"):
            open_network(file, PLAIN, runtime="openvino")


def write_nothing(path: Path) -> Path:
    path.write_bytes(b"nothing")
    return path


@needs_openvino
class TestOnnx:
    def test_agrees_with_the_files_own_runtime(self, file: Path) -> None:
        pictures = noise(3)
        network = open_network(file, PLAIN, runtime="openvino")
        np.testing.assert_allclose(network(pictures), open_network(file, PLAIN)(pictures), rtol=1e-5)
        np.testing.assert_allclose(network(pictures), 2 * (pictures / 255.0) @ WEIGHTS, rtol=1e-5)
        assert (network.runtime, network.precision, network.on_gpu) == ("openvino", "float32", False)

    @pytest.mark.parametrize("threads", [0, 1, 2])
    def test_any_number_of_threads(self, file: Path, threads: int) -> None:
        pictures = noise(1)
        network = open_network(file, PLAIN, runtime="openvino", threads=threads)
        np.testing.assert_allclose(network(pictures), 2 * (pictures / 255.0) @ WEIGHTS, rtol=1e-5)

    def test_runs_at_another_size_where_the_file_is_free(self, tmp_path: Path) -> None:
        file = tiny_onnx.write(tmp_path / "free.onnx", WEIGHTS, ("n", 3, "h", "w"))
        free = dataclasses.replace(PLAIN, multiple=16)
        assert open_network(file, free, size=(48, 64), runtime="openvino")(noise(2)).shape == (2, 64, 48)

    def test_another_input_or_output_than_described_is_refused(self, file: Path) -> None:
        with pytest.raises(NetworkError, match="takes 1 × 3 × 32 × 32, but its description says"):
            open_network(file, dataclasses.replace(PLAIN, width=64), runtime="openvino")
        with pytest.raises(NetworkError, match="has 1 outputs"):
            open_network(file, dataclasses.replace(PLAIN, output=1), runtime="openvino")

    def test_damage_is_named(self, file: Path) -> None:
        file.write_bytes(file.read_bytes()[:60])
        with pytest.raises(NetworkError, match=r"sum\.onnx cannot be run by OpenVINO"):
            open_network(file, PLAIN, runtime="openvino")


@needs_openvino
@needs_tensorflow
@pytest.mark.skipif(sys.version_info < (3, 13), reason="only there it cannot")
def test_what_cannot_be_converted_says_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keras

    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    picture = keras.Input((32, 32, 3))
    keras.Model(picture, keras.layers.Conv2D(1, 1)(picture)).save(tmp_path / "mine.keras")
    with pytest.raises(NetworkError, match=r"cannot convert .*mine\.keras on Python 3.*depth\.runtime=null"):
        open_network(tmp_path / "mine.keras", Description("relative", 32, 32), runtime="openvino")


@needs_openvino
@needs_tensorflow
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="OpenVINO 2026.4 cannot convert there")
class TestConverted:
    @pytest.fixture(autouse=True)
    def _cache(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))

    @pytest.fixture
    def model(self) -> Any:
        import keras

        picture = keras.Input((None, None, 3))
        x = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(picture)
        return keras.Model(picture, [keras.layers.Conv2D(2, 1)(x), keras.layers.Conv2D(1, 1)(x)])

    def test_keras_is_converted_once(self, model: Any, tmp_path: Path) -> None:
        file, pictures = tmp_path / "mine.keras", noise(2)
        model.save(file)
        described = Description("relative", 32, 48, multiple=16, output=1)
        expected = open_network(file, described)(pictures)
        network = open_network(file, described, runtime="openvino")
        np.testing.assert_allclose(network(pictures), expected, atol=1e-5)
        (kept,) = (model_cache.cache_folder() / "converted").rglob("*.xml")
        assert (kept.parent.name, kept.stem) == (network.sha256, "32x48-1")
        written = kept.stat().st_mtime_ns
        np.testing.assert_allclose(open_network(file, described, runtime="openvino")(pictures), expected, atol=1e-5)
        assert kept.stat().st_mtime_ns == written
        kept.write_bytes(b"<damage>")
        np.testing.assert_allclose(open_network(file, described, runtime="openvino")(pictures), expected, atol=1e-5)
        kept.with_suffix(".bin").write_bytes(b"cut off")
        np.testing.assert_allclose(open_network(file, described, runtime="openvino")(pictures), expected, atol=1e-5)
        assert not list(kept.parent.glob("*.part*"))

    def test_savedmodel(self, model: Any, tmp_path: Path) -> None:
        folder, pictures = tmp_path / "mine", noise(2)
        model.export(folder, verbose=False)
        described = Description("relative", 32, 32, multiple=16, output=1)
        expected = open_network(folder, described)(pictures)
        network = open_network(folder, described, runtime="openvino")
        np.testing.assert_allclose(network(pictures), expected, atol=1e-5)


@needs_bfloat16
class TestBfloat16:
    def make_project(self, make_project: Any, folder: Path, weights: Any, *changes: str) -> Path:
        file = tiny_onnx.write(folder / "sum.onnx", weights, (1, 3, 32, 32))
        described = json.dumps(dataclasses.asdict(dataclasses.replace(PLAIN, factor=5.0)))
        network = [f"depth.model={file}", f"depth.network={described}", "depth.runtime=openvino"]
        project: Path = make_project(
            folder, changes=small("studio-256", *network, "depth.precision=bfloat16", *changes), n_bg=6
        )
        return project

    @pytest.mark.parametrize("way", ["network", "inserted"])
    def test_used_and_written_down_where_it_agrees(self, make_project: Any, tmp_path: Path, way: str) -> None:
        project, out = self.make_project(make_project, tmp_path, WEIGHTS), tmp_path / "out"
        make(project, out, depth=way, limit=4)
        known = json.loads((out / DEPTH / "network.json").read_bytes())
        found = known["agreement"]
        assert (known["runtime"], known["precision"], found["pictures"]) == ("openvino", "bfloat16", 4)
        assert 0 < found["abs_rel"] < MOST_ABS_REL
        assert 0.99 < found["correlation"] < 1
        record = json.loads((out / "dataset.json").read_bytes())
        assert "computed in bfloat16, which on 4 backgrounds differs" in record["depth"]["how"]

    def test_refused_where_it_does_not(self, make_project: Any, tmp_path: Path) -> None:
        project = self.make_project(make_project, tmp_path, CANCELLING, "grayscale=true")
        with pytest.raises(NetworkError, match=r"bfloat16 differs too much .* Set depth\.precision=float32") as raised:
            last(generate(project, tmp_path / "out", Options(4, 1, "network", engine="inline")))
        assert "at most 0.02" in raised.value.problem
        assert not (tmp_path / "out" / DEPTH / "network.json").exists()
