"""The clusters that a person works with, and what of a project was sent to one; kept with the window's settings.

Nothing of it says who may read and write: that is found where the cluster's and the storage's own programs look for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import FgbgError, UsageError
from fgbg_studio.core.base.remote_files import is_address
from fgbg_studio.core.base.remote_store import store_at
from fgbg_studio.core.dataset.sent import SentRun
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.gui.lib.window_settings import WindowSettings
from fgbg_studio.gui.session.run_options import key_of

_KEY = "clusters/known"


@dataclass(frozen=True)
class Cluster:
    """Where datasets are made that are not made here.

    Attributes:
        name: what the person calls it.
        address: the folder that it shares with this computer, or the address, in which its datasets are.
        engine: with its settings, as `Engine.to_dict`.
    """

    name: str
    address: str = ""
    engine: Mapping[str, Any] = field(default_factory=dict)

    def place(self, dataset: str) -> str:
        """Where it makes the dataset of this name."""
        return f"{self.address.rstrip('/')}/{dataset}"

    def check(self) -> None:
        """Whether it can be sent to, as far as that is known here.

        Raises:
            UsageError: it has no address, or one that cannot be used.
        """
        if not self.address:
            raise UsageError("no folder or address of the cluster is said yet", "say where its datasets are to be")
        if is_address(self.address):
            store_at(self.address)
        elif not Path(self.address).is_absolute():
            raise UsageError(f"{self.address} is no whole path", "write it from / on, as the cluster has it, too")


def known(settings: WindowSettings) -> list[Cluster]:
    """All of them; what cannot be read is passed over."""
    try:
        told = json.loads(settings.value(_KEY, "[]"))
        return [Cluster(str(one["name"]), str(one["address"]), _engine(one["engine"])) for one in told]
    except (ValueError, TypeError, KeyError):
        return []


def keep(settings: WindowSettings, clusters: Sequence[Cluster]) -> None:
    """Remember these instead."""
    settings.set_value(_KEY, json.dumps([asdict(one) for one in clusters]))


def recall_sent(settings: WindowSettings, project: Path) -> tuple[str, SentRun] | None:
    """(name of the cluster, what was sent to it) of the project in a folder; None for nothing."""
    try:
        told = json.loads(settings.value(f"{key_of(project)}/sent", "null"))
        if told is None:
            return None
        return str(told["to"]), SentRun(str(told["where"]), _engine(told["engine"]), tuple(map(str, told["jobs"])))
    except (ValueError, TypeError, KeyError):
        return None


def remember_sent(settings: WindowSettings, project: Path, to: str, sent: SentRun | None) -> None:
    """Keep what was sent for the next time, or that nothing is."""
    settings.set_value(f"{key_of(project)}/sent", "" if sent is None else json.dumps({"to": to, **asdict(sent)}))


def _engine(told: Mapping[str, Any]) -> dict[str, Any]:
    """As it is, or with its own settings where these are of another version.

    Raises:
        ValueError: there is no such engine.
    """
    try:
        return Engine.from_dict(dict(told)).to_dict()
    except FgbgError as error:
        raise ValueError(str(error)) from error
