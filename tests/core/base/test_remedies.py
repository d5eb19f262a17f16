"""What can be done about an error is a value, and the core says it without naming a command."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fgbg_studio.core
from fgbg_studio.core.base.errors import DatasetError, FgbgError, MissingPackageError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import Advice, GenerateAgain, Remedy, Set, as_remedies, joined
from tests.helpers.remedies import EVERY

CORE = Path(fgbg_studio.core.__file__).parent
COMMAND = re.compile(r"fgbg-studio |(?<![\w-])--[a-z]|'generate'|\bPROJECT\b")
NO_SENTENCE = {"html_card.py", "slurm.py", "kubernetes.py"}
"""A style sheet has --names, and what clusters are told has options."""
OF_A_DATASET = "(`fgbg-studio sample`)"
"""The README of a dataset says how to make a sample again: it is read far away from this program."""


def literals() -> Iterator[tuple[str, str]]:
    """(file, text) of every string of the core that is no docstring; what is filled in stands as X."""
    for path in sorted(CORE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if id(node) in alone | inside or path.name in NO_SENTENCE:
                continue
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values]
                yield path.name, "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def test_the_core_names_no_command_and_no_option() -> None:
    found = list(literals())
    assert len(found) > 2000, "this test looks in the wrong place"
    assert [(file, text) for file, text in found if COMMAND.search(text.replace(OF_A_DATASET, ""))] == []


def test_every_remedy_is_tried() -> None:
    assert {type(remedy) for remedy in EVERY} == set(Remedy.__subclasses__())


@pytest.mark.parametrize("remedy", EVERY, ids=repr)
def test_a_remedy_is_a_clause_and_travels(remedy: Remedy) -> None:
    text = str(remedy)
    assert text
    assert text[0].islower()
    assert not text.endswith(".")
    assert pickle.loads(pickle.dumps(remedy)) == remedy


@pytest.mark.parametrize("error", [
    FgbgError("it is so"),
    DatasetError("a is damaged", [GenerateAgain("remove it"), "copy it again"]),
    MissingPackageError("onnxruntime", "onnx", "a.onnx"),
])  # fmt: skip
def test_an_error_travels_with_its_remedies(error: FgbgError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.problem, again.remedies, str(again)) == (error.problem, error.remedies, str(error))


def test_remedies_are_given_as_text_as_values_or_several() -> None:
    assert as_remedies("") == ()
    assert as_remedies("wait") == (Advice("wait"),)
    assert as_remedies(GenerateAgain()) == (GenerateAgain(),)
    assert as_remedies(["wait", GenerateAgain()]) == (Advice("wait"), GenerateAgain())
    assert as_remedies(as_remedies(["wait", GenerateAgain()])) == (Advice("wait"), GenerateAgain())


@pytest.mark.parametrize(
    ("clauses", "text"),
    [
        ([], ""),
        (["wait"], "Wait"),
        (["wait", "stop it"], "Wait, or stop it"),
        (["wait", "stop it", "buy another"], "Wait, stop it, or buy another"),
    ],
)
def test_alternatives_are_one_clause(clauses: list[str], text: str) -> None:
    assert joined(as_remedies(clauses)) == text


def test_settings_as_they_are_written() -> None:
    assert str(Set({"depth.runtime": None})) == "set depth.runtime=null"
    assert str(Set({"placement.sizes": [9, 8]}, "name them")) == "name them (placement.sizes=[9,8])"
    assert str(Set({"shard": 2000, "writer": "zip"})) == "set shard=2000 and writer=zip"


def test_an_error_in_the_words_of_whoever_says_it() -> None:
    error = DatasetError("a is missing", GenerateAgain(then="it will be made again"))
    assert str(error) == "a is missing. Generate the same dataset again: it will be made again."
    assert error.said(lambda _: "do it") == "a is missing. Do it."
    assert error.way_out == "Generate the same dataset again: it will be made again"


def test_an_issue_of_an_error_keeps_its_remedies() -> None:
    issue = Issue.of(DatasetError("a is missing", GenerateAgain()), "file", "a")
    assert (issue.severity, issue.code, issue.file) == ("error", "file", "a")
    assert issue.said() == "a is missing. Generate the same dataset again."
    assert issue.clause() == "a is missing: generate the same dataset again"
    assert Issue("warning", "tiny", "it is small").said() == Issue("warning", "tiny", "it is small").clause()
