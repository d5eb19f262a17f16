"""A dataset whose foregrounds are matched to their backgrounds: the same files after a stop, counted and verified."""

from __future__ import annotations

from pathlib import Path

from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.project import storage
from tests.conftest import MakeProject
from tests.helpers.datasets import differing, find, last, make, small

LOOKS = [
    "compositing.mode=mixed", "appearance.colour=[0.2, 0.9]", "appearance.exposure=[-0.5, 0.5]",
    "appearance.sharpness=[0.5, 1]", "appearance.grain=[0.5, 1]", "appearance.contact_shadow=[0.3, 0.6]",
    "appearance.cast_shadow=[0.3, 0.6]",
]  # fmt: skip


def test_the_same_files_after_a_stop(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(tmp_path, "studio-256", 2, 3, small("studio-256", "mirrored=false", *LOOKS))
    make(project, tmp_path / "one")
    control = EventControl()
    for progress in generate(project, tmp_path / "two", Options(engine="inline"), control):
        if progress.done >= 5:
            control.cancel()
    last(generate(project, tmp_path / "two", Options(engine="inline")))
    assert differing(tmp_path / "one", tmp_path / "two") == []
    found = find(tmp_path / "one").report()  # counts every pixel of every file, where the run has counted boxes
    assert (found["clean"], found["faults"]) == (True, [])
    said = (tmp_path / "one" / "README.md").read_text(encoding="utf-8")
    assert "cast shadow 0.3 to 0.6" in said
    assert storage.load(project).settings.appearance.said in said


def test_several_objects_and_things_in_front_are_matched_too(make_project: MakeProject, tmp_path: Path) -> None:
    scene = ["mirrored=false", "scene.objects.most=3", "scene.instances=true", "scene.front.hides=true"]
    make(make_project(tmp_path, "studio-256", 2, 3, small("studio-256", *scene, *LOOKS)), tmp_path / "out")
    assert find(tmp_path / "out").report()["clean"]
