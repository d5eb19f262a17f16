"""A network's file takes and gives named tensors, by whichever runtime: here two go in and two come out."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import NetworkSession, Runtime, onnx
from tests.helpers import tiny_onnx

# TensorFlow's tensors do not know NumPy 2's keyword "copy" yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIDE = 32
WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)
PICTURE, BEFORE = (np.random.default_rng(8).random((1, SIDE, SIDE, n), np.float32) for n in (3, 1))
SUM = (PICTURE * WEIGHTS).sum(axis=3, keepdims=True)
BOTH = SUM + BEFORE


def need(*packages: str) -> None:
    for package in packages:
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")


def first(array: NDArray[Any]) -> NDArray[Any]:
    """With the channels first."""
    return array.transpose(0, 3, 1, 2)


def names(session: NetworkSession) -> tuple[list[str], list[str]]:
    return [source.name for source in session.inputs], [target.name for target in session.outputs]


def check(session: NetworkSession, picture: NDArray[Any], before: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The outputs (sum, both); some converters put something before or behind the names."""
    arrays = {source.name: picture if "picture" in source.name else before for source in session.inputs}
    made = session.run(arrays)
    assert list(made) == names(session)[1]
    small, large = sorted(made.values(), key=np.mean)
    return small, large


@pytest.fixture
def onnx_file(tmp_path: Path) -> Path:
    return tiny_onnx.write_two(tmp_path / "two.onnx", WEIGHTS, SIDE)


@pytest.fixture
def model() -> Any:
    """The same network by Keras, for any size."""
    need("tensorflow")
    import keras

    picture, before = keras.Input((None, None, 3), name="picture"), keras.Input((None, None, 1), name="before")
    layer = keras.layers.Conv2D(1, 1, use_bias=False, name="sum")
    total = layer(picture)
    layer.set_weights([WEIGHTS.reshape(1, 1, 3, 1)])
    return keras.Model([picture, before], [keras.layers.Add(name="both")([total, before]), total])


class TestOnnx:
    @pytest.mark.parametrize("runtime", ["onnx", "openvino"])
    def test_names_shapes_and_values(self, runtime: str, onnx_file: Path) -> None:
        need("onnxruntime" if runtime == "onnx" else runtime)
        session = Runtime.get(runtime)().session(onnx_file)
        assert names(session) == (["picture", "before"], ["both", "sum"])
        assert session.inputs[0].shape == (1, 3, SIDE, SIDE)
        assert session.outputs[1].shape == (1, 1, SIDE, SIDE)
        assert session.inputs[1].dtype == np.float32
        made = session.run({"before": first(BEFORE), "picture": first(PICTURE)})
        np.testing.assert_allclose(made["sum"], first(SUM), atol=1e-6)
        np.testing.assert_allclose(made["both"], first(BOTH), atol=1e-6)

    def test_opencv_takes_inputs_by_name_though_it_tells_none(self, onnx_file: Path) -> None:
        session = onnx.open_with_opencv(onnx_file, None)
        small, large = sorted(session.run({"picture": first(PICTURE), "before": first(BEFORE)}).values(), key=np.mean)
        np.testing.assert_allclose(small, first(SUM), atol=1e-6)
        np.testing.assert_allclose(large, first(BOTH), atol=1e-6)

    def test_numbers_of_another_type_are_converted(self, onnx_file: Path) -> None:
        need("onnxruntime")
        twos = np.full((1, 3, SIDE, SIDE), 2, np.uint8)
        made = Runtime.get("onnx")().session(onnx_file).run({"picture": twos, "before": twos[:, :1]})
        np.testing.assert_allclose(made["both"], 4, rtol=1e-6)

    def test_described_is_the_described_output_alone(self, onnx_file: Path) -> None:
        need("onnxruntime")
        described = Description("relative", SIDE, SIDE, layout="nchw", output=1)
        assert names(Runtime.get("onnx")().session(onnx_file, described)) == (["picture", "before"], ["sum"])


class TestOfTensorFlow:
    @pytest.mark.parametrize("runtime", ["keras", "openvino"])
    def test_keras(self, runtime: str, model: Any, tmp_path: Path) -> None:
        need("openvino" if runtime == "openvino" else "keras")
        model.save(tmp_path / "two.keras")
        session = Runtime.get(runtime)().session(tmp_path / "two.keras")
        if runtime == "keras":
            assert names(session) == (["picture", "before"], ["both", "sum"])
        assert session.inputs[0].shape == (None, None, None, 3)
        small, large = check(session, PICTURE, BEFORE)
        np.testing.assert_allclose(small, SUM, atol=1e-6)
        np.testing.assert_allclose(large, BOTH, atol=1e-6)

    @pytest.mark.parametrize("runtime", ["savedmodel", "openvino"])
    def test_savedmodel(self, runtime: str, model: Any, tmp_path: Path) -> None:
        need("openvino" if runtime == "openvino" else "tensorflow")
        model.export(tmp_path / "two", verbose=False)
        session = Runtime.get(runtime)().session(tmp_path / "two")
        small, large = check(session, PICTURE, BEFORE)
        np.testing.assert_allclose(small, SUM, atol=1e-6)
        np.testing.assert_allclose(large, BOTH, atol=1e-6)

    def test_tflite_at_two_sizes(self, model: Any, tmp_path: Path) -> None:
        import tensorflow as tf

        model.export(tmp_path / "two", verbose=False)
        file = tmp_path / "two.tflite"
        file.write_bytes(tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "two")).convert())
        session = Runtime.get("tflite")().session(file)
        for part in (np.s_[:, :, :], np.s_[:, :8, :16], np.s_[:, :, :]):
            small, large = check(session, PICTURE[part], BEFORE[part])
            np.testing.assert_allclose(small, SUM[part], atol=1e-6)
            np.testing.assert_allclose(large, BOTH[part], atol=1e-6)
