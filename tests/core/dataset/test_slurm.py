"""The engine of Slurm, with commands that do what Slurm's do: run a script's tasks, one after another, and list them.

With Slurm's own the same was done by hand, see the guide's page on clusters; no daemon of it runs where tests do.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.dataset.engines import slurm
from fgbg_studio.core.dataset.record import marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, generate, prepare, submit
from fgbg_studio.core.interfaces.engine import Engine
from tests.helpers.datasets import last, make, small, tree

MakeProject = Callable[..., Path]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell scripts")

_SBATCH = """\
#!{python}
import os, pathlib, re, subprocess, sys
folder, script = pathlib.Path(__file__).parent, sys.stdin.read()
(folder / "calls").open("a").write(" ".join(sys.argv[1:]) + "\\n")
array = next((re.search(r"1-(\\d+)", one) for one in sys.argv if one.startswith("--array")), None)
if any(one.startswith("--dependency") for one in sys.argv):
    print("8;test")
    sys.exit()
refused = os.environ.get("FAKE_REFUSES")
if refused:
    sys.exit(refused)
for task in range(1, int(array[1]) + 1):
    if os.environ.get("FAKE_LOSES") != str(task):
        told = os.environ | {{"SLURM_ARRAY_TASK_ID": str(task)}}
        subprocess.run(["sh"], input=script, text=True, env=told, stdout=subprocess.DEVNULL)
print("7")
"""


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands; what sbatch was told is in its file ``calls``."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in {
        "sbatch": _SBATCH.format(python=sys.executable),
        "squeue": "#!/bin/sh\n",
        "scancel": "#!/bin/sh\n",
        "scontrol": "#!/bin/sh\necho 'MaxArraySize            = 4'\n",
    }.items():
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setattr(slurm, "_LOOK", 0.01)
    return folder


@pytest.fixture
def project(make_project: MakeProject, tmp_path: Path) -> Path:
    return make_project(tmp_path, "studio-256", 2, 2, small("studio-256", "placements=10", "shard=10"))


def test_the_same_dataset(project: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(project, tmp_path / "whole")
    monkeypatch.chdir(tmp_path)
    engine = {"name": "slurm", "tasks": 2, "at_once": 1, "options": "--partition=short '--comment=two words'"}
    assert last(generate(project, Path("out"), Options(engine=engine))).finished
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    array, end = (commands / "calls").read_text().splitlines()
    assert "--array=1-2%1 --requeue --cpus-per-task=1 --partition=short --comment=two words" in array
    assert "--dependency=afterok:7" in end


def test_lost_tasks_are_said_and_made_by_the_same_command(
    project: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, options = tmp_path / "out", Options(engine={"name": "slurm"})
    monkeypatch.setenv("FAKE_LOSES", "2")
    with pytest.raises(DatasetError, match=r"the Slurm job 7 ended, and \d+ of its 8 shards are not made"):
        last(generate(project, out, options))
    assert "--array=1-3 " in (commands / "calls").read_text()  # no larger than the cluster takes
    assert (out / marker_name(0)).exists()
    assert not (out / marker_name(1)).exists()
    monkeypatch.delenv("FAKE_LOSES")
    assert last(generate(project, out, options)).finished


def test_left_to_the_cluster(project: Path, commands: Path, tmp_path: Path) -> None:
    out, engine = tmp_path / "out", Engine.from_dict({"name": "slurm", "tasks": 1})
    with pytest.raises(DatasetError, match="is not a dataset"):
        submit(out, engine)
    last(prepare(project, out))
    assert submit(out, engine) == ["7", "8"]
    assert all((out / marker_name(shard.number)).exists() for shard in open_dataset(out).shards)


def test_refusals(project: Path, commands: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_REFUSES", "Batch job submission failed: Invalid account")
    with pytest.raises(DatasetError, match=r"Slurm's sbatch refuses: .*Invalid account"):
        last(generate(project, tmp_path / "out", Options(engine="slurm")))
    (commands / "sbatch").unlink()
    if not any((Path(folder) / "sbatch").exists() for folder in os.environ["PATH"].split(os.pathsep)):
        with pytest.raises(UsageError, match="there is no 'sbatch' on this computer"):
            last(generate(project, tmp_path / "out", Options(engine="slurm")))
    with pytest.raises(UsageError, match="works only while this program runs"):
        submit(tmp_path / "out", Engine.from_dict("local"))
