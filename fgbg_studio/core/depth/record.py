"""Which network made a dataset's depth, kept beside the dataset's prepared pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fgbg_studio.core.depth import Meaning
from fgbg_studio.core.errors import DatasetError, UsageError
from fgbg_studio.core.images import write_file
from fgbg_studio.core.networks.description import description_from
from fgbg_studio.core.networks.network import Network, open_network

if TYPE_CHECKING:
    from fgbg_studio.core.settings import DepthSettings

_FILE = "network.json"


def open_model(settings: DepthSettings, frame: int, threads: int = 1) -> Network:
    """The network that the settings name, for composites of ``frame`` × ``frame`` pixels.

    Raises:
        UsageError: none is named, or it makes no depth.
        NetworkError: its file is missing, damaged or not described.
    """
    if not settings.model:
        raise UsageError(
            f"depth by {settings.way.name!r} needs a network",
            "Name a file or a catalogue entry: fgbg-studio set PROJECT depth.model=PATH, or choose --depth geometry",
        )
    described = description_from(settings.network) if settings.network else None
    network = open_network(settings.model, described, picture=(frame, frame), threads=threads)
    if network.kind == "matte":
        raise UsageError(f"{network.name} finds objects, it gives no depth", "Choose a depth network")
    return network


def remember(cache: Path, network: Network) -> None:
    """Write down which network it is.

    Raises:
        DatasetError: the dataset was begun with another one.
    """
    known = recall(cache)
    if known and known["sha256"] != network.sha256:
        raise DatasetError(
            f"this dataset was begun with the network {known['name']}, not with {network.name}",
            "Choose a new output folder, or the first network again",
        )
    data = {"name": network.name, "sha256": network.sha256, "kind": network.kind}
    write_file(cache / _FILE, json.dumps(data).encode())


def recall(cache: Path) -> dict[str, str]:
    """Name, sha256 and kind of the network, empty where none was used yet."""
    path = cache / _FILE
    return dict(json.loads(path.read_bytes())) if path.exists() else {}


def network_meaning(cache: Path, how: str) -> Meaning:
    """What the numbers are, for a way that used a network."""
    known = recall(cache)
    kind: Literal["metric", "relative"] = "metric" if known.get("kind") == "metric" else "relative"
    return Meaning(kind, how, known.get("name", ""), known.get("sha256", ""))
