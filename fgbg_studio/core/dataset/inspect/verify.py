"""Reading a dataset back and saying what is wrong with it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.outside import lines_of, read_file, reason_of
from fgbg_studio.core.base.paths import inside
from fgbg_studio.core.base.processes import in_processes
from fgbg_studio.core.base.progress import Progress, Rate
from fgbg_studio.core.base.remedies import GenerateAgain, Remedy
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.base.words import no_formula, one_line
from fgbg_studio.core.dataset.figures import Reports
from fgbg_studio.core.dataset.finalize import label_lines, settling
from fgbg_studio.core.dataset.implausible import implausible
from fgbg_studio.core.dataset.inspect.adopted_issues import adopted_issues
from fgbg_studio.core.dataset.inspect.adoption import is_adopted
from fgbg_studio.core.dataset.inspect.counted import Counted, processes_for
from fgbg_studio.core.dataset.inspect.essence import essence
from fgbg_studio.core.dataset.inspect.files import FileEntry, entries
from fgbg_studio.core.dataset.inspect.hashes import HashesFound, check_hashes, is_picture_or_archive, note_hashes
from fgbg_studio.core.dataset.inspect.survey import Survey, survey
from fgbg_studio.core.dataset.inspect.told_objects import told_objects
from fgbg_studio.core.dataset.inspect.verify_archives import verify_archives
from fgbg_studio.core.dataset.inspect.verify_pictures import Part, SampleFiles, SampleVerifier, key, verify_sources
from fgbg_studio.core.dataset.joined import JoinedArchives
from fgbg_studio.core.dataset.manifest import has_manifest
from fgbg_studio.core.dataset.objects import FILE as OBJECTS
from fgbg_studio.core.dataset.record import FILE, HIDDEN, ROWS, Dataset, open_dataset
from fgbg_studio.core.dataset.remeasure import measured_figures, put_measured
from fgbg_studio.core.dataset.shard import Rows, class_cells, columns
from fgbg_studio.core.dataset.statistics import KindStatistics
from fgbg_studio.core.imaging.finding import PassedOver
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, stem

_STEP = 64
_EXAMPLES = 5


@dataclass
class IssueGroup:
    """All issues of one sort: the first of them, how many there are, and the files of all."""

    issue: Issue
    count: int = 0
    files: list[str] = field(default_factory=list)

    @property
    def examples(self) -> list[str]:
        """The first few files."""
        return self.files[:_EXAMPLES]

    def said(self, say: Callable[[Remedy], str] = str) -> str:
        """'2 × mask is missing: mask/a.png, mask/b.png', with remedies in the words of ``say``; many a line each."""
        head, names = one_line(f"{self.count:,} × {self.issue.clause(say)}"), [one_line(name) for name in self.files]
        if len(names) > _EXAMPLES:
            return "\n  ".join([f"{head}:", *names])
        return f"{head}: {', '.join(names)}" if names else head


@dataclass
class VerifyReport:
    """What is wrong with a dataset of ``files`` pictures: a group for each message; none where nothing is wrong.

    Attributes:
        files: pictures.
        groups: what is wrong.
        warnings: what is not wrong, but should be known.
        figures: what was measured of each kind on files that are right; empty of others' datasets.
        passed: what else lies among the pictures: nothing wrong with it.
    """

    files: int = 0
    passed: PassedOver = field(default_factory=PassedOver)
    groups: dict[str, IssueGroup] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    figures: Reports = field(default_factory=dict)

    def add(self, issue: Issue) -> None:
        """One more, of all the files that it is said of."""
        group = self.groups.setdefault(issue.message, IssueGroup(issue))
        files = [*([issue.file] if issue.file else []), *issue.more_files]
        group.count += len(files) or 1
        group.files += files

    def said_of(self) -> set[str]:
        """The files of which something was said, and archives of whose members."""
        names = {name for group in self.groups.values() for name in group.files}
        codes = {group.issue.code for group in self.groups.values()}
        tables = {name for name, code in ((ROWS, "rows"), (OBJECTS, "objects")) if code in codes}
        return names | tables | {name.partition("/")[0] for name in names}

    @property
    def faults(self) -> int:
        """How many there are, of all groups."""
        return sum(group.count for group in self.groups.values())

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.groups

    def in_order(self) -> list[IssueGroup]:
        """The groups by their messages."""
        return [self.groups[message] for message in sorted(self.groups)]

    def report(self, say: Callable[[Remedy], str] = str) -> dict[str, Any]:
        """What ``verify`` prints as JSON; ``say`` gives the words of a remedy."""
        faults = [
            {
                "fault": group.issue.clause(say),
                "count": group.count,
                "examples": group.examples,
                "files": group.files,
            }
            for group in self.in_order()
        ]
        passed = {"passed_over": self.passed.report()} if self.passed.total else {}
        said = {"files": self.files, "clean": self.clean, "faults": faults, "warnings": self.warnings}
        return said | passed


def verify(root: Path) -> Iterator[Progress | VerifyReport]:
    """Verify the dataset in ``root``; yields progress, and at last the `VerifyReport`.

    Raises:
        DatasetError: there is no dataset, or its record is damaged.
    """
    if (root / FILE).exists():
        yield from _own(open_dataset(root))
    else:
        yield from _foreign(root)


def quick_verify(root: Path) -> Iterator[Progress | VerifyReport]:
    """Hold the files of this program's dataset against their hashes, and look for others; no picture is decoded.

    Raises:
        DatasetError: it is none of this program, its record is damaged, or no hashes are known.
    """
    dataset, report = open_dataset(root), VerifyReport()
    for step in check_hashes(dataset):
        if isinstance(step, HashesFound):
            report.files = len(step.known) - len(step.missing)
            _take_hashes(report, step, set())
        else:
            yield step
    yield report


def verify_and_note(root: Path) -> Iterator[Progress | VerifyReport]:
    """Verify a dataset of an earlier version, and note the hashes of its files where nothing is wrong with it.

    Raises:
        DatasetError: as for `verify`; its hashes are known already, or it is not finished.
    """
    dataset = open_dataset(root)
    if has_manifest(dataset) or not dataset.complete:
        why = "hashes of its files are known already" if dataset.complete else "it is not finished"
        raise DatasetError(f"{root}: {why}")
    for step in _own(dataset):
        if isinstance(step, VerifyReport) and step.clean:
            note_hashes(open_dataset(root))
        yield step


def _hashes(dataset: Dataset, report: VerifyReport) -> Iterator[Progress]:
    """What only the files' hashes tell, where they are known: a bit of a picture that nobody can see, say."""
    for step in check_hashes(dataset) if has_manifest(dataset) else ():
        if isinstance(step, HashesFound):
            # Whether pictures are there, or others, was looked at: somebody may have unpacked or packed them anew.
            pictures = {name for name in (*step.missing, *step.stray) if is_picture_or_archive(name)}
            _take_hashes(report, step, report.said_of() | pictures)
        else:
            yield step


def _take_hashes(report: VerifyReport, found: HashesFound, said: set[str]) -> None:
    """What hashes alone say, but for files of which something was said already."""
    for issue in found.all_issues():
        if issue.file not in said:
            report.add(issue)
    report.warnings += [f"{name} does not belong to the dataset" for name in sorted(found.beside)]


def _own(dataset: Dataset) -> Iterator[Progress | VerifyReport]:
    found = VerifyReport()
    writer = dataset.recipe.settings.writer
    if not writer.keeps:
        problem = f"{dataset.root} was made by the writer {writer.name!r}: there are no files"
        raise DatasetError(problem, "There is nothing to verify")
    files = _files(dataset, found)
    if not dataset.complete:
        unfinished = "the run was not finished"
        found.add(Issue("error", "unfinished", unfinished, str(dataset.root), (GenerateAgain(),)))
    total, size = len(files), sum(entry.size for entry in files.values())
    counted = Counted()
    first = (*verify_tables(dataset, files), *verify_archives(dataset, files))
    for issue in (*first, *verify_sources(dataset, files, counted)):
        found.add(issue)
    done, rate = 0, Rate(0)
    for part in in_processes(SampleVerifier(dataset), _parts(dataset, files), processes_for(total, size)):
        if part is not None:
            done += part.samples
            counted.merge(part.counted)
            for issue in part.issues:
                found.add(issue)
        yield Progress("verifying", done, dataset.samples, *rate.update(done, dataset.samples))
    for entry in files.values():  # what no sample has taken
        found.add(Issue("error", "stray", "stray file that belongs to no sample", entry.where))
    yield from _hashes(dataset, found)
    _take_statistics(found, dataset, counted.by_kind())
    yield found


def _take_statistics(found: VerifyReport, dataset: Dataset, kinds: dict[str, KindStatistics]) -> None:
    """What the statistics of right files show; those of wrong ones would only say again what is said."""
    if not found.clean:
        return
    found.figures = measured_figures(dataset, kinds)
    for issue in implausible(kinds):
        if issue.severity == "error":
            found.add(Issue("error", "statistics", issue.message, FILE))
        else:
            found.warnings.append(issue.message)
    note = put_measured(dataset, kinds) if found.clean else ""
    found.warnings += [note] if note else []


def _parts(dataset: Dataset, files: dict[str, FileEntry]) -> Iterator[Part]:
    """All samples, a few at a time, each with its files, which are taken out of ``files``."""
    plan, files_of = dataset.plan(), SampleFiles(dataset)
    with told_objects(dataset) as told:
        for numbers in dataset.numbers(_STEP):
            samples = plan.table_of(numbers).samples()
            taken = [files_of.taken(sample, plan.paths(sample), files) for sample in samples]
            lines = [told.of(stem(plan.paths(sample).fg_bg)) for sample in samples] if told else None
            yield Part(numbers, taken, lines)


def _files(dataset: Dataset, found: VerifyReport) -> dict[str, FileEntry]:
    files: dict[str, FileEntry] = {}
    damaged: list[DatasetError] = []
    # A run that is joining archives has pictures in both, the old and the new, until it is at its end.
    joining = not dataset.complete and bool(JoinedArchives(dataset.store).names)
    for entry in entries(dataset.root, damaged, found.passed):
        name = key(entry.kind, entry.name)
        if name in files and not joining:
            found.add(Issue("error", "twice", "the same picture twice", entry.where))
        files[name] = entry
    _take_damaged(found, damaged)
    found.files = len(files)
    return files


def _take_damaged(report: VerifyReport, damaged: list[DatasetError]) -> None:
    for error in damaged:
        report.add(Issue("error", "archive", "unreadable archive", error.problem))


def _foreign(root: Path) -> Iterator[Progress | VerifyReport]:
    report, names = VerifyReport(), {kind: dict[str, str]() for kind in SAMPLE_KINDS}
    damaged: list[DatasetError] = []
    for entry in entries(root, damaged, report.passed):
        report.files += 1
        if entry.kind in names:
            names[entry.kind].setdefault(essence(entry.name), entry.where)
    present = {kind: found for kind, found in names.items() if found}
    _take_damaged(report, damaged)
    if len(present) < (1 if is_adopted(root) else 2):
        if damaged:
            raise damaged[0]
        said = f" ({report.passed.said()})" if report.passed.total else ""
        problem = f"{root} has no two of the kinds {', '.join(SAMPLE_KINDS)} to compare{said}"
        raise DatasetError(problem, "Check the path")
    for issue in _missing_of(root, present):
        report.add(issue)
    for step in chain(adopted_issues(root) if is_adopted(root) else (), survey(root, [])):
        if isinstance(step, Survey):
            _take_survey(report, step)
        elif isinstance(step, Issue):
            report.add(step)
        else:
            yield step
    yield report


def _missing_of(root: Path, present: dict[str, dict[str, str]]) -> Iterator[Issue]:
    """What others of its samples have; ``present`` are names by kind, by what they have in common."""
    if (root / HIDDEN).is_dir():
        how = f"{FILE} is missing, by which pictures could be held against their recipe"
        yield Issue("error", "record", how, FILE)
    everything = {name: where for found in reversed(present.values()) for name, where in found.items()}
    for kind, found in present.items():
        for name in sorted(everything.keys() - found):
            yield Issue("error", "missing", f"{kind} is missing", everything[name])


def _take_survey(report: VerifyReport, result: Survey) -> None:
    for name in result.damaged:
        report.add(Issue("error", "unreadable", "cannot be read", name))
    for issue in result.issues():
        report.add(Issue("error", "statistics", issue.message, more_files=issue.more_files))


_CONTACT = re.compile(r"(\d+\.\d{4})?")  # empty where the way of depth knows none


def verify_tables(dataset: Dataset, files: Mapping[str, FileEntry]) -> Iterator[Issue]:
    """Everything that record, rows and labels say and the recipe or the files do not."""
    if dataset.complete:
        yield from _counts(dataset, files)
        try:
            yield from _rows(dataset)
        except (csv.Error, OSError) as error:
            yield _wrong_rows(f"cannot be read ({reason_of(error)})")
        yield from _labels(dataset)
        if dataset.recipe.settings.scene.instances and not (dataset.root / OBJECTS).exists():
            yield Issue("error", "objects", f"{OBJECTS} is missing", OBJECTS)


def _counts(dataset: Dataset, files: Mapping[str, FileEntry]) -> Iterator[Issue]:
    found = Counter(entry.kind for entry in files.values())
    for kind, said in dataset.record.get("statistics", {}).items():
        if said["count"] != found[kind]:
            yield Issue("error", "record", f"{FILE} says {said['count']:,} {kind}, there are {found[kind]:,}", FILE)


def _rows(dataset: Dataset) -> Iterator[Issue]:
    path, plan = dataset.root / ROWS, dataset.plan()
    if not path.exists():
        yield _wrong_rows("is missing")
        return
    wanted, recipe, classes = Rows(plan, dataset.format), plan.recipe, class_cells(plan)
    with closing(lines_of(path)) as lines:
        if next(lines, "") != columns(dataset.format, classes=bool(classes)):
            yield _wrong_rows("has other columns")
            return
        count, rows, settled = 0, csv.reader(lines), settling(dataset)
        for numbers in dataset.numbers():
            for sample in plan.table_of(numbers).samples():
                row, paths = next(rows, []), plan.paths(sample)
                count += bool(row)
                start = wanted(sample, paths).split(",")[:-1]
                if row and row[: len(start)] != start:
                    sample = settled(sample)  # noqa: PLW2901
                    start = wanted(sample, paths).split(",")[:-1]
                end = []
                if dataset.format >= 2:
                    files = recipe.backgrounds[sample.background].file, recipe.foregrounds[sample.first.foreground].file
                    end = [*map(no_formula, files), *row[14:19], *wanted.background(sample.background)[1].split(",")]
                if classes:
                    end.append(no_formula(recipe.foregrounds[sample.first.foreground].category))
                right = row == [*start, *row[11:12], *end] and _CONTACT.fullmatch("".join(row[11:12]))
                if row and not (right and _inside(sample, row[14:19])):
                    yield _wrong_rows("differs from the recipe", stem(paths.fg_bg))
        extra = sum(1 for _ in rows)
    if count + extra != dataset.samples:
        yield _wrong_rows(f"has {count + extra:,} rows, not {dataset.samples:,}")


def _inside(sample: Sample, cells: list[str]) -> bool:
    """Whether the object's own box lies in that of its cutout, and its visible pixels in it."""
    if not cells:
        return True
    if not all(cell.isdecimal() for cell in cells):
        return False
    x, y, width, height, visible = map(int, cells)
    left, top, wide, high = sample.first.box
    held = left <= x and top <= y and x + width <= left + wide and y + height <= top + high
    return (held or not visible) and visible <= width * height


def _wrong_rows(how: str, name: str = ROWS) -> Issue:
    return Issue("error", "rows", f"{ROWS} {how}", name)


def _labels(dataset: Dataset) -> Iterator[Issue]:
    wanted: dict[str, list[str]] = {}
    for path, line in label_lines(dataset):
        wanted.setdefault(path, []).append(line)
    for path, lines in wanted.items():
        try:
            said = read_file(inside(dataset.root, path)).decode("utf-8", "replace").splitlines()
        except FileNotFoundError:
            yield Issue("error", "labels", "label file is missing", path)
        except OSError as error:
            yield Issue("error", "labels", f"label file cannot be read ({reason_of(error)})", path)
        else:
            if said != lines:
                yield Issue("error", "labels", "label file differs from the recipe", path)
