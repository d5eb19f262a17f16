"""The engine of Ray, on a cluster of three nodes on this computer of which one goes in the middle."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.run import Options, generate
from tests.helpers.datasets import last, make, small, tree

ray = pytest.importorskip("ray", reason="in no lock: it is large; pip install ray")
MakeProject = Callable[..., Path]
pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_same_dataset_though_a_node_goes(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    project = make_project(tmp_path, "studio-256", 2, 2, small("studio-256", "placements=100", "shard=10"))
    make(project, tmp_path / "whole")
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 10**8})
    try:
        lost = cluster.add_node(num_cpus=1, object_store_memory=10**8)
        cluster.add_node(num_cpus=1, object_store_memory=10**8)
        steps = generate(project, tmp_path / "out", Options(engine={"name": "ray", "address": cluster.address}))
        for step in steps:
            if lost and len(step.newest) > 5:
                cluster.remove_node(lost, allow_graceful=False)
                lost = None
    finally:
        ray.shutdown()
        cluster.shutdown()
    assert step.finished
    assert lost is None
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_no_cluster(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "studio-256", 1, 1, small("studio-256"))
    with pytest.raises(DatasetError, match="there is no Ray cluster"):
        last(generate(project, tmp_path / "out", Options(engine={"name": "ray", "address": "127.0.0.1:1"})))
