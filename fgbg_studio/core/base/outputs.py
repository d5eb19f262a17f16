"""What a command is told to write is held against what it was given: nobody's picture is replaced by a result."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.outside import read_file

OWN = {"project.json": ("project", b'"preset"'), "dataset.json": ("dataset", b'"recipe"')}
"""The file by which a folder of the program's own is known, what it then is, and a word that the file has: others call
files project.json, too."""

_WAY_OUT = "Give the result another name"


def refuse_inputs(out: Path, inputs: Iterable[Path]) -> None:
    """See that writing ``out`` replaces no input and no part of a project or dataset.

    Files are compared, not names: a link to an input is that input.

    Raises:
        UsageError: it would.
    """
    if not out.exists():
        return
    for given in inputs:
        if given.exists() and out.samefile(given):
            raise UsageError(f"{out} is what was given to be read ({given}), and would be replaced", _WAY_OUT)
    whole = out.resolve()
    for folder in whole.parents:
        # Pictures that a person had written beside a project's own files may be written again.
        if folder != whole.parent or whole.suffix.lower() not in _SHEETS:
            for mark, (what, word) in OWN.items():
                if (folder / mark).is_file() and word in read_file(folder / mark):
                    raise UsageError(f"{out} belongs to the {what} in {folder}, and would be replaced", _WAY_OUT)


_SHEETS = {".png", ".jpg", ".jpeg"}


def refuse_folder_of_others(out: Path, files: Iterable[str], mark: str) -> None:
    """See that ``files`` may be written into the folder ``out``: it has none of them, or they were written before.

    Args:
        out: a folder that may be missing.
        files: names relative to it.
        mark: the file of them that only this program writes; with it there the others are its own too.

    Raises:
        UsageError: one of them is somebody else's.
    """
    if (out / mark).exists():
        return
    for name in files:
        if (out / name).exists():
            raise UsageError(f"{out / name} is not of this program, and would be replaced", "Choose another folder")
