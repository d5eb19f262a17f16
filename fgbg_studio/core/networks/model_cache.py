"""The networks' files on this computer: where they are kept, what is known of them, how one is added."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import platformdirs

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.files import content_hash
from fgbg_studio.core.base.mirrors import CACHE_VARIABLE
from fgbg_studio.core.base.remedies import AddNetworkFile, DownloadNetwork, NameNetwork, Remedy
from fgbg_studio.core.base.strategy import closest
from fgbg_studio.core.networks.catalogue import CATALOGUE, PROMPTED, CatalogueEntry


def cache_folder() -> Path:
    """Where the files are kept: ``networks`` in the folder FGBG_STUDIO_CACHE, or in the user's cache."""
    chosen = os.environ.get(CACHE_VARIABLE)
    root = Path(chosen) if chosen else platformdirs.user_cache_path("fgbg-studio", appauthor=False)
    return root / "networks"


def entry_of(name: str) -> CatalogueEntry:
    """The catalogue's entry called ``name``.

    Raises:
        NetworkError: there is none; the message lists those there are.
    """
    if name not in CATALOGUE:
        others = closest(name, [*CATALOGUE, *PROMPTED])
        raise NetworkError(f"there is no network called {name!r} in the catalogue", others)
    return CATALOGUE[name]


def path_of(name: str) -> Path:
    """Where the file of the catalogue's network ``name`` is kept, whether it is there or not."""
    return cache_folder() / entry_of(name).file_name


def files_of(name: str) -> tuple[str, ...]:
    """The entries of the catalogue's network ``name``: its own, or one for each of its files."""
    return PROMPTED[name].parts if name in PROMPTED else (entry_of(name).name,)


def is_here(name: str) -> bool:
    """Whether all files of the catalogue's network ``name`` are on this computer."""
    return all(path_of(part).exists() for part in files_of(name))


def installed_prompted() -> str | None:
    """The catalogue's first network to be asked whose files are on this computer."""
    return next((name for name in PROMPTED if is_here(name)), None)


def converted(path: Path) -> Path:
    """The folder for what runtimes make of a network's file, by its contents: nothing else is kept there."""
    return cache_folder() / "converted" / content_hash(path)


def locate(model: str | Path) -> tuple[Path, CatalogueEntry | None]:
    """The file that ``model`` (a path or a catalogue name) means, and its entry where it was named.

    Raises:
        NetworkError: it is neither a file nor a catalogue name, or the file is not on this computer.
    """
    if isinstance(model, str) and model in CATALOGUE:
        path = path_of(model)
        if not path.exists():
            raise NetworkError(f"the network {model} is not on this computer", how_to_get(CATALOGUE[model]))
        return path, CATALOGUE[model]
    path = Path(model)
    if not path.exists():
        raise NetworkError(
            f"{path} does not exist and is not a network in the catalogue", closest(path.name, list(CATALOGUE))
        )
    return path, None


def entry_for(path: Path, sha256: str) -> CatalogueEntry | None:
    """The entry that a file is, by its hash, or where no hash is published by its published name and size."""
    for entry in CATALOGUE.values():
        if entry.sha256 == sha256:
            return entry
    for entry in CATALOGUE.values():
        named = path.name in {entry.published_name, entry.file_name}
        if named and entry.sha256 is None and entry.bytes in {None, path.stat().st_size}:
            return entry
    return None


def check_hash(entry: CatalogueEntry, path: Path, sha256: str) -> None:
    """Compare a file with what was published about it.

    Raises:
        NetworkError: its size or hash is another; both are named.
    """
    size = path.stat().st_size
    if entry.bytes is not None and size != entry.bytes:
        difference = f"has {size:,} bytes where {entry.bytes:,} were published"
    elif entry.sha256 is not None and sha256 != entry.sha256:
        difference = f"has the SHA-256 {sha256} where {entry.sha256} was published"
    else:
        return
    raise NetworkError(
        f"{path} is not the published {entry.name}: it {difference}",
        "Get it again, or if you trust this file use it by its path with a description of your own",
    )


def how_to_get(entry: CatalogueEntry) -> list[Remedy]:
    """The ways to an entry's file, with and without a network."""
    kept = cache_folder() / entry.file_name
    if not entry.address:
        return [AddNetworkFile(kept)]
    return [DownloadNetwork(entry.name), AddNetworkFile(kept, entry.address, entry.published_name)]


def add(file: Path, name: str | None = None) -> CatalogueEntry:
    """Copy a file that the user has into the cache, under the catalogue's name for it.

    Args:
        file: a network's file.
        name: the catalogue's name; None finds it by the file's hash, or its published name and size.

    Raises:
        NetworkError: it is no network of the catalogue, or not the one that it is said to be.
    """
    if not file.is_file():
        raise NetworkError(f"{file} is not a file", "Check the path")
    sha256 = content_hash(file)
    entry = entry_of(name) if name else entry_for(file, sha256)
    if entry is None:
        raise NetworkError(
            f"{file} is not a network in the catalogue (its SHA-256 is {sha256})",
            [NameNetwork(), "use it by its path with a description of your own"],
        )
    check_hash(entry, file, sha256)
    target = path_of(entry.name)
    if target.exists() and target.samefile(file):
        return entry
    partial = target.with_name(f".{target.name}.copy")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, partial)
        partial.replace(target)
    except OSError as error:
        raise NetworkError(
            f"{target} cannot be written ({error.strerror})", "Make room or change its permissions"
        ) from error
    return entry
