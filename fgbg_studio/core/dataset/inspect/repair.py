"""What verifying found damaged, made again in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.reproduce import repair
from fgbg_studio.core.dataset.inspect.verify import VerifyReport
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS


def can_mend(contents: Contents) -> bool:
    """Whether damaged files of this dataset can be made again where they belong."""
    dataset = contents.dataset
    return dataset is not None and dataset.recipe.settings.writer.in_place and contents.path.is_dir()


def damaged_names(report: VerifyReport) -> list[str]:
    """The names of all files that making them again would mend."""
    mendable = [group.files for group in report.groups.values() if group.issue.mendable]
    return list(dict.fromkeys(name for names in mendable for name in names))


def mend(contents: Contents, names: Iterable[str]) -> Iterator[Progress | Path]:
    """Make the files called ``names``, and those that belong to the same sample, again where they belong.

    Yields:
        Progress, and the path of each file that was written; files that are right are not touched.

    Raises:
        DatasetError: its files lie in archives, it is none of this program, or it cannot be written to.
    """
    dataset, wanted = contents.dataset, set(names)
    if dataset is None:
        raise DatasetError(f"{contents.path} holds no recipe", "Only datasets made by this program can be repaired")
    kinds = [kind for kind in contents.counts if kind not in SAMPLE_KINDS]
    known = {contents.name(kind, number) for kind in kinds for number in range(contents.length(kind))}
    found = {contents.find(name) for name in wanted - known}
    plan = dataset.plan()
    yield from repair(dataset, [plan[number] for number in sorted(n for n in found if n is not None)], wanted & known)
