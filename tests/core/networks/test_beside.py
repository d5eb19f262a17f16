"""Networks that a file beside them describes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.beside import description_beside, description_file, write_descriptions
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers import tiny_onnx
from tests.helpers.networks import open_here

DEPTH = Description("metres", 32, 32, layout="nchw", factor=2.0)
SALIENCY = Description("matte", 32, 32, layout="nchw")
WEIGHTS = np.array([0.2, 0.3, 0.5], np.float32)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return tiny_onnx.write(tmp_path / "mine.onnx", WEIGHTS, (1, 3, 32, 32))


def test_a_file_is_taken_for_what_the_one_beside_it_says(network: Path) -> None:
    pictures = np.full((1, 32, 32, 3), 255, np.uint8)
    with pytest.raises(NetworkError, match="not in the catalogue"):
        open_here(network, use="depth")
    write_descriptions(network, {"depth": DEPTH, "saliency": SALIENCY})
    assert open_here(network, use="depth")(pictures) == pytest.approx(2)
    assert open_here(network, use="saliency").kind == "matte"
    with pytest.raises(NetworkError, match="not in the catalogue"):
        open_here(network)  # what for, nobody says
    assert open_here(network, DEPTH, use="saliency").kind == "metric"  # what the person says counts


def test_what_is_not_described_or_damaged(network: Path) -> None:
    assert description_beside(network, "depth") is None
    write_descriptions(network, {"depth": DEPTH})
    assert description_beside(network, "saliency") is None
    for wrong in ("{", json.dumps({"depth": {"meaning": "metres", "width": 8, "height": 32}})):
        description_file(network).write_text(wrong)
        with pytest.raises(NetworkError):
            description_beside(network, "depth")


def test_a_recipe_says_all_that_decides_depth(
    network: Path, tmp_path: Path, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "cache"))
    project = make_project(tmp_path, changes=["size=64", "depth.way=network", f"depth.model={network}"])
    plain = make_recipe(storage.load(project))
    write_descriptions(network, {"depth": DEPTH})
    described = make_recipe(storage.load(project))
    assert plain.settings.depth.network is None
    assert described.settings.depth.network is not None
    assert described.settings.depth.network["factor"] == 2
    monkeypatch.setenv(consent.STRICT, "1")  # a file that nobody chose is not looked at
    assert make_recipe(storage.load(project)) == plain
