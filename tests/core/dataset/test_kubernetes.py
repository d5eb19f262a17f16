"""The manifest for Kubernetes: what batch/v1 asks of a Job, and command lines that make the dataset of one machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from fgbg_studio.cli.main import main
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.run import Options, prepare
from fgbg_studio.core.interfaces.engine import Engine
from tests.helpers.datasets import environment, last, make, small, tree
from tests.helpers.memory_store import MemoryStore

MakeProject = Callable[..., Path]
# Of batch/v1 Job, core/v1 PodSpec and Container those that are used here.
_SPEC = {
    "completionMode", "completions", "parallelism", "backoffLimitPerIndex", "maxFailedIndexes", "backoffLimit",
    "template",
}  # fmt: skip
_POD, _CONTAINER = (
    {"restartPolicy", "containers", "serviceAccountName"},
    {"name", "image", "command", "resources", "envFrom"},
)


def jobs(**settings: Any) -> list[dict[str, Any]]:
    text = Engine.from_dict({"name": "kubernetes", **settings}).manifest(MemoryStore())
    return list(yaml.safe_load_all(text))


def test_the_fields_of_a_job() -> None:
    found = jobs(image="here/studio:1", job="rooms", pods=7, at_once=20, cpus=3, memory="4Gi", gpus=1, tries=2,
                 secret="bucket", account="maker", project="/rooms")  # noqa: S106 - a name  # fmt: skip
    assert [one["metadata"]["name"] for one in found] == ["rooms-prepare", "rooms-shards", "rooms-finish"]
    for one in found:
        assert (one["apiVersion"], one["kind"], set(one)) == (
            "batch/v1", "Job", {"apiVersion", "kind", "metadata", "spec"},
        )  # fmt: skip
        spec, pod = one["spec"], one["spec"]["template"]["spec"]
        container = pod["containers"][0]
        assert spec.keys() <= _SPEC
        assert pod.keys() <= _POD
        assert container.keys() <= _CONTAINER
        assert pod["restartPolicy"] == "Never"  # which backoffLimitPerIndex asks for
        assert pod["serviceAccountName"] == "maker"
        assert container["image"] == "here/studio:1"
        assert container["envFrom"] == [{"secretRef": {"name": "bucket"}}]
        assert container["resources"]["requests"]["cpu"] == "3"
        assert container["resources"]["limits"]["memory"] == "4Gi"
    indexed = found[1]["spec"]
    assert (indexed["completionMode"], indexed["completions"], indexed["parallelism"]) == ("Indexed", 7, 7)
    assert (indexed["backoffLimitPerIndex"], indexed["maxFailedIndexes"]) == (2, 7)
    # A card is asked for in both, and alike, as extended resources are.
    size = indexed["template"]["spec"]["containers"][0]["resources"]
    assert size["requests"]["nvidia.com/gpu"] == size["limits"]["nvidia.com/gpu"] == "1"
    assert found[0]["spec"]["backoffLimit"] == 2


def test_by_default() -> None:
    shards, finish = jobs()
    pod = shards["spec"]["template"]["spec"]
    assert "envFrom" not in pod["containers"][0]
    assert "serviceAccountName" not in pod
    assert finish["spec"]["backoffLimit"] == 5


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="which no pod sees"):
        Engine.from_dict("kubernetes").manifest(LocalStore(tmp_path))
    with pytest.raises(UsageError, match="is no name for Jobs"):
        jobs(job="Rooms_1")
    with pytest.raises(UsageError, match="has no manifest"):
        Engine.from_dict("local").manifest(MemoryStore())


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
def test_its_command_lines_make_the_dataset(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "studio-256", 2, 2, small("studio-256", "placements=30", "shard=100"))
    make(project, tmp_path / "whole", writer="zip")
    out = tmp_path / "out"
    last(prepare(project, out, Options(writer="zip", workers=1)))

    class Shared(MemoryStore):
        """A folder that pods see, too."""

        def where(self, name: str = "") -> str:
            return str(out / name)

    program = f"{sys.executable} -m fgbg_studio"
    text = Engine.from_dict({"name": "kubernetes", "pods": 2, "cpus": 1, "program": program}).manifest(Shared())
    shards, finish = yaml.safe_load_all(text)
    for index in (1, 0):
        _run(shards, JOB_COMPLETION_INDEX=str(index))
    _run(finish)
    assert tree(out) == tree(tmp_path / "whole")


def _run(job: dict[str, Any], **more: str) -> None:
    command = job["spec"]["template"]["spec"]["containers"][0]["command"]
    subprocess.run(command, check=True, env=environment() | more, timeout=300, capture_output=True)


def test_the_command_prepares_and_prints(make_project: MakeProject, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    project, out = make_project(tmp_path, "studio-256", 2, 2, small("studio-256")), f"memory://k8s-{tmp_path.name}"
    done = CliRunner().invoke(
        main, ["generate", str(project), "--out", out, "--engine", "kubernetes", "--anyway", "--set-engine", "pods=3"]
    )
    assert done.exit_code == 0
    assert [one["metadata"]["name"] for one in yaml.safe_load_all(done.stdout)] == [
        "fgbg-studio-shards", "fgbg-studio-finish",
    ]  # fmt: skip
    status = CliRunner().invoke(main, ["status", out])
    assert "making samples" in status.output
