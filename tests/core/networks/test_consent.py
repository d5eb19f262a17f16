"""A project of somebody else's chooses no network: a person does, on this computer."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import FgbgError, NetworkError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.dataset.forecast import forecast
from fgbg_studio.core.dataset.inspect.reproduce import write_again
from fgbg_studio.core.dataset.record import open_dataset as opened_dataset
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.dataset.shard import open_maker
from fgbg_studio.core.depth import network_record
from fgbg_studio.core.depth.comparison import Comparer
from fgbg_studio.core.networks import consent, model_cache
from fgbg_studio.core.project import storage
from tests.conftest import ROOT
from tests.helpers import tiny_onnx
from tests.helpers.datasets import find, make, mend, small


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


def test_no_door_opens_a_network_that_a_strangers_project_or_dataset_names(
    make_project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnxruntime")
    file = tiny_onnx.write(tmp_path / "net.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
    described = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}'
    ways = ["depth.way=network", f"depth.model={file}", f"depth.network={described}"]
    with monkeypatch.context() as there:  # on the stranger's computer
        there.delenv(consent.STRICT)
        project = make_project(tmp_path, changes=[*small("studio-256"), *ways])
        make(project, tmp_path / "made")
    depths = [path for path in (tmp_path / "made" / "depth").rglob("*") if path.is_file()]
    depths[0].write_bytes(b"damaged")
    opened: list[str] = []
    monkeypatch.setattr(network_record, "open_network", lambda *_, **__: opened.append("") or pytest.fail("opened"))
    known = storage.load(project)
    recipe = chosen_recipe(known, Options())
    dataset = opened_dataset(tmp_path / "made")
    comparer = Comparer(recipe, project, ("network", "geometry"), 2)
    doors: dict[str, Callable[[], object]] = {
        "a run": lambda: make(project, tmp_path / "out"),
        "going on with one": lambda: make(project, tmp_path / "made"),
        "the check": lambda: list(check(project, known)),
        "the forecast": lambda: forecast(recipe, project, tmp_path, 4),
        "comparing": lambda: list(comparer.run()),
        "verifying": lambda: find(tmp_path / "made"),
        "repairing": lambda: mend(tmp_path / "made", project),
        "a sample": lambda: write_again(dataset, dataset.plan()[0], tmp_path / "sample"),
        "a worker": lambda: open_maker(dataset.store).make(dataset.shards[0], EventControl(), lambda _: None),
    }
    said: dict[str, str] = {}
    for name, door in doors.items():
        try:
            said[name] = str(door())
        except FgbgError as error:
            said[name] = str(error)
        assert not opened, name
    comparer.close()
    unsaid = {name for name, text in said.items() if "was never chosen on this computer" not in text}
    assert unsaid == {"verifying"}, {name: said[name] for name in unsaid}  # it reads, and makes no depth
    assert not consent._file().exists()
