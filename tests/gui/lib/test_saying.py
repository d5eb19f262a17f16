"""The window never tells a person to type a command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import fgbg_studio.core
from fgbg_studio.core.base.errors import FgbgError, ProjectError
from fgbg_studio.gui.lib.notices import Notices
from fgbg_studio.gui.lib.saying import in_words

CORE = Path(fgbg_studio.core.__file__).parent
COMMAND = re.compile(r"fgbg-studio|(?<!\w)--[a-z]|'generate'|\b[a-z]+\.[a-z_]+=|PROJECT")


def sentences() -> Iterator[tuple[str, str]]:
    """(file, text) of every argument of an error or an objection of the core; what is filled in stands as X."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and name(node.func).endswith(("Error", "Objection", "Verdict", "add")):
                for argument in node.args:
                    if isinstance(argument, ast.JoinedStr | ast.Constant):
                        yield path.name, written(argument)


def name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def written(node: ast.JoinedStr | ast.Constant) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in parts)


COMMANDS = sorted({(file, text) for file, text in sentences() if COMMAND.search(text) and "pip install" not in text})


def test_the_core_names_commands() -> None:
    """Or this test looks in the wrong place."""
    assert len(COMMANDS) > 15


@pytest.mark.parametrize(("file", "text"), COMMANDS)
def test_every_command_has_words_in_the_window(file: str, text: str) -> None:
    spoken = in_words(text)
    assert not COMMAND.search(spoken), spoken
    assert "  " not in spoken


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "fgbg-studio set PROJECT depth.encoding=uint16-millimetres codecs.depth.format=png keeps metres",
            "Setting depth encoding to uint16-millimetres and depth format to png (Preview → Depth) keeps metres",
        ),
        ("Set placement.sizes=[90,80,70,60]", "Set placement sizes to [90,80,70,60] (Preview → Placement)"),
        ("Use a larger one, or: fgbg-studio set PROJECT background.min_side=…",
         "Use a larger one"),
        ("Add some with: fgbg-studio add-backgrounds PROJECT PATH", "Add some in Backgrounds"),
        ("It is damaged. Run the same 'generate' again: it is prepared anew.",
         "It is damaged. Generate the same dataset again: it is prepared anew."),
        ("Make room", "Make room"),
        ("/data/a.jpg is damaged", "/data/a.jpg is damaged"),
    ],
)  # fmt: skip
def test_words(text: str, words: str) -> None:
    assert in_words(text) == words


def test_notices_speak_so(qtbot: object) -> None:
    notices = Notices()
    qtbot.addWidget(notices)  # type: ignore[attr-defined]
    error: FgbgError = ProjectError("p holds no project", "Make one with: fgbg-studio new PROJECT --preset NAME")
    notices.error(error)
    notices.warn("shard is large; fgbg-studio set PROJECT shard=2000 helps")
    assert notices.texts() == [in_words(str(error)), "Shard is large; set shard to 2000 helps"]
    assert notices.texts()[0] == "p holds no project. Make one with File → New project."
