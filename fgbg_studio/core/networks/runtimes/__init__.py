"""What runs a network's file: one runtime a file, chosen by the file's suffix or by the user.

A runtime turns a file into a `NetworkSession`, which takes and gives named tensors and knows nothing of pictures or
depth; `Runtime.open` makes of it a function from pictures to maps, for networks of one input. All of them give
a picture the same output whatever else is in the batch: where a file could mix the pictures of a batch (one that
chooses its quantisation as it runs), pictures go in one at a time.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.remedies import Set
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.networks.batching import in_halves, one_by_one
from fgbg_studio.core.networks.description import Description, FloatMaps, Run

Precision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Tensor:
    """An input or an output of a network's file.

    Attributes:
        name: by which arrays are given and taken.
        shape: its sides; a name or None where the file leaves one free.
        dtype: of the file's own numbers.
    """

    name: str
    shape: tuple[int | str | None, ...]
    dtype: np.dtype[Any]


Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class NetworkSession:
    """A network's file that is ready to run.

    Attributes:
        inputs: what it takes, in the file's order.
        outputs: what it gives, likewise.
        run: from every input by name to the outputs by name; numbers of another type than the file's are converted.
    """

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    run: Callable[[Arrays], Arrays]


@dataclass(frozen=True)
class Runtime(Strategy, family="runtime"):
    """Base of the runtimes.

    Attributes:
        threads: that one network may use; 0 leaves it to the library.
        batch: how many pictures go in at once at most, where the file takes more than one.
        precision: of the arithmetic, one of ``precisions``. Weights are float32 in either.
    """

    threads: int = 1
    batch: int = 1
    precision: Precision = "float32"

    suffixes: ClassVar[frozenset[str]] = frozenset()
    precisions: ClassVar[frozenset[Precision]] = frozenset({"float32"})
    batches: ClassVar[bool] = False
    """Whether several pictures go in at once."""
    writes: ClassVar[bool] = False
    """Whether it writes files while it reads one, or keeps what it made of it: in `model_cache.converted`."""

    @classmethod
    def takes(cls, path: Path) -> bool:
        """Whether ``path`` is a file of this runtime's kind, which it runs unless the user chooses another."""
        return path.suffix.lower() in cls.suffixes

    @classmethod
    def can_run(cls, path: Path) -> bool:
        """Whether it may be chosen for ``path``."""
        return cls.takes(path)

    def on_gpu(self) -> bool:
        """Whether it computes on a graphics card: one process is enough then, and larger batches gain."""
        return False

    def session(self, path: Path, description: Description | None = None) -> NetworkSession:
        """The file, ready to run.

        Args:
            path: of the file.
            description: makes it one for such pictures: their size where the file leaves it free, and the
                described output alone. None takes the file as it is.

        Raises:
            NetworkError: the file is damaged or does not fit its description.
            MissingPackageError: the library that runs it is not installed.
        """
        raise NotImplementedError

    def open(self, path: Path, description: Description) -> Run:
        """A function from a prepared batch to the described output, (n, h, w) float32.

        Raises:
            NetworkError: the file is damaged or does not fit its description.
            MissingPackageError: the library that runs it is not installed.
        """
        with muted():
            session = self.session(path, description)
        run = maps_of(session, path)
        return in_halves(run) if self.batches else one_by_one(run)


_MUTING = threading.Lock()


@contextlib.contextmanager
def muted() -> Iterator[None]:
    """Let nothing reach standard error meanwhile: a library that begins talks of delegates and devices there.

    It writes past Python, so the file descriptor itself is turned away. What goes wrong is said by an exception.
    """
    with _MUTING, contextlib.ExitStack() as stack:  # the lock: two that put back crosswise would mute it for good
        with contextlib.suppress(OSError):  # a program of the desktop may have no such stream
            kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
            stack.callback(os.close, kept)
            stack.callback(os.dup2, kept, 2)
        yield


def maps_of(session: NetworkSession, path: Path) -> Run:
    """The session's first output of its only input, as maps (n, h, w) float32; ``path`` is named in errors.

    Raises:
        NetworkError: it takes more than the picture.
    """
    if len(session.inputs) > 1:
        names = ", ".join(source.name for source in session.inputs)
        raise NetworkError(
            f"{path} takes {len(session.inputs)} inputs ({names}), and there is only the picture to give it",
            "Export it with the others fixed",
        )
    source, target = session.inputs[0].name, session.outputs[0].name

    def run(batch: NDArray[Any]) -> FloatMaps:
        output = session.run({source: batch})[target]
        alone = len(batch) == 1 and output.ndim == 2  # the file squeezes the axis of the one picture away
        return as_maps(output[None] if alone else output, path)

    return run


def runtime_for(path: Path, name: str | None = None) -> type[Runtime]:
    """The runtime whose kind of file ``path`` is, or the one called ``name``.

    Raises:
        NetworkError: there is none, or the one that is named cannot run it.
        UsageError: there is none of this name.
    """
    known = Runtime.known().values()
    if name is not None:
        chosen = Runtime.get(name)
        if chosen.can_run(path):
            return chosen
        able = [Set({"depth.runtime": runtime.name}) for runtime in known if runtime.can_run(path)]
        own = Set({"depth.runtime": None}, "use the file's own runtime")
        raise NetworkError(f"the runtime {name!r} cannot run {path}", [own, *able])
    for runtime in known:
        if runtime.takes(path):
            return runtime
    kinds = ", ".join(sorted(suffix for runtime in known for suffix in runtime.suffixes))
    raise NetworkError(f"{path} is not a network file that can be run", f"Give one of {kinds} or a SavedModel folder")


def check_precision(runtime: type[Runtime], precision: Precision, path: Path) -> None:
    """See that a runtime computes in ``precision``; another that does and can run ``path`` is named.

    Raises:
        NetworkError: it does not.
    """
    if precision not in runtime.precisions:
        known = Runtime.known().values()
        able = [
            Set({"depth.runtime": other.name})
            for other in known
            if precision in other.precisions and other.can_run(path)
        ]
        raise NetworkError(
            f"the runtime {runtime.name!r} does not compute in {precision}",
            [*able, Set({"depth.precision": "float32"})],
        )


def as_maps(output: NDArray[Any], path: Path) -> FloatMaps:
    """An output of shape (n, h, w), (n, h, w, 1) or (n, 1, h, w) as (n, h, w) float32.

    Raises:
        NetworkError: it has another shape.
    """
    if output.ndim == 4 and output.shape[3] == 1:
        output = output[..., 0]
    elif output.ndim == 4 and output.shape[1] == 1:
        output = output[:, 0]
    if output.ndim != 3:
        raise NetworkError(
            f"{path} gives an output of shape {output.shape}, which is not a map of one value per pixel",
            "Say which output is meant with the key 'output' of its description",
        )
    return output.astype(np.float32)


def check_input(path: Path, wanted: tuple[int, ...], taken: tuple[Any, ...]) -> None:
    """Compare the described shape of one picture's batch with the file's; a side that is no number is free.

    Raises:
        NetworkError: they differ.
    """
    fits = len(wanted) == len(taken) and all(
        not isinstance(side, int) or side < 1 or side == want for want, side in zip(wanted, taken, strict=True)
    )
    if not fits:
        shown = " × ".join(str(side) for side in taken)
        if len(wanted) == 4 and len(taken) == 3:
            raise NetworkError(
                f"{path} takes {shown}: it has no axis for the batch", "Export it with one, of 1 or free"
            )
        if len(wanted) == len(taken) == 4 and isinstance(taken[0], int) and taken[0] > 1:
            raise NetworkError(
                f"{path} takes {shown}: {taken[0]} pictures at once, and it is given one at a time",
                "Export it with a batch of 1, or a free one",
            )
        raise NetworkError(
            f"{path} takes {shown}, but its description says {' × '.join(map(str, wanted))}",
            "Correct width, height or layout in its description",
        )


def check_dtype(path: Path, taken: Any, description: Description) -> None:
    """Compare the described type of the input with the file's: 0..1 as whole numbers would be black pictures.

    Raises:
        NetworkError: the file takes whole numbers, and its description says that it takes others.
    """
    if np.dtype(taken).kind in "iu" and description.dtype != "uint8":
        raise NetworkError(
            f"{path} takes {np.dtype(taken)}, but its description says {description.dtype}",
            "Set dtype to uint8 and divide to 1 in its description",
        )


def meant(path: Path, outputs: tuple[Tensor, ...], description: Description | None) -> tuple[Tensor, ...]:
    """The described one of a file's outputs; all of them without a description.

    Raises:
        NetworkError: it has no such output.
    """
    if description is None:
        return outputs
    return (outputs[pick_output(path, len(outputs), description.output)],)


def pick_output(path: Path, outputs: int, index: int) -> int:
    """``index`` if the file has that many outputs.

    Raises:
        NetworkError: it has not.
    """
    if index >= outputs:
        raise NetworkError(
            f"{path} has {outputs} outputs, and its description asks for number {index}, counted from 0",
            "Correct the key 'output' of its description",
        )
    return index


def input_shape(description: Description) -> tuple[int, int, int, int]:
    """The shape of one picture's batch as described."""
    high, wide = description.height, description.width
    return (1, 3, high, wide) if description.layout == "nchw" else (1, high, wide, 3)
