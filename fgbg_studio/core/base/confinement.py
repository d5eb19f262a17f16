"""A process shuts itself in: it can then write and read few files, reach no network and start no program.

For code that runs what strangers wrote. On Linux the kernel holds to it: Landlock (5.13 or later) for files, a seccomp
filter for the rest. No library does this with wheels for every Python and system that the program is for; the kernel's
own interface is three numbers and a filter. Elsewhere memory alone is limited, and `lacking` says so.

It is to be called while the process has no other thread: those that there are already would stay free. So this module
imports nothing that starts any.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass

with contextlib.suppress(ImportError):  # there is none on Windows
    import resource

MOST_FILE = 8 << 30
"""Bytes of a file that a confined process writes: the largest converted network has a few GB."""


@dataclass(frozen=True)
class Bounds:
    """What stays open to a confined process.

    Attributes:
        readable: files, and folders with all that is in them.
        writable: folders of its own, and device files.
        memory: bytes that it may have of its own.
        programs: whether it may start others, which are then confined as it is.
    """

    readable: tuple[str, ...]
    writable: tuple[str, ...]
    memory: int
    programs: bool = False


def lacking() -> str:
    """What the system cannot keep a process from, as a clause; empty where it can all."""
    if _landlock_version() > 0 and _calls() and _knows_filters():
        return ""
    return "read and write your files and reach the network"


def confine(bounds: Bounds) -> None:
    """Shut this process in, as far as the system can; for good.

    Raises:
        OSError: the system can, and refuses.
    """
    _limit(bounds.memory)
    if lacking():
        return
    _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    _confine_files(bounds)
    _confine_calls(programs=bounds.programs)


def _limit(memory: int) -> None:
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_FILE, MOST_FILE))
    with contextlib.suppress(ValueError, OSError):  # macOS knows it and may refuse
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("1000")  # of all that runs here, this is what the system may end first


# linux/prctl.h, linux/landlock.h, linux/seccomp.h, linux/filter.h
_NO_NEW_PRIVILEGES, _SET_FILTER = 38, 22
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every processor
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_READING = _READ_FILE | _READ_FOLDER
_OF_FILES = (
    _EXECUTE | 1 << 1 | _READ_FILE | 1 << 14
)  # the only rights that a rule for a file may grant: also write, cut
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""By Landlock's version what it knows of files: from 2 on moving to other folders, from 3 on cutting short."""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"the process could not be confined: {os.strerror(number)}")
    return result


def _landlock_version() -> int:
    return int(_libc().syscall(_CREATE_RULESET, None, 0, 1)) if sys.platform == "linux" else 0


def _confine_files(bounds: Bounds) -> None:
    version = _landlock_version()
    rights = _RIGHTS[min(version, 3)]
    connections = 3 if version >= 4 else 0  # to listen, to connect
    scopes = 3 if version >= 6 else 0  # abstract sockets and signals of processes that are not confined
    words = (rights, connections, scopes)[: 3 if version >= 6 else 2 if version >= 4 else 1]
    attributes = struct.pack(f"={len(words)}Q", *words)
    libc = _libc()
    ruleset = _checked(libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0))
    reading = _READING | (_EXECUTE if bounds.programs else 0)
    for paths, granted in ((bounds.readable, reading), (bounds.writable, rights & ~_EXECUTE)):
        _grant(libc, ruleset, paths, granted & rights)
    _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _grant(libc: ctypes.CDLL, ruleset: int, paths: Iterable[str], rights: int) -> None:
    for path in paths:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not every system has all of the places where libraries may be
            continue
        only = rights if os.path.isdir(path) else rights & _OF_FILES  # noqa: PTH112
        _checked(libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", only, place), 0))
        os.close(place)


_CALLS = {
    "x86_64": (
        0xC000003E, 56, 435, 234, 302,
        # fork, vfork; socket; kill, tkill, the queued signals; ptrace; mount, umount, pivot_root, chroot; keys; chmod,
        # chown, attributes and times; mknod; shared memory, messages, semaphores; other processes by number
        (57, 58, 41, 62, 200, 129, 297, 101, 165, 166, 155, 161, 248, 249, 250, 90, 91, 268, 92, 93, 94, 260, 188, 189,
         190, 197, 198, 199, 132, 235, 280, 133, 259, 29, 68, 64, 240, 141, 256, 279, 310, 311, 304, 298, 321, 323,
         272, 308),
        (59, 322),
    ),
    "aarch64": (
        0xC00000B7, 220, 435, 131, 261,
        (198, 129, 130, 138, 240, 117, 40, 39, 41, 51, 217, 218, 219, 52, 53, 54, 55, 5, 6, 7, 14, 15, 16, 88, 33, 194,
         186, 190, 180, 140, 238, 239, 270, 271, 265, 241, 280, 282, 97, 268),
        (221, 281),
    ),
}  # fmt: skip
"""By processor: what the kernel calls it, clone, clone3, tgkill, prlimit64; what is refused; what starts programs."""
_EVERYWHERE = (424, 425, 434, 438, 440, 452)  # signals and handles of processes, io_uring, a later chmod
_ALLOW, _REFUSE, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS
_LOAD, _EQUALS, _AT_LEAST, _ANY_OF, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_THREAD = 0x10000  # CLONE_THREAD
_OTHERS_NUMBERS = 0x40000000  # x32 has its own on the same processor


def _calls() -> tuple[int, int, int, int, int, tuple[int, ...], tuple[int, ...]] | None:
    return _CALLS.get(platform.machine()) if sys.platform == "linux" and sys.maxsize > 1 << 32 else None


def _knows_filters() -> bool:
    return int(_libc().prctl(21, 0, 0, 0, 0)) >= 0


def _confine_calls(*, programs: bool) -> None:
    known = _calls()
    assert known is not None
    architecture, clone, clone3, signal_thread, set_limits, refused, starting = known
    # Starting a program needs a process of its own, which fork, vfork and a clone without CLONE_THREAD make.
    refused = (*refused[2 if programs and clone == 56 else 0 :], *_EVERYWHERE, *(() if programs else starting))
    code = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUALS, 1, 0, architecture), (_RETURN, 0, 0, _KILL)]
    code += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _OTHERS_NUMBERS), (_RETURN, 0, 0, _REFUSE)]
    for number in refused:
        code += [(_EQUALS, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    code += _only(signal_thread, (_EQUALS, os.getpid()))  # abort() is a signal to oneself
    code += _only(set_limits, (_EQUALS, 0), (_EQUALS, os.getpid()))
    if not programs:
        code += [
            (_EQUALS, 0, 1, clone3),
            (_RETURN, 0, 0, _UNKNOWN),
        ]  # its flags cannot be read; libraries use clone then
        code += _only(clone, (_ANY_OF, _THREAD))
    code += [(_RETURN, 0, 0, _ALLOW)]
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in code))
    program = struct.pack("@HP", len(code), ctypes.addressof(packed))
    _checked(_libc().prctl(_SET_FILTER, 2, program, 0, 0))


def _only(number: int, *tests: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The call ``number`` where its first argument passes one of the tests, and else not."""
    count = len(tests)
    code = [(_EQUALS, 0, count + 3, number), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    code += [(kind, count - i, 0, value) for i, (kind, value) in enumerate(tests)]
    return [*code, (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
