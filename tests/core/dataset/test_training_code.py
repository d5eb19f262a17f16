"""The five datasets walked as the training code that was written for them reads them.

Each reader is written anew from what the original's code does with names, numbers and folders, with Pillow and
numpy alone: it knows no layout, no plan and no recipe of the program, only the dataset's folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.conftest import MakeProject
from tests.helpers.datasets import make

N_BG, N_FG, PLACEMENTS = 2, 3, 20
SAMPLES = N_BG * N_FG * 2 * PLACEMENTS
Grey = NDArray[Any]


class Read(NamedTuple):
    """One sample as a reader gives it to a network, and the pictures that it believes it is made of."""

    composite: Image.Image
    mask: Image.Image
    depth: Image.Image
    background: Image.Image
    foreground: Image.Image
    cut_mask: Image.Image
    mirrored: bool
    x: int
    y: int


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, make_project: MakeProject) -> Any:
    """A small dataset by a preset in all its own sizes, made once."""
    known: dict[str, Path] = {}

    def get(preset: str, *changes: str) -> Path:
        key = " ".join((preset, *changes))
        if key not in known:
            folder = tmp_path_factory.mktemp(preset)
            make(make_project(folder, preset, N_BG, N_FG, ["seed=5", *changes]), folder / "out")
            known[key] = folder / "out"
        return known[key]

    return get


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
    return image


def flipped(image: Image.Image) -> Image.Image:
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def white(mask: Image.Image) -> Grey:
    """Where a mask that went through a JPEG is white: never compare one with 0."""
    assert mask.mode == "L"
    return np.asarray(mask) >= 128


def pasted(read: Read, *, mirrored: bool) -> Grey:
    """The composite made again from the pictures that belong to it."""
    paper = read.background.convert("RGB")
    foreground = flipped(read.foreground) if mirrored else read.foreground
    paper.paste(foreground.convert("RGB"), (read.x, read.y), foreground.getchannel("A"))
    return np.asarray(paper, float)


def aligned(read: Read, levels: float) -> None:
    """All pictures of a sample show the same object at the same place, the same way round.

    ``levels`` is how far the codecs may move a composite on average.
    """
    assert read.composite.size == read.mask.size == read.background.size
    composite, mask = np.asarray(read.composite, float), white(read.mask)
    right, wrong = (np.abs(composite - pasted(read, mirrored=m)).mean() for m in (read.mirrored, not read.mirrored))
    assert right < levels
    assert right < wrong
    wide, high = read.cut_mask.size
    assert (wide, high) == read.foreground.size
    cut = white(flipped(read.cut_mask) if read.mirrored else read.cut_mask)
    there = np.zeros_like(mask)
    there[read.y : read.y + high, read.x : read.x + wide] = cut
    assert (there != mask).mean() < 0.005  # a JPEG may tip pixels of the edge, a row lost is more
    inside = shrunk(np.asarray(Image.fromarray(mask).resize(read.depth.size, Image.Resampling.NEAREST)))
    assert np.ptp(np.asarray(read.depth).astype(int)[inside]) <= 12  # an object stands at one depth


def corner(mask: Image.Image, cut_mask: Image.Image) -> tuple[int, int]:
    """x and y at which a cutout lies in a composite, by the two masks, where no label says it."""
    x, y = (
        int(np.flatnonzero(white(mask).any(axis=axis))[0] - np.flatnonzero(white(cut_mask).any(axis=axis))[0])
        for axis in (0, 1)
    )
    return x, y


def shrunk(mask: Grey, pixels: int = 8) -> Grey:
    """``mask`` without its rim, as wide as a block of a JPEG by default: beyond it no ring of the edge is left."""
    for axis in (0, 1):
        for step in (1, -1):
            for _ in range(pixels):
                mask = mask & np.roll(mask, step, axis)
    return mask


def course(root: Path) -> Iterator[tuple[int, Read]]:
    """(counter, sample) by ``labels.txt``; what a sample is made of follows from names and counter alone."""
    for line in (root / "labels" / "labels.txt").read_text().splitlines():
        composite, mask, x, y = line.split("\t")
        _, foreground, _, background, counter = composite.removesuffix(".jpg").split("_")
        assert mask == f"fg_{foreground}_bg_{background}_mask_{counter}.jpg"
        number = int(counter)
        assert int(background) == number // (N_FG * 2 * PLACEMENTS)  # number // 4000 at full size
        depth = composite.replace(f"{counter}.jpg", f"depth_{counter}.png")
        yield number, Read(
            opened(root / "fg_bg" / composite), opened(root / "fg_bg_mask" / mask),
            opened(root / "fg_bg_depth" / depth), opened(root / "bg" / f"{background}.jpg"),
            opened(root / "fg" / f"{foreground}.png"), opened(root / "fg_mask" / f"{foreground}.jpg"),
            number % 2 == 0, int(x), int(y),
        )  # fmt: skip


def test_course(made: Any) -> None:
    root = made("course-200")
    counters = []
    for counter, read in course(root):
        counters.append(counter)
        assert 80 <= max(read.foreground.size) <= 109
        assert read.composite.size == (200, 200)
        assert read.depth.mode == "L"
        aligned(read, 6)
    assert counters == list(range(SAMPLES))
    names = [path.name for path in sorted((root / "fg_bg").iterdir())]
    order = [f"fg_{f:03}_bg_{b:03}" for b in range(N_BG) for f in range(N_FG) for _ in range(2 * PLACEMENTS)]
    assert names == sorted(f"{pair}_{number:06}.jpg" for number, pair in enumerate(order))
    assert [path.name for path in sorted((root / "fg").iterdir())] == [f"{f:03}.png" for f in range(N_FG)]


def street(root: Path) -> Iterator[tuple[str, Read]]:
    """(name, sample), background by background; x and y from the background's label file."""
    for folder in sorted((root / "fg_bg").iterdir()):
        lines = (root / "labels" / f"{folder.name}_label_info.txt").read_text().splitlines()
        assert [line.split("\t")[0] for line in lines] == sorted(
            (path.name for path in folder.iterdir()), key=lambda name: name[-10:]
        )
        for line in lines:
            name, x, y = line.split("\t")
            found = re.fullmatch(r"(bg_\d\d)_(fg_\d\d)_([TF])_(\d{6})\.jpg", name)
            assert found
            background, foreground, side, _ = found.groups()
            assert background == folder.name
            yield name, Read(
                opened(folder / name), opened(root / "fg_bg_masks" / background / name),
                opened(root / "fg_bg_depth" / background / name), opened(root / "bg" / f"{background}.jpg"),
                opened(root / "fg" / f"{foreground}.png"), opened(root / "fg_mask" / f"{foreground}.jpg"),
                side == "T", int(x), int(y),
            )  # fmt: skip


def test_street(made: Any) -> None:
    names = []
    for name, read in street(made("street-224")):
        names.append(name)
        assert read.foreground.height == 105
        depth = np.asarray(read.depth).astype(int)
        assert depth.shape == (224, 224)
        assert depth.min() <= 6  # stretched over the whole of its range …
        assert depth.max() >= 249
        assert depth[0].mean() > depth[-1].mean() + 50  # … and far is bright
        aligned(read, 4)
    assert names == [
        f"bg_{b:02}_fg_{f:02}_{side}_{N_FG * 2 * PLACEMENTS * b + 2 * PLACEMENTS * f + 2 * k + (side == 'F'):06}.jpg"
        for b in range(N_BG) for f in range(N_FG) for k in range(PLACEMENTS) for side in "TF"
    ]  # fmt: skip


def layers(root: Path) -> Iterator[tuple[str, int, Read]]:
    """(name, row, sample), folder by folder; one name gives the other two, and the pictures behind it."""
    for b in range(1, N_BG + 1):
        for path in sorted((root / f"fgbg150_{b}").iterdir()):
            found = re.fullmatch(rf"bg{b}_(\d)_(\d)_((?:flip_)?fg_\d+)\.jpg", path.name)
            assert found
            row, column, cut = int(found[1]), int(found[2]), found[3]
            size, foot = 90 - 10 * row, 150 - 18 * row
            foreground = opened(root / "fg150" / f"{cut}.png")
            cut_mask = opened(root / "fg150_mask" / f"mask_{cut}.jpg")
            assert foreground.size == cut_mask.size == (150, 150)
            mask = opened(root / f"mask_fgbg150_{b}" / f"mask_{path.name}")
            cut_mask = cut_mask.resize((size, size), Image.Resampling.BOX)
            x, y = (150 - size) * (2 * column + 1) // 10, foot - size
            yield path.name, row, Read(
                opened(path), mask, opened(root / f"depth_fgbg150_{b}" / f"depth_{path.name}"),
                opened(root / "bg150" / f"bg{b}.jpg"), foreground.resize((size, size), Image.Resampling.BOX),
                cut_mask, False, x, y,
            )  # fmt: skip


def test_layers(made: Any) -> None:
    root, seen, depths = made("layers-150"), [], {}
    for name, row, read in layers(root):
        seen.append(name)
        rows, columns = (np.flatnonzero(white(read.mask).any(axis=axis)) for axis in (1, 0))
        # The cutout fills its square, for it is stretched to it; its edge's outermost pixels may be under half.
        size, foot = 90 - 10 * row, 150 - 18 * row
        assert size - 2 <= len(columns) <= size
        assert size - 2 <= len(rows) <= size
        assert foot - 1 <= rows[-1] + 1 <= foot
        assert 0 <= columns[0] - read.x <= 2
        background = name.partition("_")[0]
        depth = float(np.median(np.asarray(read.depth)[shrunk(white(read.mask))]))
        assert abs(depths.setdefault((background, row), depth) - depth) <= 1  # all in a row share one depth
        aligned(read, 4)
    assert set(seen) == {
        f"bg{b}_{row}_{column}_{flip}fg_{f}.jpg"
        for b in range(1, N_BG + 1) for row in range(4) for column in range(5)
        for flip in ("", "flip_") for f in range(1, N_FG + 1)
    }  # fmt: skip
    for b in range(1, N_BG + 1):
        nearest_first = [depths[f"bg{b}", row] for row in range(4)]
        assert nearest_first == sorted(nearest_first)
    for f in range(1, N_FG + 1):
        plain, mirror = (opened(root / "fg150" / f"{flip}fg_{f}.png") for flip in ("", "flip_"))
        assert np.array_equal(np.asarray(flipped(plain)), np.asarray(mirror))


def classroom(root: Path) -> Iterator[tuple[str, Read]]:
    """(name, sample) in the order of the loops that made them; the three folders hold the same names."""
    for f in range(1, N_FG + 1):
        paper, cut_mask = (opened(root / kind / f"img_{f:03}.jpg") for kind in ("fg_images", "fg_mask_images"))
        foreground = paper.copy()
        foreground.putalpha(Image.fromarray(white(cut_mask)).convert("L"))
        for b in range(1, N_BG + 1):
            for k in range(1, PLACEMENTS + 1):
                for flip in ("", "flip"):
                    name = f"fg{f:03}{flip}_bg{b:03}_{k:02}.jpg"
                    mask = opened(root / "fg_bg_mask_images" / name)
                    yield name, Read(
                        opened(root / "fg_bg_images" / name), mask, opened(root / "fg_bg_depth_images" / name),
                        opened(root / "bg_images" / f"img_{b:03}.jpg"), foreground, cut_mask,
                        bool(flip), *corner(mask, flipped(cut_mask) if flip else cut_mask),
                    )  # fmt: skip


def test_classroom(made: Any) -> None:
    root, names = made("classroom-192"), []
    for name, read in classroom(root):
        names.append(name)
        assert read.composite.size == (192, 192)
        depth = np.asarray(read.depth).astype(int)
        assert depth.shape == (240, 240)
        assert depth[-1].mean() > depth[0].mean() + 50  # near is bright
        aligned(read, 3)
    for kind in ("fg_bg_images", "fg_bg_mask_images", "fg_bg_depth_images"):
        assert sorted(path.name for path in (root / kind).iterdir()) == sorted(names)
    for f in range(1, N_FG + 1):
        paper = np.asarray(opened(root / "fg_images" / f"img_{f:03}.jpg")).astype(int)
        outside = shrunk(~white(opened(root / "fg_mask_images" / f"img_{f:03}.jpg")), 1)
        # All that the mask leaves out is white paper, the soft edge too; JPEG's rings around it remain.
        assert np.abs(255 - paper[outside]).mean() < 4


def test_classroom_zips(made: Any) -> None:
    """One ZIP a kind, opened by its folder's name; its files lie at its root."""
    root, plain = made("classroom-192", "writer=zip"), made("classroom-192")
    for kind in ("bg", "fg", "fg_mask", "fg_bg", "fg_bg_mask", "fg_bg_depth"):
        with ZipFile(root / f"{kind}_images.zip") as archive:
            names = archive.namelist()
            assert sorted(names) == sorted(path.name for path in (plain / f"{kind}_images").iterdir())
            for name in names[::7]:
                assert archive.read(name) == (plain / f"{kind}_images" / name).read_bytes()


def sorted_folders(root: Path, *folders: str) -> Iterator[tuple[Path, ...]]:
    """The files of folders side by side, each folder sorted by name."""
    yield from zip(*(sorted((root / folder).iterdir()) for folder in folders), strict=True)


def office(root: Path, sources: Path, backgrounds: list[Path]) -> Iterator[tuple[str, Read]]:
    """(name, sample): three folders side by side, the background by the number in the mask's name."""
    for composite, mask, depth in sorted_folders(root, "BG_FG", "BG_FG Masks", "DepthMaps"):
        assert composite.name == mask.name
        number, cut = int(mask.name.split("_")[1]), int(mask.name.split("_")[3])
        mirrored = cut > 100
        stored = f"{cut - 100 if mirrored else cut:03}"
        foreground = opened(sources / "FG" / f"fg{stored}.png")
        cut_mask, solid = opened(sources / "FG Masks" / f"frg{stored}.png"), opened(mask)
        place = corner(solid, flipped(cut_mask) if mirrored else cut_mask)
        yield composite.name, Read(
            opened(composite), solid, opened(depth), opened(backgrounds[number - 1]), foreground, cut_mask,
            mirrored, *place,
        )  # fmt: skip


def test_office(made: Any) -> None:
    root, names = made("office-224"), []
    for name, read in office(root, root, sorted((root / "BG").iterdir())):
        names.append(name)
        assert read.composite.size == read.depth.size == (224, 224)
        assert read.foreground.height == 110
        assert read.depth.mode == "L"
        aligned(read, 4)
    assert names == sorted(
        f"bg_{b:03}_fg_{f:03}_{k:03}.jpeg"
        for b in range(1, N_BG + 1) for f in (*range(1, N_FG + 1), *range(101, N_FG + 101))
        for k in range(1, PLACEMENTS + 1)
    )  # fmt: skip
    for f in range(1, N_FG + 1):
        plain, mirror = (opened(root / "FG" / f"fg{f:03}{side}.png") for side in ("", "_01"))
        assert np.array_equal(np.asarray(flipped(plain)), np.asarray(mirror))


def test_office_sets(made: Any, tmp_path: Path) -> None:
    """A set is unpacked, and its four folders, sorted, go side by side through the network."""
    root, plain, names = made("office-224", "writer.name=sets", "writer.size=100"), made("office-224"), []
    numbers = []
    for number in (1, 2, 3):
        with ZipFile(root / f"set-{number:03}.zip") as archive:
            assert {info.compress_type for info in archive.infolist()} == {0}
            archive.extractall(tmp_path / str(number))
        one = tmp_path / str(number)
        assert sorted(path.name for path in one.iterdir()) == ["BG", "BG_FG", "BG_FG Masks", "DepthMaps"]
        quadruples = list(sorted_folders(one, "BG", "BG_FG", "BG_FG Masks", "DepthMaps"))
        numbers.append(len(quadruples))
        for background, composite, mask, depth in quadruples:
            wanted = int(mask.name.split("_")[1])
            assert background.read_bytes() == (plain / "BG" / f"bg{wanted:03}.jpeg").read_bytes()
            for path in (composite, mask, depth):
                assert path.read_bytes() == (plain / path.relative_to(one)).read_bytes()
            names.append(composite.name)
    assert numbers == [100, 100, 40]
    assert sorted(names) == sorted(path.name for path in (plain / "BG_FG").iterdir())
