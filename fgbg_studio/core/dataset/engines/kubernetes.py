"""Shards in an indexed Job of a Kubernetes cluster: a manifest is printed; whoever may use the cluster applies it."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.store import LocalStore, Store
from fgbg_studio.core.interfaces.engine import Engine

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?")  # of RFC 1123, with room for what pods' names have behind it
_PAUSE = 30  # seconds from one look to the next at whether the step before is done


@dataclass(frozen=True)
class Kubernetes(Engine):
    """Jobs of which each does one step and waits for the one before; credentials are named, never written out."""

    name: ClassVar[str] = "kubernetes"
    summary: ClassVar[str] = "an indexed Job of a Kubernetes cluster, printed as a manifest"
    image: Annotated[str, about("of the container, which has this program")] = "YOUR-IMAGE-WITH-FGBG-STUDIO"
    job: Annotated[str, about("what the names of the Jobs begin with")] = "fgbg-studio"
    project: Annotated[str, about("in the image; empty: the dataset is prepared from here")] = ""
    pods: Annotated[int, about("parts of the dataset, one a pod", ge=1, le=100_000)] = 100
    at_once: Annotated[int, about("pods that run at once", ge=1, le=10_000)] = 20
    cpus: Annotated[int, about("processor cores of a pod", ge=1)] = 2
    memory: Annotated[str, about("of a pod")] = "2Gi"
    disk: Annotated[str, about("of a pod", tip="room for one shard's archives a core")] = "10Gi"
    gpus: Annotated[int, about("graphics cards of a pod", ge=0)] = 0
    tries: Annotated[int, about("times that a part is tried again", ge=0)] = 5
    secret: Annotated[str, about("Secret whose keys become environment variables; empty: none")] = ""
    account: Annotated[str, about("ServiceAccount that may write there; empty: the namespace's own")] = ""
    program: Annotated[str, about("how the image calls this program")] = "fgbg-studio"

    @override
    def manifest(self, store: Store) -> str:
        """See `Engine.manifest`: YAML, each Job in the form of JSON, which is a part of that.

        Raises:
            UsageError: pods cannot reach the dataset, or the Jobs' name is none.
        """
        if isinstance(store, LocalStore):
            problem = f"{store.where()} is a folder of this computer, which no pod sees"
            raise UsageError(problem, "Give an address, as --out s3://bucket/rooms")
        if not _LABEL.fullmatch(self.job):
            raise UsageError(f"{self.job!r} is no name for Jobs", "Use small letters, digits and dashes, 42 at most")
        out = shlex.quote(store.where())
        make = f"{self.program} generate --out {out}"
        prepared = f'{self.program} status {out} --json | grep -Eq \'"phase": "(making|finish)\''
        wait = f"until {prepared}; do sleep {_PAUSE}; done; " if self.project else ""
        part = f"--shards $((JOB_COMPLETION_INDEX + 1))/{self.pods} --workers {self.cpus}"
        indexed = {
            "completionMode": "Indexed", "completions": self.pods, "parallelism": min(self.at_once, self.pods),
            "backoffLimitPerIndex": self.tries, "maxFailedIndexes": self.pods,
        }  # fmt: skip
        once = {"backoffLimit": self.tries}
        prepare = f"{self.program} generate {shlex.quote(self.project)} --prepare --out {out}"
        jobs = [self._job("prepare", prepare, once)] if self.project else []
        jobs += [self._job("shards", f"{wait}exec {make} {part}", indexed)]
        # It is refused while shards are missing.
        jobs += [self._job("finish", f"until {make} --finish; do sleep {_PAUSE}; done", once)]
        return "".join(f"---\n{json.dumps(job, indent=2)}\n" for job in jobs)

    def _job(self, step: str, command: str, how: dict[str, Any]) -> dict[str, Any]:
        size: dict[str, Any] = {"cpu": str(self.cpus), "memory": self.memory, "ephemeral-storage": self.disk}
        cards = {"nvidia.com/gpu": str(self.gpus)} if self.gpus and step != "finish" else {}
        container: dict[str, Any] = {
            "name": step, "image": self.image, "command": ["/bin/sh", "-c", command],
            "resources": {"requests": size | cards, "limits": {"memory": self.memory} | cards},
        }  # fmt: skip
        container |= {"envFrom": [{"secretRef": {"name": self.secret}}]} if self.secret else {}
        pod: dict[str, Any] = {"restartPolicy": "Never", "containers": [container]}
        pod |= {"serviceAccountName": self.account} if self.account else {}
        about_it = {"name": f"{self.job}-{step}", "labels": {"app": self.job}}
        return {
            "apiVersion": "batch/v1", "kind": "Job", "metadata": about_it,
            "spec": {**how, "template": {"metadata": {"labels": {"app": self.job}}, "spec": pod}},
        }  # fmt: skip
