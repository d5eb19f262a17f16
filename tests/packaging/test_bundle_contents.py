"""What is done to the libraries of a bundle: folders of the building machine go, those beside the library stay."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from pathlib import Path

import bundle_contents
import numpy as np
import pytest
import release

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ELF files are Linux's")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A real library, a copy of one of numpy's."""
    found = next(Path(np.__file__).parent.rglob("_simd*.so"))
    return Path(shutil.copy(found, tmp_path / "tiny.so"))


def run_path(library: Path) -> str:
    command = [bundle_contents.PATCHELF, "--print-rpath", str(library)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("built", "shipped"),
    [
        ("/opt/python/lib", ""),
        ("/opt/python/lib:$ORIGIN/../tiny.libs", "$ORIGIN/../tiny.libs"),
        ("$ORIGIN/../tiny.libs", "$ORIGIN/../tiny.libs"),
    ],
)
def test_a_folder_of_the_building_machine_goes(library: Path, built: str, shipped: str) -> None:
    subprocess.run([bundle_contents.PATCHELF, "--set-rpath", built, str(library)], check=True)
    bundle_contents.drop_run_paths(library)
    assert run_path(library) == shipped
    ctypes.CDLL(str(library))  # it is loaded as before


@pytest.mark.parametrize("data", [b"\x7fELF\x01\x01 cut short", b"text", b""])
def test_what_is_no_library_stays_as_it_is(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(data)
    bundle_contents.drop_run_paths(file)
    assert file.read_bytes() == data
    assert not bundle_contents.needs(file)


def test_a_library_says_what_it_needs(library: Path) -> None:
    assert any(name.startswith("libc.so") for name in bundle_contents.needs(library))


def test_the_guide_ships_in_the_bundle_and_in_the_wheel() -> None:
    places = {(Path(source).name, inside) for source, inside in bundle_contents.data()}
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {(name, "fgbg_studio/docs") for name in pages} <= places
    wheel = release.PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert "/docs/*.md" in wheel["include"]
    assert wheel["sources"]["docs"] == "fgbg_studio/docs"
