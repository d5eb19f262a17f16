"""What all exports of data share: their folder, how they go on after an interruption, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from fgbg_studio.core.base.errors import DatasetError, FgbgError, UsageError
from fgbg_studio.core.base.remedies import GenerateAgain
from fgbg_studio.core.dataset.export_folder import PartFile
from fgbg_studio.core.interfaces.export import Export
from tests.conftest import full_disk
from tests.helpers.datasets import change_record, copy, differing, last, make, small

NAMES = [name for name, member in Export.known().items() if member.takes_any and not member.in_place]
every = pytest.mark.parametrize("name", NAMES)


def finished(out: Path) -> dict[str, object]:
    """The parts that an export has finished."""
    note = out / "export.json"
    parts: dict[str, object] = json.loads(note.read_text())["parts"] if note.exists() else {}
    return parts


@every
def test_it_goes_on_where_it_was_stopped(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    export, root = Export.from_dict(name), datasets()
    last(export.run(root, tmp_path / "whole"))
    steps = export.run(root, tmp_path / "out")
    while not finished(tmp_path / "out"):
        next(steps)
    steps.close()
    note = json.loads((tmp_path / "out" / "export.json").read_text())
    assert not note["complete"]
    kept = {
        part: (tmp_path / "out" / part).stat().st_ino for part in note["parts"] if (tmp_path / "whole" / part).exists()
    }
    assert list((tmp_path / "out").rglob("*.part")) == []
    last(export.run(root, tmp_path / "out"))
    assert differing(tmp_path / "out", tmp_path / "whole") == []
    assert {part: (tmp_path / "out" / part).stat().st_ino for part in kept} == kept


@every
def test_it_goes_on_before_its_first_part_is_finished(
    name: str, datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there by then are pictures, or half a part."""
    export, root, out = Export.from_dict(name), datasets(), tmp_path / "out"
    last(export.run(root, tmp_path / "whole"))
    with monkeypatch.context() as patch:
        patch.setattr(PartFile, "publish", interrupted)
        with pytest.raises(KeyboardInterrupt):
            last(export.run(root, out))
    assert not finished(out)
    last(export.run(root, out))
    assert differing(out, tmp_path / "whole") == []


def interrupted(_: PartFile) -> None:
    raise KeyboardInterrupt


@every
def test_a_part_that_is_damaged_or_gone_is_made_again(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    export, out = Export.from_dict(name), tmp_path / "out"
    last(export.run(datasets(), out))
    copy(out, tmp_path / "whole")
    first, *others = json.loads((out / "export.json").read_text())["parts"]
    (out / first).write_bytes(b"half")
    for other in others[:1]:
        (out / other).unlink()
    last(export.run(datasets(), out))
    assert differing(out, tmp_path / "whole") == []


@every
def test_another_dataset_or_other_settings_are_not_mixed(
    name: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    export, out = Export.from_dict(name), tmp_path / "out"
    last(export.run(datasets(), out))
    with pytest.raises(UsageError, match="is of another dataset, export or settings"):
        last(export.run(datasets("course-200"), out))


@every
def test_what_others_have_in_a_folder_stays(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"is not empty \(notes.txt\)"):
        last(Export.from_dict(name).run(datasets(), tmp_path))
    (tmp_path / "export.json").write_text('{"mine": 1}')
    with pytest.raises(UsageError, match=r"export.json is damaged, or not of this program"):
        last(Export.from_dict(name).run(datasets(), tmp_path))
    with pytest.raises(UsageError, match="is no folder"):
        last(Export.from_dict(name).run(datasets(), tmp_path / "notes.txt"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.json", "notes.txt"]


@every
def test_it_is_not_put_into_the_dataset_or_around_it(name: str, datasets: Callable[..., Path]) -> None:
    root = datasets()
    for out in (root, root / "inside", root.parent):
        with pytest.raises(UsageError, match="lie in each other"):
            last(Export.from_dict(name).run(root, out))
    with pytest.raises(UsageError, match="needs a folder of its own"):
        last(Export.from_dict(name).run(root))


@every
def test_an_unfinished_dataset_is_not_exported(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    root = copy(datasets(), tmp_path / "set")
    change_record(root, complete=False)
    with pytest.raises(DatasetError, match="is not finished") as caught:
        last(Export.from_dict(name).run(root, tmp_path / "out"))
    assert caught.value.remedies == (GenerateAgain(),)


@every
def test_a_missing_picture_is_named_and_leaves_nothing_half(
    name: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = copy(datasets(), tmp_path / "set")
    lost = next((root / "fg_bg").rglob("*.jpg"))
    lost.unlink()
    with pytest.raises(FgbgError, match=lost.name):
        last(Export.from_dict(name).run(root, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@every
def test_what_was_finished_stays_when_a_later_part_is_refused(
    name: str, datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a folder taken away that was there before."""
    from fgbg_studio.core.dataset import export_lines

    monkeypatch.setattr(export_lines, "_AT_ONCE", 3)
    root, out = copy(datasets(), tmp_path / "set"), tmp_path / "out"
    steps = Export.from_dict(name).run(root, out)
    while not finished(out):
        next(steps)
    steps.close()
    lost = next((root / "fg_bg").rglob("*.jpg"))
    kept = lost.read_bytes()
    lost.unlink()
    (out / next(iter(finished(out)))).write_bytes(b"half")
    with pytest.raises(FgbgError, match=lost.name):
        last(Export.from_dict(name).run(root, out))
    assert finished(out)
    lost.write_bytes(kept)
    last(Export.from_dict(name).run(root, out))
    last(Export.from_dict(name).run(root, tmp_path / "whole"))
    assert differing(out, tmp_path / "whole") == []


@every
def test_no_link_is_followed_on_the_way_out(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    last(Export.from_dict(name).run(datasets(), tmp_path / "whole"))
    part = next(iter(json.loads((tmp_path / "whole" / "export.json").read_text())["parts"]))
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    (out / part).parent.mkdir(parents=True)
    (out / part).symlink_to(elsewhere / "precious")
    (out / "export.json").write_text((tmp_path / "whole" / "export.json").read_text())
    last(Export.from_dict(name).run(datasets(), out))
    assert (elsewhere / "precious").read_text() == "mine"
    assert not (out / part).is_symlink()


@every
def test_a_full_disk_is_a_sentence(name: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
    full_disk(tmp_path / "out" / "export.json")
    with pytest.raises(DatasetError, match=r"the disk is full while writing to .*out"):
        last(Export.from_dict(name).run(datasets(), tmp_path / "out"))


def test_two_at_once_are_refused(datasets: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with FileLock(tmp_path / "out" / ".lock"), pytest.raises(DatasetError, match="another program writes to"):
        last(Export.from_dict(NAMES[0]).run(datasets(), tmp_path / "out"))


@every
def test_a_dataset_in_one_archive_is_read(
    name: str, make_project: Callable[..., Path], datasets: Callable[..., Path], tmp_path: Path
) -> None:
    import shutil

    root = tmp_path / "set"
    make(make_project(tmp_path, changes=small("studio-256")), root)
    last(Export.from_dict(name).run(root, tmp_path / "plain"))
    for sort in ("zip", "tar"):
        packed = Path(shutil.make_archive(str(tmp_path / "packed"), sort, root.parent, root.name))
        last(Export.from_dict(name).run(packed, tmp_path / sort))
        assert differing(tmp_path / "plain", tmp_path / sort) == []
