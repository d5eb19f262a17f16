"""The self-test of the engine: strategies, cutting, every preset, worker processes."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np

from fgbg_studio import core
from fgbg_studio.core.base.strategy import Strategy
from fgbg_studio.core.cutting.seeds import Rectangle
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.dataset.inspect.verify import VerifyReport, verify
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.project import presets, samples, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.selftest.outcome import expect

PICTURES, PLACEMENTS = 2, 2
SAMPLES = PICTURES * PICTURES * 2 * PLACEMENTS  # each foreground also mirrored


def families() -> dict[str, type[Strategy]]:
    """Every family of strategies that the engine has, found like the strategies themselves: by walking the package."""
    import_all(core)
    return {family.family: family for family in Strategy.__subclasses__()}


def import_all(package: ModuleType) -> int:
    """Import every module of a package, also those that the program loads only when they are wanted; how many."""
    found = [found.name for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    for name in found:
        importlib.import_module(name)
    return len(found)


def names() -> dict[str, list[str]]:
    """The names of every family's strategies."""
    return {family: list(base.known()) for family, base in sorted(families().items())}


def strategies(_folder: Path) -> str:
    """Every family has members, and each is found by its name."""
    found = names()
    expect(len(found) >= 8, f"only {len(found)} families of strategies are there: {', '.join(found)}")
    for family, members in found.items():
        expect(members, f"no {family} is there")
        for name in members:
            families()[family].get(name)
    return f"{sum(map(len, found.values()))} in {len(found)} families"


def cutting(_folder: Path) -> str:
    """The first segmenter finds a drawn person in a drawn room."""
    room = np.array(samples.backgrounds()[1].pixels())
    person = samples.foregrounds()[0].pixels()[::2, ::2]
    high, wide = person.shape[:2]
    part = room[120 : 120 + high, 150 : 150 + wide]
    alpha = person[..., 3:].astype(np.float32) / 255
    part[:] = np.rint(person[..., :3] * alpha + part * (1 - alpha)).astype(np.uint8)
    rectangle = Rectangle(box=(145, 115, wide + 10, high + 10))
    truth = np.zeros(room.shape[:2], np.bool_)
    truth[120 : 120 + high, 150 : 150 + wide] = person[..., 3] > 127
    found = Segmenter.default().prepare(room).cut((rectangle,)) > 127
    overlap = np.count_nonzero(found & truth) / np.count_nonzero(found | truth)
    expect(overlap > 0.8, f"a drawn person was cut out with an overlap of {overlap:.0%} only")
    return f"a drawn person cut out, {overlap:.0%} right"


def every_preset(folder: Path) -> str:
    """A tiny project by each preset becomes a dataset that verifies clean."""
    for preset in presets.names():
        out = make(folder, preset, Options(engine="inline"))
        found = [step for step in verify(out) if isinstance(step, VerifyReport)][-1]
        expect(found.clean, f"the dataset by {preset} has faults: {found.report()['faults']}")
    return f"{len(presets.names())} datasets of {SAMPLES} samples each made and verified"


def worker_processes(folder: Path) -> str:
    """Two processes make the same bytes as one."""
    alone = digest(make(folder / "alone", presets.DEFAULT, Options(engine="inline")))
    together = digest(make(folder / "together", presets.DEFAULT, Options(engine="local", workers=2)))
    expect(alone == together, "two worker processes made other bytes than one")
    return "two made the same bytes as one"


def make(folder: Path, preset: str, options: Options) -> Path:
    """A dataset of drawn pictures in ``folder``; shards are small, so that workers have something to share."""
    project, out = folder / f"project-{preset}", folder / f"dataset-{preset}"
    small = {"placements": PLACEMENTS, "shard": SAMPLES // 2, "background.max_side": None}
    storage.create(project, preset, small)
    backgrounds = [known.path for known in samples.backgrounds()[:PICTURES]]
    foregrounds = [known.path for known in samples.foregrounds()[:PICTURES]]
    for verdict in (*add_backgrounds(project, backgrounds), *add_foregrounds(project, foregrounds)):
        expect(verdict.picture, f"{verdict.path.name} was refused: {verdict.reason}")
    steps = list(generate(project, out, replace(options, limit=SAMPLES)))  # a preset may place more often
    expect(steps[-1].finished and steps[-1].done == SAMPLES, f"{steps[-1].done} of {SAMPLES} samples were made")
    return out


def digest(folder: Path) -> str:
    """Of every file that is no secret of the program's, with its name."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not name.parts[0].startswith("."):
            whole.update(name.as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


CHECKS = {"strategies": strategies, "cutting": cutting, "presets": every_preset, "worker processes": worker_processes}
