"""DenseDepth with fewer operations gives what the network as it was published gives."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.networks.densedepth import architecture, quick
from fgbg_studio.core.networks.densedepth.architecture import Variant
from fgbg_studio.core.networks.densedepth.quick import doubled_and_shifted, doubling

needs_keras = pytest.mark.skipif(
    find_spec("keras") is None or find_spec("tensorflow") is None,
    reason="Keras or TensorFlow is not installed (extra 'tensorflow')",
)
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FILTERS = (48, 24, 16, 12, 8)


@pytest.mark.parametrize("length", [1, 2, 3, 14])
def test_doubling_with_aligned_corners(length: int) -> None:
    line = np.random.default_rng(1).random(length)
    expected = np.interp(np.linspace(0, length - 1, 2 * length), np.arange(length), line)
    np.testing.assert_allclose(doubling(length, True) @ line, expected, atol=1e-6)


@pytest.mark.parametrize("length", [1, 2, 3, 14])
def test_doubling_with_half_pixel_centres(length: int) -> None:
    line = np.random.default_rng(2).random(length)
    expected = np.interp((np.arange(2 * length) + 0.5) / 2 - 0.5, np.arange(length), line)
    np.testing.assert_allclose(doubling(length, False) @ line, expected, atol=1e-6)


def test_shifts_leave_zeros() -> None:
    back, plain, on = doubled_and_shifted(4, True)
    np.testing.assert_array_equal(plain, doubling(4, True))
    np.testing.assert_array_equal(back[1:], plain[:-1])
    np.testing.assert_array_equal(on[:-1], plain[1:])
    assert not back[0].any()
    assert not on[-1].any()


def randomised(variant: Variant) -> Any:
    """The network with weights that keep the signal's size from layer to layer."""
    random, model = np.random.default_rng(5), architecture.build(variant)
    for layer in model.layers:
        values = []
        for weight in layer.weights:
            shape = tuple(weight.shape)
            if "kernel" in weight.path:
                values.append(random.normal(0, np.sqrt(1.6 / np.prod(shape[:-1])), shape))
            elif "variance" in weight.path or "gamma" in weight.path:
                values.append(random.uniform(0.7, 1.3, shape))
            else:
                values.append(random.normal(0, 0.3, shape))
        layer.set_weights(values)
    return model


@needs_keras
@pytest.mark.parametrize(
    "variant",
    [Variant(FILTERS), Variant(FILTERS, slope=0.1, activation_after_a=True, aligned=False, encoder_end="bn")],
    ids=["published", "other"],
)
def test_the_same_output_as_the_plain_network(variant: Variant) -> None:
    model = randomised(variant)
    assert quick.is_densedepth(model)
    pictures = np.random.default_rng(3).random((2, 64, 96, 3), np.float32)
    plain = np.asarray(model(pictures, training=False))
    faster = np.asarray(quick.quickened(model, 64, 96)(pictures, training=False))
    assert plain.std() > 0.1
    assert np.abs(faster - plain).max() < 1e-4 * np.abs(plain).max()


@needs_keras
def test_another_model_is_left_as_it_is() -> None:
    import keras

    picture = keras.Input((32, 32, 3))
    assert not quick.is_densedepth(keras.Model(picture, keras.layers.Conv2D(1, 1, name="conv3")(picture)))


@pytest.fixture(scope="module")
def model() -> Any:
    return architecture.build(Variant(FILTERS))


@needs_keras
class TestWhatIsNoDensedepth:
    """It would be run without what makes it another network."""

    def rebuilt(self, model: Any, change: Any) -> Any:
        """The network with a layer's configuration changed."""
        import keras

        def same(layer: Any) -> Any:
            return layer.__class__.from_config({**layer.get_config(), **change(layer)})

        return keras.models.clone_model(model, clone_function=same)

    def test_a_copy_is_one(self, model: Any) -> None:
        assert quick.is_densedepth(self.rebuilt(model, lambda _: {}))

    @pytest.mark.parametrize("change", [{"activation": "relu"}, {"dilation_rate": (2, 2)}, {"use_bias": False}])
    def test_another_first_convolution(self, model: Any, change: dict[str, Any]) -> None:
        other = self.rebuilt(model, lambda layer: change if layer.name == "up2_convA" else {})
        assert not quick.is_densedepth(other)

    def test_a_layer_more(self, model: Any) -> None:
        import keras

        x = keras.layers.ReLU(name="last")(model.output)
        assert not quick.is_densedepth(keras.Model(model.input, x))

    def test_an_output_more(self, model: Any) -> None:
        import keras

        both = [model.output, model.get_layer("up4_leakyB").output]
        assert not quick.is_densedepth(keras.Model(model.input, both))
