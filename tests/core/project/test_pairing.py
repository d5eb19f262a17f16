"""Photos and masks that belong together by more than the bare name."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.project.pairing import MaskPairs
from tests.conftest import write_picture


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("photos", "masks"):
        (tmp_path / name).mkdir()
    return tmp_path


def put(root: Path, *names: str) -> list[Path]:
    paths = [root / name for name in names]
    return [write_picture(path, np.zeros((2, 2), np.uint8)) for path in paths]


def paired(root: Path, photos: list[Path], given: list[Path] | None = None) -> dict[str, str]:
    """Photo → mask, both as they lie under ``root``; or in brackets why there is none."""
    pairs, found = MaskPairs(photos, root / "masks", given or [root / "photos"]), {}
    for photo in pairs.photos:
        try:
            found[photo.relative_to(root).as_posix()] = pairs.mask_of(photo).relative_to(root).as_posix()
        except PictureError as error:
            found[photo.relative_to(root).as_posix()] = f"({error.problem.replace(f'{root}/', '')})"
    return found


def test_a_mask_lies_where_its_photo_does(root: Path) -> None:
    photos = put(root, "photos/cam1/0001.jpg", "photos/cam2/0001.jpg", "photos/0001.jpg")
    put(root, "masks/cam1/0001.png", "masks/cam2/0001.png", "masks/0001.png")
    assert paired(root, photos) == {
        "photos/cam1/0001.jpg": "masks/cam1/0001.png",
        "photos/cam2/0001.jpg": "masks/cam2/0001.png",
        "photos/0001.jpg": "masks/0001.png",
    }


def test_one_mask_of_two_photos_is_neithers(root: Path) -> None:
    photos = put(root, "photos/cam1/0001.jpg", "photos/cam2/0001.jpg")
    put(root, "masks/0001.png")
    both = "(masks/0001.png may be the mask of two pictures, photos/cam1/0001.jpg and photos/cam2/0001.jpg)"
    assert paired(root, photos) == {"photos/cam1/0001.jpg": both, "photos/cam2/0001.jpg": both}


def test_the_same_photo_in_two_formats(root: Path) -> None:
    photos = put(root, "photos/a.jpg", "photos/a.png")
    put(root, "masks/a.png")
    assert set(paired(root, photos).values()) == {
        "(masks/a.png may be the mask of two pictures, photos/a.jpg and photos/a.png)"
    }


def test_a_bare_name_does_where_only_one_has_it(root: Path) -> None:
    photos = put(root, "photos/cam1/a.jpg", "photos/cam2/b.jpg", "photos/c.jpg")
    put(root, "masks/a.png", "masks/b.png", "masks/deep/c.png")
    assert paired(root, photos) == {
        "photos/cam1/a.jpg": "masks/a.png",
        "photos/cam2/b.jpg": "masks/b.png",
        "photos/c.jpg": "masks/deep/c.png",
    }


def test_a_mask_that_is_anothers_by_its_place_is_not_borrowed(root: Path) -> None:
    photos = put(root, "photos/cam1/0001.jpg", "photos/cam2/0001.jpg")
    put(root, "masks/cam1/0001.png")
    found = paired(root, photos)
    assert found["photos/cam1/0001.jpg"] == "masks/cam1/0001.png"
    assert found["photos/cam2/0001.jpg"].startswith("(0001.jpg has no mask of the same name in ")


def test_two_masks_of_one_photo_are_none(root: Path) -> None:
    photos = put(root, "photos/a.jpg")
    put(root, "masks/a.jpg", "masks/a.png")
    assert paired(root, photos) == {"photos/a.jpg": "(a.jpg has more than one mask, masks/a.jpg and masks/a.png)"}


@pytest.mark.parametrize(
    "mask", ["a.png", "a.jpg.png", "a_mask.gif", "a-mask.png", "a_matte.tif", "a.mask.png", "a_Segmentation.png"]
)
def test_names_that_tools_give(root: Path, mask: str) -> None:
    photos = put(root, "photos/a.jpg", "photos/b.jpg")
    put(root, f"masks/{mask}", "masks/b.png")
    assert paired(root, photos) == {"photos/a.jpg": f"masks/{mask}", "photos/b.jpg": "masks/b.png"}


def test_two_formats_with_masks_by_their_full_names(root: Path) -> None:
    photos = put(root, "photos/a.jpg", "photos/a.png")
    put(root, "masks/a.jpg.png", "masks/a.png.png")
    assert paired(root, photos) == {"photos/a.jpg": "masks/a.jpg.png", "photos/a.png": "masks/a.png.png"}


@pytest.mark.parametrize(("photo", "mask"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_names_are_compared_as_they_read(root: Path, photo: str, mask: str) -> None:
    photos = put(root, unicodedata.normalize(photo, "photos/grün/Käse.jpg"))  # type: ignore[arg-type]
    masks = put(root, unicodedata.normalize(mask, "masks/grün/Käse.png"))  # type: ignore[arg-type]
    pairs = MaskPairs(photos, root / "masks", [root / "photos"])
    assert pairs.mask_of(photos[0]) == masks[0]


def test_masks_inside_the_folder_of_photos_are_no_photos(root: Path) -> None:
    photos = put(root, "a.jpg", "b.jpg")
    masks = put(root, "masks/a.png", "masks/b.png")
    assert paired(root, [*photos, *masks], [root]) == {"a.jpg": "masks/a.png", "b.jpg": "masks/b.png"}


def test_masks_beside_their_photos_with_a_word(root: Path) -> None:
    both = put(root, "masks/a.jpg", "masks/a_mask.png")
    found = paired(root, both, [root / "masks"])
    assert found["masks/a.jpg"] == "masks/a_mask.png"
    assert found["masks/a_mask.png"].startswith("(a_mask.png has no mask")


def test_a_photo_given_twice_is_one_photo(root: Path) -> None:
    photos = put(root, "photos/a.jpg")
    put(root, "masks/a.png")
    assert paired(root, photos * 2, photos) == {"photos/a.jpg": "masks/a.png"}


@pytest.mark.timing
def test_ten_thousand_pairs(root: Path) -> None:
    photos = [root / "photos" / f"{number}.jpg" for number in range(10_000)]
    for number in range(10_000):
        (root / "masks" / f"{number}.png").touch()
    start = time.process_time()
    pairs = MaskPairs(photos, root / "masks", [root / "photos"])
    assert [pairs.mask_of(photo).stem for photo in photos] == [photo.stem for photo in photos]
    assert time.process_time() - start < 10  # 1 s measured
