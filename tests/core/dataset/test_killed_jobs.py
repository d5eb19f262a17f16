"""``kill -9`` at any step of what is no run: repairing, exporting, adding, removing, saving, beginning a project.

Each job is killed in a process of its own at the n-th time that it opens, renames, removes or makes something below its
folder, or a moment later. Seeded: ``FGBG_SOAK=1`` (`make soak`) kills as often as ``FGBG_TRIALS`` says (2,000) with the
seed ``FGBG_SEED``; else a few times each.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from fgbg_studio.core.base.errors import ProjectError
from fgbg_studio.core.dataset.exports.html_card import HtmlCard
from fgbg_studio.core.dataset.exports.markdown_card import MarkdownCard
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.project import recovery, recycle_bin, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.core.project.model import Project
from tests.conftest import SOAK, MakeProject, draw_background, draw_cutout, longer, write_picture
from tests.helpers.datasets import copy, differing, last, make, mend, quick, small

TRIALS = longer(2, int(os.environ.get("FGBG_TRIALS", "2000")))
SEED = int(os.environ.get("FGBG_SEED", "1"))
WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.utime"}

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="jobs are forked, so that they are quick to kill")


@dataclass(frozen=True)
class Given:
    """What all jobs begin with: a finished dataset, its project, pictures of each kind."""

    dataset: Path
    project: Path
    pictures: Path


@pytest.fixture(scope="module")
def given(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("given")
    project = make_project(folder, changes=small("studio-256"))
    make(project, folder / "whole", writer="zip")
    for number in range(4):
        write_picture(folder / "pictures" / "backgrounds" / f"new_{number}.png", draw_background(number + 50))
        write_picture(folder / "pictures" / "foregrounds" / f"new_{number}.png", draw_cutout(number + 50))
    return Given(folder / "whole", project, folder / "pictures")


def pictures_whole(job: Path, project: Project) -> None:
    for picture in (*project.backgrounds, *project.foregrounds):
        assert hashlib.sha256((job / picture.file).read_bytes()).hexdigest() == picture.sha256, picture.file


class Job:
    """One sort of work in a folder of its own; the folder is called ``job``."""

    def __init__(self, given: Given) -> None:
        self.given = given

    def prepare(self, job: Path) -> None:
        """What is there before."""
        shutil.copytree(self.given.project, job)

    def work(self, job: Path) -> None:
        """What is killed."""

    def check(self, job: Path) -> None:
        """What must hold after the kill: here, that the project loads, and each of its pictures is whole."""
        pictures_whole(job, storage.load(job))


class Repairing(Job):
    """Of a pack, a prepared picture, a marker and a table, each damaged."""

    HURT = ("fg_bg-00001.zip", ".fgbg/pictures/bg_0000.png", ".fgbg/shards/00000.json", "samples.csv")

    def prepare(self, job: Path) -> None:
        copy(self.given.dataset, job)
        for name in self.HURT:
            (job / name).write_bytes((job / name).read_bytes()[:-5])

    def work(self, job: Path) -> None:
        mend(job, self.given.project)

    def check(self, job: Path) -> None:
        """Never worse: nothing that was right is wrong, and what is wrong is still said."""
        wrong = {name for name in differing(self.given.dataset, job) if not name.endswith(".part")}
        assert wrong <= {*self.HURT}
        assert {name for group in quick(job).groups.values() for name in group.files} == wrong


class Exporting(Job):
    """The page, in a folder of its own, and the card in the dataset's."""

    def prepare(self, job: Path) -> None:
        copy(self.given.dataset, job / "dataset")

    def work(self, job: Path) -> None:
        last(MarkdownCard().run(job / "dataset", None))
        last(HtmlCard().run(job / "dataset", job / "page"))

    def check(self, job: Path) -> None:
        assert quick(job / "dataset").clean
        page = job / "page" / "card.html"
        assert not page.exists() or page.read_text("utf-8").rstrip().endswith("</html>")


class ExportingData(Job):
    """To another format, all of the dataset."""

    format: ClassVar[str]

    def prepare(self, job: Path) -> None:
        job.mkdir()

    def work(self, job: Path) -> None:
        last(Export.from_dict(self.format).run(self.given.dataset, job / "out"))

    def check(self, job: Path) -> None:
        """What is noted as finished is whole: it is not made again, and the same in the end."""
        assert quick(self.given.dataset).clean


# In the quick suite one of each way: a list with files beside it, and shards.
FORMATS = [
    name
    for name, one in Export.known().items()
    if not (one.is_card or one.in_place) and (SOAK or name in {"coco", "webdataset"})
]
EXPORTS = [type(f"Exporting_{name}", (ExportingData,), {"format": name}) for name in FORMATS]


class AddingBackgrounds(Job):
    def work(self, job: Path) -> None:
        last(add_backgrounds(job, [self.given.pictures / "backgrounds"]))


class AddingForegrounds(Job):
    def work(self, job: Path) -> None:
        last(add_foregrounds(job, [self.given.pictures / "foregrounds"]))


class Saving(Job):
    """As the window does: a recovery file, the project, again and again."""

    def work(self, job: Path) -> None:
        writer, project = recovery.ProjectWriter(), storage.load(job)
        for seed in range(1, 5):
            project = project.model_copy(update={"seed": seed})
            writer.keep(job, project, writer.ask())
            writer.save(job, project, writer.ask())

    def check(self, job: Path) -> None:
        kept = (job / recovery.FILE).exists()
        found = recovery.read(job)
        assert (found is not None) == kept, "the recovery file is half saved"
        seed = storage.load(job).seed
        assert found is None or found.project.seed in {seed, seed + 1}
        super().check(job)


class Removing(Job):
    """To the bin, and saved."""

    def work(self, job: Path) -> None:
        project = storage.load(job)
        recycle_bin.throw_away(job, [picture.file for picture in project.backgrounds])
        storage.save(job, project.model_copy(update={"backgrounds": ()}))

    def check(self, job: Path) -> None:
        """Opening brings back what the project still has."""
        recovery.open_project(job)
        super().check(job)


class Beginning(Job):
    """A new project."""

    def prepare(self, job: Path) -> None:
        """Nothing is there."""

    def work(self, job: Path) -> None:
        try:
            storage.create(job, "studio-256")
        except ProjectError as error:
            assert "holds a project already" in error.problem  # noqa: PT017 - it was there before it was killed

    def check(self, job: Path) -> None:
        if (job / storage.FILE).exists():
            super().check(job)


JOBS = (Repairing, Exporting, *EXPORTS, AddingBackgrounds, AddingForegrounds, Saving, Removing, Beginning)


def forked(work: Callable[[Path], object], job: Path, at: int, counted: int, *, halt: bool = False) -> int:
    """Begin it in a process that tells ``counted``, a pipe, of its ``at``-th step; 0: how many there were.

    It goes on, or with ``halt`` stands still before that step.
    """
    child = os.fork()
    if child:
        return child
    code, steps, below = 1, 0, str(job)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if event in WATCHED and str(arguments[0]).startswith(below):
            steps += 1
            if steps == at:
                os.write(counted, b"now\n")
                if halt:
                    os.kill(os.getpid(), signal.SIGSTOP)

    try:
        sys.addaudithook(watch)
        work(job)
        if not at:
            os.write(counted, b"%d\n" % steps)
        code = 0
    finally:
        os._exit(code)


def steps_of(work: Callable[[Path], object], job: Path) -> int:
    """How many steps an uninterrupted one has."""
    reading, writing = os.pipe()
    child = forked(work, job, 0, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        steps = int(told.readline())
    assert os.waitpid(child, 0)[1] == 0
    return steps


def killed(work: Callable[[Path], object], job: Path, at: int, delay: float) -> bool:
    """Kill it before a step, or after a delay; whether it was quicker."""
    reading, writing = os.pipe()
    child = forked(work, job, at, writing, halt=not delay)
    os.close(writing)
    with os.fdopen(reading) as told:
        told.readline()
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    return not os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("sort", JOBS)
def test_killed_at_any_step(sort: type[Job], given: Given, tmp_path: Path) -> None:
    one, dice, ended = sort(given), random.Random(f"{SEED} {sort.__name__}"), Counter[bool]()
    whole, job = tmp_path / "whole" / "job", tmp_path / "job"
    whole.parent.mkdir()
    one.prepare(whole)
    steps = steps_of(one.work, whole)
    trials = -(-TRIALS // len(JOBS)) if SOAK else TRIALS
    for trial in range(trials):
        at = dice.randint(1, steps)
        one.prepare(job)
        delay = dice.choice([0, dice.uniform(0, 0.003)])
        ended[killed(one.work, job, at, delay if trial else 0)] += 1
        said = f"seed {SEED}, trial {trial}: killed at step {at} of {steps}"
        try:
            one.check(job)
            one.work(job)
        except Exception as error:
            raise AssertionError(said) from error
        assert differing(whole, job) == [], said
        shutil.rmtree(job)
    if SOAK:
        sys.stdout.write(f"\n{sort.__name__}: {trials} kills at {steps} steps, seed {SEED}; {ended[True]} came late\n")
    assert ended.total() == trials
    assert ended[False], "all had ended before"
