"""What a run refuses: other people's folders, mixed recipes, projects from which nothing can be made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fgbg_studio.core.base.errors import DatasetError, PictureError, PlanError, UsageError
from fgbg_studio.core.base.remedies import AddPictures
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.project import storage
from tests.helpers.datasets import differing, last, make, small, tree

MakeProject = Callable[..., Path]


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


class TestFolder:
    """Nobody else's files are touched, and no two recipes are mixed."""

    def test_a_folder_with_other_files_is_refused(self, project: Path, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("years of work")
        with pytest.raises(DatasetError, match="not empty") as caught:
            make(project, tmp_path)
        assert str(tmp_path) in str(caught.value)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_the_projects_own_folder_is_refused(self, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        before = tree(made)
        with pytest.raises(DatasetError, match="not empty"):
            make(made, made)
        assert tree(made) == before

    def test_a_file_is_refused(self, project: Path, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("a file")
        with pytest.raises(DatasetError, match="is a file"):
            make(project, tmp_path / "out")

    @pytest.mark.parametrize("changes", [["seed=1"], ["codecs.fg_bg.quality=90"], ["name=other"]])
    def test_another_projects_dataset_is_refused_and_kept(
        self, changes: list[str], make_project: MakeProject, project: Path, tmp_path: Path
    ) -> None:
        make(project, tmp_path / "out", limit=3)
        before = tree(tmp_path / "out")
        other = make_project(tmp_path, changes=[*small("studio-256"), *changes], name="other")
        with pytest.raises(DatasetError, match="other pictures or settings") as caught:
            make(other, tmp_path / "out")
        assert str(tmp_path / "out") in str(caught.value)
        assert "new output folder" in caught.value.way_out
        assert tree(tmp_path / "out") == before

    @pytest.mark.parametrize("options", [{"depth": "none"}, {"writer": "zip"}])
    def test_a_run_of_other_options_is_refused(self, options: dict[str, str], project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "out", limit=3)
        with pytest.raises(DatasetError, match="other pictures or settings"):
            make(project, tmp_path / "out", limit=3, **options)

    def test_what_another_recipe_has_begun_is_not_mixed_with(
        self, make_project: MakeProject, project: Path, tmp_path: Path
    ) -> None:
        """Killed while it wrote the backgrounds: they are not marked as done, but they are there."""
        out = tmp_path / "out"
        make(project, out, limit=3)
        (out / ".fgbg" / "sources.json").unlink()
        before = tree(out)
        other = make_project(tmp_path, n_bg=1, changes=small("studio-256"), name="other")
        with pytest.raises(DatasetError, match="other pictures or settings"):
            make(other, out, limit=3)
        assert tree(out) == before

    def test_a_second_run_at_the_same_time_is_refused(self, project: Path, reference: Path, tmp_path: Path) -> None:
        first = generate(project, tmp_path / "out", Options(engine="inline"))
        next(first)
        with pytest.raises(DatasetError, match="being written by another run"):
            make(project, tmp_path / "out")
        assert last(first).finished
        assert differing(reference, tmp_path / "out") == []
        make(project, tmp_path / "out")

    def test_a_dataset_of_a_newer_version_is_refused(self, project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "out", limit=3)
        record = json.loads((tmp_path / "out" / "dataset.json").read_bytes())
        (tmp_path / "out" / "dataset.json").write_text(json.dumps({**record, "format": 99}))
        with pytest.raises(DatasetError, match=r"newer version \(format 99\)"):
            make(project, tmp_path / "out")

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', "null", "\x00\x01"])
    def test_a_damaged_record_is_one_sentence(self, text: str, project: Path, tmp_path: Path) -> None:
        make(project, tmp_path / "out", limit=3)
        (tmp_path / "out" / "dataset.json").write_text(text)
        with pytest.raises(DatasetError, match=r"dataset\.json"):
            make(project, tmp_path / "out")


class TestRefusals:
    @pytest.mark.parametrize("option", [{"writer": "floppy"}, {"depth": "guess"}, {"engine": "steam"}])
    def test_unknown_names_are_told_with_the_known_ones(
        self, option: dict[str, str], project: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(UsageError, match="Known are"):
            last(generate(project, tmp_path / "out", Options(**option)))  # type: ignore[arg-type]

    def test_an_empty_project_leaves_no_folder_behind(self, tmp_path: Path) -> None:
        storage.create(tmp_path / "empty", "studio-256")
        with pytest.raises(PlanError, match="no good background") as caught:
            make(tmp_path / "empty", tmp_path / "out")
        assert caught.value.remedies == (AddPictures("backgrounds"),)
        assert not (tmp_path / "out").exists()

    def test_a_foreground_that_cannot_fit_is_named_before_anything_is_made(
        self, make_project: MakeProject, tmp_path: Path
    ) -> None:
        made = make_project(tmp_path, changes=["size=64", "placement=uniform", "foreground.sizing.pixels=65"])
        with pytest.raises(PlanError, match=r"foregrounds/fg_0\.png does not fit into"):
            make(made, tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_a_source_that_changed_since_it_was_added_is_named(self, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        picture = made / "backgrounds" / "bg_1.png"
        picture.write_bytes(picture.read_bytes() + b"x")
        with pytest.raises(PictureError, match=r"bg_1\.png was changed"):
            make(made, tmp_path / "out")

    def test_a_run_whose_beginning_failed_can_be_begun_again(
        self, make_project: MakeProject, reference: Path, tmp_path: Path
    ) -> None:
        made = make_project(tmp_path, changes=small("studio-256"))
        picture = made / "backgrounds" / "bg_1.png"
        data = picture.read_bytes()
        picture.unlink()
        with pytest.raises(PictureError, match=r"bg_1\.png is missing"):
            make(made, tmp_path / "out")
        picture.write_bytes(data)
        make(made, tmp_path / "out")
        assert differing(reference, tmp_path / "out") == []
