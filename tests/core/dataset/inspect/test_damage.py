"""Whatever happens to a file of a dataset is found and named, and repair makes it what it was, or says why not.

Seeded: ``FGBG_SOAK=1`` (`make soak`) tries as many damages of each writer as ``FGBG_TRIALS`` says (2,000) with the seed
``FGBG_SEED``, and prints what it tried.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError, FgbgError
from fgbg_studio.core.base.store import LargeFile
from fgbg_studio.core.dataset.inspect.remaking import RemakingStore
from fgbg_studio.core.dataset.inspect.reproduce import remake
from fgbg_studio.core.dataset.inspect.verify import quick_verify
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.dataset.shard import ShardMaker
from tests.conftest import SOAK, MakeProject, longer
from tests.helpers import tiny_onnx
from tests.helpers.datasets import (
    as_earlier,
    copy,
    counts,
    differing,
    examples,
    find,
    make,
    mend,
    opened,
    quick,
    small,
    tree,
)

TRIALS = int(os.environ.get("FGBG_TRIALS", "2000"))
SEED = int(os.environ.get("FGBG_SEED", "1"))
CASES = [
    ("street-224", "folders", "inserted"), ("studio-256", "zip", "geometry"), ("studio-256", "tar", "geometry"),
    ("studio-256", "sets", "geometry"),
]  # fmt: skip


def like(name: str) -> str:
    """The sort of a file: names that differ in numbers alone are alike."""
    return re.sub(r"\d+", "0", name)


def flip(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """One bit."""
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    return [path]


def truncate(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """Its end is missing."""
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])
    return [path]


def empty(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """All is missing."""
    path.write_bytes(b"")
    return [path]


def append(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """Bytes behind its end: of zeros, or any."""
    path.write_bytes(path.read_bytes() + dice.choice([bytes, dice.randbytes])(dice.randrange(1, 5000)))
    return [path]


def delete(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """Not there."""
    path.unlink()
    return [path]


def exchange(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """It and another of its sort have each other's name."""
    first, different = path.read_bytes(), [one for one in others if one.read_bytes() != path.read_bytes()]
    if not different:
        return flip(path, others, dice)
    other = dice.choice(different)
    path.write_bytes(other.read_bytes())
    other.write_bytes(first)
    return [path, other]


def stray(path: Path, others: list[Path], dice: random.Random) -> list[Path]:
    """A second one of its sort that belongs to nothing."""
    second = path.with_name(f"{path.stem}9{path.suffix}")
    shutil.copyfile(path, second)
    return [second]


DAMAGES = [flip, truncate, empty, append, delete, exchange, stray]


class Trials:
    """One dataset, damaged again and again; ``whole`` is what it must be."""

    def __init__(self, whole: Path, project: Path, root: Path) -> None:
        self.whole, self.project, self.root = whole, project, copy(whole, root)
        self.sorts: dict[str, list[Path]] = {}
        for name in tree(root):
            self.sorts.setdefault(like(name), []).append(root / name)
        self.tried: Counter[tuple[str, str]] = Counter()
        self.not_restored: Counter[str] = Counter()

    def damage(self, sort: str, how: Callable[..., list[Path]], dice: random.Random) -> list[str]:
        """Damage one file of a sort; the names that must be said."""
        victim = dice.choice(self.sorts[sort])
        hurt = how(victim, [one for one in self.sorts[sort] if one != victim], dice)
        self.tried[sort, how.__name__] += 1
        return [path.relative_to(self.root).as_posix() for path in hurt]

    def named(self, names: list[str]) -> bool:
        """Whether a look at the hashes says that of these files, and of no other."""
        try:
            report = quick(self.root)
        except DatasetError as error:
            return names == ["dataset.json"] and "dataset.json" in error.problem
        beside = {warning.partition(" ")[0] for warning in report.warnings}
        said = {name for group in report.groups.values() for name in group.files}
        return said | beside == {*names}

    def restore(self) -> None:
        """Everything as it was, by other means than the program's."""
        for name in differing(self.whole, self.root):
            (self.root / name).unlink(missing_ok=True)
            if (self.whole / name).exists():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.whole / name, self.root / name)

    def repaired(self, names: list[str]) -> bool:
        """Whether repair makes all but strays what they were; of a lost record nothing is known, and that is said."""
        before = tree(self.root)
        strays = [name for name in names if not (self.whole / name).exists()]
        if names == ["dataset.json"]:
            with pytest.raises(FgbgError):
                mend(self.root, self.project)
            self.not_restored["dataset.json"] += 1
            return tree(self.root) == before
        report = mend(self.root, self.project)
        left = differing(self.whole, self.root)
        return left == strays and sorted(report.restored) == sorted({*names} - {*strays})


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[1]}-{case[2]}")
def trials(
    request: pytest.FixtureRequest, make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trials]:
    preset, writer, way = request.param
    folder, changes = tmp_path_factory.mktemp(f"damage-{writer}"), small(preset, f"depth.way={way}")
    if way == "inserted":
        pytest.importorskip("onnxruntime")
        file = tiny_onnx.write(folder / "tiny.onnx", np.array([0.2, 0.3, 0.5], np.float32), (1, 3, 32, 32))
        described = '{"meaning": "metres", "width": 32, "height": 32, "layout": "nchw"}'
        changes += [f"depth.model={file}", f"depth.network={described}"]
    project = make_project(folder, preset, changes=changes)
    make(project, folder / "whole", writer=writer)
    made = Trials(folder / "whole", project, folder / "out")
    yield made
    if SOAK:
        told = f"{writer} {way}: seed {SEED}, {made.tried.total():,} damages to {len(made.sorts)} sorts of files"
        print(f"\n{told}; not restored: {dict(made.not_restored)}")  # noqa: T201 - the long form's result


def test_every_damage_to_every_sort_of_file_is_found_and_named(trials: Trials) -> None:
    """In the short form each damage is tried on some sorts, and each sort has some damages."""
    dice = random.Random(SEED)
    pairs = [(sort, how) for sort in sorted(trials.sorts) for how in DAMAGES]
    for number in range(TRIALS if SOAK else len(pairs)):
        if not SOAK and number % 3:
            continue
        sort, how = pairs[number % len(pairs)]
        names = trials.damage(sort, how, dice)
        assert trials.named(names), (number, how.__name__, names)
        if SOAK or number % 4 == 0:
            assert trials.repaired(names), (number, how.__name__, names)
        trials.restore()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_and_what_does_not_end_hold_no_look_up(datasets: Callable[..., Path], tmp_path: Path) -> None:
    """A pipe in the place of a picture; a file of 100 GB, nearly all of it holes, when somebody stops."""
    root = copy(datasets(), tmp_path / "out")
    pipe, huge = sorted((root / "mask").rglob("*.png"))[:2]
    pipe.unlink()
    os.mkfifo(pipe)
    assert examples(quick(root)) == {"file cannot be read": [pipe.relative_to(root).as_posix()]}
    with huge.open("r+b") as file:
        file.truncate(100 << 30)
    steps = quick_verify(root)
    next(steps)
    begun = time.monotonic()
    steps.close()  # type: ignore[attr-defined]
    assert time.monotonic() - begun < 10


def test_prepared_pictures_that_were_exchanged_are_put_back_and_nothing_else_is_touched(
    datasets: Callable[..., Path], tmp_path: Path
) -> None:
    """They judge all samples: all of these would be called wrong, and made so."""
    root, before = copy(datasets(), tmp_path / "out"), tree(datasets())
    one, two = (root / ".fgbg" / "pictures" / f"bg_000{number}.png" for number in (0, 1))
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)
    names = [path.relative_to(root).as_posix() for path in (one, two)]
    assert examples(quick(root)) == {"file is another one of the dataset": names}
    said = find(root)
    assert not any("differs" in message for message in said.groups)
    assert mend(root).restored == names
    assert tree(root) == before


def test_without_the_project_a_lost_picture_is_said_and_good_samples_stay(
    datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = copy(datasets(), tmp_path / "out")
    victim = root / ".fgbg" / "pictures" / "bg_0000.png"
    victim.write_bytes(victim.read_bytes()[:-9])
    hurt = next((root / "mask").rglob("*bg_000*.png"))
    hurt.write_bytes(b"")
    before = tree(root)
    report = mend(root)
    name = hurt.relative_to(root).as_posix()
    assert report.restored == []
    assert report.left[".fgbg/pictures/bg_0000.png"] == "it is made of a picture of the project, and none was given"
    assert "bg_0000.png is missing" in report.left[name]
    assert tree(root) == before


def test_a_damaged_picture_does_not_end_the_look_at_all_the_others(
    datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = copy(datasets(), tmp_path / "out")
    (root / ".fgbg" / "pictures" / "bg_0000.png").write_bytes(b"")
    (root / ".fgbg" / "depth").mkdir(exist_ok=True)
    other = next((root / "mask").rglob("*bg_001*.png"))
    other.write_bytes(b"")
    found = examples(find(root))
    assert found["file is not as it was written"] == [".fgbg/pictures/bg_0000.png"]
    assert found["mask cannot be read"] == [other.relative_to(root).as_posix()]
    unjudged = [message for message in found if "cannot be held against the recipe" in message]
    assert {message.partition(" ")[0] for message in unjudged} == {"bg", "fg_bg", "mask", "depth"}


def test_what_is_made_otherwise_is_never_put_in(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version may code otherwise: then the old file stays, damaged as it is, and that is said."""
    root = copy(datasets(writer="zip"), tmp_path / "out")
    (root / "mask-00001.zip").write_bytes(b"half")
    before = tree(root)
    monkeypatch.setattr("fgbg_studio.core.compose.encoder.SampleEncoder.mask", lambda *_: b"other bytes")
    report = mend(root)
    assert report.restored == []
    assert "another file" in report.left["mask-00001.zip"]
    assert tree(root) == before


def test_a_sample_is_written_into_its_dataset_only_as_it_was(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy(datasets(), tmp_path / "out")
    plan = open_dataset(root).plan()
    paths = plan.paths(plan[4])
    (root / paths.mask).write_bytes(b"half")
    before = tree(root)
    monkeypatch.setattr("fgbg_studio.core.compose.encoder.SampleEncoder.mask", lambda *_: b"other bytes")
    with pytest.raises(FgbgError, match="is another picture"):
        remake(root, paths.mask, root)
    assert tree(root) == before


def test_markers_and_sources_that_were_edited_are_not_believed(make_project: MakeProject, tmp_path: Path) -> None:
    """An unfinished run that goes on makes again what they spoke of."""
    project, root = make_project(tmp_path, changes=small("studio-256")), tmp_path / "out"
    make(project, root)
    before = tree(root)
    for name in ("shards/00001.json", "sources.json", "prepared.json"):
        note = root / ".fgbg" / name
        note.write_bytes(note.read_bytes().replace(b"1", b"2", 3))
        make(project, root)
        assert tree(root) == before


def test_hashes_are_noted_of_what_an_earlier_version_made(datasets: Callable[..., Path], tmp_path: Path) -> None:
    from fgbg_studio.core.dataset.inspect.verify import verify_and_note
    from tests.helpers.datasets import last

    root = copy(datasets(), tmp_path / "out")
    as_earlier(root, 2)
    for name in ("manifest.sha256", "prepared.json"):
        (root / ".fgbg" / name).unlink()
    with pytest.raises(DatasetError, match="no hashes"):
        quick(root)
    with pytest.raises(DatasetError, match="no hashes"):
        mend(root)
    assert counts(last(verify_and_note(root))) == {}  # type: ignore[arg-type]
    assert counts(quick(root)) == {}
    before = tree(root)
    victim = next((root / "depth").rglob("*.png"))
    victim.write_bytes(b"")
    assert mend(root).restored == [victim.relative_to(root).as_posix()]
    assert tree(root) == before


@pytest.mark.parametrize("number", [3, 2], ids=["sealed", "of an earlier version"])
def test_a_record_that_was_damaged_is_one_sentence(number: int, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root, dice = copy(datasets(), tmp_path / "out"), random.Random(SEED)
    if number < 3:
        as_earlier(root, number)
    record = root / "dataset.json"
    data = record.read_bytes()
    values = [match.span() for match in re.finditer(rb"(?<=: )[^\n,]+", data)]
    nonsense = [b"null", b"-1", b"1e999", b"[]", b"{}", b'"x"', b"[[1]]", b"9" * 30]
    for _ in range(longer(60, 3000)):
        start, stop = dice.choice([*values, (dice.randrange(len(data)),) * 2])
        record.write_bytes(data[:start] + dice.choice(nonsense) + data[stop:])
        with contextlib.suppress(FgbgError):  # any other error is one of the program
            opened(root)
    record.write_bytes(b"[" * 100_000)
    with pytest.raises(DatasetError, match=r"dataset\.json is damaged"):
        open_dataset(root)


def test_the_directory_of_a_zip_that_was_damaged_is_named(datasets: Callable[..., Path], tmp_path: Path) -> None:
    root, dice = copy(datasets(writer="zip"), tmp_path / "out"), random.Random(SEED)
    victim = root / "mask-00001.zip"
    data = victim.read_bytes()
    version = data.index(b"PK\x01\x02") + 6
    for number in range(longer(6, 300)):
        hurt = bytearray(data)
        hurt[version if not number else dice.randrange(version - 6, len(data))] ^= dice.randrange(1, 256)
        victim.write_bytes(hurt)
        said = [name for group in find(root).groups.values() for name in group.files]
        assert any(victim.name in name for name in said), number


@pytest.mark.parametrize("trials", [CASES[0]], indirect=True)
@pytest.mark.parametrize("pattern", ["network.json", "*.npy"])
def test_damaged_depth_judges_nothing_and_is_made_again(trials: Trials, pattern: str) -> None:
    victim = next((trials.root / ".fgbg" / "depth").glob(pattern))
    flip(victim, [], random.Random(SEED))
    found = examples(find(trials.root))
    assert found.pop("file is not as it was written") == [victim.relative_to(trials.root).as_posix()]
    assert found
    assert all(message.startswith("depth cannot be held against the recipe") for message in found)
    assert trials.repaired([victim.relative_to(trials.root).as_posix()])


def test_a_repair_that_was_interrupted_is_finished_by_the_next(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of two exchanged archives is in its place already, so that what the other needs lies nowhere else."""
    root, before = copy(datasets(writer="zip"), tmp_path / "out"), tree(datasets(writer="zip"))
    one, two = (root / f"mask-0000{number}.zip" for number in (0, 1))
    exchange(one, [two], random.Random(SEED))
    put, placed = RemakingStore.create, list[str]()

    def fail_at_the_second(store: RemakingStore, name: str) -> LargeFile:
        placed.append(name)
        if len(placed) > 1:
            raise KeyboardInterrupt
        return put(store, name)

    with monkeypatch.context() as patched:
        patched.setattr(RemakingStore, "create", fail_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            mend(root)
    assert sum(before[path.name] == tree(root)[path.name] for path in (one, two)) == 1
    monkeypatch.setattr(ShardMaker, "make", None)  # nothing need be made again
    assert len(mend(root).restored) == 1
    assert tree(root) == before
