"""The loader that the guide shows reads a dataset, and keeps apart what has no value."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.project import storage
from tests.conftest import ROOT, MakeProject
from tests.helpers.datasets import make


def test_it_reads_images_masks_depth_and_what_is_valid(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path, changes=["size=64", "placements=1"])
    opened = storage.load(project)
    outdoors = opened.backgrounds[0].model_copy(update={"wall": "none", "horizon": 0.5})
    storage.save(project, opened.model_copy(update={"backgrounds": (outdoors, *opened.backgrounds[1:])}))
    make(project, tmp_path / "rooms-dataset")
    page = (ROOT / "docs" / "using.md").read_text("utf-8")
    blocks = re.findall(r"(?:^(?:    .*)?\n)+", page, re.MULTILINE)
    (code,) = (block for block in blocks if "class Samples" in block)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(re.sub(r"^    ", "", code, flags=re.MULTILINE), names)
    samples = names["Samples"]("rooms-dataset")
    assert len(samples) == 8
    for number in range(8):
        image, mask, depth, valid = samples[number]
        assert image.shape == (3, 64, 64)
        assert set(np.unique(mask)) == {0, 1}
        assert valid.shape == depth.shape == (1, 64, 64)
        assert depth[valid].min() > 0.5
        assert (depth[~valid] == 0).all()
    skies = [not samples[number][3].all() for number in range(8)]
    assert skies == [row["background"] == "bg_000" for row in samples.rows]
