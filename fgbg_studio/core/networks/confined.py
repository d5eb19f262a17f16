"""A network's file in a process of its own that is shut in: what a stranger's file does there harms nobody.

The process runs `serving`, whose messages are believed no more than the file: they are JSON and numbers, looked at
here, and never pickles. It may end at any time; the batch that it was at goes to another one, once. A batch and the
opening have a time in which they must be done.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import signal
import socket
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import util
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from fgbg_studio.core.base.confinement import Bounds
from fgbg_studio.core.base.errors import FgbgError, MissingPackageError, NetworkError
from fgbg_studio.core.base.outside import parsed
from fgbg_studio.core.base.processes import TICK, deaf, spawning
from fgbg_studio.core.base.remedies import Advice, Remedy, Set
from fgbg_studio.core.base.stopping import Stopped, stop_asked
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.arrays_by_name import Head, laid_out, send_arrays, take_arrays
from fgbg_studio.core.networks.board import new_board
from fgbg_studio.core.networks.description import FloatMaps
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Runtime, Tensor, runtime_for
from fgbg_studio.core.networks.serving import NetworkOrder, begin

log = logging.getLogger(__name__)

T = TypeVar("T")

LONGEST = 600.0
"""Seconds for opening a file, which may be converted, and for one batch: the slowest known network takes 20 for a large
picture on one slow core, and a graphics card up to a minute to compile it the first time."""
_LEAST_MEMORY = 4 << 30
_MOST_SIDE = 8192  # of a map, as of a picture that goes in
_MOST_WORDS = 1 << 16
_MOST_ARRAYS, _MOST_NUMBERS = 64, 1 << 27  # of a file's outputs
_KINDS = {np.dtype(kind).str for kind in ("f2", "f4", "f8", "?", "u1", "i1", "i4", "i8")}


class _Confined(ABC):
    """A file that is open in a process of its own, which is asked from one thread at a time or several."""

    def __init__(self, order: NetworkOrder) -> None:
        """Open the file.

        Raises:
            NetworkError: it is damaged, does not fit its description, takes too long or ends its process.
            MissingPackageError: what runs it is not installed.
        """
        self._order = order
        self._lock = threading.Lock()
        self._opened()

    @abstractmethod
    def _greet(self, child: _Child) -> None:
        """Take what the process says of the file once it has opened it."""

    def _opened(self) -> None:
        self._child = child = _Child(self._order)
        util.Finalize(self, child.end, exitpriority=10)  # also where the program ends: nobody waits for the process
        try:
            self._greet(child)
        except _EndedError as ended:
            problem = f"{self._order.path} ended the process that opened it ({ended})"
            raise NetworkError(problem, "Use another file") from ended
        except BaseException:
            child.end()  # nobody can use it, and who keeps the error keeps what this function knew
            raise

    def _ask(self, work: Callable[[_Child], T]) -> T:
        """What ``work`` gives, by another process where the one that was asked ended.

        Raises:
            NetworkError: the network fails, takes too long, or ends its process twice at this.
            Stopped: the job of this thread was asked to stop.
        """
        with self._lock:
            if stop_asked()():
                raise Stopped
            if self._child.is_over:  # ended from here, for a job that was stopped or took too long
                self._opened()
            try:
                return work(self._child)
            except _EndedError as ended:
                log.warning("%s ended its process (%s); another one goes on", self._order.path, ended)
            self._opened()
            try:
                return work(self._child)
            except _EndedError as ended:
                raise NetworkError(
                    f"{self._order.path} ended its process twice at the same pictures ({ended})",
                    "Use another network, or make room in the memory",
                ) from ended


class ConfinedNetwork(_Confined):
    """A network from prepared pictures to maps.

    Attributes:
        on_gpu: whether it runs on a graphics card.
        batch: how many pictures it likes at once.
    """

    @override
    def _greet(self, child: _Child) -> None:
        self.on_gpu, self.batch = child.opened()

    def __call__(self, batch: NDArray[Any]) -> FloatMaps:
        """One map for each picture of the batch, (n, h, w); raises as `_ask` does."""
        return self._ask(lambda child: child.run(batch))


class _ConfinedSession(_Confined):
    """A file of several inputs and outputs."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @override
    def _greet(self, child: _Child) -> None:
        self.inputs, self.outputs = child.ends()

    def run(self, arrays: Arrays) -> Arrays:
        """As `NetworkSession.run`, in float32; raises as `_ask` does."""
        return self._ask(lambda child: child.run_by_name(arrays, self.outputs))


def session_apart(path: Path, threads: int) -> NetworkSession:
    """A file as it is, ready to run in a process of its own; what it gives is float32.

    Raises:
        NetworkError: it is damaged, takes too long or ends its process.
        MissingPackageError: what runs it is not installed.
    """
    session = _ConfinedSession(NetworkOrder(path, None, runtime_for(path).name, threads, None, "float32"))
    return NetworkSession(session.inputs, session.outputs, session.run)


def opened_apart(order: NetworkOrder) -> tuple[ConfinedNetwork, dict[str, Any]]:
    """As `serving.opened`, in a process of its own."""
    network = ConfinedNetwork(order)
    return network, {"on_gpu": network.on_gpu, "batch": network.batch}


class _EndedError(Exception):
    """The process is no more; the message says how it ended."""


class _Child:
    """The process of one network."""

    def __init__(self, order: NetworkOrder) -> None:
        self._path = order.path
        context = spawning()
        self._pipe, end = context.Pipe()
        for one in (self._pipe, end):
            _widen(one.fileno())
        scratch = _scratch(order)
        self._board = new_board()
        arguments = (end, order, _bounds(order, scratch), scratch, self._board)
        self._process = context.Process(target=begin, args=arguments, daemon=True)
        self._due: float | None = None
        self._asked: Callable[[], bool] = lambda: False
        self._verdict = ""
        self._ended = threading.Event()
        _STARTER.submit(_start, self._process).result()
        end.close()
        if self._board:
            self._board.close_file()
        threading.Thread(target=self._watch, name="network", daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether `end` was called."""
        return self._ended.is_set()

    def opened(self) -> tuple[bool, int]:
        """Whether the file runs on a graphics card, and its best batch; when the process has opened it."""
        return self._exchange(lambda: None, lambda said: (bool(said.get("on_gpu")), _whole(said.get("batch"), 1, 1024)))

    def run(self, batch: NDArray[Any]) -> FloatMaps:
        """The maps of a batch."""

        def send() -> None:
            laid = self._board is not None and self._board.write(batch)
            self._pipe.send((batch.shape, batch.dtype.str, laid))
            if not laid:
                self._pipe.send_bytes(np.ascontiguousarray(batch).data.cast("B"))

        return self._exchange(send, lambda said: self._maps(said, len(batch)))

    def ends(self) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        """What the file takes and what it gives; when the process has opened it."""
        return self._exchange(lambda: None, lambda said: (_tensors(said.get("inputs")), _tensors(said.get("outputs"))))

    def run_by_name(self, given: Arrays, outputs: tuple[Tensor, ...]) -> Arrays:
        """All outputs to all inputs, by their names."""
        contiguous = {name: np.ascontiguousarray(values) for name, values in given.items()}
        names = [one.name for one in outputs]

        def send() -> None:
            heads, laid = laid_out(self._board, contiguous)
            self._pipe.send((heads, laid))
            if not laid:
                send_arrays(self._pipe, contiguous)

        def take(said: dict[str, Any]) -> Arrays:
            return take_arrays(self._pipe, self._board, _heads(said.get("arrays"), names), laid=bool(said.get("laid")))

        return self._exchange(send, take)

    def _exchange(self, send: Callable[[], None], take: Callable[[dict[str, Any]], T]) -> T:
        self._verdict = ""
        self._asked, self._due = stop_asked(), time.monotonic() + LONGEST
        try:
            send()
            return take(self._said())
        except (EOFError, OSError) as error:
            self._judge()
            raise _EndedError(self._how()) from error
        except ValueError as error:
            self.end()
            raise NetworkError(f"{self._path} gives what is no answer ({error})", "Use another file") from error
        except FgbgError:
            raise
        except BaseException:
            self.end()  # a Ctrl-C: nobody takes what it is still at
            raise
        finally:
            self._due = None

    def _said(self) -> dict[str, Any]:
        said = parsed(self._pipe.recv_bytes(_MOST_WORDS))
        if not isinstance(said, dict):
            raise ValueError("no object")  # noqa: TRY004 - as any other message that is none
        if "error" in said:
            raise _error_of(said["error"], self._path)
        return said

    def _maps(self, said: dict[str, Any], count: int) -> FloatMaps:
        """What follows a shape: as many numbers as that has, which is one map for each picture."""
        match said.get("shape"):
            case [int(n), int(high), int(wide)] if n == count and 0 < high <= _MOST_SIDE and 0 < wide <= _MOST_SIDE:
                if self._board and self._board.has_room(n * high * wide * 4):
                    return self._board.numbers((n, high, wide), np.float32).copy()
                maps = np.empty((n, high, wide), np.float32)
            case shape:
                raise ValueError(f"maps of {str(shape)[:80]} for {count} pictures")
        if self._pipe.recv_bytes_into(maps.data.cast("B")) != maps.nbytes:
            raise ValueError("fewer numbers than it says")
        return maps

    def _watch(self) -> None:
        """End the process when its time is over or somebody asks for it, whatever the process itself is at."""
        while not self._ended.wait(TICK):
            due = self._due
            if due is None:
                continue
            if self._asked():
                self._verdict = "stopped"
            elif time.monotonic() > due:
                self._verdict = "late"
            else:
                continue
            self._process.kill()
            return

    def _judge(self) -> None:
        """Raise what is to be said of a process that was ended from here."""
        if self._verdict == "stopped":
            self.end()
            raise Stopped
        if self._verdict == "late":
            self.end()
            raise NetworkError(
                f"{self._path} was not done after {LONGEST:.0f} seconds and was stopped", "Use another network"
            )

    def _how(self) -> str:
        self._process.join(1)
        code = self._process.exitcode
        self.end()
        if code is not None and code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return f"{name}, perhaps for lack of memory" if name == "SIGKILL" else name
        return "it is not there any more" if code is None else f"exit code {code}"

    def end(self) -> None:
        """End the process, whatever it is at."""
        self._ended.set()
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _widen(handle: int) -> None:
    """Let as much of a batch wait in the pipe as the system allows: each time that it is full costs two changes."""
    if os.name == "posix":
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(handle)) as end:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)


_STARTER = ThreadPoolExecutor(1, "networks")
"""Its one thread starts them all: the system ends a process when the thread is gone that started it."""


def _start(process: Any) -> None:
    with deaf():
        process.start()


def _bounds(order: NetworkOrder, scratch: str) -> Bounds:
    card = any(map(os.path.exists, ("/dev/nvidiactl", "/dev/kfd")))
    home = Path.home()
    settings = os.environ.get("KERAS_HOME", str(home / ".keras"))  # which Keras reads at import, wherever they are
    readable = [*_libraries(), *map(str, _parts_of(order.path)), settings]
    writable = ["/dev/null", *([scratch] if scratch else [])]
    if card:  # its library talks to devices and shared memory, keeps what it compiles, and compiles by a program
        writable += ["/dev", str(home / ".nv")]
        readable += ["/run", "/var"]
    memory = max(_memory() * 3 // 4, _LEAST_MEMORY)
    return Bounds(tuple(readable), tuple(writable), memory, programs=card)


_SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/opt", "/nix", "/gnu", "/snap", "/sys", "/dev/urandom", "/dev/random")
_PROCESSES = ("self", "cpuinfo", "meminfo", "stat", "sys", "version", "filesystems", "devices", "modules", "driver")


def _libraries() -> list[str]:
    """Where Python, its packages and the system's libraries are; never a whole home, or a folder that home is in."""
    homes = {Path.home(), *Path.home().parents}
    package = Path(__file__).parents[3]
    others = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    places = [*sys.path, sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path(sys.executable).parent), *others]
    own = [str(path) for path in map(Path, filter(None, places)) if path.resolve() not in homes]
    return [*own, str(package), *_SYSTEM, *(f"/proc/{name}" for name in _PROCESSES)]


def _parts_of(path: Path) -> list[Path]:
    """The files that a network is made of: an ONNX file may have its weights in others beside it."""
    if path.suffix.lower() != ".onnx":
        return [path]
    return [path, *(one for one in path.parent.iterdir() if one.is_file() and not one.name.startswith("."))]


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):  # Windows
        return 0


def _scratch(order: NetworkOrder) -> str:
    """The folder for what the runtime writes; empty where it writes nothing, or the cache cannot be written."""
    if not Runtime.get(order.runtime).writes:
        return ""
    folder = model_cache.converted(order.path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(folder)


def _whole(value: object, least: int, most: int) -> int:
    """A whole number that a process said.

    Raises:
        ValueError: it is none, or out of range.
    """
    if not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{value!r} is no whole number from {least} to {most}")
    return value


def _tensors(said: object) -> tuple[Tensor, ...]:
    """The inputs or outputs that a process told of.

    Raises:
        ValueError: these are none.
    """
    if not isinstance(said, list) or not 0 < len(said) <= _MOST_ARRAYS:
        raise ValueError("no list of inputs and outputs")
    return tuple(_tensor(one) for one in said)


def _tensor(said: object) -> Tensor:
    match said:
        case [str(name), list(sides), str(kind)] if len(name) < 200 and len(sides) <= 8 and kind in _KINDS:
            known = tuple(side if isinstance(side, int) and 0 < side <= _MOST_SIDE else None for side in sides)
            return Tensor(name, known, np.dtype(kind))
    raise ValueError(f"{str(said)[:80]} as an input or output")


def _heads(said: object, names: list[str]) -> list[Head]:
    """What a process says of the arrays that follow.

    Raises:
        ValueError: they are others than the file's outputs, or too large.
    """
    found: list[Head] = []
    for one in said if isinstance(said, list) else []:
        match one:
            case [str(name), list(sides), "<f4"] if len(sides) <= 8 and all(isinstance(side, int) for side in sides):
                found.append((name, tuple(sides), "<f4"))
    sizes = [math.prod(shape) for _, shape, _ in found]
    if [name for name, *_ in found] != names or min(sizes) < 1 or sum(sizes) > _MOST_NUMBERS:
        raise ValueError(f"arrays of {str(said)[:80]}")
    return found


_ASKED_FOR = {"depth.runtime", "depth.precision"}
"""The settings that a process may advise to change."""


def _error_of(said: object, path: Path) -> FgbgError:
    """The error that a process told, as far as it is one of those that there can be."""
    match said:
        case {"missing": [str(package), str(extra), str(needed_for)]}:
            return MissingPackageError(package, extra, needed_for)
        case {"problem": str(problem), "remedies": list(ways)}:
            return NetworkError(problem, [way for one in ways if (way := _remedy_of(one)) is not None])
    return NetworkError(f"{path} failed", "Use another file")


def _remedy_of(said: object) -> Remedy | None:
    match said:
        case {"set": dict(settings), "aim": str(aim)} if set(settings) <= _ASKED_FOR:
            return Set(settings, aim)
        case {"words": str(words)}:
            return Advice(words)
    return None
