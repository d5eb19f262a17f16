"""The self-test finds what is whole whole, and what is broken broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio import selftest
from fgbg_studio.core.interfaces.writer import Writer
from fgbg_studio.selftest import engine, networks
from fgbg_studio.selftest.outcome import expect

ROOT = Path(__file__).resolve().parents[2]


def test_the_source_tree_passes(tmp_path: Path) -> None:
    """The whole of it, as a user starts it, with a home of its own that stays empty."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    own = {"HOME": str(home), "TMPDIR": str(temporary), "XDG_CONFIG_HOME": str(home), "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "fgbg_studio", "--self-test", "--json"],
        cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout)
    failed = [check for check in report["checks"] if check["state"] == "failed"]
    assert (done.returncode, report["good"], failed) == (0, True, [])
    assert len(report["checks"]) >= 9
    ours = {name for name, family in engine.families().items() if family.__module__.startswith("fgbg_studio.")}
    assert report["strategies"] == {name: found for name, found in engine.names().items() if name in ours}
    assert [path.name for path in temporary.iterdir() if path.name.startswith("fgbg")] == []
    left = [path for path in home.rglob("*") if path.is_file() and "cache" not in str(path)]
    assert left == [], "nothing of the user's is written"


def test_a_missing_family_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Writer, "_members", {})
    result = selftest._run("strategies", engine.strategies, tmp_path, quiet=True)
    assert (result.state, result.found) == ("failed", "RuntimeError: no writer is there")
    assert "expect(members" in result.trace


def test_wrong_values_of_a_network_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert selftest._run("tflite", networks.tflite, tmp_path, quiet=True).state == "ok"
    monkeypatch.setattr(networks, "WEIGHTS", (0.5, 0.25, 0.125))
    found = selftest._run("again", networks.tflite, tmp_path, quiet=True)
    assert found.state == "failed"
    assert "off by" in found.found


def test_what_an_edition_has_not_is_left_out(tmp_path: Path) -> None:
    def check(_: Path) -> str:
        networks._need("a_package_that_nobody_has")
        return ""

    assert selftest._run("it", check, tmp_path, quiet=True).state == "left out"


def test_the_report_for_people_ends_with_a_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fgbg_studio.selftest import window

    for module in (engine, networks, window):
        monkeypatch.setattr(module, "CHECKS", {})
    monkeypatch.setattr(engine, "CHECKS", {"good": lambda _: "fine"})
    assert selftest.run([]) == 0
    monkeypatch.setattr(engine, "CHECKS", {"good": lambda _: "fine", "bad": lambda _: expect(0, "it is torn")})
    assert selftest.run([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == ["ok", "good", "fine"]
    assert lines[2].startswith("everything works")
    assert "RuntimeError: it is torn" in lines[5]
    assert lines[-1].startswith("something is missing or broken")


def test_the_tiny_networks_say_what_they_are() -> None:
    for name in ("tiny.tflite", "tiny.onnx"):
        data = (networks.FOLDER / name).read_bytes()
        assert len(data) < 2000
        assert np.array(networks.WEIGHTS, "<f4").tobytes() in data
