"""Folders of the building machine go out of a library, those beside the library stay; nothing else is touched."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import run_paths

ADDRESS = 0x400000  # where the file is loaded: an address is this and the place in the file
SONAME = 14


def library(run_path: str, tag: int = run_paths.RUNPATH) -> bytes:
    """A file as small as a loader takes it: a header, two segments, a table of entries, their strings."""
    strings = b"\0libtiny.so\0" + run_path.encode() + b"\0"
    table = 64 + 2 * 56
    entries = [(run_paths.STRINGS, ADDRESS + table + 4 * 16), (tag, 12), (SONAME, 1), (run_paths.NULL, 0)]
    size = table + 4 * 16 + len(strings)
    head = struct.pack("<16sHHIQQQIHHHHHH", b"\x7fELF\x02\x01\x01", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 4, 0, ADDRESS, ADDRESS, size, size, 4096)
    dynamic = struct.pack("<IIQQQQQQ", run_paths.DYNAMIC, 6, table, ADDRESS + table, ADDRESS + table, 64, 64, 8)
    return head + load + dynamic + b"".join(run_paths.ENTRY.pack(*entry) for entry in entries) + strings


def tags(data: bytes) -> list[int]:
    return [tag for tag, _ in run_paths.ENTRY.iter_unpack(data[64 + 2 * 56 :][: 4 * 16])]


@pytest.mark.parametrize("tag", [run_paths.RPATH, run_paths.RUNPATH])
def test_a_folder_of_the_building_machine_goes(tmp_path: Path, tag: int) -> None:
    file = tmp_path / "libtiny.so"
    file.write_bytes(before := library("/opt/python/lib", tag))
    assert run_paths.drop_foreign(file) == ["/opt/python/lib"]
    after = file.read_bytes()
    assert tags(after) == [run_paths.STRINGS, SONAME, run_paths.NULL, run_paths.NULL]
    assert len(after) == len(before)
    assert run_paths.drop_foreign(file) == []


@pytest.mark.parametrize("data", [library("$ORIGIN/../tiny.libs"), b"\x7fELF\x01\x01 of 32 bits", b"text", b""])
def test_all_else_stays_as_it_is(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    assert run_paths.drop_foreign(file) == []
    assert file.read_bytes() == data
