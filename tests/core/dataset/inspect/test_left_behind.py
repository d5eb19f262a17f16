"""Datasets after a Mac, a NAS, an archiver or a camera had them: the same pictures count, none more, none less."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.errors import DatasetError
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.files import entries
from fgbg_studio.core.imaging.finding import PassedOver
from tests.helpers import foreign
from tests.helpers.datasets import copy, counts, examples, find, look, opened

APPLE_DOUBLE = b"\0\5\x16\7\0\2\0\0Mac OS X        " + bytes(100)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Three samples, as a person has them in three folders."""
    root = tmp_path / "set"
    for number in range(3):
        name = f"bg_{number:03}_fg_000_p_00"
        foreign.save(root / "fg_bg" / f"{name}.jpg", foreign.composite(number))
        foreign.save(root / "mask" / f"{name}.png", foreign.mask(number))
        foreign.save(root / "depth" / f"{name}.png", foreign.depth(number))
    return root


def listed(root: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Kind → pictures, and reason → files passed over."""
    kinds: dict[str, int] = {}
    passed = PassedOver()
    for entry in entries(root, passed=passed):
        kinds[entry.kind] = kinds.get(entry.kind, 0) + 1
    return kinds, {one["reason"]: one["count"] for one in passed.report()["reasons"]}


def is_whole(root: Path, *, passed: dict[str, int] | None = None) -> None:
    """Nine pictures, all readable, nothing wrong, and the same in the place Dataset."""
    kinds, left = listed(root)
    assert kinds == {"fg_bg": 3, "mask": 3, "depth": 3}
    assert passed is None or left == passed
    survey = look(root)
    assert survey.damaged == []
    assert {kind: part.count for kind, part in survey.kinds.items()} == {"fg_bg": 3, "mask": 3, "depth": 3}
    found = find(root).report()
    said = {one["reason"]: one["count"] for one in found.pop("passed_over", {"reasons": []})["reasons"]}
    assert found == {"files": 9, "clean": True, "faults": [], "warnings": []}
    assert said == left
    assert survey.passed.total == sum(left.values())
    contents = opened(root)
    assert (contents.samples, contents.counts) == (3, {"fg_bg": 3, "mask": 3, "depth": 3})
    for kind in contents.sample_kinds:
        for number in range(3):
            assert contents.read(kind, number)


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.*g"))


class TestFolders:
    def test_of_a_mac(self, made: Path) -> None:
        for name in files(made):
            (made / name).with_name(f"._{Path(name).name}").write_bytes(APPLE_DOUBLE)
        for folder in (made, made / "mask"):
            (folder / ".DS_Store").write_bytes(b"x")
        is_whole(made, passed={"hidden": 11})

    def test_of_a_nas_and_of_windows(self, made: Path) -> None:
        for name in ("fg_bg/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", "mask/.thumbnails/a.png", "@eaDir/b.png"):
            (made / name).parent.mkdir(parents=True)
            shutil.copy(made / files(made)[0], made / name)
        for name in ("fg_bg/Thumbs.db", "desktop.ini", "mask/notes.txt", "depth/a.npy"):
            (made / name).write_bytes(b"x")
        is_whole(made, passed={"system": 4, "hidden": 1, "name": 1, "kind": 1})

    def test_behind_linked_folders(self, made: Path, tmp_path: Path) -> None:
        for kind in ("fg_bg", "mask", "depth"):
            (tmp_path / "disk" / kind).mkdir(parents=True)
            for path in sorted((made / kind).iterdir())[1:]:
                shutil.move(path, tmp_path / "disk" / kind / path.name)
            (made / kind / "more").symlink_to(tmp_path / "disk" / kind)
        is_whole(made, passed={})

    def test_whose_kinds_are_links(self, made: Path, tmp_path: Path) -> None:
        shutil.move(made, tmp_path / "disk")
        made.mkdir()
        for kind in ("fg_bg", "mask", "depth"):
            (made / kind).symlink_to(tmp_path / "disk" / kind)
        is_whole(made, passed={})

    def test_with_a_link_above_itself(self, made: Path) -> None:
        (made / "fg_bg" / "up").symlink_to(made)
        kinds, passed = listed(made)
        assert kinds["fg_bg"] == 3
        assert passed == {"link": 1}

    def test_with_links_to_files(self, made: Path, tmp_path: Path) -> None:
        for name in files(made):
            target = tmp_path / name.replace("/", "_")
            shutil.move(made / name, target)
            (made / name).symlink_to(target)
        is_whole(made, passed={})

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
    def test_with_a_pipe_and_a_file_of_gigabytes(self, made: Path) -> None:
        os.mkfifo(made / "fg_bg" / "bg_009_fg_000_p_00.jpg")
        with (made / "mask" / "bg_008_fg_000_p_00.png").open("wb") as file:
            file.truncate(4 << 30)
        assert look(made).damaged == ["mask/bg_008_fg_000_p_00.png"]
        assert listed(made)[1] == {"special": 1}

    @pytest.mark.parametrize("behind", [b"\0\0\0", b"\n", b"SEFT" * 300, b"\xff"])
    def test_of_cameras_that_pad(self, made: Path, behind: bytes) -> None:
        for name in files(made):
            (made / name).write_bytes((made / name).read_bytes() + behind)
        is_whole(made)

    def test_cut_short_and_padded_is_still_cut_short(self, made: Path) -> None:
        for name in (names := files(made)):
            (made / name).write_bytes((made / name).read_bytes()[:-40] + bytes(40))
        assert look(made).damaged == names

    def test_of_other_endings(self, made: Path) -> None:
        for number, suffix in enumerate((".webp", ".bmp", ".tga")):
            name = made / "fg_bg" / f"bg_{number:03}_fg_000_p_00"
            Image.fromarray(foreign.composite(number)).save(name.with_suffix(suffix))
            name.with_suffix(".jpg").unlink()
        is_whole(made, passed={})

    def test_named_on_a_mac_and_elsewhere(self, made: Path) -> None:
        for number, name in enumerate(files(made)):
            form = "NFD" if number % 2 else "NFC"
            stem = unicodedata.normalize(form, f"Größe {'äöü'[number % 3]} 会议")
            (made / name).rename(made / Path(name).with_name(f"{stem}{Path(name).suffix}"))
        is_whole(made)

    def test_names_of_other_alphabets_are_told_apart(self, made: Path) -> None:
        for number, name in enumerate(files(made)):
            word = ("会议", "会議", "कि")[number % 3]
            (made / name).rename(made / Path(name).with_name(f"{word}{Path(name).suffix}"))
        is_whole(made)


def zipped(
    root: Path, to: Path, method: int = zipfile.ZIP_DEFLATED, name: Callable[[str], str] = str
) -> zipfile.ZipFile:
    """A ZIP of the files, still open; the folder is gone."""
    archive = zipfile.ZipFile(to, "w", method)
    for file in files(root):
        archive.writestr(name(file), (root / file).read_bytes())
    shutil.rmtree(root)
    root.mkdir()
    return archive


class TestZips:
    @pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_of_every_method(self, method: int, made: Path, tmp_path: Path) -> None:
        zipped(made, tmp_path / "set.zip", method).close()
        shutil.move(tmp_path / "set.zip", made / "set.zip")
        is_whole(made, passed={})
        is_whole(made / "set.zip", passed={})

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_a_damaged_member_of_any_method_is_named(self, method: int, made: Path, tmp_path: Path) -> None:
        zipped(made, tmp_path / "set.zip", method).close()
        member = zipfile.ZipFile(tmp_path / "set.zip").infolist()[4]
        data = bytearray((tmp_path / "set.zip").read_bytes())
        at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
        data[at : at + 8] = bytes(8)
        (made / "set.zip").write_bytes(data)
        assert len(look(made).damaged) == 1

    def test_of_a_mac(self, made: Path) -> None:
        with zipped(made, made.parent / "set.zip") as archive:
            for name in archive.namelist():
                path = Path(name)
                archive.writestr(f"__MACOSX/{path.parent}/._{path.name}", APPLE_DOUBLE)
        is_whole(made.parent / "set.zip", passed={"system": 9})

    @pytest.mark.parametrize(
        "name", [lambda name: f"./{name}", lambda name: name.replace("/", "\\"), lambda name: f"set\\{name}"]
    )
    def test_of_odd_separators(self, name: Callable[[str], str], made: Path) -> None:
        zipped(made, made.parent / "set.zip", name=name).close()
        is_whole(made.parent / "set.zip", passed={})

    def test_with_a_link(self, made: Path) -> None:
        with zipped(made, made.parent / "set.zip") as archive:
            link = zipfile.ZipInfo("fg_bg/bg_009_fg_000_p_00.jpg")
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "bg_000_fg_000_p_00.jpg")
        is_whole(made.parent / "set.zip", passed={"member-link": 1})

    @pytest.mark.parametrize(
        ("flag", "method", "words"),
        [(1, 0, "is locked with a password"), (0, 9, "is packed by Deflate64, which is not read here"),
         (0, 98, "is packed by PPMd, which is not read here"), (0, 77, "is packed by method 77")],
    )  # fmt: skip
    def test_what_cannot_be_read_is_said_in_a_sentence(self, flag: int, method: int, words: str, made: Path) -> None:
        path = made.parent / "set.zip"
        zipped(made, path, zipfile.ZIP_STORED).close()
        data = bytearray(path.read_bytes())
        for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
            at = data.find(mark)
            while at >= 0:
                data[at + flags] |= flag
                data[at + flags + 2] = method
                at = data.find(mark, at + 4)
        path.write_bytes(data)
        with pytest.raises(DatasetError, match=words):
            look(path)

    def test_a_member_that_unpacks_to_more_than_it_says(self, tmp_path: Path) -> None:
        path = tmp_path / "set.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mask/a.png", bytes(50_000_000))
        data = path.read_bytes().replace((50_000_000).to_bytes(4, "little"), (5000).to_bytes(4, "little"))
        path.write_bytes(data)
        assert look(path).damaged


class TestTars:
    @pytest.fixture
    def tar(self, made: Path) -> Callable[[str], tarfile.TarFile]:
        def pack(prefix: str) -> tarfile.TarFile:
            archive = tarfile.open(made.parent / "set.tar", "w")  # noqa: SIM115 - who asked for it closes it
            for name in files(made):
                member = tarfile.TarInfo(prefix + name)
                member.size = (made / name).stat().st_size
                archive.addfile(member, io.BytesIO((made / name).read_bytes()))
            return archive

        return pack

    @pytest.mark.parametrize("prefix", ["./", "", "set/", "./set/./"])
    def test_of_the_usual_commands(self, prefix: str, made: Path, tar: Callable[[str], tarfile.TarFile]) -> None:
        tar(prefix).close()
        is_whole(made.parent / "set.tar", passed={})

    def test_with_links_and_pipes(self, made: Path, tar: Callable[[str], tarfile.TarFile]) -> None:
        """A hard link is the file; a symbolic one, a pipe and a device are none."""
        with tar("") as archive:
            for name, kind, target in (
                ("fg_bg/bg_003_fg_000_p_00.jpg", tarfile.LNKTYPE, "fg_bg/bg_000_fg_000_p_00.jpg"),
                ("fg_bg/bg_004_fg_000_p_00.jpg", tarfile.SYMTYPE, "bg_000_fg_000_p_00.jpg"),
                ("fg_bg/bg_005_fg_000_p_00.jpg", tarfile.LNKTYPE, "gone.jpg"),
                ("fg_bg/bg_006_fg_000_p_00.jpg", tarfile.FIFOTYPE, ""),
            ):
                member = tarfile.TarInfo(name)
                member.type, member.linkname = kind, target
                archive.addfile(member)
        kinds, passed = listed(made.parent / "set.tar")
        assert kinds == {"fg_bg": 4, "mask": 3, "depth": 3}
        assert passed == {"member-link": 3}
        opened_archive = Archive(made.parent / "set.tar")
        twin = opened_archive.find("fg_bg/bg_003_fg_000_p_00.jpg")
        assert twin is not None
        assert opened_archive.read(twin) == (made / "fg_bg" / "bg_000_fg_000_p_00.jpg").read_bytes()

    @pytest.mark.parametrize(
        ("pack", "word"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")]
    )
    def test_compressed_as_a_whole(
        self, pack: Callable[[bytes], bytes], word: str, made: Path, tar: Callable[[str], tarfile.TarFile]
    ) -> None:
        tar("").close()
        path = made.parent / "set.tar"
        path.write_bytes(pack(path.read_bytes()))
        with pytest.raises(DatasetError, match=rf"set\.tar is compressed as a whole by {word}\. Unpack it"):
            look(path)

    def test_one_that_is_called_so_is_passed_over_and_said(self, made: Path) -> None:
        (made / "again.tar.gz").write_bytes(b"x")
        is_whole(made, passed={"archive": 1})
        shutil.rmtree(made / "fg_bg")
        shutil.rmtree(made / "mask")
        words = r"\(1 file passed over: an archive to be unpacked first \(\.tar\.gz\)\)"
        with pytest.raises(DatasetError, match=words):
            find(made)
        shutil.rmtree(made / "depth")
        with pytest.raises(DatasetError, match=words):
            look(made)


class TestOurOwn:
    @pytest.fixture(params=["folders", "zip", "tar"])
    def own(self, request: pytest.FixtureRequest, datasets: Callable[..., Path], tmp_path: Path) -> Path:
        return copy(datasets("studio-256", request.param), tmp_path / "own")

    def test_a_mac_touched_it(self, own: Path) -> None:
        before = look(own).report()
        for path in [path for path in own.rglob("*") if path.is_file() and ".fgbg" not in path.parts]:
            path.with_name(f"._{path.name}").write_bytes(bytes(4096))
        (own / "Thumbs.db").write_bytes(b"x")
        assert find(own).clean
        after = look(own)
        assert {**after.report(), "passed_over": None} == {**before, "passed_over": None}
        assert bool(after.passed.total) == ((own / "mask").is_dir())
        assert opened(own).samples == 16

    def test_a_nas_made_thumbnails(self, own: Path) -> None:
        for folder in [own, *(path for path in own.rglob("*") if path.is_dir() and ".fgbg" not in path.parts)]:
            (folder / "@eaDir").mkdir()
            foreign.save(folder / "@eaDir" / "SYNOPHOTO_THUMB_M.jpg", foreign.composite(1))
        assert find(own).report()["faults"] == []

    def test_its_record_is_gone(self, own: Path) -> None:
        (own / "dataset.json").unlink()
        assert counts(find(own)) == {"dataset.json is missing, by which pictures could be held against their recipe": 1}


def test_bytes_behind_our_own_pictures_are_a_fault(datasets: Callable[..., Path], tmp_path: Path) -> None:
    """Nobody but this program wrote them."""
    root = copy(datasets("studio-256"), tmp_path / "own")
    for kind in ("fg_bg", "mask", "bg"):
        victim = min((root / kind).rglob("*.*g"))
        victim.write_bytes(victim.read_bytes() + b"more")
    assert counts(find(root)) == {f"{kind} has bytes behind its end": 1 for kind in ("fg_bg", "mask", "bg")}


def test_two_damaged_archives_of_a_foreign_set_are_both_named(made: Path) -> None:
    for name in ("more.zip", "again.tar"):
        (made / name).write_bytes(b"no archive")
    (names,) = (fault["files"] for fault in find(made).report()["faults"])
    assert [name.split(" is damaged")[0] for name in names] == [str(made / "again.tar"), str(made / "more.zip")]


def test_every_fault_of_a_foreign_set_is_named(made: Path) -> None:
    """More than are shown, each by the name of a file that is there."""
    for number in range(3, 40):
        foreign.save(made / "fg_bg" / f"bg_{number:03}_fg_000_p_00.jpg", foreign.composite(number))
        (made / "depth" / f"bg_{number:03}_fg_000_p_00.png").write_bytes(b"no picture")
    report = find(made)
    faults = {fault["fault"]: fault for fault in report.report()["faults"]}
    assert faults["mask is missing"]["files"] == [f"fg_bg/bg_{number:03}_fg_000_p_00.jpg" for number in range(3, 40)]
    assert faults["cannot be read"]["files"] == [f"depth/bg_{number:03}_fg_000_p_00.png" for number in range(3, 40)]
    assert faults["cannot be read"]["count"] == 37
    assert len(examples(report)["cannot be read"]) == 5
    (group,) = (group for group in report.in_order() if group.issue.message == "cannot be read")
    assert group.said().splitlines() == [
        "37 × cannot be read:",
        *(f"  depth/bg_{number:03}_fg_000_p_00.png" for number in range(3, 40)),
    ]
    assert np.unique([len(fault["examples"]) for fault in faults.values()]).max() == 5
