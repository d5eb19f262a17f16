"""docs/networks.md says what the code says: keys, meanings, catalogue, formats, runtimes, ways, encodings."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import get_args

import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.description import Description, Meaning, description_from
from fgbg_studio.core.networks.runtimes import Runtime
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import with_changes
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "networks.md").read_text("utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"depth\.network=(\{.*?\})'", PAGE, re.DOTALL)]
COMMANDS = re.findall(r"^    fgbg-studio set rooms ((?:[^'\n]|'[^']*')+)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "word",
    [
        *(field.name for field in dataclasses.fields(Description)),
        *get_args(Meaning),
        *CATALOGUE,
        *(name for name, way in Depth.known().items() if way.offered),
        *Encoding.known(),
        *(suffix for runtime in Runtime.known().values() for suffix in sorted(runtime.suffixes - {".lite", ".hdf5"})),
    ],
)
def test_everything_is_named(word: str) -> None:
    assert word == "none" or f"`{word}`" in PAGE


def test_the_examples_are_descriptions() -> None:
    found = {description_from(example).meaning for example in EXAMPLES}
    assert found == {"metres", "inverse", "relative"}


def test_defaults_in_the_table() -> None:
    said = dict(re.findall(r"^\| `(\w+)` \| `?(\w+)`? \|", PAGE, re.MULTILINE))
    defaults = {field.name: field.default for field in dataclasses.fields(Description)}
    for key, value in said.items():
        if key in defaults and value != "needed":
            assert str(defaults[key]).lower().removesuffix(".0") == value


@pytest.mark.parametrize("command", COMMANDS)
def test_the_settings_can_be_set(command: str) -> None:
    changes = re.findall(r"'([^']*)'|(\S+)", command)
    settings = presets.get("studio-256").settings
    assert with_changes(settings, parsed(quoted or plain for quoted, plain in changes)) != settings


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 8
