"""The command that writes a finished dataset's card and its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Fgbg
from tests.conftest import MakeProject
from tests.helpers.datasets import make, run, small
from tests.helpers.listing import listing_known


def test_the_page_goes_to_a_folder(tmp_path: Path, make_project: MakeProject) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "set")
    done = run("export", tmp_path / "set", "card-page", "--out", tmp_path / "page")
    assert done.returncode == 0, done.stderr
    assert "data:image/jpeg" in (tmp_path / "page" / "card.html").read_text("utf-8")


def test_an_unknown_export_and_a_folder_that_is_none(tmp_path: Path) -> None:
    unknown = run("export", tmp_path, "poster")
    assert unknown.returncode == 2
    assert "card-page" in unknown.stderr
    assert run("export", tmp_path, "card").returncode == 1


def test_progress_is_told_and_options_are_taken(tmp_path: Path, make_project: MakeProject, fgbg: Fgbg) -> None:
    make(make_project(tmp_path, changes=small("studio-256")), tmp_path / "set")
    with listing_known():
        done = fgbg("export", tmp_path / "set", "listing", "--option", "first=3", "--out", tmp_path / "list")
        assert done.code == 0
        assert len((tmp_path / "list" / "names.txt").read_text().splitlines()) == 13
        assert "listing: 13 / 13" in done.err
        assert done.err.splitlines()[-1] == str(tmp_path / "list" / "names.txt")
        behind = fgbg("export", tmp_path / "set", "listing", "first=12", "--out", tmp_path / "short")
        assert behind.code == 0
        assert len((tmp_path / "short" / "names.txt").read_text().splitlines()) == 4
        wrong = fgbg("export", tmp_path / "set", "listing", "--option", "last=3")
        assert wrong.code == 2
        assert "has no setting 'last'" in wrong.err


@pytest.mark.parametrize("given", [("export", "set", "recipe", "--out", "s3://bucket/rooms"), ("split", "s3://rooms")])
def test_an_address_where_a_path_is_needed(
    given: tuple[str, ...], tmp_path: Path, fgbg: Fgbg, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was taken for one: the export went into a folder 's3:' here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set").mkdir()
    done = fgbg(*given)
    assert done.code == 2
    assert "is an address, where a file or folder on this computer is needed" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["set"]
