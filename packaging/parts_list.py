"""Holds a parts list (CycloneDX) against the locks: ``python packaging/parts_list.py LIST.json LOCK [LOCK ...]``.

Every part must stand in a lock with its version, and all that the locks install on this system must be a part.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PINNED = re.compile(
    r"^(?P<requirement>[^\s#-][^\\\n]*?)\s*\\?\n(?P<hashes>(?:\s+--hash=sha256:[0-9a-f]{64}\s*\\?\n)*)", re.MULTILINE
)
BY_ITSELF = {"pip", "setuptools", "fgbg-studio"}
"""What is in an environment that no lock put there."""

Part = tuple[str, str]


def pins(lock: Path) -> list[tuple[Requirement, int]]:
    """What a lock has: each requirement, and of how many files it knows the hash."""
    text = lock.read_text(encoding="utf-8")
    return [(Requirement(found["requirement"]), found["hashes"].count("sha256:")) for found in PINNED.finditer(text)]


def part_of(pin: Requirement) -> Part:
    """Name and version of a requirement that names one version."""
    (version,) = pin.specifier
    if version.operator != "==":
        raise ValueError(f"{pin} names no single version")
    return canonicalize_name(pin.name), version.version


def parts(sbom: Path) -> set[Part]:
    """Name and version of every part of a list."""
    components = json.loads(sbom.read_text(encoding="utf-8")).get("components", [])
    return {(canonicalize_name(part["name"]), part["version"]) for part in components}


def differences(listed: set[Part], locked: Iterable[Requirement]) -> list[str]:
    """What is said of a list that does not match; nothing where it does."""
    pinned = {part_of(pin): pin.marker is None or pin.marker.evaluate() for pin in locked}
    foreign = {part for part in listed - pinned.keys() if part[0] not in BY_ITSELF}
    missing = {part for part, wanted in pinned.items() if wanted} - listed
    said = [f"{name} {version} is in no lock" for name, version in sorted(foreign)]
    return said + [f"{name} {version} is no part of the list" for name, version in sorted(missing)]


def main() -> None:
    """Compare what the command line names; ends with what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sbom", type=Path)
    parser.add_argument("locks", type=Path, nargs="+")
    arguments = parser.parse_args()
    listed = parts(arguments.sbom)
    said = differences(listed, [pin for lock in arguments.locks for pin, _ in pins(lock)])
    if said or not listed:
        sys.exit("\n".join([f"{arguments.sbom} does not match the locks:", *said]))
    print(f"{arguments.sbom}: {len(listed)} parts, as locked")


if __name__ == "__main__":
    main()
