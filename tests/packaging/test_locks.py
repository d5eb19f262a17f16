"""The locks: every file has its hash, what is asked for is in them, and a parts list is held against them."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from parts_list import differences, part_of, parts, pins

from tests.conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
GROUPS = PYPROJECT["dependency-groups"]
BARE = [*PYPROJECT["project"]["dependencies"], *EXTRAS["gui"]]
PROGRAM = [*BARE, *GROUPS["build"], *EXTRAS["onnx"]]
HOLDS = {
    "requirements.lock": PROGRAM,
    "requirements/full.lock": [*PROGRAM, *EXTRAS["tensorflow"]],
    "requirements/test.lock": [
        *PROGRAM,
        *(line for extra in ("test", "lint", "tensorflow", "openvino", "export", "trial") for line in EXTRAS[extra]),
    ],
    "requirements/docs.lock": [*BARE, *EXTRAS["docs"]],
    "requirements/freeze.lock": GROUPS["freeze"],
    "requirements/tools.lock": GROUPS["tools"],
    "requirements/legacy.lock": GROUPS["legacy"],
    "requirements/fuzz.lock": GROUPS["fuzz"],
}  # fmt: skip


def test_these_are_all_locks() -> None:
    found = [path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.lock"), *ROOT.glob("requirements/*")]]
    assert sorted(found) == sorted(HOLDS)


@pytest.mark.parametrize("lock", HOLDS)
def test_every_line_names_one_version_and_the_hashes_of_its_files(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = pins(ROOT / lock)
    assert [part_of(pin) for pin, hashes in found if not hashes] == []
    assert sum(hashes for _, hashes in found) == text.count("--hash=sha256:")
    assert len(found) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))


@pytest.mark.parametrize("lock", HOLDS)
def test_what_is_asked_for_is_in_the_lock(lock: str) -> None:
    """On every system: a requirement for some is in the lock under the same condition, or without one."""
    pinned: dict[str, list[Requirement]] = {}
    for pin, _ in pins(ROOT / lock):
        pinned.setdefault(canonicalize_name(pin.name), []).append(pin)
    for line in HOLDS[lock]:
        wanted = Requirement(line)
        there = pinned.get(canonicalize_name(wanted.name), [])
        assert there, f"{line} is not in {lock}: make lock"
        assert any(part_of(pin)[1] in wanted.specifier for pin in there), f"{line} has another version in {lock}"


def test_a_package_has_one_version_in_all_that_is_installed_together() -> None:
    program = {part_of(pin) for pin, _ in pins(ROOT / "requirements.lock")}
    for lock in ("requirements/full.lock", "requirements/test.lock"):
        assert program <= {part_of(pin) for pin, _ in pins(ROOT / lock)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"version": "0.0.1"}, ["0.0.1 is in no lock", "is no part of the list"]),
        ({"name": "other"}, ["other", "is no part of the list"]),
    ],
)
def test_a_parts_list_that_does_not_match_is_told(tmp_path: Path, changed: dict[str, str], said: list[str]) -> None:
    locked = [pin for pin, _ in pins(ROOT / "requirements.lock")]
    components = [dict(zip(("name", "version"), part_of(pin), strict=True)) for pin in locked]
    components[3] |= changed
    listed = tmp_path / "list.json"
    listed.write_text(json.dumps({"components": [*components, {"name": "pip", "version": "1"}]}))
    found = differences(parts(listed), locked)
    assert len(found) == len(said)
    assert all(words in line for words, line in zip(said, found, strict=True))
