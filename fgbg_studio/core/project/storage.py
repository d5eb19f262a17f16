"""A project's folder: made, loaded, saved, locked, and brought from older formats."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from fgbg_studio.core.base.errors import FgbgError, ProjectError, UsageError, cannot_write
from fgbg_studio.core.base.files import at_home, partial_of, take_name, write_file
from fgbg_studio.core.base.outside import parsed, read_file, reason_of
from fgbg_studio.core.base.paths import StrayPathError, inside, writable
from fgbg_studio.core.base.remedies import NewProject, Update
from fgbg_studio.core.base.strategy import describe_validation
from fgbg_studio.core.networks import consent
from fgbg_studio.core.networks.network import known_anywhere
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.earlier import with_earlier_names
from fgbg_studio.core.project.model import FORMAT, Project
from fgbg_studio.core.project.names import portable
from fgbg_studio.core.project.settings import replaced, with_changes

FILE = "project.json"
DOOR = ".fgbg"  # suffix of the file beside it whose double click opens the project


def create(folder: Path, preset: str, changes: Mapping[str, object] | None = None) -> Project:
    """A new project in ``folder``, which is made; ``changes`` are of its preset, as `changed` knows them.

    What is left of one that was killed while it was made is no other file.

    Raises:
        ProjectError: the folder holds a project or other files already.
        UsageError: an unknown preset, key or value.
    """
    project = Project(name=portable(folder.resolve().name), preset=preset, settings=presets.get(preset).settings)
    project = changed(project, changes or {})
    door = folder / (re.sub(r"[^\w -]", "_", project.name)[:60] + DOOR)
    own = {door, partial_of(door), partial_of(folder / FILE)}
    try:
        if (folder / FILE).exists():
            raise ProjectError(f"{folder} holds a project already", "Open it, or choose another folder")
        if folder.exists() and (not folder.is_dir() or any(path not in own for path in folder.iterdir())):
            raise ProjectError(f"{folder} is not an empty folder", "Choose a new one")
        folder.mkdir(parents=True, exist_ok=True)
        put(door, _DOOR_TEXT)
        save(folder, project)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be made ({error.strerror})", "Choose another folder") from error
    return project


_DOOR_TEXT = f"Opens the project in this folder, which {FILE} describes.\n".encode()


def folder_of(path: Path) -> Path | None:
    """The project's folder that ``path`` means, itself or one of its two files; None for anything else."""
    if path.is_dir():
        return path
    return path.parent if path.is_file() and (path.suffix == DOOR or path.name == FILE) else None


def changed(project: Project, changes: Mapping[str, object]) -> Project:
    """``project`` with values at dotted paths: ``seed``, ``name`` and ``goal.…`` are its own, others its settings'.

    A network's file is kept by its whole path: the next command may be given in another folder.

    Raises:
        UsageError: an unknown path or a value that does not fit.
    """
    own = {key: value for key, value in changes.items() if key in {"seed", "name"}}
    goal = {key.removeprefix("goal."): value for key, value in changes.items() if key.startswith("goal.")}
    rest = {key: value for key, value in changes.items() if key not in own and not key.startswith("goal.")}
    settings = with_changes(project.settings, rest)
    model = settings.depth.model
    if model and model != project.settings.depth.model:
        settings = replaced(settings, "depth.model", known_anywhere(model))
    if "depth.model" in rest and settings.depth.model:  # the same again, too: that is how a person says yes to it
        consent.remember(settings.depth.model)
    try:
        goal = {**dict(project.goal), **goal}
        return Project.model_validate({**dict(project), **own, "goal": goal, "settings": settings})
    except ValidationError as error:
        raise UsageError(describe_validation(error), "Give that key another value") from error


def save(folder: Path, project: Project) -> None:
    """Write ``project.json`` atomically.

    Raises:
        ProjectError: the disk is full or refuses; the file is as it was.
    """
    text = json.dumps(project.model_dump(mode="json"), indent=1, ensure_ascii=False)
    put(folder / FILE, f"{text}\n".encode())


def put(path: Path, data: bytes) -> None:
    """Write a file of a project atomically.

    Raises:
        ProjectError: the disk is full or refuses.
    """
    try:
        write_file(path, data)
    except OSError as error:
        raise cannot_write(error, path) from error


def _no_project(folder: Path) -> ProjectError:
    return ProjectError(f"{folder} holds no project ({FILE} is missing)", NewProject())


def load(folder: Path) -> Project:
    """The project in ``folder``, migrated where it is older.

    Raises:
        ProjectError: there is none, it is damaged, or it comes from a newer version.
    """
    path = folder / FILE
    try:
        data = parsed(read_file(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _no_project(folder) from error
    except (OSError, ValueError) as error:
        raise ProjectError(f"{path} cannot be read ({reason_of(error)})", "Restore it from a backup") from error
    try:
        project = Project.model_validate(migrate(data, path))
    except ValidationError as error:
        raise ProjectError(f"{path} is damaged: {describe_validation(error)}", "Correct or restore it") from error
    except ProjectError:
        raise
    except FgbgError as error:
        raise ProjectError(f"{path}: {error.problem}", error.remedies) from error
    refuse_links(folder, project)
    return project


def refuse_links(folder: Path, project: Project) -> None:
    """See that nothing of the project in ``folder`` leads out of it: it may be a stranger's.

    Raises:
        ProjectError: one of its folders, or a file that it names, is a link to elsewhere.
    """
    try:
        for place in _FOLDERS:
            writable(folder, f"{place}/file")
        files = [picture.file for picture in (*project.backgrounds, *project.foregrounds)]
        files += [background.depth.file for background in project.backgrounds if background.depth]
        for file in dict.fromkeys(files):
            inside(folder, file)
    except StrayPathError as error:
        raise ProjectError(f"{error.filename} {error.strerror}", "Put the files themselves there") from error


_KINDS = ("backgrounds", "foregrounds", "photos")
_FOLDERS = (*_KINDS, "depths", *(f".bin/{kind}" for kind in _KINDS), ".cache/thumbnails")


def _reviewed(data: dict[str, Any]) -> dict[str, Any]:
    """Until format 3 nothing waited for a decision: what was there had been taken."""
    pictures = {kind: data[kind] for kind in ("backgrounds", "foregrounds") if isinstance(data.get(kind), list)}
    marked = {
        kind: [{**p, "reviewed": True} if isinstance(p, dict) else p for p in pictures[kind]] for kind in pictures
    }
    return {**data, **marked}


Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: dict[int, Migration] = {
    1: lambda data: {**data, "format": 2, "goal": {}},
    2: lambda data: {**with_earlier_names(data), "format": 3},
    3: lambda data: {**_reviewed(data), "format": 4},
}
"""Format number → what makes the next format of it.

2: how many pictures are wanted; 3: backgrounds without a wall, layouts with other names; 4: what was reviewed.
"""


def migrate(data: object, path: Path) -> dict[str, Any]:
    """The data of ``project.json`` in today's format.

    Raises:
        ProjectError: no project, or one of a newer format.
    """
    number = data.get("format") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(number, int) or number < 1:
        raise ProjectError(f"{path} is not a project of this program", "Check the path")
    if number > FORMAT:
        raise ProjectError(
            f"{path} was written by a newer version (format {number}, this program knows {FORMAT})",
            Update(),
        )
    while number < FORMAT:
        data = MIGRATIONS[number](data)
        number += 1
    return data


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the project for writing.

    Raises:
        ProjectError: another program holds it, or the folder is missing or read-only.
    """
    path = folder / ".lock"
    lock = FileLock(path)
    try:
        if not folder.is_dir():
            raise ProjectError(f"{folder} does not exist", NewProject())
        if not (folder / FILE).exists():
            raise _no_project(folder)
        take_name(path)  # whoever put it there, locking would empty what it leads to
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ProjectError(f"{folder} is in use by another program", "Close it there first") from error
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written ({error.strerror})", "Change its permissions") from error
    try:
        with at_home(folder):
            yield
    finally:
        lock.release()
