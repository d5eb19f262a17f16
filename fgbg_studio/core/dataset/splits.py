"""Splits of a dataset without leaks: by the identity of backgrounds and foregrounds, not by sample.

Every background stands in thousands of samples, and the placements of one pair are nearly the same picture: a random
split by sample trains with all that it judges by. Here pictures are held out, with all that is nearly the same:

- ``train``: backgrounds and foregrounds that are trained with, in pairs that are.
- ``seen``: the same pictures, in pairs that are held out.
- ``new-background``, ``new-foreground``, ``both-new``: pictures that are held out.
- ``none``: samples of several objects of which some are held out and others not. Whether a pair is held out is asked
  of the first object for ``seen``, and of every object for ``train``; what is in neither is in none.

Which they are is drawn by the seed and the contents of each picture.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fgbg_studio.core.base.arrays import Ints
from fgbg_studio.core.base.errors import DatasetError, UsageError
from fgbg_studio.core.base.outside import reason_of
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.remedies import GenerateAgain, MakeSplits
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.identities import Identities, identities
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.open_contents import open_contents, opened
from fgbg_studio.core.dataset.record import Dataset, disk_trouble
from fgbg_studio.core.dataset.split_card import put_on_card
from fgbg_studio.core.dataset.split_files import (
    FILE,
    FILES,
    FOLDER,
    NAMES,
    NONE,
    Codes,
    SplitPicture,
    Splits,
    SplitSettings,
    code_of,
    key_of,
    key_of_own,
    read_note,
    store_of_splits,
    write_lists,
)
from fgbg_studio.core.dataset.target import holding
from fgbg_studio.core.plan.keyed import Keys, mix

Flags = NDArray[np.bool_]

__all__ = ["NAMES", "NONE", "SplitSettings", "Splits", "make_splits", "read_splits"]
_AT_ONCE = 20_000
_SHOWN = 3


class Pictured(NamedTuple):
    """A dataset with the identities of its pictures: what splits are drawn from, again and again in a window."""

    contents: Contents
    backgrounds: Identities
    foregrounds: Identities


def make_splits(path: Path, settings: SplitSettings) -> Iterator[Progress | Splits]:
    """Split the dataset at ``path``, and write the splits into it, or beside its one archive.

    Yields:
        Progress, and at last the `Splits`.

    Raises:
        DatasetError: there is no dataset, it is not finished, or the disk refuses.
        UsageError: the names of its samples do not say who stands on what; a picture is named that it has not.
    """
    contents = yield from open_contents(path)
    pictured = yield from compared(contents)
    splits = yield from drawn(pictured, settings)
    yield from write_splits(contents, splits)
    yield splits


def compared(contents: Contents) -> Generator[Progress, None, Pictured]:
    """Find which pictures of a dataset are the same.

    Raises:
        DatasetError: it is not finished.
        UsageError: the names of its samples do not say who stands on what.
    """
    if contents.dataset is not None and not contents.dataset.complete:
        raise DatasetError(f"{contents.path} is not finished", GenerateAgain())
    if not contents.backgrounds:
        raise _unsaid(contents)
    backgrounds = yield from identities(contents, "bg")
    foregrounds = yield from identities(contents, "fg")
    return Pictured(contents, backgrounds, foregrounds)


def _unsaid(contents: Contents) -> UsageError:
    like, names = "like bg_001_fg_002_03.jpg", contents.unsaid
    if not names:
        problem = f"the names of the samples in {contents.path} do not say which background and foreground they are of"
        return UsageError(problem, f"Name them {like}")
    problem = (
        f"of {len(names):,} of {contents.samples:,} samples in {contents.path} the names do not say which background"
    )
    return UsageError(
        f"{problem} and foreground they are of: {', '.join(names[:_SHOWN])}{', …' if names[_SHOWN:] else ''}",
        f"Name them {like}, or have the dataset described (adopt): then they are in no split, and the others are split",
    )


class HeldOut(NamedTuple):
    """What is held out: (backgrounds,) and (foregrounds,) bool and of their pairs, by identity."""

    backgrounds: Flags
    foregrounds: Flags
    pairs: Flags

    def of_pairs(self, pictured: Pictured) -> Codes:
        """(backgrounds, foregrounds) int8, by picture: the split of the samples of one object that a pair has."""
        b, f = np.meshgrid(pictured.backgrounds.numbers, pictured.foregrounds.numbers, indexing="ij")
        return _codes(b.ravel(), f.ravel(), (), self).reshape(b.shape)


def held_out(pictured: Pictured, settings: SplitSettings) -> HeldOut:
    """What these settings hold out.

    Raises:
        UsageError: a picture is named that the dataset has not.
    """
    contents, backgrounds, foregrounds = pictured
    keys_b, keys_f = (_keys(axis, one, settings.seed) for axis, one in (("bg", backgrounds), ("fg", foregrounds)))
    new_b = _held_out(
        backgrounds, keys_b, contents.backgrounds, settings.background, settings.new_backgrounds,
        settings.trained_backgrounds,
    )  # fmt: skip
    new_f = _held_out(
        foregrounds, keys_f, contents.foregrounds, settings.foreground, settings.new_foregrounds,
        settings.trained_foregrounds,
    )  # fmt: skip
    return HeldOut(new_b, new_f, _held_out_pairs(keys_b, keys_f, new_b, new_f, settings.pairs))


def drawn(pictured: Pictured, settings: SplitSettings) -> Generator[Progress, None, Splits]:
    """The splits by these settings; nothing is written.

    Raises:
        UsageError: a picture is named that the dataset has not.
    """
    contents, backgrounds, foregrounds = pictured
    held, samples = held_out(pictured, settings), contents.numbers()
    codes, total = np.empty(len(samples), np.int8), len(samples)
    for start in range(0, total, _AT_ONCE):
        who = contents.standing(np.asarray(samples[start : start + _AT_ONCE], np.int64))
        b, first = backgrounds.numbers[who.background], foregrounds.numbers[who.first]
        further = [(rows, foregrounds.numbers[others]) for rows, others in who.further]
        codes[start : start + len(b)] = _codes(b, first, further, held)
        codes[start : start + len(b)][(who.background < 0) | (who.first < 0)] = code_of(NONE)  # whose names do not say
        yield Progress("splitting samples", min(start + _AT_ONCE, total), total)
    return Splits(
        settings, _pictures(contents.backgrounds, backgrounds, held.backgrounds),
        _pictures(contents.foregrounds, foregrounds, held.foregrounds), samples, codes,
    )  # fmt: skip


def write_splits(contents: Contents, splits: Splits, *, held: bool = False) -> Iterator[Progress]:
    """Write splits into the dataset that they are of, instead of those that it had, and what its card says of them.

    ``held`` says that the caller holds the dataset.

    Raises:
        DatasetError: it has a folder ``splits`` of another program, is being written, or the disk refuses.
    """
    store, total = store_of_splits(contents.path), len(splits.codes)
    own = contents.dataset if contents.path.is_dir() else None
    with ExitStack() as hold, disk_trouble(store):
        others = [name for name in store.names() if f"{FOLDER}/{name}" not in FILES and not name.startswith(".")]
        if others and not store.exists(FILE):
            problem = f"{store.where()} has files that are not of this program ({others[0]})"
            raise DatasetError(problem, "Give that folder another name")
        if own and not held:
            hold.enter_context(holding(own.store))
        lists = write_lists(store, splits, contents.names(splits.samples))
        hashes = yield from _told(lists, total)
        store.put(FILE, splits.note(dataset_key(contents), hashes))
        if own:
            put_on_card(own.store)


def split_at_end(dataset: Dataset) -> Generator[Progress, None, None]:
    """Split a dataset that was just made and is held, as its settings say; splits that it has already are kept."""
    rule = dataset.recipe.settings.splits
    if not rule.made or not dataset.recipe.settings.writer.keeps or not isinstance(dataset.store, LocalStore):
        return
    contents = yield from open_contents(dataset.root)
    with suppress(DatasetError):
        if read_splits(contents) is not None:
            return
    pictured = yield from compared(contents)
    splits = yield from drawn(pictured, SplitSettings(**rule.model_dump(exclude={"made"})))
    yield from write_splits(contents, splits, held=True)


def _told(lists: Generator[int, None, dict[str, str]], total: int) -> Generator[Progress, None, dict[str, str]]:
    while True:
        try:
            yield Progress("writing lists", next(lists), total)
        except StopIteration as end:
            hashes: dict[str, str] = end.value
            return hashes


def read_splits(where: Contents | Path) -> Splits | None:
    """The splits of a dataset; None where it has none. No picture is read.

    Raises:
        DatasetError: there is no dataset; its splits are damaged, or of other samples than it has.
    """
    contents = opened(where) if isinstance(where, Path) else where
    try:
        data = stored_beside(contents, FILE)
        if data is None:
            return None
        note = read_note(data)
        if note.dataset != dataset_key(contents):
            raise ValueError("they are of other samples")  # noqa: TRY301 - said in one place
        return note.splits(contents.numbers())
    except (OSError, ValueError, OverflowError) as error:
        problem = f"the splits of {contents.path} cannot be used ({reason_of(error)})"
        raise DatasetError(problem, MakeSplits()) from error


def stored_beside(contents: Contents, name: str) -> bytes | None:
    """A file of the folder of splits, beside a dataset's archive or in it; None where there is none.

    Raises:
        OSError: the disk refuses.
        PictureError: it is damaged in the archive.
    """
    if contents.path.is_file():
        store = store_of_splits(contents.path)
        if store.exists(name):
            return store.read(name)
    return contents.beside(f"{FOLDER}/{name}")


def dataset_key(contents: Contents) -> str:
    """By what a dataset is known to its splits: who stands where, of others' datasets the names of the samples."""
    if contents.dataset is not None:
        return key_of_own(contents.dataset)
    return key_of(contents.names(contents.numbers()))


def leak_of_random(contents: Contents) -> str:
    """What a split by sample, drawn at random, would leak, as a sentence; empty where it would not."""
    backgrounds, foregrounds = len(contents.backgrounds), len(contents.foregrounds)
    most = max(backgrounds, foregrounds)
    if not most or len(contents.numbers()) < 2 * most:
        return ""
    each = len(contents.numbers()) / backgrounds
    pair = len(contents.numbers()) / (backgrounds * foregrounds)
    nearly = f", and the {pair:,.0f} samples of a pair are nearly the same picture" if pair >= 2 else ""
    return (
        f"A random split by sample would leak: each of {backgrounds:,} backgrounds is in about {each:,.0f} samples, so "
        f"that all would be trained with and judged by{nearly}"
    )


def _codes(b: Ints, first: Ints, further: Sequence[tuple[Ints, Ints]], held: HeldOut) -> Codes:
    """The split of each of n samples, by the identities of who stands there; see the module."""
    new_b, new_f, new_pairs = held
    strange, known = new_f[first].copy(), ~new_f[first]  # whether some object is held out, and whether some is not
    apart = new_pairs[b, first]
    mixed_pair = apart.copy()
    for rows, others in further:
        strange[rows] |= new_f[others]
        known[rows] |= ~new_f[others]
        mixed_pair[rows] |= new_pairs[b[rows], others]
    codes = np.full(len(b), code_of(NONE), np.int8)
    old = known & ~strange
    codes[~new_b[b] & old & ~mixed_pair] = code_of("train")
    codes[~new_b[b] & old & apart] = code_of("seen")
    codes[new_b[b] & old] = code_of("new-background")
    codes[~new_b[b] & ~known] = code_of("new-foreground")
    codes[new_b[b] & ~known] = code_of("both-new")
    return codes


def _keys(axis: str, known: Identities, seed: int) -> Keys:
    """A number of each identity that looks random: other pictures of the dataset have no part in it."""
    digests = [hashlib.sha256(f"{seed} {axis} {key}".encode()).digest()[:8] for key in known.keys]
    return np.array([int.from_bytes(digest, "big") for digest in digests], np.uint64)


def _held_out(
    known: Identities, keys: Keys, names: Sequence[str], fraction: float, new: Sequence[str], trained: Sequence[str]
) -> Flags:
    """(identities,) bool: which are held out, of as many pictures as come nearest to the fraction from below.

    At least one is where something is to be, and one is trained with.
    """
    sizes = np.bincount(known.numbers, minlength=len(known.keys))
    found = np.zeros(len(sizes), np.bool_)
    wanted, kept = _named(known, names, new), _named(known, names, trained)
    both = wanted & kept
    if both:
        name = names[int(np.flatnonzero(np.isin(known.numbers, list(both)))[0])]
        raise UsageError(f"{name}, or a picture that is nearly the same, is both held out and trained with")
    found[list(wanted)] = True
    target = max(round(fraction * len(names)), 1) if fraction else 0
    free = [one for one in np.argsort(keys, kind="stable").tolist() if one not in wanted | kept]
    for one in free:
        if sizes[found].sum() + sizes[one] <= target and (~found).sum() > 1:
            found[one] = True
    if fraction and not found.any() and free and len(sizes) > 1:  # all are more than was asked for
        found[min(free, key=lambda one: sizes[one])] = True
    return found


def _named(known: Identities, names: Sequence[str], wanted: Sequence[str]) -> set[int]:
    places = {name: int(number) for name, number in zip(names, known.numbers, strict=True)}
    missing = next((name for name in wanted if name not in places), None)
    if missing is not None:
        raise UsageError(f"the dataset has no picture {missing!r} to hold out", "See 'list' for their names")
    return {places[name] for name in wanted}


def _held_out_pairs(keys_b: Keys, keys_f: Keys, new_b: Flags, new_f: Flags, fraction: float) -> Flags:
    """(backgrounds, foregrounds) bool, by identity: so many of the pairs of pictures that are trained with.

    At least one where some are to be, and one is trained with.
    """
    drawn_keys = mix(keys_b[:, None] + mix(keys_f)[None, :])
    seen = ~new_b[:, None] & ~new_f[None, :]
    found = np.zeros(seen.shape, np.bool_)
    places = np.flatnonzero(seen)
    count = min(max(round(fraction * len(places)), 1), len(places) - 1) if fraction else 0
    if count > 0:
        order = np.argsort(drawn_keys.ravel()[places], kind="stable")
        found.ravel()[places[order[:count]]] = True
    return found


def _pictures(names: Sequence[str], known: Identities, new: Flags) -> tuple[SplitPicture, ...]:
    numbers = known.numbers.tolist()
    return tuple(
        SplitPicture(name=name, identity=number, new=bool(new[number]))
        for name, number in zip(names, numbers, strict=True)
    )
