"""DenseDepth and Keras files: against TensorFlow's own answer for files in the format of Keras 2."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.densedepth import architecture, weights
from fgbg_studio.core.networks.densedepth.architecture import Variant
from fgbg_studio.core.networks.densedepth.legacy_graph import graph_of, pairs
from fgbg_studio.core.networks.description import Description
from tests.helpers.networks import open_here as open_network

MISSING = [name for name in ("h5py", "keras", "tensorflow", "tf_keras") if find_spec(name) is None]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (extra 'tensorflow')"),
    # TensorFlow's tensors do not know NumPy 2's keyword "copy" yet.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

SMALL = (48, 24, 16, 12, 8)
METRES = Description("densedepth", 64, 64, multiple=32, factor=10.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("densedepth")


@pytest.fixture(scope="module")
def oracle() -> Any:
    """The published decoder with fewer filters, in TensorFlow's Keras 2."""
    from tests.helpers import legacy_densedepth

    return legacy_densedepth.make(SMALL, after_a=False, aligned=True, end="relu", slope=0.2)


@pytest.fixture(scope="module")
def file(folder: Path, oracle: Any) -> Path:
    from tests.helpers import legacy_densedepth

    return legacy_densedepth.save(oracle, folder / "nyu.h5")


@pytest.fixture(scope="module")
def config(file: Path) -> str:
    import h5py

    with h5py.File(file) as opened:
        return str(opened.attrs["model_config"])


@pytest.fixture(scope="module")
def loaded(file: Path) -> Any:
    return weights.load(file)


@cache
def own_graph(variant: Variant) -> Any:
    return graph_of(architecture.build(variant).get_config())


def pictures(count: int, height: int, width: int) -> Any:
    return np.random.default_rng(3).random((count, height, width, 3), np.float32)


def run(model: Any, x: Any) -> Any:
    """Without a graph, which takes longer to make than so few pictures to compute."""
    return np.asarray(model(x, training=False))


def difference(ours: Any, theirs: Any) -> float:
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


class TestDoubled:
    @pytest.mark.parametrize("axis", [1, 2])
    @pytest.mark.parametrize("length", [1, 2, 3, 15])
    def test_is_linear_with_aligned_corners(self, axis: int, length: int) -> None:
        line = np.random.default_rng(1).random(length).astype("f4")
        tensor = np.moveaxis(line[None, :, None, None], 1, axis)
        out = np.asarray(architecture.doubled(tensor, axis)).ravel()
        expected = np.interp(np.linspace(0, length - 1, 2 * length), np.arange(length), line)
        np.testing.assert_allclose(out, expected, atol=1e-6)

    def test_agrees_with_tensorflows_resize(self) -> None:
        import tensorflow as tf

        x = np.random.default_rng(2).random((2, 7, 12, 5)).astype("f4")
        ours = architecture.doubled(architecture.doubled(x, 1), 2)
        theirs = tf.raw_ops.ResizeBilinear(images=x, size=[14, 24], align_corners=True)
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), atol=1e-6)


class TestLoading:
    @pytest.mark.parametrize("size", [(192, 256), (480, 480)])
    def test_agrees_with_tensorflow(self, oracle: Any, loaded: Any, size: tuple[int, int]) -> None:
        x = pictures(1, *size)
        theirs = run(oracle, x)
        assert theirs.shape == (1, size[0] // 2, size[1] // 2, 1)
        assert theirs.std() > 0.1
        assert difference(run(loaded, x), theirs) < 1e-4

    def test_another_variant_agrees_too(self, folder: Path) -> None:
        from tests.helpers import legacy_densedepth

        other = legacy_densedepth.make(SMALL, after_a=True, aligned=False, end="bn", slope=0.1)
        path = legacy_densedepth.save(other, folder / "other.h5")
        x = pictures(1, 96, 128)
        assert difference(run(weights.load(path), x), run(other, x)) < 1e-4

    def test_a_picture_does_not_depend_on_its_neighbours(self, loaded: Any) -> None:
        x = pictures(3, 96, 96)
        assert difference(run(loaded, x[1:2]), run(loaded, x)[1:2]) < 1e-4

    def test_the_published_variant_has_the_published_size(self) -> None:
        assert architecture.build(Variant()).count_params() == 42_816_089

    def test_opened_by_description_and_kept_as_a_copy(
        self, file: Path, loaded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
        picture = np.random.default_rng(4).integers(0, 256, (1, 64, 64, 3), np.uint8)
        assert open_network(file, METRES).kind == "metric"
        monkeypatch.delattr(weights, "load")
        network = open_network(file, METRES)
        depth = network(picture)
        raw = run(loaded, picture.astype("f4") / 255)[..., 0]
        with np.errstate(divide="ignore"):
            np.testing.assert_allclose(depth, np.clip(1000 / raw, 10, 1000) / 100, rtol=1e-4)
        (copy,) = (model_cache.cache_folder() / "converted").rglob("*.keras")
        assert copy.parent.name == network.sha256
        with pytest.raises(NetworkError, match="multiples of 32"):
            open_network(file, METRES, size=(192, 200))


def change(name: str, **settings: Any) -> Callable[[dict[str, Any]], None]:
    """Another setting of a layer."""

    def edit(layers: dict[str, Any]) -> None:
        layers[name]["config"].update(settings)

    return edit


def swap_skip(layers: dict[str, Any]) -> None:
    layers["up2_concat"]["inbound_nodes"][0].reverse()


def other_skip(layers: dict[str, Any]) -> None:
    layers["up3_concat"]["inbound_nodes"][0][1][0] = "conv2_block1_concat"


def code(layers: dict[str, Any]) -> None:
    layers["up3_upsampling2d"]["class_name"] = "Lambda"


def no_activation(layers: dict[str, Any]) -> None:
    layers["conv3"]["inbound_nodes"][0][0][0] = "up4_convB"


def one_activation_more(layers: dict[str, Any]) -> None:
    layers["up3_convB"]["inbound_nodes"][0][0][0] = "leaky_re_lu"


def plain_resize(layers: dict[str, Any]) -> None:
    for number in range(1, 5):
        layers[f"up{number}_upsampling2d"]["class_name"] = "UpSampling2D"


class TestRefused:
    @pytest.mark.parametrize(
        ("edit", "named"),
        [
            (change("up1_convA", activation="relu"), "up1_convA"),
            (change("up2_convB", kernel_size=[5, 5]), "up2_convB"),
            (change("up2_convB", filters=99), "up2_convB"),
            (change("up4_upsampling2d", size=[4, 4]), "up4_upsampling2d"),
            (change("up4_upsampling2d", method="bicubic"), "up4_upsampling2d"),
            (change("up4_upsampling2d", align_corners=False), "up4_upsampling2d"),
            (change("conv1/bn", epsilon=1e-3), "conv1/bn"),
            (change("conv1/conv", padding="same"), "conv1/conv"),
            (change("conv3", data_format="channels_first"), "conv3"),
            (swap_skip, "up2_concat"),
            (other_skip, "conv2_block1_concat"),
            (code, "up3_upsampling2d"),
            (no_activation, "conv3"),
            (one_activation_more, "up1_convB"),
            (plain_resize, "up4_upsampling2d"),
        ],
    )
    def test_a_variant_that_is_not_known_names_its_layer(self, config: str, edit: Any, named: str) -> None:
        whole = json.loads(config)["config"]
        edit({layer["name"]: layer for layer in whole["layers"]})
        with pytest.raises(NetworkError, match=f"the layer '{named}'"):
            compare(whole, "2.2.4")

    def test_the_same_without_edits_is_taken(self, config: str) -> None:
        assert len(compare(json.loads(config)["config"], "2.2.4")) > 600

    def test_weights_without_layers(self, file: Path, tmp_path: Path) -> None:
        import h5py

        with h5py.File(file) as source, h5py.File(tmp_path / "w.h5", "w") as target:
            source.copy("model_weights/conv3", target)
        with pytest.raises(NetworkError, match="without the layers that they belong to"):
            weights.load(tmp_path / "w.h5")

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("model_weights/bn/bn/gamma:0", None, "cannot be read"),
            ("model_weights/bn/bn/gamma:0", np.ones(3), "holds gamma of shape"),
            ("model_weights/conv3/conv3/bias:0", np.array([np.nan]), "not finite"),
            ("model_weights/more/kernel:0", np.ones(3), "belong to no layer: more/kernel:0"),
        ],
    )
    def test_weights_that_do_not_belong(
        self, file: Path, loaded: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: Any, says: str
    ) -> None:
        import h5py
        import keras

        path = Path(shutil.copy(file, tmp_path))
        with h5py.File(path, "a") as opened:
            if old in opened:
                del opened[old]
            if new is not None:
                opened[old] = new
        # Building takes seconds and is the same each time; what is tested is what comes after it.
        monkeypatch.setattr(weights, "build", lambda variant: keras.models.clone_model(loaded))
        with pytest.raises(NetworkError, match=says):
            weights.load(path)

    def test_a_file_that_is_cut_short(self, file: Path, tmp_path: Path) -> None:
        (tmp_path / "half.h5").write_bytes(file.read_bytes()[:10_000])
        with pytest.raises(NetworkError, match=r"half\.h5 cannot be read"):
            weights.load(tmp_path / "half.h5")


def compare(whole: dict[str, Any], version: str) -> dict[str, str]:
    theirs = graph_of(whole)
    return pairs(theirs, own_graph(weights.variant_of(theirs, version)))
