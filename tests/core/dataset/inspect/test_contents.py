"""Looking through datasets: ours in folders, ZIPs, tars and as one archive, and those of other hands."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import DatasetError, FgbgError, PictureError
from fgbg_studio.core.base.progress import EventControl
from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.dataset.inspect.contents import DepthReading
from fgbg_studio.core.dataset.inspect.found_contents import FoundContents
from fgbg_studio.core.dataset.inspect.own_contents import OwnContents
from fgbg_studio.core.dataset.record import Dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.layout import KINDS, SAMPLE_KINDS, stem
from tests.conftest import MakeProject, drawn_recipe
from tests.helpers.datasets import copy, look, make, opened, small
from tests.helpers.foreign import FIVE, by_hand, without, zipped


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Callable[[str], Path]:
    """The same small dataset by each writer, made once."""
    folder = tmp_path_factory.mktemp("browse")
    project = make_project(folder, n_bg=2, n_fg=2, changes=small("studio-256"))

    def by(writer: str) -> Path:
        out = folder / writer
        if not out.exists():
            make(project, out, writer=writer)
        return out

    return by


def whole(dataset: Path, to: Path, inside: str = "") -> Path:
    """All of a dataset in one ZIP."""
    with zipfile.ZipFile(to, "w") as archive:
        for path in sorted(p for p in dataset.rglob("*") if p.is_file()):
            archive.write(path, f"{inside}{path.relative_to(dataset).as_posix()}")
    return to


def repacked(archive: Path, to: Path) -> None:
    """The same members with other bytes, so that each lies elsewhere."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(to, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name) + b"new")
        return
    with tarfile.open(archive) as old, tarfile.open(to, "w", format=tarfile.USTAR_FORMAT) as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            member.size += 3
            new.addfile(member, io.BytesIO(data.read() + b"new"))


class TestOurs:
    @pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
    def test_every_picture_is_found_by_kind_and_number(self, written: Callable[[str], Path], writer: str) -> None:
        contents, plain = opened(written(writer)), written("folders")
        assert isinstance(contents, OwnContents)
        assert contents.samples == 16
        assert list(contents.counts) == list(KINDS)
        for kind in contents.counts:
            assert contents.length(kind) == contents.counts[kind]
            for number in range(contents.length(kind)):
                assert contents.read(kind, number) == (plain / contents.name(kind, number)).read_bytes()

    @pytest.mark.parametrize("inside", ["", "my-dataset/"])
    def test_a_dataset_in_one_zip(self, written: Callable[[str], Path], tmp_path: Path, inside: str) -> None:
        path = whole(written("folders"), tmp_path / "all.zip", inside)
        contents, plain = opened(path), opened(written("folders"))
        assert isinstance(contents, OwnContents)
        assert contents.reports == plain.reports
        for kind in contents.counts:
            assert contents.read(kind, 1) == plain.read(kind, 1)
        found = look(path).figures()
        assert {kind: part["count"] for kind, part in found.items()} == plain.counts
        assert found["mask"] == plain.reports["mask"]

    @pytest.mark.parametrize("writer", ["zip", "tar", "whole"])
    def test_archives_that_were_replaced_are_read_as_they_are(
        self, written: Callable[[str], Path], writer: str, tmp_path: Path
    ) -> None:
        root = whole(written("folders"), tmp_path / "a.zip") if writer == "whole" else tmp_path / writer
        if root.suffix != ".zip":
            copy(written(writer), root)
        contents = opened(root)
        before = [contents.read("mask", number) for number in range(contents.samples)]
        for path in [root] if root.is_file() else [*root.glob("*.tar"), *root.glob("*.zip")]:
            repacked(path, tmp_path / "other")
            (tmp_path / "other").replace(path)
        assert [contents.read("mask", number) for number in range(contents.samples)] == [b + b"new" for b in before]
        stored = contents.stored(range(contents.samples), ["mask"])
        assert [one.files["mask"][1] for one in stored] == [b + b"new" for b in before]

    def test_a_folder_around_the_dataset_is_looked_through(
        self, written: Callable[[str], Path], tmp_path: Path
    ) -> None:
        copy(written("folders"), tmp_path / "unpacked" / "rooms")
        assert opened(tmp_path / "unpacked").samples == 16

    def test_statistics_are_there_at_once(self, written: Callable[[str], Path]) -> None:
        root = written("zip")
        assert opened(root).reports == json.loads((root / "dataset.json").read_text("utf-8"))["statistics"]
        assert opened(root).files["fg_bg"] == "4 ZIP"

    def test_samples_by_background_and_foreground(self, written: Callable[[str], Path]) -> None:
        contents = opened(written("folders"))
        pairs = [(b, f) for b in range(2) for f in range(2)]
        for b, f in pairs:
            for number in contents.numbers(b, f):
                triple = contents.triple(number)
                assert (triple.background, triple.foreground) == (b, f)
        assert sorted(n for pair in pairs for n in contents.numbers(*pair)) == list(contents.numbers())
        assert len(contents.numbers(background=1)) == len(contents.numbers(foreground=0)) == 8

    @pytest.mark.parametrize("preset", ["studio-256", "classroom-192", "layers-150", "office-224", "course-200"])
    def test_names_and_numbers_find_samples(self, preset: str, datasets: Callable[..., Path]) -> None:
        contents = opened(datasets(preset))
        for number in (0, contents.samples - 1):
            for kind in SAMPLE_KINDS:
                path = contents.name(kind, number)
                assert contents.find(path) == contents.find(stem(path)) == number
        assert contents.find("3") == 3
        assert contents.find("999999") is None
        assert contents.find("no such sample") is None
        assert contents.find("  ") is None

    def test_heads_of_the_matrix_are_pictures(self, datasets: Callable[..., Path]) -> None:
        contents = opened(datasets("office-224"))  # mirrored foregrounds are pictures of their own
        names = [contents.name("fg", contents.picture_of("fg", f) or 0) for f in range(len(contents.foregrounds))]
        assert [stem(name) for name in names] == list(contents.foregrounds)

    @pytest.mark.timing
    def test_four_hundred_thousand_samples_open_in_a_moment(self, tmp_path: Path) -> None:
        recipe = drawn_recipe(n_bg=100, n_fg=100)
        begun = time.process_time()
        contents = OwnContents(Dataset(LocalStore(tmp_path), recipe, 400_000, {"complete": True, "statistics": {}}))
        assert len(contents.numbers()) == 400_000
        assert len(contents.numbers(99, 99)) == 40
        assert contents.find(contents.triple(399_999).name) == 399_999
        assert time.process_time() - begun < 2

    def test_a_run_that_was_stopped(self, tmp_path: Path, make_project: MakeProject) -> None:
        project = make_project(tmp_path, changes=small("studio-256"))
        control = EventControl()
        for step in generate(project, tmp_path / "out", Options(engine="inline"), control):
            if step.phase == "making samples" and step.done >= 5:
                control.cancel()
        contents = opened(tmp_path / "out")
        assert "of 16 samples are made; Generate makes the others" in contents.notes[0]
        made = contents.numbers()
        assert 5 <= len(made) < 16
        assert contents.reports["fg_bg"]["count"] == contents.counts["fg_bg"] == len(made)
        assert contents.pixels("fg_bg", made[-1]).shape == (64, 64, 3)
        with pytest.raises(PictureError, match="not made yet"):
            contents.pixels("fg_bg", 15)

    def test_what_is_missing_is_named(self, written: Callable[[str], Path], tmp_path: Path) -> None:
        root = copy(written("folders"), tmp_path / "copy")
        contents = opened(root)
        (root / contents.name("mask", 3)).unlink()
        with pytest.raises(PictureError, match=stem(contents.name("mask", 3))):
            contents.pixels("mask", 3)
        zips = copy(written("zip"), tmp_path / "zips")
        (zips / "mask-00000.zip").write_bytes(b"no zip at all")
        with pytest.raises(DatasetError, match=r"mask-00000\.zip is damaged"):
            opened(zips).pixels("mask", 3)


class TestOfOtherHands:
    @pytest.mark.parametrize("team", list(FIVE))
    @pytest.mark.parametrize("packed", [False, True])
    def test_composite_mask_and_depth_belong_together(self, team: str, packed: bool, tmp_path: Path) -> None:
        root = by_hand(tmp_path / "plain", team)
        if packed:
            root = zipped(root, tmp_path / "zips", flat=team == "classroom", deflated=True)
        contents = opened(root)
        assert isinstance(contents, FoundContents)
        assert contents.samples == 6
        for number in range(6):
            numbers = [set(stem(contents.name(kind, number)).split("_")) for kind in SAMPLE_KINDS]
            assert all(numbers)
            for kind in SAMPLE_KINDS:
                assert contents.pixels(kind, number).shape[:2] == (48, 48)
            triple = contents.triple(number)
            assert number in contents.numbers(triple.background, triple.foreground)
            assert contents.find(contents.name("depth", number)) == number
        assert all(contents.pixels(kind, 0).size for kind in ("bg", "fg", "fg_mask"))

    def test_a_mask_that_is_missing_leaves_its_sample(self, tmp_path: Path) -> None:
        root = without(by_hand(tmp_path / "set", "street"), "fg_bg_masks/bg_00/*_000002.jpg")
        contents = opened(root)
        number = contents.find("bg_00_fg_02_T_000002")
        assert number is not None
        assert contents.counts["mask"] == 5
        assert contents.samples == 6
        assert ("Missing", "mask") in contents.triple(number).facts
        with pytest.raises(PictureError, match="has no mask"):
            contents.pixels("mask", number)

    def test_names_that_say_nothing_are_paged_through(self, tmp_path: Path) -> None:
        root = by_hand(tmp_path / "set", "course")
        for path in root.glob("fg_bg*/*.jpg"):
            path.rename(path.with_name(f"{path.stem[-6:]}.jpg"))
        contents = opened(root)
        assert contents.backgrounds == contents.foregrounds == ()
        assert contents.samples == 6
        assert contents.triple(5).background == -1
        assert contents.pixels("depth", 5).shape == (48, 48)

    def test_a_record_that_is_missing_is_said(self, written: Callable[[str], Path], tmp_path: Path) -> None:
        root = copy(written("folders"), tmp_path / "copy")
        (root / "dataset.json").unlink()
        contents = opened(root)
        assert isinstance(contents, FoundContents)
        assert "dataset.json is missing" in contents.notes[0]
        assert contents.samples == 16

    def test_a_damaged_zip_is_named_and_the_rest_shown(self, tmp_path: Path) -> None:
        root = zipped(by_hand(tmp_path / "set", "course"), tmp_path / "zips", flat=False, deflated=False)
        (root / "fg_bg_depth.zip").write_bytes(b"PK")
        contents = opened(root)
        assert "fg_bg_depth.zip is damaged" in contents.notes[0]
        assert contents.sample_kinds == ["fg_bg", "mask"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("nothing", None), ("text.txt", b"hello"), ("bad.zip", b"hello"), ("dataset.json", b"{"), ("dataset.json", b"[]")],
)
def test_what_is_no_dataset_is_refused_in_words(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FgbgError, match=name):
        opened(tmp_path / name)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="contains no pictures"):
        opened(tmp_path)


class TestDepthReading:
    @pytest.mark.parametrize(
        ("encoding", "metric", "value", "words"),
        [
            ("uint16-millimetres", True, 3420, "3.42 m"),
            ("uint16-millimetres", True, 0, "no value"),
            ("uint8-linear", True, 51, "2.00 m"),
            ("uint8-linear", False, 51, "depth 2.000"),
            ("uint8-stretched-inverted", True, 255, "depth 0.000"),
            ("uint16-relative", False, 65535, "depth 1.000"),
        ],
    )
    def test_words(self, encoding: str, metric: bool, value: int, words: str) -> None:
        assert DepthReading(Encoding.from_dict(encoding), metric).words(value) == words

    def test_without_an_encoding_the_value_is_said(self) -> None:
        assert DepthReading().words(97) == "value 97"

    @pytest.mark.parametrize("name", list(Encoding.known()))
    def test_restore_is_the_inverse_of_encode(self, name: str) -> None:
        encoding = Encoding.from_dict(name)
        depth = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
        restored = encoding.restore(encoding.encode(depth))
        assert restored.dtype == np.float32
        assert np.abs(restored - depth).max() <= max(0.5 * 10 / 255, encoding.step) + 1e-6

    @pytest.mark.parametrize("name", list(Encoding.known()))
    def test_near_is_bright_in_colours(self, name: str) -> None:
        encoding = Encoding.from_dict(name)
        depth = np.tile(np.linspace(0.1, 1, 32, dtype=np.float32), (8, 1))
        colours = DepthReading(encoding, True).colours(encoding.encode(depth))
        assert colours[0, 0].sum() > colours[0, -1].sum() + 300


def test_a_card_folder_in_a_zip_is_no_part_of_it(written: Callable[[str], Path], tmp_path: Path) -> None:
    root = copy(written("folders"), tmp_path / "copy")
    shutil.rmtree(root / ".fgbg")
    (root / "dataset.json").unlink()
    contents = opened(whole(root, tmp_path / "all.zip", "set/"))
    assert set(contents.counts) == set(KINDS)
    assert decode(contents.read("fg_bg", 0), "x").shape == (64, 64, 3)


def test_a_run_that_has_made_nothing_yet(tmp_path: Path, make_project: MakeProject) -> None:
    project, control = make_project(tmp_path, changes=small("studio-256")), EventControl()
    for step in generate(project, tmp_path / "out", Options(engine="inline"), control):
        if step.phase == "preparing pictures":
            control.cancel()
    contents = opened(tmp_path / "out")
    assert contents.notes[0].startswith("0 of 16 samples are made")
    assert list(contents.numbers()) == []
    assert contents.sample_kinds == []


@pytest.mark.parametrize("kind", ["mask", "depth"])
def test_a_kind_that_a_hand_made_dataset_has_not_is_no_file_of_a_sample(tmp_path: Path, kind: str) -> None:
    hand = without(by_hand(tmp_path / "hand", "classroom"), f"fg_bg_{kind}_images")
    contents = opened(hand)
    samples = list(contents.stored(range(6), SAMPLE_KINDS))
    assert [set(sample.files) for sample in samples] == [set(SAMPLE_KINDS) - {kind}] * 6
    assert contents.name(kind, 0) == ""
