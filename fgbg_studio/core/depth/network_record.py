"""Which network made a dataset's depth, kept beside the dataset's prepared pictures."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, Literal, NotRequired

import cv2
import numpy as np
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.outside import parsed, reason_of
from fgbg_studio.core.base.remedies import ChooseFolder, ChooseNetwork, Set
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.depth.agreement import Agreement, checked
from fgbg_studio.core.interfaces.depth import Meaning, NetworkSettings, Scene
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.description import FloatMaps, description_from
from fgbg_studio.core.networks.model_cache import locate
from fgbg_studio.core.networks.network import Network, open_network
from fgbg_studio.core.networks.runtimes import Precision, runtime_for

_FILE = "network.json"
_COMPARED = 4  # backgrounds: each costs a network's slow run, and a network that errs errs on all


def open_first(scene: Scene, cache: Store) -> Network:
    """The network of the dataset's settings, tried and written down; for the one process that prepares.

    In less than float32 it is first compared with itself in float32 on some of the dataset's backgrounds.

    Raises:
        UsageError: none is named, or it makes no depth.
        NetworkError: its file cannot be used, or it does not agree with float32.
        DatasetError: the dataset was started with another one.
    """
    settings = scene.network
    # All of the computer's cores: this process prepares, and the others wait for it.
    network = open_model(settings, scene.size, threads=0)
    known = recall(cache)
    _refuse_another(known, network)
    data = {name: getattr(network, name) for name in ("name", "sha256", "kind", "runtime", "precision", "on_gpu")}
    data["output"] = network.description.meaning
    if network.precision != "float32" and "agreement" not in known:
        plain = open_model(settings, scene.size, threads=0, precision="float32")
        data["agreement"] = dataclasses.asdict(checked(network, plain, _some_backgrounds(scene)))
    cache.put(_FILE, json.dumps({**known, **data}).encode())
    return network


def open_model(settings: NetworkSettings, frame: int, threads: int = 1, precision: Precision | None = None) -> Network:
    """The network that the settings name, for composites of ``frame`` × ``frame`` pixels.

    ``threads`` as for `open_network`; ``precision`` in place of the settings' own.

    Raises:
        UsageError: none is named, or it makes no depth.
        NetworkError: its file is missing, damaged or not described, or nobody has chosen it on this computer.
    """
    find_network(settings)
    described = description_from(settings.network) if settings.network else None
    network = open_network(
        settings.model or "",
        described,
        picture=(frame, frame),
        threads=threads,
        runtime=settings.runtime,
        precision=precision or settings.precision,
        use="depth",
    )
    if network.kind == "matte":
        raise UsageError(f"{network.name} finds objects but gives no depth", "Choose a network for depth")
    return network


def find_network(settings: NetworkSettings) -> Path:
    """The file of the network that the settings name; it is not opened.

    Raises:
        UsageError: none is named.
        NetworkError: its file is missing, of a kind that nothing runs, or chosen by nobody on this computer.
    """
    if not settings.model:
        raise UsageError(
            "this way to depth needs a network, and the project names none",
            [ChooseNetwork(), Set({"depth.way": "geometry"}, "use geometry, which needs none")],
        )
    consent.check(settings.model)
    path, _ = locate(settings.model)
    runtime_for(path, settings.runtime)
    return path


def recall(cache: Store) -> dict[str, Any]:
    """What `open_first` wrote: the network's name, sha256, kind and how it runs; empty where none was used yet.

    Raises:
        DatasetError: it is damaged.
    """
    if not cache.exists(_FILE):
        return {}
    try:
        known: dict[str, Any] = parsed(cache.read(_FILE))
        _KNOWN.validate_python(known)
    except ValidationError as error:
        raise _damaged(cache, describe_validation(error)) from error
    except (OSError, ValueError) as error:
        raise _damaged(cache, reason_of(error)) from error
    return known


def _damaged(cache: Store, reason: str) -> DatasetError:
    return DatasetError(f"{cache.where(_FILE)} is damaged ({reason})", "Restore it from a backup")


class _Known(TypedDict):
    """What is read back of it; it may be a stranger's."""

    name: NotRequired[str]
    sha256: NotRequired[str]
    kind: NotRequired[str]
    precision: NotRequired[str]
    output: NotRequired[str]
    agreement: NotRequired[Agreement]


_KNOWN, _AGREEMENT = TypeAdapter(_Known), TypeAdapter(Agreement)


def network_meaning(cache: Store, how: str) -> Meaning:
    """What the numbers are, for a way that used a network."""
    known = recall(cache)
    kind: Literal["metric", "relative"] = "metric" if known.get("kind") == "metric" else "relative"
    if "agreement" in known:
        found = _AGREEMENT.validate_python(known["agreement"])
        how = (
            f"{how}; computed in {known.get('precision', '')}, which on {found.pictures} backgrounds differs from"
            f" float32 by AbsRel {found.abs_rel:.4f}, correlation {found.correlation:.4f}"
        )
    return Meaning(kind, how, known.get("name", ""), known.get("sha256", ""), known.get("output", ""))


def described_output(settings: NetworkSettings) -> str:
    """What the network of the settings gives, as far as that is known without its file: see `Meaning`."""
    if settings.network:
        return str(settings.network.get("meaning", ""))
    entry = CATALOGUE.get(settings.model or "")
    return entry.description.meaning if entry and entry.description else ""


def normalised(maps: FloatMaps) -> FloatMaps:
    """(N, h, w) relative depth so that the farthest of each map is 1; maps without a positive value as they are."""
    farthest = maps.max(axis=(1, 2), keepdims=True)
    farthest[farthest < np.finfo(np.float32).tiny] = 1
    scaled: FloatMaps = maps / farthest
    return scaled


def as_rgb(pixels: Pixels) -> Pixels:
    """(H, W, 3) of colour or grey pixels: networks take colour."""
    return pixels if pixels.ndim == 3 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)


def _refuse_another(known: dict[str, Any], network: Network) -> None:
    if known and known["sha256"] != network.sha256:
        other = f"with {network.name}" if network.name != known["name"] else f"with what {network.path} is now"
        raise DatasetError(
            f"this dataset was started with the network {known['name']}, not {other}",
            [ChooseFolder(), "choose the first network again"],
        )


def _some_backgrounds(scene: Scene) -> Pixels:
    """(N, S, S, 3) of some backgrounds from all over the dataset."""
    count = len(scene.backgrounds)
    numbers = np.unique(np.linspace(0, count - 1, _COMPARED).astype(int)).tolist()
    return np.stack([as_rgb(scene.background(number)) for number in numbers])
