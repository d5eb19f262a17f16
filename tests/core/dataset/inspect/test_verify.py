"""Every fault that can be planted in a dataset is found and named; nothing is found where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.arrays import AnyPixels, Pixels
from fgbg_studio.core.base.sample import Sample
from fgbg_studio.core.dataset.inspect.verify_pictures import alike, coded
from fgbg_studio.core.dataset.record import open_dataset
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.project import presets
from tests.helpers.datasets import copy, counts, examples, find, make, small

MakeProject = Callable[..., Path]
Plant = Callable[[Path], None]
PRESETS = presets.names()


@pytest.fixture
def clean(datasets: Callable[..., Path], tmp_path: Path) -> Path:
    """A copy of the default preset's dataset, to be damaged."""
    return copy(datasets(), tmp_path / "out")


def faults(root: Path) -> dict[str, int]:
    return counts(find(root))


def pictures(root: Path, kind: str) -> list[Path]:
    return sorted((root / kind).rglob("*.*"))


def read(path: Path) -> AnyPixels:
    return decode(path.read_bytes(), path.name)


def swap(one: Path, two: Path) -> None:
    first = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(first)


@pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
@pytest.mark.parametrize("preset", PRESETS)
def test_no_false_alarm(preset: str, writer: str, datasets: Callable[..., Path]) -> None:
    found = find(datasets(preset, writer))
    report = found.report()
    assert (report["files"], report["clean"], report["faults"]) == (found.files, True, [])
    lossless = open_dataset(datasets(preset, writer)).recipe.settings.codecs.mask.lossless
    assert any("is not binary" in warning for warning in report["warnings"]) != lossless
    assert found.files >= 3 * open_dataset(datasets(preset, writer)).samples


@pytest.mark.parametrize("kind", ["fg_bg", "mask", "depth", "bg", "fg", "fg_mask"])
class TestFiles:
    """What can happen to a file of any kind."""

    def test_missing(self, kind: str, clean: Path) -> None:
        victim = pictures(clean, kind)[1]
        victim.unlink()
        found = find(clean)
        assert counts(found)[f"{kind} is missing"] == 1
        assert examples(found)[f"{kind} is missing"] == [victim.relative_to(clean).as_posix()]
        assert any(fault.startswith("dataset.json says") for fault in counts(found))

    def test_stray(self, kind: str, clean: Path) -> None:
        first = pictures(clean, kind)[0]
        shutil.copy(first, first.with_name(f"copy_of_{first.name}"))
        found = find(clean)
        assert counts(found)["stray file that belongs to no sample"] == 1
        assert f"copy_of_{first.name}" in examples(found)["stray file that belongs to no sample"][0]

    @pytest.mark.parametrize("data", [b"", b"no picture", None])
    def test_truncated(self, kind: str, data: bytes | None, clean: Path) -> None:
        victim = pictures(clean, kind)[1]
        victim.write_bytes(victim.read_bytes()[:-20] if data is None else data)
        found = find(clean)
        assert counts(found) == {f"{kind} cannot be read": 1}
        assert examples(found)[f"{kind} cannot be read"] == [victim.relative_to(clean).as_posix()]

    def test_swapped(self, kind: str, clean: Path) -> None:
        swap(*pictures(clean, kind)[:2])
        assert sum(faults(clean).values()) == 2
        assert all(fault.startswith(f"{kind} differs") for fault in faults(clean))

    def test_in_another_folder(self, kind: str, clean: Path) -> None:
        victim = pictures(clean, kind)[0]
        moved = victim.parent / "elsewhere" / victim.name
        moved.parent.mkdir()
        victim.rename(moved)
        assert faults(clean) == {f"{kind} lies in another folder": 1}

    def test_twice(self, kind: str, clean: Path) -> None:
        victim = pictures(clean, kind)[0]
        (victim.parent / "elsewhere").mkdir()
        shutil.copy(victim, victim.parent / "elsewhere" / victim.name)
        assert faults(clean)["the same picture twice"] == 1

    def test_of_another_shape(self, kind: str, clean: Path) -> None:
        victim = pictures(clean, kind)[0]
        pixels = cv2.resize(read(victim), (50, 50), interpolation=cv2.INTER_NEAREST)
        victim.write_bytes(encode(pixels, Codec("jpeg" if victim.suffix == ".jpg" else "png")))
        assert sum(faults(clean).values()) == 1
        assert next(iter(faults(clean))).startswith(kind)

    def test_of_another_type(self, kind: str, clean: Path) -> None:
        victim = pictures(clean, kind)[0]
        pixels = read(victim)
        other = (pixels // 257).astype(np.uint8) if pixels.dtype == np.uint16 else pixels.astype(np.uint16) * 257
        victim.write_bytes(encode(other, Codec()))
        assert sum(faults(clean).values()) == 1
        assert next(iter(faults(clean))).startswith(kind)


def test_a_stray_picture_beside_the_folders(clean: Path) -> None:
    shutil.copy(pictures(clean, "fg_bg")[0], clean / "my_favourite.jpg")
    assert examples(find(clean)) == {"stray file that belongs to no sample": ["my_favourite.jpg"]}


class TestMasks:
    def test_not_binary(self, clean: Path) -> None:
        victim = pictures(clean, "mask")[0]
        pixels = read(victim)
        pixels[0, 0] = 1
        victim.write_bytes(encode(pixels, Codec()))
        assert faults(clean) == {"mask is not binary": 1}

    def test_stored_as_jpeg_and_back(self, clean: Path) -> None:
        """A "binary" mask that is not."""
        for victim in pictures(clean, "mask"):
            victim.write_bytes(encode(coded(read(victim), Codec("jpeg", 95)), Codec()))
        assert set(faults(clean)) == {"mask is not binary"}

    def test_one_pixel(self, clean: Path) -> None:
        victim = pictures(clean, "mask")[3]
        pixels = read(victim)
        pixels[40, 40] = 255 - pixels[40, 40]
        victim.write_bytes(encode(pixels, Codec()))
        assert faults(clean) == {"mask differs from what the recipe makes": 1}

    def test_made_by_subtraction(self, clean: Path) -> None:
        """Composite less background drops object pixels that happen to equal the background."""
        dataset = open_dataset(clean)
        sample = dataset.plan()[0]
        made = dataset.composer()(sample)
        difference = cv2.absdiff(made.image, dataset.composer().background(0)).max(axis=2)
        by_hand_mask = (difference > 40).astype(np.uint8) * np.uint8(255)
        assert not np.array_equal(by_hand_mask, made.mask)
        (clean / dataset.plan().paths(sample).mask).write_bytes(encode(by_hand_mask, Codec()))
        assert faults(clean) == {"mask differs from what the recipe makes": 1}

    @pytest.mark.parametrize("preset", ["street-224", "course-200"])
    def test_swapped_though_stored_as_jpeg(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")
        swap(*pictures(root, {"street-224": "fg_bg_masks", "course-200": "fg_bg_mask"}[preset])[:2])
        assert faults(root) == {"mask differs from what the recipe makes": 2}


def paint(root: Path, number: int, box: tuple[int, int, int, int], levels: int) -> None:
    """Store a composite in which the box (x, y, width, height) is brighter, or darker where it was bright."""
    dataset = open_dataset(root)
    sample = dataset.plan()[number]
    pixels = dataset.composer()(sample).image.astype(np.int16)
    x, y, width, height = box
    part = pixels[y : y + height, x : x + width]
    part += np.where(part > 127, -levels, levels).astype(np.int16)
    data = encode(pixels.clip(0, 255).astype(np.uint8), dataset.recipe.settings.codecs.fg_bg)
    (root / dataset.plan().paths(sample).fg_bg).write_bytes(data)


class TestComposites:
    """A composite equals its background outside the object, and the recipe's composite inside."""

    PRESETS = ("studio-256", "street-224", "course-200", "classroom-192")

    def sample(self, root: Path) -> Sample:
        """The first sample whose object keeps away from the upper left corner."""
        return next(s for s in open_dataset(root).plan() if s.first.x > 26 or s.first.y > 26)

    @pytest.mark.parametrize("preset", PRESETS)
    def test_edited_far_from_the_object(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")
        paint(root, self.sample(root).number, (0, 0, 8, 8), 60)
        assert faults(root) == {"fg_bg differs from its background outside the object": 1}

    @pytest.mark.parametrize("preset", PRESETS)
    def test_edited_close_to_the_object(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")
        sample = self.sample(root)
        left = sample.first.x - 8 if sample.first.x >= 8 else sample.first.x + sample.first.width
        paint(root, sample.number, (left, min(sample.first.y + sample.first.height // 2, 56), 8, 8), 60)
        assert [fault.startswith("fg_bg differs") for fault in faults(root)] == [True]

    @pytest.mark.parametrize("preset", PRESETS)
    def test_another_object_in_the_same_place(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")
        sample = self.sample(root)
        paint(root, sample.number, sample.box, 40)
        assert faults(root) == {"fg_bg differs from what the recipe makes": 1}

    def test_compressed_much_more(self, clean: Path) -> None:
        path = pictures(clean, "fg_bg")[0]
        path.write_bytes(encode(read(path), Codec("jpeg", 5)))
        assert list(faults(clean).values()) == [1]

    @pytest.mark.parametrize("preset", PRESETS)
    def test_every_pair_of_neighbours_swapped_is_found(
        self, preset: str, datasets: Callable[..., Path], tmp_path: Path
    ) -> None:
        """Two composites of one background and one foreground: only the place differs."""
        root = copy(datasets(preset), tmp_path / "out")
        dataset = open_dataset(root)
        plan = dataset.plan()
        pairs = [(s, t) for s in plan for t in plan if s.number < t.number and s.identity[:2] == t.identity[:2]]
        apart = [
            (s, t)
            for s, t in pairs
            if max(abs(s.first.x - t.first.x), abs(s.first.y - t.first.y)) > 3 or s.first.mirrored != t.first.mirrored
        ]
        one, two = apart[len(apart) // 2]
        for kind, first, second in zip(("fg_bg", "mask", "depth"), plan.paths(one), plan.paths(two), strict=True):
            if (root / first).read_bytes() == (root / second).read_bytes():
                continue
            swap(root / first, root / second)
            assert any(fault.startswith(f"{kind} differs") for fault in faults(root)), kind
            swap(root / first, root / second)

    def test_lossless_composites_are_held_to_every_pixel(self, make_project: MakeProject, tmp_path: Path) -> None:
        made = make_project(tmp_path, n_bg=1, n_fg=1, changes=small("studio-256", "codecs.fg_bg.format=png"))
        make(made, tmp_path / "out")
        victim = pictures(tmp_path / "out", "fg_bg")[0]
        pixels = read(victim)
        pixels[0, 0, 0] ^= 1
        victim.write_bytes(encode(pixels, Codec()))
        assert list(faults(tmp_path / "out").values()) == [1]


class TestDepth:
    @pytest.mark.parametrize("preset", PRESETS)
    def test_of_another_sample(self, preset: str, datasets: Callable[..., Path], tmp_path: Path) -> None:
        root = copy(datasets(preset), tmp_path / "out")
        plan = open_dataset(root).plan()
        paths = [root / plan.paths(sample).depth for sample in plan]
        maps = [read(path).astype(int) for path in paths]
        other = max(range(1, len(paths)), key=lambda i: np.abs(maps[0] - maps[i]).mean())
        shutil.copy(paths[other], paths[0])
        assert faults(root) == {"depth differs from what the recipe makes": 1}

    def test_stretched(self, clean: Path) -> None:
        """Per-image stretch: the same metre gets another value in each picture."""
        victim = pictures(clean, "depth")[0]
        pixels = read(victim).astype(np.float64)
        stretched = (pixels - pixels.min()) / (pixels.max() - pixels.min()) * 65535
        victim.write_bytes(encode(stretched.astype(np.uint16), Codec()))
        assert faults(clean) == {"depth differs from what the recipe makes": 1}

    def test_a_wall_right_before_the_camera_is_no_fault(self, make_project: MakeProject, tmp_path: Path) -> None:
        """Every pixel at one depth, rightly so."""
        changes = small("studio-256", "camera.wall=0.5", "placement=uniform", "foreground.sizing.pixels=30")
        make(make_project(tmp_path, changes=changes), tmp_path / "out")
        assert faults(tmp_path / "out") == {}


def test_several_faults_are_each_counted(clean: Path) -> None:
    """Which, how many: counts are whole even where several threads find them."""
    for path in pictures(clean, "mask"):
        path.unlink()
    for path in pictures(clean, "depth"):
        path.write_bytes(b"")
    found = find(clean)
    assert counts(found)["mask is missing"] == counts(found)["depth cannot be read"] == 16
    assert len(examples(found)["mask is missing"]) == 5
    assert found.report()["clean"] is False


@given(st.integers(0, 2**32 - 1), st.sampled_from([30, 65, 75, 95]))
def test_a_rounding_apart_is_alike_at_every_quality(seed: int, quality: int) -> None:
    """Another build of OpenCV resamples a foreground a grey level otherwise: that is no fault."""
    rng = np.random.default_rng(seed)
    smooth = cv2.GaussianBlur(rng.integers(0, 256, (48, 48, 3), np.uint8), (0, 0), 2)
    nudged = (smooth.astype(np.int16) + rng.integers(-1, 2, smooth.shape)).clip(0, 255).astype(np.uint8)
    codec = Codec("jpeg", quality)
    assert alike(coded(nudged, codec), coded(smooth, codec), codec)


@pytest.mark.parametrize("quality", [30, 65, 95])
def test_a_patch_that_differs_is_not_alike(quality: int) -> None:
    pixels: Pixels = np.full((48, 48, 3), 100, np.uint8)
    other = pixels.copy()
    other[16:24, 16:24] = 140
    codec = Codec("jpeg", quality)
    assert not alike(coded(other, codec), coded(pixels, codec), codec)
