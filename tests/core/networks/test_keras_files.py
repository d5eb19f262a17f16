"""Keras and SavedModel files of a user's own, and what happens when memory runs out."""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks.batching import in_halves
from fgbg_studio.core.networks.description import Description
from tests.helpers.networks import open_here as open_network

needs_tensorflow = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="tensorflow is not installed (extra 'tensorflow')"
)
# TensorFlow's tensors do not know NumPy 2's keyword "copy" yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
METRES = Description("metres", 32, 32, multiple=16, factor=3.0)


def noise(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(6).integers(0, 256, (count, 32, 32, 3), np.uint8)


@needs_tensorflow
class TestKeras:
    @pytest.fixture
    def model(self) -> Any:
        import keras

        picture = keras.Input((None, None, 3))
        return keras.Model(picture, keras.layers.Conv2D(1, 1, name="sum")(picture))

    def expected(self, model: Any, pictures: NDArray[np.uint8]) -> NDArray[Any]:
        kernel, bias = model.get_layer("sum").get_weights()
        return np.asarray(3 * ((pictures / 255.0) @ kernel[0, 0] + bias)[..., 0])

    @pytest.mark.parametrize("suffix", [".keras", ".h5"])
    def test_a_model_file(self, model: Any, tmp_path: Path, suffix: str) -> None:
        file = tmp_path / f"mine{suffix}"
        model.save(file)
        pictures = noise(6)
        depth = open_network(file, METRES)(pictures)
        np.testing.assert_allclose(depth, self.expected(model, pictures), atol=1e-5)
        assert open_network(file, METRES, size=(64, 48))(pictures).shape == (6, 48, 64)

    def test_a_savedmodel(self, model: Any, tmp_path: Path) -> None:
        folder = tmp_path / "mine"
        model.export(folder, verbose=False)
        network = open_network(folder, METRES)
        pictures = noise(3)
        np.testing.assert_allclose(network(pictures), self.expected(model, pictures), atol=1e-5)
        assert network.sha256 == open_network(folder, METRES).sha256

    @pytest.mark.parametrize("sequential", [False, True])
    def test_bfloat16_is_near_float32_and_comes_out_whole(self, sequential: bool, tmp_path: Path) -> None:
        import keras

        picture = keras.Input((None, None, 3))
        layers = [keras.layers.Conv2D(8, 3, padding="same", activation="relu"), keras.layers.Conv2D(1, 1)]
        if sequential:
            model = keras.Sequential([picture, *layers])
        else:
            model = keras.Model(picture, layers[1](layers[0](picture)))
        model.save(tmp_path / "mine.keras")
        pictures = noise(4)
        plain = open_network(tmp_path / "mine.keras", METRES)(pictures)
        network = open_network(tmp_path / "mine.keras", METRES, precision="bfloat16")
        mixed = network(pictures)
        assert (network.precision, mixed.dtype) == ("bfloat16", np.float32)
        assert 0 < np.abs(mixed - plain).mean() < 0.01 * np.abs(plain).mean()
        assert len(np.unique(mixed)) > 1000  # an output in bfloat16 would have few different values

    @pytest.mark.parametrize("suffix", [".keras", ".h5"])
    def test_code_in_a_file_is_not_run(self, tmp_path: Path, suffix: str) -> None:
        import keras

        mark = tmp_path / "mark"
        picture = keras.Input((32, 32, 3))
        spy = eval(f"lambda x: (open({str(mark)!r}, 'w').close(), x[..., :1])[1]")
        keras.Model(picture, keras.layers.Lambda(spy, output_shape=(32, 32, 1))(picture)).save(
            tmp_path / f"evil{suffix}"
        )
        mark.unlink(missing_ok=True)
        with pytest.raises(NetworkError, match="cannot be loaded"):
            open_network(tmp_path / f"evil{suffix}", METRES)
        assert not mark.exists()

    def test_a_damaged_file_is_named(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "half.keras", "w") as file:
            file.writestr("config.json", json.dumps({}))
        with pytest.raises(NetworkError, match=r"half\.keras cannot be loaded"):
            open_network(tmp_path / "half.keras", METRES)

    def test_another_size_than_described(self, tmp_path: Path) -> None:
        import keras

        picture = keras.Input((64, 64, 3))
        keras.Model(picture, keras.layers.Conv2D(1, 1)(picture)).save(tmp_path / "fixed.keras")
        with pytest.raises(NetworkError, match="takes 64 × 64 × 3, but its description says 32 × 32 × 3"):
            open_network(tmp_path / "fixed.keras", METRES)


class TestHalving:
    def test_halves_until_it_fits_and_remembers(self) -> None:
        sizes = []

        def small(batch: NDArray[Any]) -> NDArray[np.float32]:
            sizes.append(len(batch))
            if len(batch) > 3:
                raise RuntimeError("RESOURCE_EXHAUSTED: cannot allocate")
            return batch.astype(np.float32)

        run = in_halves(small)
        batch = np.arange(11).reshape(11, 1, 1)
        np.testing.assert_array_equal(run(batch), batch)
        assert sizes == [11, 6, 3, 3, 3, 2]
        run(batch)
        assert max(sizes[6:]) == 3

    def test_one_picture_too_many(self) -> None:
        def never(batch: NDArray[Any]) -> NDArray[np.float32]:
            raise MemoryError

        with pytest.raises(NetworkError, match="not enough memory"):
            in_halves(never)(np.zeros((4, 1, 1)))

    def test_other_errors_pass(self) -> None:
        def broken(batch: NDArray[Any]) -> NDArray[np.float32]:
            raise RuntimeError("the graph has a hole")

        with pytest.raises(RuntimeError, match="a hole"):
            in_halves(broken)(np.zeros((4, 1, 1)))


@needs_tensorflow
class TestWhatReachesOut:
    """SavedModels are refused by their graph, before anything of them runs."""

    def exported(self, folder: Path, do: Any) -> Path:
        import tensorflow as tf

        class Reaching(tf.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.weight = tf.Variable(2.0)

            @tf.function(input_signature=[tf.TensorSpec((1, 32, 32, 3), tf.float32)])
            def serve(self, picture: Any) -> Any:
                return {"depth": tf.reduce_mean(picture, 3) * self.weight + do(tf)}

        module = Reaching()
        tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
        return folder

    def refused(self, file: Path, op: str) -> None:
        with pytest.raises(NetworkError, match=rf"does more than compute: its graph has {op}"):
            open_network(file, METRES)

    @pytest.mark.parametrize(
        ("op", "do"),
        [
            ("ReadFile", lambda tf: tf.cast(tf.strings.length(tf.io.read_file("victim")), tf.float32)),
            ("EagerPyFunc", lambda tf: tf.py_function(lambda: 0.0, [], tf.float32)),
            ("RestoreV2", lambda tf: tf.raw_ops.RestoreV2(
                prefix="victim", tensor_names=["x"], shape_and_slices=[""], dtypes=[tf.float32])[0]),
            # In a branch of a branch, each a function of its own.
            ("ReadFile", lambda tf: tf.cond(tf.random.uniform(()) > 2.0, lambda: tf.cond(
                tf.random.uniform(()) > 2.0,
                lambda: tf.cast(tf.strings.length(tf.io.read_file("victim")), tf.float32), lambda: 0.0), lambda: 0.0)),
        ],
    )  # fmt: skip
    def test_is_refused(self, tmp_path: Path, op: str, do: Any) -> None:
        self.refused(self.exported(tmp_path / "model", do), op)

    def test_writing_is_refused_and_does_not_happen(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"

        def write(tf: Any) -> Any:
            tf.io.write_file(str(victim), "mine")
            tf.print("mine", output_stream=f"file://{victim}")
            return 0.0

        self.refused(self.exported(tmp_path / "model", write), "PrintV2, .*WriteFile")
        assert not victim.exists()

    def test_what_computes_is_not(self, tmp_path: Path) -> None:
        def compute(tf: Any) -> Any:
            tf.print("said", output_stream=sys.stderr)
            return tf.while_loop(lambda i: i < 3.0, lambda i: (i + 1.0,), (0.0,))[0]

        network = open_network(self.exported(tmp_path / "model", compute), METRES)
        assert network(np.zeros((1, 32, 32, 3), np.uint8)).max() == 9
