"""Memory of a worker: bounded, and the same however many samples there are."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.helpers.datasets import environment, small

SCRIPT = """
import resource, sys
from pathlib import Path
from fgbg_studio.core.dataset.run import Options, generate
if __name__ == "__main__":
    options = Options(limit=int(sys.argv[3]), workers=1, writer="null")
    for _ in generate(Path(sys.argv[1]), Path(sys.argv[2]), options):
        pass
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux only")
def test_a_worker_needs_no_more_for_more_samples(make_project: Callable[..., Path], tmp_path: Path) -> None:
    """The hand-made depth step took 25 GB."""
    project = make_project(tmp_path, changes=small("studio-256", "placements=1500", "shard=500"))
    (tmp_path / "script.py").write_text(SCRIPT)
    peaks = []
    for limit in (1000, 8000):
        arguments = [str(tmp_path / "script.py"), str(project), str(tmp_path / str(limit)), str(limit)]
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, env=environment(), check=True
        )
        peaks.append([int(word) / 1024 for word in done.stdout.split()])
    (worker, parent), (worker_later, parent_later) = peaks
    assert worker < 600
    assert worker_later - worker < 30
    assert parent_later - parent < 30
