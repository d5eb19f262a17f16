"""Names of a project's files: taken by every system, and by one file alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.project.names import free_name, portable, safe_name


@given(st.text(max_size=300))
def test_every_name_is_made_one_that_every_system_takes(name: str) -> None:
    safe = safe_name(f"{name}.png")
    assert safe.endswith("png")
    assert 0 < len(safe) <= 121
    assert not set(safe) & set('<>:"/\\|?*\0')
    assert safe not in {"con.png", "nul.png"}


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert portable("b\udce4.png") == "b_.png"


@pytest.mark.parametrize(
    ("name", "taken", "free"),
    [
        ("a.png", set(), "a.png"),
        ("a.png", {"a.png"}, "a-2.png"),
        ("a.png", {"a.png", "a-2.png"}, "a-3.png"),
        ("a-2.png", {"a-2.png"}, "a-2-2.png"),
        ("a.b.png", {"a.b.png"}, "a.b-2.png"),
        ("a", {"a"}, "a-2"),
    ],
)
def test_the_first_name_that_is_free(name: str, taken: set[str], free: str) -> None:
    assert free_name(name, taken.__contains__) == free
