"""What fuzzing runs for long, shortly: every target reads its seeds, and inputs a few changes away from them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conftest import longer
from tests.fuzz.targets import TARGETS, prepared

CHANGED = longer(10, 2000)


def changed(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """``data`` with some bytes changed, gone, doubled, or of another file."""
    made = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        at, size = rng.randrange(len(made) + 1), rng.randrange(1, 30)
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        made[at : at + rng.choice([0, 1, size])] = rng.choice([b"", bytes([rng.randrange(256)]), other[start:][:size]])
    return bytes(made)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_read_is_read_or_refused(name: str, tmp_path: Path) -> None:
    read, seeds = prepared(TARGETS[name], tmp_path / "work")
    rng = random.Random(name)
    seeds = rng.sample(seeds, min(longer(12, 1000), len(seeds)))
    for data in [*seeds, b"", *(changed(rng.choice(seeds), rng, seeds) for _ in range(CHANGED))]:
        read(data)
