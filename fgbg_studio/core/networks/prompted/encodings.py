"""What networks made of photos, kept on the disk by what they were made of: asked again, they need not look again.

The folder is bounded; what was used longest ago goes first. A file is a line of JSON and the numbers; one that is not
what it says it is, is made anew.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.files import write_file
from fgbg_studio.core.base.outside import parsed, read_file
from fgbg_studio.core.networks.model_cache import cache_folder
from fgbg_studio.core.networks.prompted.prompt import PromptedNetwork
from fgbg_studio.core.networks.runtimes import Arrays

MOST_BYTES = 2 << 30
"""Of the folder: SAM 2 makes 16 MiB of a photo, SlimSAM 8."""
_ENDING = ".encoding"


def encoded(network: PromptedNetwork, rgb: Pixels) -> Arrays:
    """What the network makes of a photo (H, W, 3), from the disk where that is known.

    Raises:
        NetworkError: the network fails.
    """
    if not network.keeps:
        return network.encode(rgb)
    name = hashlib.sha256(network.sha256.encode() + network.key(rgb)).hexdigest()
    path = _folder() / f"{name}{_ENDING}"
    found = _read(path)
    if found is not None:
        return found
    made = network.encode(rgb)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, _as_bytes(made))
        _make_room(path.parent)
    except OSError:
        pass  # a full disk, or a cache that cannot be written: it is made again next time
    return made


def _folder() -> Path:
    return cache_folder().parent / "encodings"


def _as_bytes(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    bodies = [np.ascontiguousarray(values, "<f4").tobytes() for values in arrays.values()]
    heads = [[name, list(values.shape)] for name, values in arrays.items()]
    body = b"".join(bodies)
    line = json.dumps({"arrays": heads, "sum": hashlib.blake2b(body, digest_size=16).hexdigest()})
    return line.encode() + b"\n" + body


def _read(path: Path) -> Arrays | None:
    try:
        data = read_file(path)
        os.utime(path)
    except OSError:
        return None
    line, _, body = data.partition(b"\n")
    try:
        said = parsed(line)
        if said["sum"] != hashlib.blake2b(body, digest_size=16).hexdigest():
            return None
        shapes = {str(name): tuple(map(int, shape)) for name, shape in said["arrays"]}
    except (ValueError, TypeError, KeyError):
        return None
    arrays, at = {}, 0
    for name, shape in shapes.items():
        size = 4 * math.prod(shape)
        arrays[name] = np.frombuffer(body[at : at + size], "<f4").reshape(shape)
        at += size
    return arrays


def _make_room(folder: Path) -> None:
    files = sorted(((one.stat().st_mtime, one) for one in folder.glob(f"*{_ENDING}")), reverse=True)
    total = 0
    for _, file in files:
        total += file.stat().st_size
        if total > MOST_BYTES:
            file.unlink(missing_ok=True)
