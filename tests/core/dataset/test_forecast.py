"""What a run will take, said before: against what it then took."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgbg_studio.core.base.large_file import LocalFile
from fgbg_studio.core.base.store import Store
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.dataset.forecast import Forecast, _pilot, forecast
from fgbg_studio.core.dataset.run import Options, chosen_recipe
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS
from fgbg_studio.core.project import presets, storage
from fgbg_studio.core.project.importing import add_foregrounds
from fgbg_studio.core.project.model import Foreground
from tests.helpers.datasets import make, small, tree
from tests.helpers.disks import small_disk

MakeProject = Callable[..., Path]


def foretell(project: Path, samples: int, workers: int | None = None, **options: Any) -> Forecast:
    recipe = chosen_recipe(storage.load(project), Options(**options))
    return forecast(recipe, project, project, samples, workers)


@pytest.mark.parametrize("preset", presets.names())
def test_bytes_are_within_a_quarter_of_a_real_run(preset: str, make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, preset, 3, 3, small(preset, "placements=8", "shard=1000"))
    samples = 3 * 3 * 2 * (4 if preset == "layers-150" else 8)
    said = foretell(project, samples)
    done = make(project, tmp_path / "out")
    assert set(said.bytes) == set(storage.load(project).settings.sample_kinds)
    for kind in said.bytes:
        assert said.bytes[kind] == pytest.approx(done.statistics[kind].bytes, rel=0.25)
    assert said.total_bytes == sum(said.bytes.values())


@pytest.mark.parametrize("writer", ["zip", "tar"])
def test_what_archives_add_is_within_a_quarter_too(writer: str, make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "office-224", 2, 2, ["placements=10", "shard=20"])
    said = foretell(project, 80, writer=writer)
    make(project, tmp_path / "out", writer=writer)
    size = sum(path.stat().st_size for path in (tmp_path / "out").glob("*-0*.*"))
    assert said.total_bytes == pytest.approx(size, rel=0.25)


@pytest.mark.parametrize(
    ("preset", "writer"), [("office-224", "sets"), ("classroom-192", "zip"), ("office-224", "zip")]
)
def test_what_joining_needs_for_a_while(
    preset: str, writer: str, make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against the most that the folder ever held above what it holds in the end."""
    project = make_project(tmp_path, preset, 2, 2, ["placements=10", "shard=20", "background.max_side=null"])
    options = {"set_size": 30} if writer == "sets" else {"writer": writer}
    said, held = foretell(project, 80, **options), []
    publish = LocalFile.publish

    def watched(file: LocalFile) -> None:
        publish(file)
        held.append(sum(path.stat().st_size for path in (tmp_path / "out").glob("*.zip")))

    monkeypatch.setattr(LocalFile, "publish", watched)
    done = make(project, tmp_path / "out", **options)
    assert set(said.bytes) == {*SAMPLE_KINDS} | ({"bg"} if writer == "sets" else set())
    for kind in SAMPLE_KINDS:
        assert said.bytes[kind] == pytest.approx(done.statistics[kind].bytes, rel=0.25)  # type: ignore[attr-defined]
    last = sum(path.stat().st_size for path in (tmp_path / "out").glob("*.zip"))
    assert said.joining == pytest.approx(max(held) - last, rel=0.25, abs=30_000)
    assert (said.joining > 0) == (preset == "classroom-192" or writer == "sets")


def test_the_masks_that_it_shows_are_as_large_as_those_of_the_run(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow computer had seen the plan's first foreground alone when its time was over: 3.6 % of a frame for 5.2 %."""
    monkeypatch.setattr("fgbg_studio.core.dataset.forecast._SECONDS", 0.0)
    project = make_project(tmp_path, n_bg=2, n_fg=6, changes=small("studio-256", "placements=20"))
    found = storage.load(project)
    slim = read_rgba(project / found.foregrounds[0].file)
    slim[:, slim.shape[1] // 3 :, 3] = 0
    (tmp_path / "slim.png").write_bytes(encode(slim, Codec()))
    (added,) = add_foregrounds(project, [tmp_path / "slim.png"])
    assert isinstance(added.picture, Foreground)
    storage.save(project, found.model_copy(update={"foregrounds": (added.picture, *found.foregrounds[1:])}))
    said, done = foretell(project, 480), make(project, tmp_path / "out")
    assert said.pilot < 100
    share = done.statistics["mask"].moments()[0][0]
    assert said.seen.statistics["mask"].moments()[0][0] == pytest.approx(share, rel=0.15)


def test_counts_and_shards(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, n_bg=2, n_fg=3, changes=small("studio-256"))
    said = foretell(project, 24, 3)
    assert said.counts == {"backgrounds": 2, "foregrounds": 3, "mirrored": 2, "placements": 2}
    assert (said.samples, said.shards, said.workers) == (24, 5, 3)
    assert 0 < said.pilot <= 24 + 11 * 16
    assert said.seconds > 0
    assert said.free > 0
    assert said.fits


def test_no_more_pictures_are_prepared_than_a_person_waits_for(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path, n_bg=4, n_fg=3, changes=small("studio-256", "placements=20"))
    whole, prepared = foretell(project, 480), []
    monkeypatch.setattr("fgbg_studio.core.dataset.forecast._PICTURES", 2)
    prepare = Pictures._prepare
    monkeypatch.setattr(Pictures, "_prepare", lambda *args: prepared.append(args[2:]) or prepare(*args))
    said = foretell(project, 480)
    assert sorted(prepared) == [("bg", 0), ("bg", 1), ("fg", 0), ("fg", 1)]
    assert said.counts == whole.counts
    assert said.total_bytes == pytest.approx(whole.total_bytes, rel=0.25)


def test_a_plan_of_one_sample(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, n_bg=1, n_fg=1, changes=small("studio-256", "placements=1", "mirrored=false"))
    said = foretell(project, 1)
    make(project, tmp_path / "out")
    assert said.shards == 1
    assert said.bytes["mask"] == next((tmp_path / "out" / "mask").rglob("*.png")).stat().st_size


def test_without_depth_there_are_no_bytes_of_it(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    assert "depth" not in foretell(project, 16, depth="none").bytes


def test_a_full_disk_is_said_before(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256", "placements=1000"))
    recipe = chosen_recipe(storage.load(project), Options())
    with small_disk(tmp_path / "disk", 1000) as disk:
        said = forecast(recipe, project, disk, 8000)
    assert said.free <= 1_024_000 < said.total_bytes
    assert not said.fits


def test_the_pilot_leaves_nothing_behind(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    before = tree(tmp_path)
    foretell(project, 16)
    assert tree(tmp_path) == before


def test_seconds_grow_with_samples_and_shrink_with_workers(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By one pilot: two differ by what else the machine does."""
    project, measure, measured = make_project(tmp_path, changes=small("studio-256", "placements=1250")), _pilot, []

    def pilot(store: Store, samples: int) -> Any:
        if not measured:
            measured.append(measure(store, samples))
        return measured[0]

    monkeypatch.setattr("fgbg_studio.core.dataset.forecast._pilot", pilot)
    one, four, more = foretell(project, 10_000, 1), foretell(project, 10_000, 4), foretell(project, 20_000, 1)
    assert one.seconds / four.seconds == pytest.approx(4)
    assert more.seconds / one.seconds == pytest.approx(2)
