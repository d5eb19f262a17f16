"""What makes the samples, instead of them: a few megabytes that readers make any of them from, when they ask for it.

A set of ten million samples need not lie on a disk, nor travel. The folder has the dataset's record as
``recipe.json``, the prepared pictures and background depths, and its splits.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from typing_extensions import override

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.seal import sealed, unsealed
from fgbg_studio.core.dataset.card import plain
from fgbg_studio.core.dataset.export_folder import export_folder, opening, reading
from fgbg_studio.core.dataset.export_splits import exported_splits
from fgbg_studio.core.dataset.hub_page import credits_of
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.made_contents import MadeContents
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.record import DEPTH, FILE, PICTURES, RECIPE
from fgbg_studio.core.dataset.split_files import FILES as SPLITS
from fgbg_studio.core.interfaces.export import Export, ExportProgress

_COUNTED = {"statistics", "counts", "plausibility", "archives", "hashes"}


@dataclass(frozen=True)
class RecipeFolder(Export):
    """The recipe alone; see the module."""

    name: ClassVar[str] = "recipe"
    title: ClassVar[str] = "Recipe"
    summary: ClassVar[str] = "a few MB from which fgbg_studio.loaders make every sample when it is read"

    whole: Annotated[
        bool,
        about("all samples of the plan", "also those that the dataset was limited to leave out; without its splits"),
    ] = False

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        _refuse_what_is_not_made_again(contents)
        with export_folder(contents, out, self, exported_splits(contents)) as folder, reading(contents):
            files = _prepared(contents)
            for done, (name, sha256) in enumerate(files.items()):
                folder.write(name, _read(contents, name, sha256))
                yield ExportProgress("copying what makes the samples", done, len(files))
            for name in () if self.whole else sorted(SPLITS):
                data = contents.beside(name)
                if data is not None:
                    folder.write(name, data)
            readme = folder.put("README.md", _page(contents, self.whole).encode())
            folder.sync()
            record = folder.put(RECIPE, _whole_record(contents) if self.whole else _read(contents, FILE))
            folder.finish()
        yield ExportProgress("copying what makes the samples", 1, 1, finished=True, files=(record, readme))


def _refuse_what_is_not_made_again(contents: Contents) -> None:
    if contents.dataset is None:
        raise UsageError(f"{contents.path} was not made by this program, and has no recipe", "Choose another export")
    if isinstance(contents, MadeContents):
        raise UsageError(f"{contents.path} is a recipe already", "Copy the folder")
    way = contents.dataset.recipe.settings.depth.way
    if way.sees_composites:
        raise UsageError(
            f"the depth of {contents.path} is what a network saw in each composite, which no recipe makes again",
            "Choose another export, or the way 'inserted', by which the network sees each background once",
        )


def _prepared(contents: Contents) -> dict[str, str]:
    """The files that samples are made of with their SHA-256, which is empty where nobody noted one."""
    noted = None
    with contextlib.suppress(OSError):
        noted = contents.beside(PREPARED)
    if noted is not None:
        try:
            found: dict[str, str] = unsealed(noted)["files"]
        except (ValueError, KeyError, TypeError) as error:
            problem = f"{contents.path}: {PREPARED} is damaged"
            raise DatasetError(problem, GenerateAgain(then="it will be made again")) from error
        return {PREPARED: "", **found}
    assert contents.dataset is not None
    store = contents.dataset.store  # of an earlier version, which noted no hashes
    return {f"{folder}/{name}": "" for folder in (PICTURES, DEPTH) for name in store.names(folder)}


def _read(contents: Contents, name: str, sha256: str = "") -> bytes:
    data = contents.beside(name)
    if data is None or (sha256 and hashlib.sha256(data).hexdigest() != sha256):
        state = "missing" if data is None else "damaged: it is not the file that was written"
        raise DatasetError(f"{name} in {contents.path} is {state}", GenerateAgain(then="it will be made again"))
    return data


def _whole_record(contents: Contents) -> bytes:
    """The record as if all samples of the plan had been made, without what was counted of those that were."""
    assert contents.dataset is not None
    left = {name: part for name, part in contents.dataset.record.items() if name not in _COUNTED}
    record = left | {"samples": contents.dataset.plan().made, "order": "plan", "limits": []}
    return sealed(f"{json.dumps(record, indent=1, ensure_ascii=False)}\n")


def _page(contents: Contents, whole: bool) -> str:
    assert contents.dataset is not None
    count = contents.dataset.plan().made if whole else len(contents.numbers())
    versions = contents.dataset.record.get("versions", {})
    made_with = ", ".join(f"{name} {version}" for name, version in versions.items())
    lines = [
        f"# {plain(contents.title)}", "",
        f"What makes {count:,} composites of foregrounds on backgrounds; exported by FGBG Studio.",
        "",
        "    import fgbg_studio", "",
        '    samples = fgbg_studio.open("THIS FOLDER")  # as the dataset, but each sample is made when it is read',
        "",
        f"Made with {made_with or 'an earlier version'}: other versions of OpenCV may round some pixels otherwise.", "",
        *credits_of(contents),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"
