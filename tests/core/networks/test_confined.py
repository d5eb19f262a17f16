"""A network from a stranger: it runs apart, shut in, and whatever it does is a sentence."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base import confinement
from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.stopping import Stopped, stoppable
from fgbg_studio.core.networks import board, confined
from fgbg_studio.core.networks.confined import ConfinedNetwork
from fgbg_studio.core.networks.description import Description
from fgbg_studio.core.networks.network import open_network
from fgbg_studio.core.networks.serving import NetworkOrder
from fgbg_studio.selftest import networks as shipped
from tests.conftest import ROOT, SHARED, SOAK, longer
from tests.helpers import strange_networks

GREY, WHITE = np.full((1, 4, 4, 3), 7, np.uint8), np.full((1, 4, 4, 3), 255, np.uint8)
confines = pytest.mark.skipif(bool(confinement.lacking()), reason="this system cannot confine a process")
Begin = Callable[..., None]


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Begin], ConfinedNetwork]:
    """Opens a network whose process is one of `strange_networks`."""

    def opened(begin: Begin, threads: int = 1) -> ConfinedNetwork:
        monkeypatch.setattr(confined, "begin", begin)
        return ConfinedNetwork(NetworkOrder(tmp_path / "strange.tflite", {}, "tflite", threads, None, "float32"))

    return opened


def pid_of(network: ConfinedNetwork) -> int:
    return network._child._process.pid or 0


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def waited_until(ready: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not ready() and time.monotonic() < until:
        time.sleep(0.02)
    return ready()


class TestWhatItGives:
    @pytest.mark.parametrize(("file", "layout"), [("tiny.tflite", "nhwc"), ("tiny.onnx", "nchw")])
    def test_the_same_as_in_this_process(self, file: str, layout: Any) -> None:
        if file.endswith("onnx"):
            pytest.importorskip("onnxruntime")
        described = Description("metres", shipped.SIDE, shipped.SIDE, layout=layout)
        pictures = np.random.default_rng(3).integers(0, 256, (3, 40, 30, 3), np.uint8)
        apart, here = (open_network(shipped.FOLDER / file, described, here=here) for here in (False, True))
        np.testing.assert_array_equal(apart(pictures), here(pictures))
        assert (apart.runtime, apart.batch, apart.on_gpu) == (here.runtime, here.batch, here.on_gpu)

    @pytest.mark.parametrize("room", [None, 8, 1 << 20])
    def test_the_same_with_little_memory_that_is_shared_and_with_none(
        self, room: int | None, strange: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[board.SharedBoard | None] = []
        monkeypatch.setattr(board, "_ROOM", room)
        monkeypatch.setattr(confined, "new_board", lambda: made.append(board.new_board() if room else None) or made[-1])
        network = strange(strange_networks.good)
        for _ in range(2):
            assert network(np.concatenate([GREY, WHITE]))[:, 0, 0].tolist() == [7, 255]
        if made[0]:
            used = made[0].has_room(WHITE.nbytes)
            assert used == (room == 1 << 20)
            assert made[0].numbers((1,), np.float32)[0] == (7 if used else 0)

    def test_the_same_errors_as_in_this_process(self) -> None:
        described = Description("metres", 64, shipped.SIDE)
        said = []
        for here in (False, True):
            before = set(active_children())
            with pytest.raises(NetworkError) as raised:
                open_network(shipped.FOLDER / "tiny.tflite", described, here=here)
            said.append(str(raised.value))
            assert set(active_children()) <= before, "its process ends, whoever keeps the error"
        assert said[0] == said[1]

    def test_its_process_ends_with_it(self, strange: Any) -> None:
        network = strange(strange_networks.good)
        pid = pid_of(network)
        assert not is_gone(pid)
        del network
        assert is_gone(pid)


class TestCrash:
    @pytest.mark.logs
    def test_once_another_process_goes_on(self, strange: Any, caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        network = strange(strange_networks.crashing)
        monkeypatch.setattr(confined, "begin", strange_networks.good)
        with caplog.at_level(logging.WARNING):
            np.testing.assert_array_equal(network(GREY), np.full((1, 2, 2), 7, np.float32))
        assert "strange.tflite ended its process (SIGSEGV)" in caplog.text

    @pytest.mark.logs
    def test_twice_at_the_same_pictures_is_a_sentence(self, strange: Any) -> None:
        network = strange(strange_networks.crashing_at_white)
        assert network(GREY).max() == 7
        with pytest.raises(
            NetworkError, match=r"strange\.tflite ended its process twice at the same pictures \(SIGABRT"
        ):
            network(WHITE)
        assert network(GREY).max() == 7  # whoever asks again gets an answer

    @pytest.mark.logs
    @confines
    def test_more_memory_than_there_is_for_it(self, strange: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(confined, "_memory", lambda: 0)
        monkeypatch.setattr(confined, "_LEAST_MEMORY", 1 << 30)
        with pytest.raises(NetworkError, match=r"strange\.tflite failed \(MemoryError"):
            strange(strange_networks.greedy)(GREY)

    @pytest.mark.parametrize(
        "answer",
        [b"\x80\x04N.", b'{"shape": [1, 99999, 99999]}', b'{"shape": [2, 4, 4]}', b"[]", b'{"error": 7}', b"{" * 70000],
    )
    @pytest.mark.logs
    def test_an_answer_that_is_none(self, strange: Any, answer: bytes) -> None:
        network = strange(functools.partial(strange_networks.answering, answer))
        with pytest.raises(NetworkError, match=r"strange\.tflite"):
            network(GREY)


class TestEndless:
    def test_has_its_time(self, strange: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        network = strange(strange_networks.endless)
        pid = pid_of(network)
        monkeypatch.setattr(confined, "LONGEST", 0.3)
        with pytest.raises(NetworkError, match=r"strange\.tflite was not done after 0 seconds and was stopped"):
            network(GREY)
        assert is_gone(pid)

    def test_opening_has_its_time(self, strange: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(confined, "LONGEST", 1.0)
        with pytest.raises(NetworkError, match="was not done after 1 seconds"):
            strange(strange_networks.endless_at_opening)

    def test_a_job_that_is_stopped_does_not_wait(
        self, strange: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        network = strange(strange_networks.endless)
        begun = time.monotonic()
        with stoppable(lambda: time.monotonic() > begun + 0.2), pytest.raises(Stopped):
            network(GREY)
        assert time.monotonic() - begun < 3
        monkeypatch.setattr(confined, "begin", strange_networks.good)
        assert network(GREY).max() == 7  # the next job gets an answer, and the log has no word of it
        with stoppable(lambda: True), pytest.raises(Stopped):
            network(GREY)
        assert caplog.text == ""

    @pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux alone ends a process with its parent")
    @pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGINT])
    def test_ends_with_the_program(self, tmp_path: Path, kill: signal.Signals) -> None:
        script = (
            "from tests.core.networks.test_confined import *\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in a shell's background
            "confined.begin = strange_networks.endless\n"
            f"order = NetworkOrder(Path({str(tmp_path)!r}) / 'x.tflite', {{}}, 'tflite', 1, None, 'float32')\n"
            "network = ConfinedNetwork(order)\n"
            "print(pid_of(network), flush=True)\n"
            "network(GREY)"
        )
        with subprocess.Popen(
            [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            pid = int(program.stdout.readline())
            assert not is_gone(pid)
            program.send_signal(kill)
            assert waited_until(lambda: is_gone(pid), 60)
            assert program.wait(60) != 0


class TestMutated:
    """Files of which a few bytes are others: opened and run, or a sentence; never the end of the program."""

    @pytest.mark.parametrize(("file", "layout"), [("tiny.tflite", "nhwc"), ("tiny.onnx", "nchw")])
    @pytest.mark.logs
    def test_each_is_run_or_refused(self, file: str, layout: Any, tmp_path: Path, capsys: Any) -> None:
        if file.endswith("onnx"):
            pytest.importorskip("onnxruntime")
        seed = int(os.environ.get("FGBG_SEED", "1"))
        random = np.random.default_rng(seed)
        real = SHARED / "models" / "fast_depth_224.tflite"
        large = SOAK and file.endswith("tflite") and real.exists()
        whole = np.frombuffer((real if large else shipped.FOLDER / file).read_bytes(), np.uint8)
        side = 224 if large else shipped.SIDE
        described = Description("metres", side, side, layout=layout, dtype="uint8" if large else "float32")
        outcomes: Counter[str] = Counter()
        for number in range(longer(2, int(os.environ.get("FGBG_TRIALS", "120")))):
            mutated = whole.copy()
            # The structure is at both ends of a large file, and the weights between.
            ends = np.r_[0:4000, len(whole) - 30000 : len(whole)] if large else np.arange(len(whole))
            mutated[random.choice(ends, random.integers(1, 30))] = random.integers(0, 256)
            path = tmp_path / f"mutated-{number}{Path(file).suffix}"
            path.write_bytes(mutated[: random.integers(1, len(mutated))] if number % 5 == 4 else mutated)
            try:
                open_network(path, described)(np.zeros((1, side, side, 3), np.uint8))
                outcomes["run"] += 1
            except NetworkError as error:
                assert path.name in error.problem or "not finite" in error.problem  # noqa: PT017 - the sentence is it
                outcomes["crashed" if "ended" in error.problem else "refused"] += 1
        with capsys.disabled():
            if SOAK:
                print(f"\n{file}: {dict(outcomes)}, seed {seed}")  # noqa: T201
        assert outcomes.total() == longer(2, int(os.environ.get("FGBG_TRIALS", "120")))


class TestConfinement:
    @pytest.fixture
    def victim(self, tmp_path: Path) -> Path:
        path = tmp_path / "strange.victim"
        path.write_text("precious")
        return path

    @pytest.fixture
    def port(self) -> Iterator[int]:
        with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
            yield server.getsockname()[1]

    @confines
    def test_nothing_is_within_reach(self, strange: Any, victim: Path, port: int) -> None:
        before = victim.stat()[:9]
        found = strange(strange_networks.reaching_out, port)(GREY)[0, 0]
        assert [name for name, done in zip(strange_networks.ATTEMPTS, found, strict=True) if done] == []
        assert (victim.stat()[:9], victim.read_text()) == (before, "precious")
        assert [path.name for path in victim.parent.iterdir()] == [victim.name]

    @pytest.mark.skipif(sys.platform == "win32", reason="the attempts are POSIX's")
    def test_where_the_system_cannot_it_runs_and_that_is_said(
        self, strange: Any, victim: Path, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(confined, "_bounds", lambda order, scratch: None)
        found = strange(strange_networks.reaching_out, port)(GREY)[0, 0]
        assert "connect" in [name for name, done in zip(strange_networks.ATTEMPTS, found, strict=True) if done]
        monkeypatch.setattr(confinement, "_landlock_version", lambda: -1)
        assert confinement.lacking() == "read and write your files and reach the network"

    def test_its_own_folders_are_never_a_home(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(Path, "home", lambda: tmp_path / "me")
        monkeypatch.setattr(sys, "path", [str(tmp_path / "me"), str(tmp_path), "/", str(tmp_path / "me" / "packages")])
        found = confined._libraries()
        assert str(tmp_path / "me" / "packages") in found
        assert not {str(tmp_path / "me"), str(tmp_path), "/"} & set(found)
