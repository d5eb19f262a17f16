"""What is written when all shards are there: the table of samples and the layout's label files."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.dataset.record import ROWS, Dataset, done_shards, marker_name
from fgbg_studio.core.dataset.shard import COLUMNS
from fgbg_studio.core.dataset.shards import shards_of
from fgbg_studio.core.dataset.sources import SOURCES
from fgbg_studio.core.dataset.statistics import KindStatistics, from_json, merged
from fgbg_studio.core.depth.flaws import depth_issues
from fgbg_studio.core.interfaces.engine import Shard
from fgbg_studio.core.interfaces.layout import KINDS
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.project.settings import Settings


def counted(dataset: Dataset) -> dict[str, KindStatistics]:
    """The statistics of a dataset whose shards are all done, by kind, from their markers."""
    done = done_shards(dataset.store, shards_of(dataset.samples, dataset.recipe.settings.shard))
    parts = [from_json(json.loads(dataset.store.read(SOURCES))["statistics"])]
    whole = merged([*parts, *(from_json(marker["statistics"]) for marker in done.values())])
    return {kind: whole[kind] for kind in KINDS if kind in whole}


def summed_counts(dataset: Dataset) -> Counter[str]:
    """What a run has counted of its own quality, by name, from the markers of its shards, which are all done."""
    done = done_shards(dataset.store, shards_of(dataset.samples, dataset.recipe.settings.shard))
    return sum((Counter(marker.get("counts", {})) for marker in done.values()), Counter[str]())


def issues_of_counts(
    counts: Mapping[str, int], statistics: Mapping[str, KindStatistics], settings: Settings
) -> tuple[Issue, ...]:
    """What a run's counts say is wrong with what it made."""
    if "depth" not in statistics:
        return ()
    depth = statistics["depth"]
    return tuple(depth_issues(counts, sum(part.number for part in depth.sums), depth.count, settings))


def write_rows_and_labels(dataset: Dataset, shards: list[Shard]) -> None:
    """Write ``samples.csv`` from the shards' markers, and the label files from the plan."""
    markers = (json.loads(dataset.store.read(marker_name(shard.number))) for shard in shards)
    rows = (marker["rows"].encode() for marker in markers)
    _put_parts(dataset.store, ROWS, itertools.chain([COLUMNS.encode()], rows))
    labels: dict[str, list[str]] = {}
    for path, line in label_lines(dataset.plan(), dataset.samples):
        labels.setdefault(path, []).append(line)
    for path, lines in labels.items():
        dataset.store.put(path, "".join(f"{line}\n" for line in lines).encode())


def label_lines(plan: Plan, samples: int) -> Iterator[tuple[str, str]]:
    """(label file, line) of every sample, in order; nothing where the layout has no labels."""
    step = 4000
    for start in range(0, samples, step):
        for sample in plan.table(start, min(start + step, samples)).samples():
            label = plan.layout.label(plan.ids(sample), plan.paths(sample), sample.first.x, sample.first.y)
            if label is None:
                return
            yield label


def _put_parts(store: Store, name: str, parts: Iterable[bytes]) -> None:
    """Put a file without holding it all."""
    file = store.create(name)
    try:
        for part in parts:
            file.write(part)
        file.publish()
    except BaseException:
        file.discard()
        raise
