"""The archives of a dataset held against its recipe, as far as their directories tell: no picture is read for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.files import FileEntry
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.interfaces.layout import file_name, stem

_STEP = 4000


def verify_archives(dataset: Dataset, files: Mapping[str, FileEntry]) -> Iterator[Issue]:
    """Bytes that belong to no picture, and archives that hold what another one of the dataset should hold.

    Args:
        dataset: whatever its writer.
        files: (kind, ``:`` and file name) → the picture.
    """
    archives: dict[str, Archive] = {}
    for entry in files.values():
        if entry.archive:
            archives.setdefault(entry.archive.path.name, entry.archive)
    for name, archive in archives.items():
        if archive.extra:
            how = "archive with bytes before or behind its pictures, which belong to nothing"
            yield Issue("error", "archive", how, name)
    for name in sorted(_exchanged(dataset, files, set(archives))) if archives else ():
        yield Issue("error", "misplaced", "archive with pictures that belong into another one", name)


def _exchanged(dataset: Dataset, files: Mapping[str, FileEntry], there: set[str]) -> set[str]:
    settings, plan, joined = dataset.recipe.settings, dataset.plan(), JoinedArchives(dataset.store)
    kinds = settings.sample_kinds
    writer, layout, shards = settings.writer, settings.layout, dataset.shards
    own = {writer.locate(kind, "a/b.c", one.name, layout, "a").file for one in shards for kind in kinds}
    own = (own | set(joined.names)) & there  # a person may have packed it anew, in archives of other names
    wrong: set[str] = set()
    for shard in shards if own else ():
        holders: dict[str, list[tuple[str, int, int]]] = {}
        numbers = dataset.order.numbers(shard.start, shard.stop)
        for start in range(0, len(numbers), _STEP):
            samples = plan.table_of(numbers[start : start + _STEP]).samples()
            for written, sample in enumerate(samples, shard.start + start):
                paths = plan.paths(sample)
                name = stem(paths.fg_bg)
                for kind in kinds:
                    place = writer.locate(kind, plan.path(kind, paths), shard.name, layout, name)
                    entry = files.get(f"{kind}:{file_name(place.member)}")
                    found = entry.archive.path.name if entry and entry.archive else ""
                    if found == place.file or found not in own:
                        continue
                    if place.file not in holders:
                        holders[place.file] = list(joined.holders(place.file))
                    if not any(found == one and a <= written < b for one, a, b in holders[place.file]):
                        wrong.add(found)
    return wrong
