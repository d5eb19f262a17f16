"""What is proven wrong in a dataset made again from what is proven right.

Proof is the hash that a file had when it was written. Every maker of a run writes once more, into a store that takes
of its files only those that are wanted, and each only as it must be (`remaking.py`): whatever a file is made of was
checked by its own hash before, and nothing that is right is touched.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.hashing_store import line_hash
from fgbg_studio.core.base.mirrors import address_of, is_mirrored
from fgbg_studio.core.base.progress import EventControl, Progress
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.seal import sealed
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.card import write_card
from fgbg_studio.core.dataset.finalize import summary, table_paths, write_tables
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.hashes import HashesFound, check_hashes
from fgbg_studio.core.dataset.inspect.own_contents import OwnContents
from fgbg_studio.core.dataset.inspect.remaking import RemakingStore
from fgbg_studio.core.dataset.inspect.verify import VerifyReport
from fgbg_studio.core.dataset.inspect.verify_pictures import SampleFiles
from fgbg_studio.core.dataset.joined import FILE as JOINED
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.joining import joined_archives, make_joined
from fgbg_studio.core.dataset.manifest import FILE as MANIFEST
from fgbg_studio.core.dataset.manifest import has_manifest, hash_of, write_manifest
from fgbg_studio.core.dataset.places import Places
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.prepared import listed
from fgbg_studio.core.dataset.record import (
    CARD,
    DEPTH,
    HIDDEN,
    PICTURES,
    REPAIRS,
    Dataset,
    disk_trouble,
    marker_name,
    open_dataset,
)
from fgbg_studio.core.dataset.remeasure import stored_figures
from fgbg_studio.core.dataset.shard import ShardMaker
from fgbg_studio.core.dataset.sources import SOURCES, write_sources
from fgbg_studio.core.dataset.split_files import FILE as SPLITS_FILE
from fgbg_studio.core.dataset.split_files import FOLDER as SPLITS_FOLDER
from fgbg_studio.core.dataset.split_files import read_note, write_lists
from fgbg_studio.core.depth.plausibility import Plausibility
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import stem
from fgbg_studio.core.interfaces.writer import JoinedArchive

_PIECE = 1 << 20
_PREPARED = re.compile(rf"{re.escape(PICTURES)}/(bg|fg|mask)_(\d+)\.png")


@dataclass
class RepairReport:
    """What a repair did.

    Attributes:
        restored: files that are again what they were.
        left: why others are not, by their names.
    """

    restored: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def can_mend(contents: Contents) -> bool:
    """Whether it is known of the files of this dataset what they must be, so that they can be repaired."""
    return contents.dataset is not None and contents.path.is_dir() and has_manifest(contents.dataset)


def damaged_names(report: VerifyReport) -> list[str]:
    """The names of all files that making them again would mend."""
    mendable = [group.files for group in report.groups.values() if group.issue.mendable]
    return list(dict.fromkeys(name for names in mendable for name in names))


def files_of_sample(dataset: Dataset, number: int) -> set[str]:
    """The files in which the pictures of a sample are: its own, or archives."""
    plan, places = dataset.plan(), Places(dataset)
    paths = plan.paths(plan[number])
    kinds = dataset.recipe.settings.sample_kinds
    return {places.locate(kind, plan.path(kind, paths), number, stem(paths.fg_bg)).file for kind in kinds}


def repair(
    root: Path, project: Path | None = None, only: Container[str] | None = None
) -> Iterator[Progress | RepairReport]:
    """Make the files of a finished dataset that are not as they were written what they were.

    Args:
        root: of the dataset, whatever its writer.
        project: the folder of its project, of which prepared pictures are made; without it those are not.
        only: the paths of the files that are to be repaired where they are wrong; None: all.

    Yields:
        Progress, and at last the `RepairReport`. Files that belong to nothing are named there, and stay.

    Raises:
        DatasetError: it is at an address, no hashes are known, it is not finished, another run is at it, or the disk
            refuses.
    """
    dataset = open_dataset(root)
    if is_mirrored(root):
        problem = f"{address_of(root)} is at an address, where datasets are only read"
        raise DatasetError(problem, "Copy it here, repair the copy, and send what was restored back")
    if not dataset.complete:
        raise DatasetError(f"{root} is not finished", GenerateAgain(then="it makes what is missing or damaged"))
    with disk_trouble(root), _held(dataset.store):
        found = HashesFound()
        for step in check_hashes(dataset):
            if isinstance(step, Progress):
                yield step
            else:
                found = step
        job = _Repair(dataset, found, project, only)
        if job.store.wanted:
            yield from job.run()
        yield job.report()


@contextmanager
def _held(store: Store) -> Iterator[None]:
    try:
        with store.lock(f"{HIDDEN}/lock"):
            yield
    except TimeoutError as error:
        raise DatasetError(f"{store.where()} is being written by another run", "Wait for it") from error


class _Repair:
    """One repair; ``store`` knows what is still wanted."""

    def __init__(self, dataset: Dataset, found: HashesFound, project: Path | None, only: Container[str] | None) -> None:
        self._real, self._found, self._project = dataset.store, found, project
        wanted = {name: found.known[name] for name in found.wrong if only is None or name in only}
        self._stray = found.stray if only is None else []
        if any(issue.code == "manifest" for issue in found.issues):
            wanted[MANIFEST] = dataset.record["hashes"][MANIFEST]
        self.store = RemakingStore(dataset.store, wanted)
        self._dataset = replace(dataset, store=self.store)
        self._failed: dict[str, str] = {}

    def report(self) -> RepairReport:
        """What was done."""
        left = dict.fromkeys(self._stray, "it belongs to nothing: remove it where nobody needs it")
        for name in sorted(self.store.wanted):
            other = name in self.store.others
            why = "made again it is another file: by another version of the program, say" if other else ""
            left[name] = self._failed.get(name) or why or "what it is made of is damaged, too"
        return RepairReport(sorted(self.store.made), left)

    def run(self) -> Iterator[Progress]:
        """Everything in the order in which one is made of the other."""
        self._put_back()
        known = self._found.known
        prepared = {name: known[name] for name in known if name.startswith((f"{PICTURES}/", f"{DEPTH}/"))}
        self._try([PREPARED], lambda: self.store.put(PREPARED, sealed(listed(prepared))))
        yield from self._prepared_pictures()
        self._try(self._wanted(f"{DEPTH}/"), self._depths)
        sources = self._wanted_of(SOURCES)
        self._try(self.store.wanted if sources is None else sources, self._sources)
        yield from self._shards()
        self._try([JOINED], self._note_joined)
        tables = table_paths(self._dataset)
        self._try(tables, lambda: write_tables(self._dataset))
        self._try(["README.md", *self._wanted(f"{CARD}/")], self._card)
        self._try([MANIFEST], lambda: write_manifest(self._dataset, tables))
        self._try(self._wanted(f"{SPLITS_FOLDER}/"), self._splits)
        self._real.remove(REPAIRS)

    def _try(self, names: Iterable[str], work: Callable[[], object]) -> None:
        """Do what makes these files, where one of them is wanted; why it failed is kept."""
        wanted = [name for name in list(names) if name in self.store.wanted]
        if not wanted:
            return
        try:
            work()
        except FgbgError as error:
            self._failed.update(dict.fromkeys(wanted, error.problem))
        except (FileNotFoundError, ValueError):
            self._failed.update(dict.fromkeys(wanted, "what it is made of is damaged, too"))

    def _wanted(self, folder: str) -> list[str]:
        return [name for name in self.store.wanted if name.startswith(folder)]

    def _wanted_of(self, note: str) -> list[str] | None:
        """Which are wanted of a marker and the files that it speaks of; None where it knows none of them.

        One that is wanted itself may speak of any file.
        """
        if note in self.store.wanted:
            return [note, *(name for name in self.store.wanted if not name.startswith(f"{HIDDEN}/"))]
        try:
            lines = self._dataset.note(note).get("files")
        except (OSError, ValueError):
            return []
        return None if lines is None else [name for name, _ in map(line_hash, lines) if name in self.store.wanted]

    def _put_back(self) -> None:
        """Files that were exchanged, or lie under another name, copied to where they belong."""
        store, wanted = self._real, self.store.wanted
        strays = {name: hash_of(store, name) for name in self._found.stray if store.size(name)}
        strays |= {path: hash_of(store, path) for path in (f"{REPAIRS}/{name}" for name in store.names(REPAIRS))}
        places = {sha256: name for name, sha256 in {**strays, **self._found.wrong}.items() if sha256}
        moves = {name: places[sha256] for name, sha256 in wanted.items() if sha256 in places}
        for name in moves.values():  # before it is overwritten itself
            if name in wanted:
                self._copy(name, store, f"{REPAIRS}/{self._found.wrong[name]}")
        for name, source in moves.items():
            apart = f"{REPAIRS}/{self._found.wrong[source]}" if source in self._found.wrong else source
            self._copy(apart, self.store, name)

    def _copy(self, name: str, into: Store, to: str) -> None:
        file, at = into.create(to), 0
        try:
            while piece := self._real.part(name, at, _PIECE):
                file.write(piece)
                at += len(piece)
            file.publish()
        except BaseException:
            file.discard()
            raise

    def _prepared_pictures(self) -> Iterator[Progress]:
        pictures = self._dataset.composer(self._project).pictures
        make = {"bg": pictures.background, "fg": pictures.foreground, "mask": pictures.mask}
        wanted = self._wanted(f"{PICTURES}/")
        for done, name in enumerate(wanted, 1):
            match = _PREPARED.fullmatch(name)
            if match and self._project is None:
                self._failed[name] = "it is made of a picture of the project, and none was given"
            elif match:
                kind, number = match.groups()
                self._try([name], partial(make[kind], int(number)))
            yield Progress("preparing pictures", done, len(wanted))

    def _sources(self) -> None:
        write_sources(self._dataset, self._dataset.composer())

    def _depths(self) -> None:
        dataset = self._dataset
        for _ in dataset.recipe.settings.depth.way.prepare(dataset.composer(), dataset.depth):
            pass

    def _shards(self) -> Iterator[Progress]:
        """Shards of which something is wanted, or of whose archives a wanted one was joined."""
        wanted = [one for one in self._joined if one.name in self.store.wanted]
        parts: dict[int, set[str]] = {}
        for one in wanted:
            for part in one.parts:
                parts.setdefault(part.shard.number, set()).add(part.archive)
        files = {shard: self._wanted_of_shard(shard) for shard in self._dataset.shards}
        work = [shard for shard, names in files.items() if names or shard.number in parts]
        makers: list[ShardMaker] = []
        for done, shard in enumerate(work, 1):
            self.store.parts.update(parts.get(shard.number, ()))
            self._try([*files[shard], *(one.name for one in wanted)], partial(self._make, makers, shard))
            yield Progress("making again", done, len(work))
        for one in wanted:
            self._try([one.name], partial(self._join, one))

    def _wanted_of_shard(self, shard: Shard) -> list[str]:
        found = self._wanted_of(marker_name(shard.number))
        if found is not None:
            return found
        files_of, plan = SampleFiles(self._dataset), self._dataset.plan()  # of an earlier version
        samples = plan.table_of(self._dataset.order.numbers(shard.start, shard.stop)).samples()
        names = {place.file for sample in samples for *_, place in files_of(sample, plan.paths(sample))}
        return [name for name in {marker_name(shard.number), *names} if name in self.store.wanted]

    def _make(self, makers: list[ShardMaker], shard: Shard) -> None:
        if not makers:
            makers.append(ShardMaker(self._dataset))
        makers[0].make(shard, EventControl(), lambda _: None)

    @cached_property
    def _joined(self) -> list[JoinedArchive]:
        return joined_archives(self._dataset.recipe.settings, self._dataset.shards)

    def _join(self, archive: JoinedArchive) -> None:
        for _ in make_joined(self._dataset, JoinedArchives(self.store), archive, self.store):
            pass

    def _note_joined(self) -> None:
        noted = JoinedArchives(self.store)
        for one in self._joined:
            noted.add(one, self._found.known[one.name])
        noted.keep()

    def _splits(self) -> None:
        store, contents = self.store.inside(SPLITS_FOLDER), OwnContents(replace(self._dataset, store=self._real))
        splits = read_note(store.read(SPLITS_FILE)).splits(contents.numbers())
        deque(write_lists(store, splits, contents.names(splits.samples)), maxlen=0)

    def _card(self) -> None:
        dataset = self._dataset
        meaning = dataset.recipe.settings.depth.way.meaning(dataset.composer(), dataset.depth)
        found = Plausibility.of(dataset.record.get("plausibility"))
        write_card(dataset, summary(dataset), stored_figures(dataset), meaning, found)
