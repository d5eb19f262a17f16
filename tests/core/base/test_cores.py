"""Cores that may be used: affinity, and the quota of control groups of both versions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgbg_studio.core.base.cores import allowed_cores

MINE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def groups(folder: Path, own: str, files: dict[str, str]) -> tuple[Path, Path]:
    tree, listed = folder / "cgroup", folder / "own"
    listed.write_text(own)
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    return tree, listed


@pytest.mark.parametrize(
    ("own", "files", "right"),
    [
        ("0::/\n", {"cpu.max": "100000 100000\n"}, 1),
        ("0::/job/step\n", {"job/cpu.max": "50000 100000\n", "job/step/cpu.max": "max 100000\n"}, 1),
        ("0::/of/the/host\n", {"cpu.max": "100000 100000\n"}, 1),
        ("3:cpu,cpuacct:/\n", {"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ("3:cpu,cpuacct:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, MINE),
        ("4:memory:/\n0::/\n", {"cpu.max": "max 100000\n"}, MINE),
        ("0::/\n", {"cpu.max": "nonsense\n"}, MINE),
        ("0::/\n", {"cpu.max": "9999999 100000\n"}, MINE),
    ],
)
def test_the_quota_limits_what_affinity_allows(tmp_path: Path, own: str, files: dict[str, str], right: int) -> None:
    assert allowed_cores(*groups(tmp_path, own, files)) == right


def test_a_part_of_a_core_counts_as_one(tmp_path: Path) -> None:
    assert allowed_cores(*groups(tmp_path, "0::/\n", {"cpu.max": "1000 100000\n"})) == 1


def test_without_control_groups_affinity_decides(tmp_path: Path) -> None:
    assert allowed_cores(tmp_path / "none", tmp_path / "no") == MINE


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no affinity")
def test_a_process_held_on_one_core_counts_one() -> None:
    one = min(os.sched_getaffinity(0))
    program = (
        f"import os; os.sched_setaffinity(0, {{{one}}})\n"
        "from fgbg_studio.core.base.cores import allowed_cores\nprint(allowed_cores())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"
