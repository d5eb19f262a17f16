"""A project of somebody else's chooses no network: a person does, on this computer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import consent, model_cache
from tests.conftest import ROOT
from tests.helpers import tiny_onnx
from tests.helpers.datasets import small


@pytest.fixture(autouse=True)
def _strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv(consent.STRICT, "1")


def test_a_path_is_refused_until_a_person_has_chosen_it(tmp_path: Path) -> None:
    path = str(tmp_path / "mine.onnx")
    with pytest.raises(NetworkError, match=r"mine\.onnx is named by the project or dataset, and was never chosen"):
        consent.check(path)
    consent.remember(path)
    consent.check(path)
    consent.check(str(tmp_path / "elsewhere" / ".." / "mine.onnx"))
    with pytest.raises(NetworkError):
        consent.check(str(tmp_path / "other.onnx"))


def test_the_catalogues_are_checked_by_their_hash_and_not_asked_for() -> None:
    consent.check("fastdepth")


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1, null]", b"\xff"])
def test_a_damaged_memory_asks_again(tmp_path: Path, damage: bytes) -> None:
    consent.remember("mine.onnx")
    (tmp_path / "cache" / "chosen-networks.json").write_bytes(damage)
    with pytest.raises(NetworkError):
        consent.check("mine.onnx")
    consent.remember("mine.onnx")
    consent.check("mine.onnx")


def test_code_that_uses_the_engine_has_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(consent.STRICT)
    consent.check("mine.onnx")
    consent.remember("mine.onnx")
    assert not (tmp_path / "cache").exists()


def test_the_program_asks_and_setting_the_same_again_says_yes(make_project: Any, tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    file = tiny_onnx.write(tmp_path / "net.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
    project = make_project(tmp_path, changes=small("studio-256"))
    described = {"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}
    data = json.loads((project / "project.json").read_text())
    data["settings"]["depth"] |= {"model": str(file), "network": described}  # as somebody else's project comes
    (project / "project.json").write_text(json.dumps(data))

    def program(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "fgbg_studio", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    run = ("generate", str(project), "--out", str(tmp_path / "out"), "--depth", "network", "--limit", "2")
    refused = program(*run)
    assert refused.returncode != 0
    assert f"the network {file} is named by the project" in refused.stderr
    assert f"set PROJECT depth.model={file}" in refused.stderr
    assert program("set", str(project), f"depth.model={file}").returncode == 0
    assert program(*run).returncode == 0
