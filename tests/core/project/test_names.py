"""Names of a project's files: taken by every system, and by one file alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.project.names import FreeNames, portable, safe_name


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
        ("photos/a.png", {"photos/a.png"}, "photos/a-2.png"),
    ],
)
def test_the_first_name_that_is_free(name: str, taken: set[str], free: str) -> None:
    assert FreeNames(taken.__contains__).free(name) == free


def test_of_equal_names_each_is_looked_up_about_once() -> None:
    taken: set[str] = set()
    looks = 0

    def look(name: str) -> bool:
        nonlocal looks
        looks += 1
        return name in taken

    names = FreeNames(look)
    for _ in range(2000):
        taken.add(names.free("a.png"))
    assert taken == {"a.png", *(f"a-{i}.png" for i in range(2, 2001))}
    assert looks < 2 * 2000


@pytest.mark.parametrize(
    "name", [lambda n: f"{n:011b}.png".translate(str.maketrans("01", "aA")), lambda n: f"{'a' * 255}{n}.png"]
)
def test_of_names_that_are_equal_on_some_systems_too(name: Callable[[int], str]) -> None:
    """An archive of 5,000 such names took minutes."""
    taken: set[str] = set()
    looks = 0

    def look(name: str) -> bool:
        nonlocal looks
        looks += 1
        return name.lower() in taken

    names = FreeNames(look)
    for number in range(2000):
        taken.add(names.free(name(number)).lower())
    assert len(taken) == 2000
    assert looks < 2 * 2000


def test_a_name_that_was_given_and_not_taken_is_given_again() -> None:
    names = FreeNames({"a.png"}.__contains__)
    assert [names.free("a.png"), names.free("a.png")] == ["a-2.png", "a-2.png"]
