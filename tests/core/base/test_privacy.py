"""Nothing of a person's work is told to anybody: what the runtimes of networks would send, and keep for it, is off."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

RUN = """
import sys
from pathlib import Path
import numpy as np
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.runtimes import Runtime
tiny = Description("metres", 32, 32, layout="nchw")
run = Runtime.from_dict(sys.argv[1]).open(Path("fgbg_studio/selftest/tiny.onnx"), tiny)
print(run(np.zeros((1, 3, 32, 32), np.float32)).shape)
"""
HOMES = ("HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")


@pytest.mark.parametrize(("runtime", "package"), [("onnx", "onnxruntime"), ("openvino", "openvino")])
def test_a_runtime_leaves_nothing_in_the_home(runtime: str, package: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    # Runtimes keep still under tests and continuous integration of themselves: this must look like a person's run.
    known = {key: value for key, value in os.environ.items() if "PYTEST" not in key and key not in {"CI", "TF_BUILD"}}
    home = dict.fromkeys(HOMES, str(tmp_path))
    command = [sys.executable, "-c", RUN, runtime]
    done = subprocess.run(command, check=True, cwd=ROOT, env={**known, **home}, stdout=subprocess.PIPE, text=True)
    assert done.stdout == "(1, 32, 32)\n"
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == []
