"""How many processor cores this process may use: fewer than the machine has, in a container or a batch job."""

from __future__ import annotations

import math
import os
from pathlib import Path, PurePosixPath

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUPS = Path("/proc/self/cgroup")


def allowed_cores(cgroups: Path = _CGROUPS, own_cgroups: Path = _OWN_CGROUPS) -> int:
    """The cores that the process may use, at least 1.

    Its affinity (a batch system's, or ``taskset``), limited by the processor time that its control groups grant
    (a container's quota), rounded up; without either the machine's cores.
    """
    affinity = getattr(os, "sched_getaffinity", None)  # Linux alone has it
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(math.ceil(min(cores, _quota(cgroups, own_cgroups))), 1)


def _quota(cgroups: Path, own_cgroups: Path) -> float:
    """Cores that control groups grant, version 2 or 1: the least of the process's group and those above it."""
    try:
        lines = own_cgroups.read_text().splitlines()
    except OSError:
        return math.inf
    granted = math.inf
    for line in lines:
        controllers, group = line.split(":", 2)[1:]
        if not controllers:
            root, read = cgroups, _version_2
        elif "cpu" in controllers.split(","):
            root, read = cgroups / "cpu", _version_1
        else:
            continue
        # Inside a container the path may be the host's, of which the mounted tree shows the group as its root.
        parts = PurePosixPath(group.lstrip("/")).parts
        folders = {root.joinpath(*parts[:count]) for count in range(len(parts) + 1)}
        granted = min(granted, *map(read, folders))
    return granted


def _version_2(folder: Path) -> float:
    """``cpu.max`` is the time and the period it is of, in microseconds, or ``max`` and the period."""
    quota, _, period = _text(folder / "cpu.max").partition(" ")
    return _cores(quota, period)


def _version_1(folder: Path) -> float:
    """``-1`` is no limit."""
    return _cores(_text(folder / "cpu.cfs_quota_us"), _text(folder / "cpu.cfs_period_us"))


def _text(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""


def _cores(quota: str, period: str) -> float:
    if not (quota.isdigit() and period.isdigit()) or int(period) == 0:
        return math.inf
    return int(quota) / int(period)
