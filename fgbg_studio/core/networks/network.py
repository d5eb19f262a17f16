"""A network that is ready to run: pictures of any size in, depth out."""

from __future__ import annotations

import dataclasses
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.files import content_hash
from fgbg_studio.core.base.remedies import DescribeNetwork
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.batching import Orders
from fgbg_studio.core.networks.beside import Use, description_beside
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.description import Description, FloatMaps, Kind, Run, description_from
from fgbg_studio.core.networks.runtimes import Precision, Runtime, check_precision, runtime_for


@dataclass(frozen=True)
class Network:
    """Made by `open_network`; call it with pictures.

    Attributes:
        name: of the catalogue, or the file's own.
        path: of the file.
        sha256: of the file's bytes, in hexadecimal digits.
        description: what it takes and means.
        batch: how many pictures go into the file at once.
        runtime: the name of what runs it.
        precision: of its arithmetic.
        on_gpu: whether it runs on a graphics card.
    """

    name: str
    path: Path
    sha256: str
    description: Description
    batch: int
    runtime: str
    precision: Precision
    on_gpu: bool
    run: Run = field(repr=False, compare=False)
    _orders: Orders = field(default_factory=Orders, repr=False, compare=False)

    @property
    def kind(self) -> Kind:
        """Of the output: ``metric``, ``relative`` or ``matte``."""
        return self.description.kind

    @property
    def at_once(self) -> int:
        """How many pictures are best given together, by what they took until now: it changes no map."""
        return self._orders.pictures if self.batch == 1 and not self.on_gpu else self.batch

    def __call__(self, pictures: NDArray[np.uint8]) -> FloatMaps:
        """Depth of each picture by itself, whatever else is in the array.

        Args:
            pictures: (N, H, W, 3) uint8 RGB of any size, N at least 1; scaled to the network's size in here.

        Returns:
            (N, h, w) float32 in the network's own output size: metres or relative (larger = farther), or
            alpha.

        Raises:
            NetworkError: the network fails, or gives values that are not finite.
        """
        made: list[FloatMaps] = []
        while left := len(pictures) - sum(map(len, made)):
            order, begun = pictures[-left:][: self.at_once], time.perf_counter()
            made.append(self._step(order))
            self._orders.took(len(order), time.perf_counter() - begun)
        return np.concatenate(made)

    def _step(self, pictures: NDArray[np.uint8]) -> FloatMaps:
        size = (self.description.width, self.description.height)
        raw = self.run(self.description.prepare(np.stack([fit(picture, size) for picture in pictures])))
        if not np.isfinite(raw).all():
            raise NetworkError(
                f"{self.name} gave values that are not finite", "Check its description, or use another network"
            )
        return self.description.convert(raw)


def fit(picture: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A picture scaled to (width, height): averaged over areas when it shrinks, bicubic when a side grows."""
    high, wide = picture.shape[:2]
    if (wide, high) == size:
        return picture
    shrinks = size[0] <= wide and size[1] <= high
    picture = np.ascontiguousarray(picture)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC).astype(np.uint8)


def known_anywhere(model: str) -> str:
    """``model`` (a path or a catalogue name) as it is known in every folder: a path becomes absolute.

    A single word that is neither a file nor ends as networks' files do stays: it may be a name misspelt.
    """
    path = Path(model).expanduser()
    suffixes = {suffix for runtime in Runtime.known().values() for suffix in runtime.suffixes}
    is_file = path.exists() or path.parent != Path() or path.suffix.lower() in suffixes
    named = model in CATALOGUE or not is_file
    return model if named else os.path.abspath(path)  # noqa: PTH100 - keeps links and takes ".." away


def open_network(
    model: str | Path,
    description: Description | None = None,
    *,
    size: tuple[int, int] | None = None,
    picture: tuple[int, int] | None = None,
    threads: int = 1,
    batch: int | None = None,
    runtime: str | None = None,
    precision: Precision = "float32",
    calm: bool = False,
    here: bool = False,
    use: Use | None = None,
) -> Network:
    """A network from a file or from the catalogue.

    Args:
        model: a path, or a name of the catalogue whose file has been downloaded or added.
        description: of a file that the catalogue does not know; None takes the catalogue's.
        size: (width, height) to run at instead of the described one, where the file takes more than one size.
        picture: (width, height) of the pictures to come; where the file takes more than one size and ``size``
            is not given, it runs at the one that suits them (`Description.fitted`).
        threads: that the network may use; 0 leaves it to the library.
        batch: pictures at once instead of the runtime's own number, which on a graphics card is measured.
        runtime: the name of what runs it, instead of the file's own.
        precision: of the arithmetic; not every runtime has another than float32.
        calm: let its process give way to all others, where the system can.
        here: run it in this process, where a file can do what the program can: for files that are one's own.
        use: what it is for: a file that nobody describes is taken as the file beside it says (`beside`).

    Raises:
        NetworkError: there is no such file, it is damaged, or nobody says what it takes and means; or the
            runtime cannot run it so.
        UsageError: there is no such runtime.
        MissingPackageError: what runs it is not installed.
    """
    path, entry = model_cache.locate(model)
    sha256 = content_hash(path)
    entry = entry or model_cache.entry_for(path, sha256)
    if entry is not None and description is None:
        model_cache.check_hash(entry, path, sha256)
        description = entry.description
    if entry is not None and description is None:
        raise NetworkError(
            f"the network {entry.name} answers to clicks: it gives no depth and finds nothing by itself",
            "Choose another one",
        )
    if description is None and use is not None:
        beside = description_beside(path, use)
        description = description_from(beside) if beside else None
    if description is None:
        raise NetworkError(
            f"{path} is not in the catalogue, so its input and the meaning of its output are unknown",
            DescribeNetwork(
                {"depth.network.meaning": "metres", "depth.network.width": 224, "depth.network.height": 224}
            ),
        )
    if size is not None:
        description = _resized(description, size, path)
    elif picture is not None:
        description = description.fitted(*picture)
    chosen = runtime_for(path, runtime)
    check_precision(chosen, precision, path)
    name = entry.name if entry else path.stem
    # Here: whoever opens none, as the workers of most runs, need not load what shuts a network's process in.
    from fgbg_studio.core.networks.confined import opened_apart
    from fgbg_studio.core.networks.serving import NetworkOrder, opened

    order = NetworkOrder(path, dataclasses.asdict(description), chosen.name, threads, batch, precision, calm)
    run, about = opened(order) if here else opened_apart(order)
    return Network(name, path, sha256, description, about["batch"], chosen.name, precision, about["on_gpu"], run)


def _resized(description: Description, size: tuple[int, int], path: Path) -> Description:
    if size == (description.width, description.height):
        return description
    if not description.multiple:
        raise NetworkError(f"{path} takes {description.width} × {description.height} pixels only")
    try:
        return dataclasses.replace(description, width=size[0], height=size[1])
    except ValueError as error:
        raise NetworkError(f"{path} cannot run at this size: {error}") from error
