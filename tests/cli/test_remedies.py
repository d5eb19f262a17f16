"""The command line says remedies as commands that can be copied."""

from __future__ import annotations

import shlex

import click
import pytest

from fgbg_studio.cli.main import main
from fgbg_studio.cli.remedies import said, words
from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.remedies import ChooseWriter, GenerateAgain, Remedy, Set
from tests.helpers.remedies import EVERY


@pytest.mark.parametrize("remedy", EVERY, ids=repr)
def test_every_command_that_is_named_is_one(remedy: Remedy) -> None:
    text = words(remedy)
    assert text
    for named in text.split("fgbg-studio ")[1:]:
        name, *more = shlex.split(named.replace("'", "").replace(",", ""))
        command = main.commands[name]
        if isinstance(command, click.Group):
            assert more[0] in command.commands


def test_the_words() -> None:
    keep = Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres")
    assert words(keep) == (
        "keep metres: fgbg-studio set PROJECT depth.encoding=uint16-millimetres codecs.depth.format=png"
    )
    assert words(Set({"depth.precision": "float32"})) == "set depth.precision=float32"
    assert words(ChooseWriter("zip")) == "choose another writer: --writer zip"
    error = DatasetError("a is damaged", ["copy it again", GenerateAgain("if this program made it, remove it")])
    assert said(error) == (
        "a is damaged. Copy it again, or if this program made it, remove it and run the same 'generate' again."
    )
