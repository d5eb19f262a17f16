"""What code of others raises for bytes of others is a sentence; nothing in the program runs what stands in a file."""

from __future__ import annotations

import ast
import errno
import struct
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError, PictureError
from fgbg_studio.core.base.foreign import UnreadableError, foreign
from fgbg_studio.core.base.outside import UnfitFileError
from fgbg_studio.core.depth.inserted import stored_map
from tests.conftest import ROOT

THEIRS = [
    ValueError("x"), KeyError(3), struct.error("x"), MemoryError(), RecursionError(), AssertionError("x"),
    NotImplementedError(), AttributeError("x"), ZeroDivisionError(), OSError("broken data stream"), EOFError(),
    OSError(errno.EINVAL, "Invalid argument"), type("OfTheirsError", (Exception,), {})("x"),
]  # fmt: skip
OURS = [PictureError("x"), OSError(errno.EIO, "Input/output error"), UnfitFileError(Path("x"), "is no file")]


@pytest.mark.parametrize("error", THEIRS, ids=repr)
def test_whatever_they_raise_is_one_thing(error: Exception) -> None:
    with pytest.raises(UnreadableError) as caught, foreign():
        raise error
    assert caught.value.cause is error


@pytest.mark.parametrize("error", OURS, ids=repr)
def test_what_we_and_the_system_say_stays(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, foreign():
        raise error
    assert caught.value is error


def test_a_person_can_stop() -> None:
    with pytest.raises(KeyboardInterrupt), foreign():
        raise KeyboardInterrupt


def npy(values: np.ndarray) -> bytes:
    import io

    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=True)
    return buffer.getvalue()


class TestStoredMaps:
    def test_what_numpy_wrote_is_read(self) -> None:
        depth = np.random.default_rng(1).random((5, 7), np.float32)
        assert np.array_equal(stored_map(npy(depth), "a"), depth)

    @pytest.mark.parametrize(
        "data",
        [
            b"", b"PK\x03\x04", npy(np.zeros((2, 2))), npy(np.zeros((2, 2, 2), np.float32)),
            npy(np.array([[{}]], object)), npy(np.asfortranarray(np.zeros((2, 3), np.float32))),
            npy(np.zeros((4, 4), np.float32))[:-1], npy(np.zeros((0, 4), np.float32)),
            npy(np.zeros((4, 4), np.float32)).replace(b"(4, 4)", b"(9**9,)"),
            npy(np.zeros((4, 4), np.float32)).replace(b"(4, 4), ", b"(-4, -4)"),
            npy(np.zeros((4, 4), np.float32)).replace(b"(4, 4), }     ", b"(99999999, 9)}"),
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, data: bytes) -> None:
        with pytest.raises(DatasetError, match="map is damaged"):
            stored_map(data, "the map")


UNPACKING = {"extract", "extractall", "allow_pickle"}
"""What ruff, which knows calls by their modules alone, does not see."""


def test_nothing_unpacks_by_the_names_in_an_archive_or_runs_what_is_in_a_file() -> None:
    found = []
    for path in sorted((ROOT / "fgbg_studio").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = {ast.Attribute: "attr", ast.keyword: "arg"}.get(type(node))
            if name and getattr(node, name) in UNPACKING:
                found.append(f"{path}: {getattr(node, name)}")
    assert found == []
