"""The project's file: kept atomically, checked when read, portable, held by one program at a time."""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.errors import ProjectError, UsageError
from fgbg_studio.core.base.remedies import NewProject, Update
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.plan.recipe import Recipe, make_recipe
from fgbg_studio.core.project import model, presets, storage
from fgbg_studio.core.project.appearance import LIGHT
from fgbg_studio.core.project.framing import with_values
from fgbg_studio.core.project.model import Project
from tests.conftest import ROOT, MakeProject, as_nobody, full_disk


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Path:
    """A project with two pictures of each kind; not to be changed."""
    return make_project(tmp_path_factory.mktemp("filled"))


class TestCreating:
    @pytest.mark.parametrize("name", presets.names())
    def test_starts_as_its_preset(self, tmp_path: Path, name: str) -> None:
        made = storage.create(tmp_path / "rooms", name)
        assert made.settings == presets.get(name).settings
        assert (made.name, made.preset, made.seed) == ("rooms", name, 0)
        assert storage.load(tmp_path / "rooms") == made
        assert {p.name for p in (tmp_path / "rooms").iterdir()} == {"project.json", "rooms.fgbg"}

    def test_changes_are_applied(self, tmp_path: Path) -> None:
        made = storage.create(tmp_path / "p", "studio-256", {"seed": 7, "name": "my rooms", "placement": "layers"})
        assert (made.seed, made.name, made.settings.placement) == (7, "my rooms", Layers())
        assert storage.load(tmp_path / "p") == made

    @pytest.mark.parametrize(
        "change", ["seed=-1", "seed=x", "seed=9223372036854775808", "colour=red", "placement.smallest=7"]
    )
    def test_a_wrong_change_makes_nothing(self, tmp_path: Path, change: str) -> None:
        with pytest.raises(UsageError):
            storage.create(tmp_path / "p", "studio-256", parsed([change]))
        assert not (tmp_path / "p").exists()

    def test_an_unknown_preset_makes_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no preset called 'studio'"):
            storage.create(tmp_path / "p", "studio")
        assert not (tmp_path / "p").exists()

    def test_never_over_a_project_or_other_files(self, tmp_path: Path) -> None:
        storage.create(tmp_path / "p", "studio-256", {"seed": 3})
        with pytest.raises(ProjectError, match="holds a project already"):
            storage.create(tmp_path / "p", "street-224")
        assert storage.load(tmp_path / "p").seed == 3
        (tmp_path / "q").mkdir()
        (tmp_path / "q" / "thesis.tex").touch()
        (tmp_path / "r").touch()
        for name in ("q", "r"):
            with pytest.raises(ProjectError, match="not an empty folder"):
                storage.create(tmp_path / name, "studio-256")

    def test_where_nobody_may_write(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o555)
        try:
            with as_nobody(), pytest.raises(ProjectError, match="cannot be"):
                storage.create(tmp_path / "p", "studio-256")
        finally:
            tmp_path.chmod(0o755)

    def test_a_folder_whose_name_is_no_text(self, tmp_path: Path) -> None:
        """Old archives leave names whose bytes are no UTF-8; JSON cannot hold them."""
        folder = tmp_path / "R\udce4ume"
        try:
            storage.create(folder, "studio-256")
        except ProjectError:
            pytest.skip("this disk knows no such names")
        assert storage.load(folder).name == "R_ume"


class TestSaving:
    def test_a_full_disk_leaves_the_project_as_it_was(self, tmp_path: Path) -> None:
        made = storage.create(tmp_path / "p", "studio-256", {"seed": 1})
        full_disk(tmp_path / "p" / "project.json")
        with pytest.raises(ProjectError, match=r"project\.json cannot be written \(No space left"):
            storage.save(tmp_path / "p", made.model_copy(update={"seed": 2}))
        assert storage.load(tmp_path / "p").seed == 1

    def test_any_text_comes_back(self, tmp_path: Path) -> None:
        made = storage.create(tmp_path / "p", "studio-256")
        for name in ("Räume", "部屋", 'a "b" \\ c', "one\ntwo", "🏠"):
            storage.save(tmp_path / "p", made.model_copy(update={"name": name}))
            assert storage.load(tmp_path / "p").name == name

    def test_paths_are_relative_and_the_folder_can_be_moved(self, tmp_path: Path, make_project: MakeProject) -> None:
        folder = make_project(tmp_path, n_bg=1, n_fg=1)
        moved = folder.rename(tmp_path / "elsewhere")
        assert str(tmp_path) not in (moved / "project.json").read_text()
        project = storage.load(moved)
        for picture in (*project.backgrounds, *project.foregrounds):
            assert not Path(picture.file).is_absolute()
            assert (moved / picture.file).is_file()
        pictures = Pictures(make_recipe(project), None, moved)
        assert pictures.background(0).shape == (256, 256, 3)
        assert pictures.foreground(0).shape[2] == 4


class TestLoading:
    def test_no_project(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "missing"):
            with pytest.raises(ProjectError, match=r"holds no project \(project\.json is missing\)") as caught:
                storage.load(folder)
            assert caught.value.remedies == (NewProject(),)
        (tmp_path / "file").touch()
        with pytest.raises(ProjectError, match="holds no project"):
            storage.load(tmp_path / "file")

    def test_a_newer_version(self, tmp_path: Path) -> None:
        storage.create(tmp_path / "p", "studio-256")
        change(tmp_path / "p", lambda data: data.update(format=model.FORMAT + 1, secrets=[]))
        with pytest.raises(ProjectError, match=r"project\.json was written by a newer version \(format \d") as caught:
            storage.load(tmp_path / "p")
        assert caught.value.remedies == (Update(),)

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "null", "5", '"x"', "{}", '{"format": "1"}', '{"format": 0}', "\xff"]
    )
    def test_what_is_no_project(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "project.json").write_bytes(text.encode("latin-1"))
        with pytest.raises(ProjectError, match=r"project\.json"):
            storage.load(tmp_path)

    @pytest.mark.parametrize(
        ("damage", "names"),
        [
            (lambda d: d.update(colour=1), "colour"),
            (lambda d: d.pop("settings"), "settings"),
            (lambda d: d["settings"].update(size=3), "size"),
            (lambda d: d["settings"].update(placement=5), "placement"),
            (lambda d: d["settings"].update(placement={"name": "unifrom"}), "unifrom"),
            (lambda d: d["settings"]["layout"].update(colour=1), "colour"),
            (lambda d: d["backgrounds"][0].update(sha256="abc"), r"backgrounds\.0\.sha256"),
            (lambda d: d["backgrounds"][0].update(horizon=7), r"backgrounds\.0\.horizon"),
            (lambda d: d["backgrounds"][0].update(camera_height=0), "camera_height"),
            (lambda d: d["backgrounds"][0].update(crop=[0, 0, 0]), "crop"),
            (lambda d: d["foregrounds"][0].update(box=[0, 0, 0, 0]), "box"),
            (lambda d: d["foregrounds"][0].update(box=[0, 0, 999, 9]), "foregrounds.*box.*outside"),
            (lambda d: d["foregrounds"][1].update(contour=[-1, 0, 9, 9]), "contour"),
            (lambda d: d["foregrounds"][0].update(real_height=-1), "real_height"),
        ],
    )
    def test_damage_is_named(self, filled: Path, tmp_path: Path, damage: Any, names: str) -> None:
        data = json.loads((filled / "project.json").read_bytes())
        damage(data)
        (tmp_path / "project.json").write_text(json.dumps(data))
        with pytest.raises(ProjectError, match=names) as caught:
            storage.load(tmp_path)
        assert "project.json" in caught.value.problem

    @given(share=st.floats(0, 0.999))
    def test_any_beginning_of_the_file_is_refused(
        self, filled: Path, tmp_path_factory: pytest.TempPathFactory, share: float
    ) -> None:
        text = (filled / "project.json").read_bytes().rstrip()
        folder = tmp_path_factory.mktemp("damaged")
        (folder / "project.json").write_bytes(text[: int(len(text) * share)])
        with pytest.raises(ProjectError):
            storage.load(folder)

    @given(seed=st.integers(0, 2**32))
    def test_any_value_anywhere_is_taken_or_refused(
        self, filled: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
    ) -> None:
        rng, data = random.Random(seed), json.loads((filled / "project.json").read_bytes())
        place: Any = data
        while isinstance(place, dict | list) and place:
            key: Any = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
            if rng.random() < 0.3 or not isinstance(place[key], dict | list) or not place[key]:
                place[key] = copy.deepcopy(rng.choice([None, -1, 0, 1, 1e9, "x", "", [], {}, [1], {"name": "x"}, True]))
                break
            place = place[key]
        folder = tmp_path_factory.mktemp("damaged")
        (folder / "project.json").write_text(json.dumps(data))
        try:
            loaded = storage.load(folder)
        except ProjectError:
            return
        assert isinstance(loaded, Project)

    def test_an_older_format_is_migrated_step_by_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storage, "FORMAT", 3)
        monkeypatch.setitem(storage.MIGRATIONS, 1, lambda data: {**data, "two": True, "format": 2})
        monkeypatch.setitem(storage.MIGRATIONS, 2, lambda data: {**data, "three": data["two"], "format": 3})
        assert storage.migrate({"format": 1}, Path("p")) == {"format": 3, "two": True, "three": True}
        assert storage.migrate({"format": 3}, Path("p")) == {"format": 3}

    def test_there_is_a_way_from_every_older_format(self) -> None:
        assert sorted(storage.MIGRATIONS) == list(range(1, model.FORMAT))


class TestLock:
    def test_a_second_holder_is_refused(self, filled: Path) -> None:
        refused = pytest.raises(ProjectError, match="is in use by another program")
        with storage.locked(filled), refused, storage.locked(filled):
            pass
        with storage.locked(filled):
            pass

    def test_another_program_is_refused(self, filled: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from fgbg_studio.core.project import storage\n"
            "with storage.locked(Path(sys.argv[1])): pass"
        )
        run = [sys.executable, "-c", code, str(filled)]
        root = ROOT
        with storage.locked(filled):
            done = subprocess.run(run, capture_output=True, text=True, check=False, cwd=root)
        assert done.returncode == 1
        assert "is in use by another program" in done.stderr

    def test_a_holder_that_died_holds_nothing(self, filled: Path) -> None:
        FileLock(filled / ".lock").acquire(timeout=0).lock.release(force=True)
        assert (filled / ".lock").exists() or sys.platform == "win32"
        with storage.locked(filled):
            pass

    def test_is_released_after_an_error(self, filled: Path) -> None:
        with pytest.raises(KeyError), storage.locked(filled):
            raise KeyError
        with storage.locked(filled):
            pass

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ProjectError, match="does not exist"), storage.locked(tmp_path / "gone"):
            pass

    def test_a_folder_that_may_not_be_written(self, tmp_path: Path) -> None:
        folder = tmp_path / "p"
        storage.create(folder, "studio-256")
        for above in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            above.chmod(0o755)
        folder.chmod(0o555)
        try:
            with as_nobody(), pytest.raises(ProjectError, match="cannot be written"), storage.locked(folder):
                pass
        finally:
            folder.chmod(0o755)


class TestChanging:
    def test_settings_and_the_projects_own_keys(self, filled: Path) -> None:
        project = storage.load(filled)
        changed = storage.changed(project, {"placements": 3, "seed": 9})
        assert (changed.settings.placements, changed.seed) == (3, 9)
        assert changed.backgrounds == project.backgrounds
        assert changed.foregrounds == project.foregrounds
        assert storage.changed(project, {}) == project

    def test_rejected_pictures_stay_but_do_not_count(self, filled: Path) -> None:
        project = storage.load(filled)
        first = project.backgrounds[0].model_copy(update={"status": "rejected", "reason": "blurred"})
        changed = project.model_copy(update={"backgrounds": (first, project.backgrounds[1])})
        assert changed.good_backgrounds() == [project.backgrounds[1]]
        assert len(make_recipe(changed).backgrounds) == 1

    def test_a_backgrounds_own_light_is_kept_and_reaches_the_recipe_where_it_has_shadows(
        self, make_project: MakeProject, tmp_path: Path
    ) -> None:
        folder = make_project(tmp_path)
        project = storage.load(folder)
        light = {"light": -120.0, "elevation": 35.0, "softness": None}
        lit = with_values(project.backgrounds[0], light)
        project = project.model_copy(update={"backgrounds": (lit, *project.backgrounds[1:])})
        storage.save(folder, project)
        assert storage.load(folder) == project
        assert make_recipe(project).backgrounds[0].light is None
        shaded = make_recipe(storage.changed(project, {"appearance.cast_shadow": [0.5, 0.5]}))
        assert {name: getattr(shaded.backgrounds[0], name) for name in LIGHT} == light
        assert Recipe.model_validate_json(shaded.model_dump_json()) == shaded
        assert not {*LIGHT} & {*make_recipe(project).backgrounds[0].model_dump()}
        assert shaded.backgrounds[1].light is None
        for wrong in ({"light": 181}, {"elevation": 5}, {"softness": 1.5}):
            with pytest.raises(UsageError):
                with_values(lit, wrong)

    def test_a_project_from_before_backgrounds_had_light_is_read(
        self, make_project: MakeProject, tmp_path: Path
    ) -> None:
        folder = make_project(tmp_path)
        project = storage.load(folder)
        change(folder, lambda data: [one.pop(name) for one in data["backgrounds"] for name in LIGHT])
        assert storage.load(folder) == project

    def test_a_pictures_own_camera_licence_and_origin_reach_the_recipe(self, filled: Path) -> None:
        project = storage.load(filled)
        own = {"horizon": 0.3, "camera_height": 2.5, "licence": "CC0", "origin": "mine"}
        first = project.backgrounds[0].model_copy(update=own)
        person = project.foregrounds[0].model_copy(update={"real_height": 1.2, "licence": "CC-BY"})
        recipe = make_recipe(project.model_copy(update={"backgrounds": (first,), "foregrounds": (person,)}))
        assert recipe.backgrounds[0].model_dump().items() >= own.items()
        assert (recipe.foregrounds[0].real_height, recipe.foregrounds[0].licence) == (1.2, "CC-BY")
        plain = make_recipe(project)
        camera = project.settings.camera
        assert (plain.backgrounds[0].horizon, plain.backgrounds[0].camera_height) == (camera.horizon, camera.height)
        assert plain.foregrounds[0].real_height == project.settings.foreground.real_height


def change(folder: Path, how: Any) -> None:
    data = json.loads((folder / "project.json").read_bytes())
    how(data)
    (folder / "project.json").write_text(json.dumps(data))


class TestGoal:
    def test_a_hundred_of_each_are_wanted_until_one_says_otherwise(self, filled: Path) -> None:
        project = storage.load(filled)
        assert (project.goal.backgrounds, project.goal.foregrounds) == (100, 100)
        assert (project.wanting("backgrounds"), project.wanting("foregrounds")) == (98, 98)
        fewer = storage.changed(project, {"goal.backgrounds": 2, "seed": 4, "size": 128})
        assert (fewer.goal.backgrounds, fewer.goal.foregrounds, fewer.seed, fewer.settings.size) == (2, 100, 4, 128)
        assert fewer.wanting("backgrounds") == 0
        first = fewer.backgrounds[0].model_copy(update={"status": "rejected"})
        assert fewer.model_copy(update={"backgrounds": (first, fewer.backgrounds[1])}).wanting("backgrounds") == 1

    def test_none_may_be_wanted(self, filled: Path) -> None:
        assert storage.changed(storage.load(filled), {"goal.foregrounds": 0}).wanting("foregrounds") == 0

    @pytest.mark.parametrize("change", ["goal.backgrounds=-1", "goal.backgrounds=many", "goal.people=3"])
    def test_a_wrong_goal_is_refused(self, filled: Path, change: str) -> None:
        with pytest.raises(UsageError, match="goal"):
            storage.changed(storage.load(filled), parsed([change]))

    def test_a_project_of_the_first_format_wants_a_hundred(self, tmp_path: Path) -> None:
        made = storage.create(tmp_path / "p", "studio-256")
        data = json.loads((tmp_path / "p" / "project.json").read_bytes())
        del data["goal"]
        (tmp_path / "p" / "project.json").write_text(json.dumps({**data, "format": 1}))
        assert storage.load(tmp_path / "p") == made

    def test_backgrounds_of_the_second_format_have_the_settings_wall(self, filled: Path) -> None:
        project = storage.load(filled)
        data = json.loads((filled / "project.json").read_bytes())
        for background in data["backgrounds"]:
            del background["wall"]
        (filled / "project.json").write_text(json.dumps({**data, "format": 2}))
        loaded = storage.load(filled)
        assert [b.wall for b in loaded.backgrounds] == [b.wall for b in project.backgrounds]
        assert {source.wall for source in make_recipe(loaded).backgrounds} == {None}

    def test_pictures_of_the_third_format_were_reviewed(self, filled: Path) -> None:
        data = json.loads((filled / "project.json").read_bytes())
        for picture in (*data["backgrounds"], *data["foregrounds"]):
            del picture["reviewed"]
        (filled / "project.json").write_text(json.dumps({**data, "format": 3}))
        loaded = storage.load(filled)
        assert all(picture.reviewed for picture in (*loaded.backgrounds, *loaded.foregrounds))

    def test_the_goal_is_no_part_of_a_recipe(self, filled: Path) -> None:
        project = storage.load(filled)
        assert make_recipe(storage.changed(project, {"goal.backgrounds": 7})) == make_recipe(project)


class TestAPathInASetting:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "nets").mkdir()
        (tmp_path / "nets" / "mine.onnx").write_bytes(b"x")
        (tmp_path / "nets" / "exported").mkdir()
        monkeypatch.chdir(tmp_path / "nets")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("USERPROFILE", str(tmp_path))
        return tmp_path / "nets"

    @pytest.mark.parametrize("typed", ["mine.onnx", "./mine.onnx", "../nets/mine.onnx", "~/nets/mine.onnx"])
    def test_a_network_is_found_from_every_folder(self, folder: Path, typed: str) -> None:
        made = storage.create(folder.parent / "p", "studio-256", {"depth.model": typed})
        assert made.settings.depth.model == str(folder / "mine.onnx")
        whole = storage.changed(made, {"depth": {**made.settings.depth.model_dump(), "model": typed}, "placements": 3})
        assert whole.settings.depth.model == str(folder / "mine.onnx")

    @pytest.mark.parametrize("typed", ["later.tflite", "sub/later", "exported"])
    def test_so_is_a_folder_and_a_file_that_is_still_to_come(self, folder: Path, typed: str) -> None:
        made = storage.create(folder.parent / "p", "studio-256", {"depth.model": typed})
        assert made.settings.depth.model == str(folder / typed)

    @pytest.mark.parametrize("typed", ["fastdepth", "midas-v2.1-small", "midas-v2.1-smal", "fastdept"])
    def test_names_of_the_catalogue_and_names_misspelt_stay(self, folder: Path, typed: str) -> None:
        made = storage.create(folder.parent / "p", "studio-256", {"depth.model": typed})
        assert made.settings.depth.model == typed
