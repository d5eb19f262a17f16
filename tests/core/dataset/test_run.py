"""Whole runs: every preset, writer, engine and number of workers, with one outcome for each recipe."""

from __future__ import annotations

import csv
import json
import multiprocessing
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset import finalize
from fgbg_studio.core.dataset.record import HIDDEN, open_dataset, write_record
from fgbg_studio.core.dataset.run import Options, chosen_recipe, generate
from fgbg_studio.core.dataset.shards import Extent
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.layout import SAMPLE_KINDS, stem
from fgbg_studio.core.project import presets, storage
from tests.helpers.datasets import SMALL, copy, differing, find, last, look, make, small, tree

MakeProject = Callable[..., Path]
PRESETS = presets.names()


@pytest.fixture(scope="module")
def project(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the default preset: 2 × 2 × 2 × 2 = 16 samples in 4 shards."""
    return make_project(tmp_path_factory.mktemp("project"), changes=small("studio-256"))


@pytest.fixture(scope="module")
def reference(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That project's dataset, made in one go in this process."""
    out = tmp_path_factory.mktemp("reference") / "out"
    make(project, out)
    return out


def rows_of(out: Path) -> list[dict[str, str]]:
    """Of ``samples.csv``."""
    with (out / "samples.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def samples_of(out: Path) -> dict[str, str]:
    """Path → hash of every file of the samples."""
    plan = open_dataset(out).plan()
    names = {name for sample in plan for name in plan.paths(sample)}
    return {name: sha for name, sha in tree(out).items() if name in names}


def test_every_preset_has_a_small_version_here() -> None:
    assert sorted(SMALL) == sorted(PRESETS)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_goes_from_pictures_to_a_dataset_without_fault(
    preset: str, make_project: MakeProject, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = make(make_project(tmp_path, preset, 2, 3, small(preset)), out)
    samples = 2 * 3 * 2 * (4 if preset == "layers-150" else 2)
    assert done.done == done.total == samples
    assert find(out).report()["faults"] == []
    assert {kind: done.statistics[kind].count for kind in SAMPLE_KINDS} == dict.fromkeys(SAMPLE_KINDS, samples)
    assert len(rows_of(out)) == samples


@pytest.mark.parametrize("preset", PRESETS)
def test_statistics_are_those_of_the_files(preset: str, make_project: MakeProject, tmp_path: Path) -> None:
    """What a run counts without reading anything back, against every pixel of every file."""
    settings = presets.get(preset).settings
    done = make(make_project(tmp_path, preset, 2, 2, small(preset)), tmp_path / "out")
    read = look(tmp_path / "out").kinds
    assert list(read) == list(done.statistics)
    for kind, counted in done.statistics.items():
        assert (counted.count, counted.bytes, counted.shapes) == (read[kind].count, read[kind].bytes, read[kind].shapes)
        if getattr(settings.codecs, kind).lossless:
            assert counted.to_dict() == read[kind].to_dict()
        else:
            np.testing.assert_allclose(counted.moments(), read[kind].moments(), atol=0.02)


def test_the_record_says_what_was_made(reference: Path, tmp_path: Path) -> None:
    record = json.loads((reference / "dataset.json").read_bytes())
    assert record["complete"] is True
    assert record["samples"] == 16
    assert record["recipe"]["preset"] == "studio-256"
    assert record["recipe"]["seed"] == 0
    assert {"python", "numpy", "opencv"} <= set(record["versions"])
    assert record["depth"]["kind"] == "metric"
    assert "millimetres" in record["depth"]["stored"]
    read = look(copy(reference, tmp_path / "copy")).report()["kinds"]["fg_bg"]  # which writes into it what it measures
    assert record["statistics"]["fg_bg"] == read | {
        key: record["statistics"]["fg_bg"][key] for key in ("mean", "std", "of")
    }


def test_rows_say_who_stands_where(reference: Path) -> None:
    rows = rows_of(reference)
    assert ",".join(rows[0]) == (
        "name,background,foreground,mirrored,k,x,y,width,height,layer,scale,contact_depth,background_file,foreground_file,"
        "object_x,object_y,object_width,object_height,visible,horizon,focal_length,camera_height"
    )
    plan = open_dataset(reference).plan()
    for row, sample in zip(rows, plan, strict=True):
        assert (int(row["x"]), int(row["y"]), int(row["width"]), int(row["height"])) == sample.box
        folder, name = row["background"], row["name"]
        mask = decode((reference / "mask" / folder / f"{name}.png").read_bytes(), name)
        ys, xs = np.nonzero(mask)
        own = (int(row[f"object_{side}"]) for side in ("x", "y", "width", "height"))
        assert tuple(own) == (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1)
        assert int(row["visible"]) == len(xs)
        recipe = plan.recipe
        assert row["background_file"] == recipe.backgrounds[sample.background].file
        assert row["foreground_file"] == recipe.foregrounds[sample.first.foreground].file
        assert float(row["horizon"]) == pytest.approx(64 * recipe.backgrounds[sample.background].horizon)
        assert float(row["focal_length"]) == pytest.approx(32 / np.tan(np.radians(30)), rel=1e-4)
        assert float(row["camera_height"]) == recipe.backgrounds[sample.background].camera_height
        assert sample.first.x <= xs.min()
        assert xs.max() < sample.first.x + sample.first.width
        assert ys.max() < sample.first.y + sample.first.height
        depth = decode((reference / "depth" / folder / f"{name}.png").read_bytes(), name)
        assert len(set(depth[mask > 0].tolist())) == 1  # upright: one depth for the whole object
        assert depth[mask > 0][0] == pytest.approx(1000 * float(row["contact_depth"]), abs=0.6)


def test_names_with_commas_quotes_and_breaks_stay_in_their_cells(make_project: MakeProject, tmp_path: Path) -> None:
    made = make_project(tmp_path, changes=small("studio-256"))
    project = storage.load(made)
    odd = 'backgrounds/=1+2, "a"\nb;c.png'
    try:
        (made / project.backgrounds[0].file).rename(made / odd)
    except OSError:
        pytest.skip("this disk knows no such names")
    first = project.backgrounds[0].model_copy(update={"file": odd})
    storage.save(made, project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])}))
    for limit in (7, None):
        make(made, tmp_path / "out", limit=limit)
        assert find(tmp_path / "out").report()["faults"] == []
        assert {row["background_file"] for row in rows_of(tmp_path / "out")} == {odd, project.backgrounds[1].file}
    lines = (tmp_path / "out" / "samples.csv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_in_other_processes_make_the_same_bytes(
    workers: int, project: Path, reference: Path, tmp_path: Path
) -> None:
    done = make(project, tmp_path / "out", engine="local", workers=workers)
    assert differing(reference, tmp_path / "out") == []
    assert done.statistics["depth"].to_dict() == last(generate(project, reference)).statistics["depth"].to_dict()
    assert multiprocessing.active_children() == []


def test_shards_of_another_size_make_the_same_pictures(
    make_project: MakeProject, project: Path, reference: Path, tmp_path: Path
) -> None:
    other = make_project(tmp_path, changes=[*small("studio-256"), "shard=7"])
    make(other, tmp_path / "out")
    pictures = {name: sha for name, sha in tree(reference).items() if name.endswith((".png", ".jpg", ".csv"))}
    assert pictures.items() <= tree(tmp_path / "out").items()


def test_another_seed_makes_other_pictures(make_project: MakeProject, reference: Path, tmp_path: Path) -> None:
    make(make_project(tmp_path, changes=[*small("studio-256"), "seed=1"]), tmp_path / "out")
    changed = [name for name in differing(reference, tmp_path / "out") if name.startswith("fg_bg/")]
    assert len(changed) > 8


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("writer", ["zip", "tar"])
def test_archives_make_a_dataset_without_fault(
    preset: str, writer: str, make_project: MakeProject, tmp_path: Path
) -> None:
    made = make_project(tmp_path, preset, 2, 2, small(preset))
    plain = make(made, tmp_path / "folders")
    done = make(made, tmp_path / "out", writer=writer)
    again = make(made, tmp_path / "again", writer=writer)
    assert again.finished
    assert differing(tmp_path / "out", tmp_path / "again") == []
    found = find(tmp_path / "out")
    assert found.report()["faults"] == []
    assert found.files == sum(part.count for part in plain.statistics.values())
    assert look(tmp_path / "out").report() == look(tmp_path / "folders").report()
    assert {kind: part.to_dict() for kind, part in done.statistics.items()} == {
        kind: part.to_dict() for kind, part in plain.statistics.items()
    }


def test_zips_are_one_a_kind_and_shard(project: Path, tmp_path: Path) -> None:
    make(project, tmp_path / "out", writer="zip")
    names = {path.name for path in (tmp_path / "out").glob("*.zip")}
    shards = {f"{kind}-{number:05}.zip" for kind in SAMPLE_KINDS for number in range(4)}
    assert names == shards | {"bg.zip", "fg.zip", "fg_mask.zip"}
    assert json.loads((tmp_path / "out" / "dataset.json").read_bytes())["archives"] == sorted(shards)


def test_null_counts_everything_and_keeps_nothing(project: Path, reference: Path, tmp_path: Path) -> None:
    done = make(project, tmp_path / "out", writer="null")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        HIDDEN, "README.md", "card", "dataset.json", "samples.csv",
    }  # fmt: skip
    plain = last(generate(project, reference, Options(engine="inline")))
    assert done.statistics["fg_bg"].to_dict() == plain.statistics["fg_bg"].to_dict()
    with pytest.raises(DatasetError, match="null"):
        find(tmp_path / "out")


@pytest.mark.parametrize("changes", [["grayscale=true"], ["mirrored=false"], ["codecs.fg_bg.format=png"]])
def test_settings_beside_the_presets_hold_too(changes: list[str], make_project: MakeProject, tmp_path: Path) -> None:
    done = make(make_project(tmp_path, changes=[*small("studio-256"), *changes]), tmp_path / "out")
    assert find(tmp_path / "out").report()["faults"] == []
    assert done.statistics["fg_bg"].shape == [64, 64, 1 if "grayscale=true" in changes else 3]
    assert done.done == (8 if "mirrored=false" in changes else 16)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_depth_is_no_folder_of_depth(preset: str, make_project: MakeProject, tmp_path: Path) -> None:
    done = make(make_project(tmp_path, preset, 1, 1, small(preset)), tmp_path / "out", depth="none")
    assert "depth" not in done.statistics
    assert find(tmp_path / "out").report()["faults"] == []
    assert not [path for path in (tmp_path / "out").iterdir() if "depth" in path.name]


def test_a_foreground_may_fill_a_frame_of_512_pixels(make_project: MakeProject, tmp_path: Path) -> None:
    """Larger than the buffer of boxes that are counted at once."""
    changes = ["size=512", "foreground.sizing=fixed-square", "foreground.sizing.side=500", "placement=uniform"]
    made = make_project(tmp_path, n_bg=1, n_fg=1, changes=[*changes, "placements=2", "mirrored=false"])
    done = make(made, tmp_path / "out")
    assert done.statistics["mask"].to_dict() == look(tmp_path / "out").kinds["mask"].to_dict()
    read = look(tmp_path / "out").kinds["fg_bg"]
    np.testing.assert_allclose(done.statistics["fg_bg"].moments(), read.moments(), atol=0.01)


class TestLimit:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_a_part_is_of_all_pictures_and_its_files_are_those_of_the_whole(
        self, preset: str, make_project: MakeProject, tmp_path: Path
    ) -> None:
        made = make_project(tmp_path, preset, 3, 4, small(preset))
        make(made, tmp_path / "whole")
        done = make(made, tmp_path / "out", limit=14)
        assert done.done == done.total == 14
        assert find(tmp_path / "out").report()["faults"] == []
        found = rows_of(tmp_path / "out")
        times = Counter((row["background"], row["foreground"]) for row in found)
        assert (len(times), max(times.values())) == (12, 2)
        assert {row["mirrored"] for row in found} == {"0", "1"}
        whole, samples = samples_of(tmp_path / "whole"), samples_of(tmp_path / "out")
        assert len(samples) == 3 * 14
        assert samples.items() <= whole.items()
        assert [row for row in rows_of(tmp_path / "whole") if row in found] == found
        for path in (tmp_path / "out").glob("labels/*"):
            lines = (tmp_path / "whole" / "labels" / path.name).read_text().splitlines()
            part = path.read_text().splitlines()
            assert [line for line in lines if line in part] == part

    @pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
    def test_a_limit_can_be_raised_and_then_left_out(
        self, writer: str, project: Path, reference: Path, tmp_path: Path
    ) -> None:
        out, made = tmp_path / "out", {3: 3, 7: 4, 12: 5, None: 4}
        for limit in (3, 7, 7, 12, None):
            before = {path: path.stat().st_mtime_ns for path in (out / HIDDEN / "shards").glob("*")}
            archives = {path: path.read_bytes() for path in out.glob(f"*.{writer}")}
            steps = list(generate(project, out, Options(limit=limit, writer=writer, engine="inline")))
            samples = [step.done for step in steps if step.phase == "making samples"]
            assert samples[-1] - samples[0] == made.pop(limit, 0), "only what is new is made"
            assert {path: path.stat().st_mtime_ns for path in before} == before
            assert {path: path.read_bytes() for path in archives} == archives
            assert find(out).report()["faults"] == []
        assert rows_of(out) == rows_of(reference)
        assert look(out).report() == look(copy(reference, tmp_path / "copy")).report()
        if writer == "folders":
            assert samples_of(out) == samples_of(reference)
        record = json.loads((out / "dataset.json").read_bytes())
        assert (record["order"], record["limits"], record["samples"]) == ("spread", [3, 7, 12], 16)

    def test_the_same_limit_makes_the_same_bytes(self, project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "one", limit=11, writer="zip")
        make(project, tmp_path / "two", limit=11, writer="zip", engine="local", workers=2)
        assert differing(tmp_path / "one", tmp_path / "two") == []

    def test_a_run_that_made_nothing_yet_may_begin_in_another_order(self, project: Path, tmp_path: Path) -> None:
        for step in generate(project, tmp_path / "out", Options(limit=4, engine="inline")):
            if step.phase == "preparing pictures":
                break
        make(project, tmp_path / "out")
        assert json.loads((tmp_path / "out" / "dataset.json").read_bytes())["order"] == "plan"

    def test_what_an_earlier_version_began_goes_on_as_it_was(self, project: Path, tmp_path: Path) -> None:
        """The first seven of the plan, in a record that knows of no order."""
        store = LocalStore(out := tmp_path / "out")
        write_record(store, chosen_recipe(storage.load(project), Options()), Extent(7), 1, complete=False)
        store.put("bg/begun", b"")
        assert make(project, out, limit=7).done == 7
        (out / "bg" / "begun").unlink()
        for limit in (7, 10, None):
            make(project, out, limit=limit)
            assert find(out).report()["faults"] == []
            record = json.loads((out / "dataset.json").read_bytes())
            assert record["format"] == 1
            assert "order" not in record
            plan = open_dataset(out).plan()
            names = [stem(plan.paths(sample).fg_bg) for sample in plan[: record["samples"]]]
            assert [row["name"] for row in rows_of(out)] == names

    def test_an_interrupted_part_goes_on(self, project: Path, tmp_path: Path) -> None:
        control = EventControl()
        for step in generate(project, tmp_path / "out", Options(limit=12, engine="inline"), control):
            if step.phase == "making samples" and step.newest:
                control.cancel()
        make(project, tmp_path / "out", limit=12)
        make(project, tmp_path / "once", limit=12)
        assert differing(tmp_path / "out", tmp_path / "once") == []

    def test_rows_are_put_in_order_some_at_a_time(
        self, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(project, tmp_path / "one", limit=13)
        monkeypatch.setattr(finalize, "_AT_ONCE", 3)
        make(project, tmp_path / "two", limit=13)
        assert differing(tmp_path / "one", tmp_path / "two") == []

    def test_a_limit_beyond_the_plan_is_the_whole_plan(self, project: Path, reference: Path, tmp_path: Path) -> None:
        assert make(project, tmp_path / "out", limit=10_000).done == 16
        assert differing(reference, tmp_path / "out") == []

    def test_a_lower_limit_is_refused_and_nothing_is_lost(self, project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "out", limit=10)
        before = tree(tmp_path / "out")
        with pytest.raises(DatasetError, match=r"10 samples, more than 4"):
            make(project, tmp_path / "out", limit=4)
        assert tree(tmp_path / "out") == before


def test_what_was_measured_stays_when_a_finished_dataset_is_run_again(project: Path, tmp_path: Path) -> None:
    make(project, tmp_path / "out")
    find(tmp_path / "out")
    before = tree(tmp_path / "out")
    make(project, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_a_finished_dataset_is_left_as_it_is(project: Path, reference: Path) -> None:
    before, first = tree(reference), (reference / "fg_bg").rglob("*.jpg")
    times = {path: path.stat().st_mtime_ns for path in first}
    assert make(project, reference).done == 16
    assert tree(reference) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_the_dataset_needs_its_project_no_more(make_project: MakeProject, reference: Path, tmp_path: Path) -> None:
    """Everything after the preparation comes from the dataset's own folder, moved or not."""
    made = make_project(tmp_path, changes=small("studio-256"))
    make(made, tmp_path / "out", limit=5)
    for picture in [*(made / "backgrounds").iterdir(), *(made / "foregrounds").iterdir()]:
        picture.unlink()
    (tmp_path / "out").rename(tmp_path / "moved")
    make(made, tmp_path / "moved")
    assert samples_of(tmp_path / "moved") == samples_of(reference)
    assert rows_of(tmp_path / "moved") == rows_of(reference)


def test_the_way_out_of_a_damaged_archive_works(project: Path, tmp_path: Path) -> None:
    """The message says to remove it and to run the same command again."""
    make(project, tmp_path / "clean", writer="zip")
    for name in ("mask-00001.zip", "bg.zip"):
        out = tmp_path / name
        make(project, out, writer="zip")
        (out / name).write_bytes((out / name).read_bytes()[:-30])
        with pytest.raises(DatasetError, match=f"{name} is damaged") as caught:
            look(out)
        assert GenerateAgain("if this program made it, remove it") in caught.value.remedies
        (out / name).unlink()
        make(project, out, writer="zip")
        assert differing(tmp_path / "clean", out) == []
