"""What a careful reviewer would object to: each fault alone is found, and a sound project has none."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.files import file_hash
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.base.remedies import AddPictures, FindCameras, Set, SetHorizons
from fgbg_studio.core.dataset.check import check
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.selftest.networks import FOLDER
from tests.conftest import MakeProject, draw_background, draw_cutout, write_picture


def issues(folder: Path) -> list[Issue]:
    return list(check(folder, storage.load(folder)))


def codes(folder: Path) -> Counter[str]:
    return Counter(issue.code for issue in issues(folder))


def change(folder: Path, *changes: str) -> None:
    storage.save(folder, storage.changed(storage.load(folder), parsed(changes)))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A project to which there is nothing to object: sharp, different, exact, of one size."""
    folder = tmp_path / "sound"
    storage.create(folder, "studio-256", {"placement": "uniform", "foreground.sizing.pixels": 100})
    drawn = [write_picture(tmp_path / f"b{i}.png", draw_background(i, 320, 300)) for i in range(3)]
    drawn_fg = [write_picture(tmp_path / f"f{i}.png", draw_cutout(i, 120, 200, margin=10)) for i in range(2)]
    assert all(v.picture for v in [*add_backgrounds(folder, drawn), *add_foregrounds(folder, drawn_fg)])
    with_horizons(folder)
    return folder


def with_horizons(folder: Path) -> None:
    """Set a horizon where none is, of each its own."""
    project = storage.load(folder)
    own = tuple(
        one if one.horizon else one.model_copy(update={"horizon": 0.45 - 0.001 * number})
        for number, one in enumerate(project.backgrounds)
    )
    storage.save(folder, project.model_copy(update={"backgrounds": own}))


def with_cutout(folder: Path, cutout: Pixels) -> None:
    """One more foreground; its verdict must be good, as `check` is what is tested."""
    path = write_picture(folder.parent / "more.png", cutout)
    (verdict,) = add_foregrounds(folder, [path])
    assert verdict.picture


def large() -> Pixels:
    return draw_cutout(7, 120, 200, margin=10)


class TestSound:
    def test_nothing_to_object_to(self, sound: Path) -> None:
        assert issues(sound) == []

    def test_issues_name_severity_code_and_file(self, sound: Path) -> None:
        (sound / "foregrounds" / "f0.png").unlink()
        (found,) = issues(sound)
        assert (found.severity, found.code, found.file) == ("error", "file", "foregrounds/f0.png")
        assert "missing" in found.message


class TestCutouts:
    def test_haze(self, sound: Path) -> None:
        """Alpha 1 to 60 over the whole rectangle pastes a grey box 4,000 times."""
        cutout = large()
        cutout[..., 3] = np.maximum(cutout[..., 3], np.linspace(1, 60, cutout.shape[1]).astype(np.uint8))
        with_cutout(sound, cutout)
        found = issues(sound)
        assert [o.code for o in found] == ["haze"]
        assert found[0].file == "foregrounds/more.png"
        assert "more.png" in found[0].message

    def test_islands(self, sound: Path) -> None:
        cutout = large()
        cutout[12:14, 12:14, 3] = 255
        with_cutout(sound, cutout)
        assert "islands" in codes(sound)

    def test_holes(self, sound: Path) -> None:
        """Dark clothes made holes in masks made by a threshold."""
        cutout = large()
        for row in (120, 140, 160):
            for column in (50, 60, 70):
                cutout[row : row + 3, column : column + 3, 3] = 0
        with_cutout(sound, cutout)
        assert "holes" in codes(sound)

    @pytest.mark.parametrize("side", ["left", "top", "right"])
    def test_cut_by_the_frame(self, sound: Path, side: str) -> None:
        cutout = large()
        part = {"left": cutout[:, 60:], "top": cutout[60:], "right": cutout[:, :60]}[side]
        with_cutout(sound, np.ascontiguousarray(part))
        assert "cut-by-frame" in codes(sound)

    def test_an_alpha_that_became_empty_or_full_since_is_a_changed_file(self, sound: Path) -> None:
        for alpha in (0, 255):
            cutout = large()
            cutout[..., 3] = alpha
            (sound / "foregrounds" / "f0.png").write_bytes(encode(cutout, Codec()))
            assert codes(sound) == {"file": 1}

    def test_larger_than_the_background(self, sound: Path) -> None:
        change(sound, "foreground.sizing.pixels=300")
        (found,) = [o for o in issues(sound) if o.severity == "error"]
        assert found.code == "plan"
        assert "foregrounds/f0.png does not fit into a frame of 256 px" in found.message

    def test_enlarged(self, sound: Path) -> None:
        with_cutout(sound, draw_cutout(9, 40, 60, margin=4))
        found = issues(sound)
        assert [(o.code, o.file) for o in found if o.code == "enlarged"] == [("enlarged", "foregrounds/more.png")]
        assert "1.9 times" in next(o.message for o in found if o.code == "enlarged")


class TestBackgrounds:
    @pytest.mark.parametrize("how", ["jpeg", "smaller", "brighter"])
    def test_a_near_duplicate(self, sound: Path, tmp_path: Path, how: str) -> None:
        """One duplicate background is 4,000 redundant triples."""
        twin = draw_background(1, 320, 300)
        if how == "smaller":
            twin = np.asarray(cv2.resize(twin, (288, 270), interpolation=cv2.INTER_AREA), np.uint8)
        if how == "brighter":
            twin = np.asarray(np.clip(twin * 1.08, 0, 255), np.uint8)
        codec = Codec("jpeg", 70) if how == "jpeg" else Codec()
        (verdict,) = add_backgrounds(sound, [write_picture(tmp_path / "twin.png", twin, codec)])
        assert verdict.picture
        with_horizons(sound)
        (found,) = issues(sound)
        assert (found.code, found.file) == ("near-duplicate", "backgrounds/twin.png")
        assert "backgrounds/b1.png and backgrounds/twin.png" in found.message

    def test_frames_of_a_still_camera_are_one_issue(self, sound: Path, tmp_path: Path) -> None:
        frames = tmp_path / "frames"
        for number in range(40):
            lighter = np.clip(draw_background(7, 320, 300).astype(int) + number // 2, 0, 255).astype(np.uint8)
            write_picture(frames / f"{number:02}.jpg", lighter, Codec("jpeg", 60 + number % 30))
        list(add_backgrounds(sound, [frames]))
        with_horizons(sound)
        (found,) = issues(sound)
        assert found.code == "near-duplicate"
        names = [f"backgrounds/{number:02}.jpg" for number in range(3)]
        assert f"{', '.join(names)} and 37 more look alike" in found.message

    def test_twins_that_were_both_kept_are_no_issue(self, sound: Path, tmp_path: Path) -> None:
        list(add_backgrounds(sound, [write_picture(tmp_path / "twin.png", draw_background(1, 318, 300))]))
        with_horizons(sound)
        project = storage.load(sound)
        kept = tuple(b.model_copy(update={"kept": True}) for b in project.backgrounds)
        storage.save(sound, project.model_copy(update={"backgrounds": kept}))
        assert issues(sound) == []

    def test_dark_and_grey_ones_among_others(self, sound: Path, tmp_path: Path) -> None:
        dark, grey = draw_background(11, 320, 300) // 40, draw_background(12, 320, 300)
        grey[:] = grey[..., :1]
        for name, pixels in (("dark", dark), ("grey", grey)):
            list(add_backgrounds(sound, [write_picture(tmp_path / f"{name}.png", pixels)]))
        found = {o.code: (o.severity, o.file) for o in issues(sound)}
        assert found["dark"] == ("warning", "backgrounds/dark.png")
        assert found["grey"][0] == "warning"

    def test_transparent_areas_of_an_older_project(self, sound: Path) -> None:
        """They were taken once, with the colours that are hidden there."""
        project = storage.load(sound)
        path = sound / project.backgrounds[0].file
        rgba = np.dstack([draw_background(1, 320, 300), np.full((300, 320), 255, np.uint8)])
        rgba[:9, :9, 3] = 0
        path.write_bytes(encode(rgba, Codec()))
        changed = project.backgrounds[0].model_copy(update={"sha256": file_hash(path)})
        storage.save(sound, project.model_copy(update={"backgrounds": (changed, *project.backgrounds[1:])}))
        (found,) = [o for o in issues(sound) if o.severity == "error"]
        assert (found.code, found.file) == ("transparent", changed.file)

    def test_a_rejected_twin_is_no_issue(self, sound: Path, tmp_path: Path) -> None:
        list(add_backgrounds(sound, [write_picture(tmp_path / "twin.png", draw_background(1, 318, 300))]))
        with_horizons(sound)
        project = storage.load(sound)
        twin = project.backgrounds[-1].model_copy(update={"status": "rejected"})
        storage.save(sound, project.model_copy(update={"backgrounds": (*project.backgrounds[:-1], twin)}))
        assert issues(sound) == []

    def test_enlarged(self, sound: Path, tmp_path: Path) -> None:
        list(add_backgrounds(sound, [write_picture(tmp_path / "small.png", draw_background(8, 200, 150))]))
        with_horizons(sound)
        (found,) = issues(sound)
        assert (found.code, found.file) == ("enlarged", "backgrounds/small.png")
        assert "from 150 to 256 px" in found.message

    def test_a_stored_crop_counts_as_the_picture(self, sound: Path) -> None:
        project = storage.load(sound)
        first = project.backgrounds[0].model_copy(update={"crop": (10, 10, 100)})
        storage.save(sound, project.model_copy(update={"backgrounds": (first, *project.backgrounds[1:])}))
        (found,) = issues(sound)
        assert "from 100 to 256 px" in found.message

    def test_a_file_that_was_changed(self, sound: Path) -> None:
        path = sound / "backgrounds" / "b2.png"
        path.write_bytes(path.read_bytes() + b"\0")
        (found,) = issues(sound)
        assert (found.severity, found.code, found.file) == ("error", "file", "backgrounds/b2.png")
        assert "was changed" in found.message


class TestSettings:
    @pytest.mark.parametrize(
        ("change_", "code"),
        [
            ('codecs.mask={"format":"jpeg"}', "mask-jpeg"),
            ('depth={"way":"geometry","encoding":"uint16-millimetres","size":240}', "depth-size"),
        ],
    )
    def test_one_trap_each(self, sound: Path, change_: str, code: str) -> None:
        change(sound, change_)
        assert codes(sound) == {code: 1}

    @pytest.mark.parametrize("encoding", ["uint8-stretched", "uint8-stretched-inverted"])
    def test_a_stretch_of_each_picture_by_itself(self, sound: Path, encoding: str) -> None:
        change(sound, f"depth.encoding={encoding}")
        assert codes(sound) == {"depth-stretched": 1}

    def test_things_in_front_that_no_depth_tells(self, sound: Path) -> None:
        change(sound, "depth.way=none", "scene.front.hides=true")
        assert codes(sound) == {"hides-nothing": 1}
        change(sound, "depth.way=geometry")
        assert codes(sound) == {}

    def test_without_depth_its_traps_do_not_matter(self, sound: Path) -> None:
        change(sound, "depth.encoding=uint8-stretched-inverted", "depth.size=240", "depth.way=none")
        assert issues(sound) == []

    def test_the_traps_of_the_hand_made_datasets(self, tmp_path: Path, make_project: MakeProject) -> None:
        expected: dict[str, set[str]] = {
            "classroom-192": {"mask-jpeg", "depth-jpeg", "depth-stretched", "depth-size"},
            "street-224": {"mask-jpeg", "depth-jpeg", "depth-stretched"},
            "office-224": {"mask-jpeg", "depth-jpeg"},
            "layers-150": {"mask-jpeg", "depth-jpeg"},
            "course-200": {"mask-wide", "mask-jpeg"},
        }
        for name, traps in expected.items():
            folder = make_project(tmp_path, name, name=name)
            about_settings = {o.code for o in issues(folder) if not o.file}
            assert about_settings == traps, name

    def test_every_way_out_that_is_named_can_be_gone(self, tmp_path: Path, make_project: MakeProject) -> None:
        """What a message tells the user to set must be settings that the program takes."""
        folder = make_project(tmp_path, "classroom-192")
        before = storage.load(folder)
        named = 0
        for issue in issues(folder):
            asked = [remedy.settings for remedy in issue.remedies if isinstance(remedy, Set)]
            if asked:
                storage.save(folder, storage.changed(before, asked[0]))
                assert issue.code not in codes(folder)
                named += 1
        assert named == 3


class TestEmpty:
    def test_a_new_project(self, tmp_path: Path) -> None:
        storage.create(tmp_path / "p", "studio-256")
        (found,) = issues(tmp_path / "p")
        assert (found.severity, found.code) == ("error", "plan")
        assert "no good backgrounds" in found.message
        assert found.remedies == (AddPictures("backgrounds"),)

    def test_backgrounds_alone(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path, n_fg=0)
        errors = [o for o in issues(folder) if o.severity == "error"]
        assert len(errors) == 1
        assert "no good foregrounds" in errors[0].message

    def test_all_rejected(self, sound: Path) -> None:
        data: Any = json.loads((sound / "project.json").read_bytes())
        for picture in data["foregrounds"]:
            picture["status"] = "rejected"
        (sound / "project.json").write_text(json.dumps(data))
        assert "no good foregrounds" in issues(sound)[0].message


def test_the_real_scenes(shared: Path, tmp_path: Path) -> None:
    """Hand-made cutouts with their real flaws: some are found, none stops the run; that no horizon is set does."""
    storage.create(tmp_path / "p", "street-224")
    scenes = shared / "data" / "scenes"
    assert all(v.picture for v in add_backgrounds(tmp_path / "p", [scenes / "bg"]))
    assert all(v.picture for v in add_foregrounds(tmp_path / "p", [scenes / "fg"]))
    found = issues(tmp_path / "p")
    assert [o.code for o in found if o.severity == "error"] == ["horizon"]
    about = {o.code for o in found}
    assert {"haze", "islands", "cut-by-frame"} <= about
    flawed = {o.file for o in found if o.file.startswith("foregrounds/")}
    assert 0 < len(flawed) < 50


class TestDepth:
    def without(self, folder: Path, count: int) -> None:
        project = storage.load(folder)
        own = [
            one.model_copy(update={"horizon": None if number < count else 0.4})
            for number, one in enumerate(project.backgrounds)
        ]
        storage.save(folder, project.model_copy(update={"backgrounds": tuple(own)}))

    @pytest.mark.parametrize(("count", "severity"), [(0, None), (1, "warning"), (2, "error"), (3, "error")])
    def test_backgrounds_that_would_get_the_same_map(self, sound: Path, count: int, severity: str | None) -> None:
        self.without(sound, count)
        found = [issue for issue in issues(sound) if issue.code == "horizon"]
        assert [issue.severity for issue in found] == ([severity] if severity else [])
        for issue in found:
            assert (issue.file, len(issue.more_files)) == ("backgrounds/b0.png", count - 1)
            assert ("they would all get the same depth map" in issue.message) == (severity == "error")
            assert SetHorizons("backgrounds/b0.png") in issue.remedies
            assert issue.remedies[0] == FindCameras()

    def test_two_backgrounds_may_be_of_one_place(self, sound: Path) -> None:
        self.without(sound, 3)
        project = storage.load(sound)
        storage.save(sound, project.model_copy(update={"backgrounds": project.backgrounds[:2]}))
        assert [issue.severity for issue in issues(sound) if issue.code == "horizon"] == ["warning"]

    def test_one_horizon_for_all_is_said_where_somebody_set_it(self, sound: Path) -> None:
        """It silenced the error of the same cause without a word."""
        self.without(sound, 0)
        (found,) = issues(sound)
        assert (found.severity, found.code, len(found.more_files)) == ("warning", "same-horizon", 2)
        assert found.message == (
            "all 3 backgrounds have the same horizon (40% of the height): they get the same depth map"
        )
        project = storage.load(sound)
        first, *rest = project.backgrounds
        for own in ({"horizon": 0.41}, {"camera_height": 1.2}, {"wall": 5.0}, {"status": "rejected"}):
            others = (first.model_copy(update=own), *rest)
            storage.save(sound, project.model_copy(update={"backgrounds": others}))
            assert "same-horizon" not in codes(sound), own
        storage.save(sound, project)
        change(sound, "depth.way=none")
        assert issues(sound) == []

    @pytest.mark.parametrize("encoding", ["uint8-stretched", "uint8-stretched-inverted"])
    def test_ground_to_the_horizon_stretched(self, sound: Path, encoding: str) -> None:
        change(sound, f"depth.encoding={encoding}")
        assert "depth-stretched-far" not in codes(sound)
        project = storage.load(sound)
        first, *rest = project.backgrounds
        storage.save(
            sound, project.model_copy(update={"backgrounds": (first.model_copy(update={"wall": "none"}), *rest)})
        )
        (found,) = (one for one in issues(sound) if one.code == "depth-stretched-far")
        assert found.severity == "warning"
        assert found.message.startswith("the ground of 1 of 3 backgrounds goes on so far that, stretched")
        assert Set({"depth.encoding": "uint16-millimetres", "codecs.depth.format": "png"}, "keep metres") in (
            found.remedies
        )
        change(sound, "depth.encoding=uint16-millimetres")
        assert "depth-stretched-far" not in codes(sound)

    def test_a_network_that_is_not_run_is_not_passed_over(self, sound: Path) -> None:
        change(sound, "depth.way=inserted", f"depth.model={FOLDER / 'tiny.tflite'}")
        (found,) = issues(sound)
        assert (found.severity, found.code) == ("warning", "depth-unmeasured")
        assert "forecast" in found.said()
        change(sound, "depth.way=network")
        assert "depth-unmeasured" not in codes(sound)

    def test_a_network_that_is_not_at_hand_stops_a_run(
        self, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FGBG_STUDIO_CACHE", str(tmp_path / "cache"))
        for way, model in (("inserted", "fastdepth"), ("network", "/nowhere/net.tflite"), ("network", str(sound))):
            change(sound, f"depth.way={way}", f"depth.model={model}")
            (found,) = (one for one in issues(sound) if one.stops)
            assert (found.severity, found.code) == ("error", "network")
        change(sound, "depth.model=null")
        (found,) = (one for one in issues(sound) if one.stops)
        assert Set({"depth.way": "geometry"}, "use geometry, which needs none") in found.remedies
        change(sound, "depth.way=geometry")
        assert not [one for one in issues(sound) if one.stops]

    def test_a_way_that_needs_no_camera_has_no_such_fault(self, sound: Path) -> None:
        self.without(sound, 3)
        change(sound, "depth.way=none")
        assert "horizon" not in codes(sound)
        change(sound, "placement=perspective")
        assert [issue.severity for issue in issues(sound) if issue.code == "horizon"] == ["warning"]

    def test_a_wall_beyond_what_can_be_stored(self, sound: Path) -> None:
        change(sound, "depth.encoding=uint8-linear", "depth.encoding.far=5")
        (issue,) = (one for one in issues(sound) if one.code == "depth-too-far")
        assert issue.severity == "error"
        change(sound, "depth.encoding.far=10")
        assert "depth-too-far" not in codes(sound)

    @pytest.mark.parametrize(
        ("changes", "wrong"),
        [
            (["depth.encoding=uint16-relative"], True),
            (["depth.way=inserted", "depth.model=fastdepth", "depth.encoding=uint16-relative"], True),
            (["depth.way=inserted", "depth.model=midas-v2.1-small"], True),
            (["depth.way=inserted", "depth.model=midas-v2.1-small", "depth.encoding=uint16-relative"], False),
            (["depth.way=inserted", "depth.model=fastdepth"], False),
            (["depth.way=inserted", "depth.model=mine.onnx", "depth.encoding=uint16-relative"], False),
        ],
    )
    def test_an_encoding_that_does_not_fit(self, sound: Path, changes: list[str], wrong: bool) -> None:
        change(sound, *changes)
        assert ("depth-encoding" in codes(sound)) == wrong

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ([], None),
            (["depth.encoding=uint8-stretched"], "depth-no-value"),
            (["depth.encoding=uint8-linear", "codecs.depth.format=jpeg"], "depth-no-value-jpeg"),
        ],
    )
    def test_a_sky_that_cannot_be_stored(self, sound: Path, changes: list[str], code: str | None) -> None:
        project = storage.load(sound)
        first, *rest = project.backgrounds
        outdoors = (first.model_copy(update={"wall": "none"}), *rest)
        storage.save(sound, project.model_copy(update={"backgrounds": outdoors}))
        change(sound, *changes)
        assert {one for one in codes(sound) if one.startswith("depth-no-value")} == ({code} if code else set())
