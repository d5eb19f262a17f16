"""Nobody outside a family asks which of its members he has: what a member is like, its family's base says."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.core.base.test_strategy import FAMILIES

NAMES = {name for family in FAMILIES for name in family.known()}
"""Of all strategies."""

HOLDERS = {"placement", "way", "encoding", "sizing", "layout", "writer", "engine", "export", "strategy"}
"""What variables and fields that hold a strategy, or its name, are called."""

SOURCES = sorted(path for part in ("core", "gui", "cli") for path in (ROOT / "fgbg_studio" / part).rglob("*.py"))


def texts_in(node: ast.expr) -> set[str]:
    """The texts that a literal has, alone or in a set, list or tuple."""
    return {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def last_name(node: ast.expr) -> str:
    """``a.b.c`` → c; empty for what is no name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def asks_for_a_member(node: ast.AST) -> bool:
    """Whether it compares what holds a strategy's name with a text, or asks a strategy what attributes it has."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Attribute) and side.attr == "name" for side in sides):
            return any(texts_in(side) & NAMES for side in sides)
        literals = (ast.Constant, ast.Set, ast.List, ast.Tuple)
        known = any(texts_in(side) & NAMES for side in sides if isinstance(side, literals))
        return known and any(last_name(side).removesuffix("s") in {*HOLDERS, "name"} for side in sides)
    if isinstance(node, ast.Call) and last_name(node.func) in {"hasattr", "getattr"} and node.args:
        return last_name(node.args[0]) in HOLDERS and bool(texts_in(node.args[1]))
    return False


def asked(source: str) -> Iterator[int]:
    """The lines that do so."""
    for node in ast.walk(ast.parse(source)):
        if asks_for_a_member(node) and isinstance(node, ast.expr):
            yield node.lineno


@pytest.mark.parametrize(
    "line",
    [
        "settings.depth.way.name != 'none'",
        "writer.name in {'zip', 'tar'}",
        "'none' in ways",
        "name != 'none'",
        "writer not in ('zip', 'tar')",
        "getattr(settings.placement, 'columns', 1)",
        "hasattr(placement, 'columns')",
    ],
)
def test_such_a_line_is_found(line: str) -> None:
    assert list(asked(line)) == [1]


@pytest.mark.parametrize("line", ["meaning.kind == 'none'", "path.name == 'x.json'", "way.name == other.name"])
def test_another_is_not(line: str) -> None:
    assert not list(asked(line))


def test_no_member_is_asked_for() -> None:
    found = [f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for line in asked(path.read_text(encoding="utf-8"))]
    assert not found
