"""What comes before the first sample: a store held for one run, its record, and all that samples are made of."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import Control
from fgbg_studio.core.base.remedies import ChooseFolder, Prepare
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.finished import RunProgress
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.record import (
    DEPTH,
    FORMAT,
    HIDDEN,
    PICTURES,
    REPAIRS,
    SEALED,
    SHARDS,
    Dataset,
    open_dataset,
    write_record,
)
from fgbg_studio.core.dataset.shard import CLAIMS
from fgbg_studio.core.dataset.shards import Extent
from fgbg_studio.core.dataset.sources import SOURCES, sources_done, write_sources
from fgbg_studio.core.dataset.target import Found, found_in, has_begun, holding, refuse_other_files
from fgbg_studio.core.depth.flaws import refuse_misfit
from fgbg_studio.core.plan.recipe import Recipe


@contextlib.contextmanager
def held(store: Store) -> Iterator[None]:
    """Hold the dataset's store for this run alone; those that make parts of it need not ask.

    Raises:
        DatasetError: it is no folder, holds other files, or another run is at it.
    """
    refuse_other_files(store)
    with holding(store):
        yield


def tidy(store: Store) -> None:
    """Remove what interrupted runs left, but while somebody makes a part."""
    for name in store.names(CLAIMS):
        with store.claim(f"{CLAIMS}/{name}") as ours:
            if not ours:
                return
    store.remove(CLAIMS)
    for folder in ("", HIDDEN, PICTURES, DEPTH, SHARDS):
        store.inside(folder).tidy()


def begin(store: Store, recipe: Recipe, new: Extent, overridden: tuple[str, ...]) -> None:
    """Write the record of a ``new`` dataset, or go on with the one that is there, in its order and format.

    Raises:
        DatasetError: the store is refused, as `found_in` says.
    """
    found, _, error = found_in(store, recipe, new.samples)
    if error:
        raise error
    if found is Found.NEW:
        # A run of another recipe may have failed at its beginning and left its own.
        for name in (PICTURES, DEPTH, PREPARED, SOURCES):
            store.remove(name)
    extent, number = new, FORMAT
    if found is Found.UNFINISHED:
        known = open_dataset(store)
        recipe, overridden = known.continued(recipe), known.overridden
        if has_begun(store):
            extent, number = known.extent.raised(new.samples), known.format
    if found is not Found.FINISHED:
        said: dict[str, Any] = {"overridden": overridden} if overridden else {}
        write_record(store, recipe, extent, number, complete=False, **said)
    store.remove(REPAIRS)
    tidy(store)


def prepare_all(dataset: Dataset, folder: Path, control: Control) -> Generator[RunProgress, None, bool]:
    """Prepared pictures, background depths, the pictures that the layout stores; False once cancelled."""
    composer, prepared, sealed = dataset.composer(folder), dataset.prepared, dataset.format >= SEALED
    way, settings = dataset.recipe.settings.depth.way, dataset.recipe.settings
    lost = prepared.sweep(PICTURES, DEPTH) if sealed else {}
    for done, total in composer.pictures.prepare():
        prepared.save(now=done == total) if sealed else None
        yield RunProgress("preparing pictures", done, total)
        if control.cancelled:
            return False
    for done, total in way.prepare(composer, dataset.depth):
        prepared.save(now=done == total) if sealed else None
        yield RunProgress("depth of backgrounds", done, total)
        # Known after the first: a slow network need not see all the others for that.
        refuse_misfit(way.meaning(composer, dataset.depth), settings)
        if control.cancelled:
            return False
    refuse_misfit(way.meaning(composer, dataset.depth), settings)  # a way that prepares nothing
    _refuse_others(dataset, lost)
    if sealed:
        prepared.save()
    if not sources_done(dataset):
        write_sources(dataset, composer)
    return True


def _refuse_others(dataset: Dataset, lost: Mapping[str, str]) -> None:
    """See that what was lost and made again is what it was: half of the samples were made of that.

    Raises:
        DatasetError: it is another picture.
    """
    hashes, network = dataset.prepared.hashes, f"{DEPTH}/network.json"  # which says how it runs today, too
    others = [name for name, sha256 in lost.items() if hashes.get(name, sha256) != sha256 and name != network]
    if others and has_begun(dataset.store):
        hashes.update({name: lost[name] for name in others})
        dataset.prepared.save()
        problem = f"{dataset.store.where(others[0])} was damaged, and made again it is another one"
        raise DatasetError(problem, [ChooseFolder(), "restore it from a backup"])


def prepared_dataset(store: Store) -> Dataset:
    """The dataset in a store, of which samples can be made.

    Raises:
        DatasetError: there is none, or it is not prepared.
    """
    dataset = open_dataset(store)
    if not sources_done(dataset):
        raise DatasetError(f"{store.where()} is not prepared yet", Prepare())
    return dataset


def is_prepared(store: Store, recipe: Recipe, extent: Extent) -> bool:
    """Whether there is all that the samples of this run are made of, and they are the dataset's.

    Raises:
        DatasetError: the store is refused, as `found_in` says.
    """
    found, _, error = found_in(store, recipe, extent.samples)
    if error:
        raise error
    return found is Found.FINISHED or (found is Found.UNFINISHED and sources_done(open_dataset(store)))
