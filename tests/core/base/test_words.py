"""Sizes as a person says them."""

from __future__ import annotations

import pytest

from fgbg_studio.core.base.words import about_bytes, human_bytes


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (846e6, "846.0 MB"), (7.941e9, "7.9 GB"), (2e13, "20.0 TB")],
)
def test_sizes_are_told_as_people_say_them(number: float, said: str) -> None:
    assert human_bytes(number) == said


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 kB"), (3, "1 kB"), (12_345, "12 kB"), (999_900, "1.0 MB"), (340e6, "340 MB"), (9.13e9, "9.1 GB"),
        (1234e9, "1.2 TB"),
    ],
)  # fmt: skip
def test_sizes_in_a_sentence(count: float, text: str) -> None:
    assert about_bytes(count) == text
