"""Outlined objects come into a project as photos with their class and cutout."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.annotated import add_annotated, banded
from fgbg_studio.core.project.judging import Verdict
from fgbg_studio.core.project.photos import find_photos, open_photo
from tests.conftest import draw_background, write_picture
from tests.helpers.datasets import tree

WIDTH, HEIGHT = 240, 180
BOXES = {"cat": (20, 30, 60, 90), "dog": (130, 40, 80, 70)}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two photos with an even red and an even green thing before a wall."""
    for number in range(2):
        photo = draw_background(number, WIDTH, HEIGHT) // 3 + 150
        for colour, (x, y, width, height) in zip([(200, 20, 20), (20, 120, 30)], BOXES.values(), strict=True):
            photo[y : y + height, x : x + width] = np.array(colour) + number
        write_picture(tmp_path / f"photos/p{number}.png", photo)
    return tmp_path / "photos"


def outlines(path: Path, *, inside: int = 2) -> Path:
    """COCO's file of both photos: each outline lies a little inside of its object, beside a crowd, a box and a dot."""
    objects = []
    for image in range(2):
        for number, (x, y, width, height) in enumerate(BOXES.values()):
            left, top, right, low = x + inside, y + inside, x + width - inside, y + height - inside
            objects.append({"image_id": image, "category_id": number,
                            "segmentation": [[left, top, right, top, right, low, left, low]]})  # fmt: skip
    objects += [
        {"image_id": 0, "category_id": 0, "segmentation": [[0, 0, 50, 0, 50, 50]], "iscrowd": 1},
        {"image_id": 0, "category_id": 0, "segmentation": [[0, 0, 9, 0, 9, 9]]},
        {"image_id": 0, "category_id": 0, "bbox": [0, 0, 9, 9]},
    ]
    images = [{"id": n, "file_name": f"p{n}.png", "width": WIDTH, "height": HEIGHT} for n in range(3)]
    categories = [{"id": n, "name": name} for n, name in enumerate(BOXES)]
    path.write_text(json.dumps({"images": images, "annotations": objects, "categories": categories}))
    return path


def add(project: Path, photos: Path, annotations: Path) -> list[Verdict]:
    return list(add_annotated(project, [photos], annotations, licence="CC0", origin="here"))


def test_each_object_is_a_photo_with_its_class_and_a_cutout_to_the_edge(
    project: Path, photos: Path, tmp_path: Path
) -> None:
    verdicts = add(project, photos, outlines(tmp_path / "o.json"))
    foregrounds = storage.load(project).foregrounds
    assert [(one.category, one.licence, one.origin) for one in foregrounds] == [("cat", "CC0", "here"),
                                                                               ("dog", "CC0", "here")] * 2  # fmt: skip
    assert [verdict.reason for verdict in verdicts if not verdict.picture] == [
        "left out: 1 only boxes or points, 1 crowds, 1 smaller than 32 pixels"
    ]
    listed = find_photos(project)
    assert [photo.path.name for photo in listed] == ["p0.png", "p0-2.png", "p1.png", "p1-2.png"]
    assert [photo.foreground for photo in listed] == [one.sha256 for one in foregrounds]
    for photo, (x, y, width, height) in zip(listed, [*BOXES.values()] * 2, strict=True):
        opened = open_photo(photo.path)
        assert opened.planes is not None
        wanted = np.zeros((HEIGHT, WIDTH), bool)
        wanted[y : y + height, x : x + width] = True
        assert intersection_over_union(opened.planes[0] >= 128, wanted) > 0.98  # the outline's own is 0.89 to 0.9
    for one, (_, _, width, height) in zip(foregrounds, [*BOXES.values()] * 2, strict=True):
        assert one.box[2:] == pytest.approx((width, height), abs=2)
        assert read_rgba(project / one.file)[..., 3].max() == 255


def intersection_over_union(one: Pixels, other: Pixels) -> float:
    return float(np.count_nonzero(one & other) / np.count_nonzero(one | other))


def test_the_photos_are_listed_once_however_many_objects_there_are(
    project: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[Path] = []
    look = Path.iterdir

    def counting(self: Path) -> Iterator[Path]:
        listed.append(self)
        return iter(list(look(self)))

    monkeypatch.setattr(Path, "iterdir", counting)
    add(project, photos, outlines(tmp_path / "o.json"))
    assert len(storage.load(project).foregrounds) == 4
    assert listed.count(project / "photos") == 1  # it was so for each of the objects, and twice


def test_again_it_changes_nothing_and_goes_on_where_it_was_stopped(project: Path, photos: Path, tmp_path: Path) -> None:
    annotations = outlines(tmp_path / "o.json")
    whole = add_annotated(project, [photos], annotations)
    next(whole)
    whole.close()  # type: ignore[attr-defined]
    assert len(storage.load(project).foregrounds) == 1
    add(project, photos, annotations)
    after = tree(project)
    assert len(storage.load(project).foregrounds) == len(find_photos(project)) == 4
    again = add(project, photos, annotations)
    assert [verdict.picture for verdict in again] == [None, None]
    assert all("2 there already" in verdict.reason for verdict in again)
    assert tree(project) == after


def test_what_was_killed_before_it_was_recorded_is_used_again(project: Path, photos: Path, tmp_path: Path) -> None:
    annotations, before = outlines(tmp_path / "o.json"), (project / "project.json").read_bytes()
    add(project, photos, annotations)
    names = [photo.path.name for photo in find_photos(project)]
    (project / "project.json").write_bytes(before)
    add(project, photos, annotations)
    assert [photo.path.name for photo in find_photos(project)] == names
    assert len(storage.load(project).foregrounds) == 4


def test_photos_that_are_not_named_are_an_error(project: Path, photos: Path, tmp_path: Path) -> None:
    (photos / "p0.png").rename(photos / "x.png")
    (photos / "p1.png").rename(photos / "y.png")
    with pytest.raises(PictureError, match="none of the photos is named"):
        add(project, photos, outlines(tmp_path / "o.json"))


def test_what_is_no_annotation_is_said(project: Path, photos: Path, tmp_path: Path) -> None:
    (tmp_path / "o.json").write_text("{}")
    with pytest.raises(PictureError, match="none of COCO"):
        add(project, photos, tmp_path / "o.json")


def test_a_turned_or_damaged_photo_is_named_and_ends_nothing(project: Path, photos: Path, tmp_path: Path) -> None:
    with Image.open(photos / "p0.png") as image:
        image.transpose(Image.Transpose.ROTATE_90).save(photos / "p0.png")
    refused = [verdict for verdict in add(project, photos, outlines(tmp_path / "o.json")) if not verdict.picture]
    assert "p0.png is 180 × 240 pixels" in refused[0].reason
    assert len(storage.load(project).foregrounds) == 2


def test_of_several_photos_of_a_name_the_folders_decide(project: Path, photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "photos" / "other"
    other.mkdir()
    (photos / "p0.png").rename(other / "p0.png")
    write_picture(photos / "p0.png", draw_background(5, WIDTH, HEIGHT))
    annotations = outlines(tmp_path / "o.json")
    refused = [verdict.reason for verdict in add(project, photos, annotations) if not verdict.picture]
    assert "may be" in refused[0]
    annotations.write_text(annotations.read_text().replace('"p0.png"', '"other/p0.png"'))
    assert sum(verdict.picture is not None for verdict in add(project, photos, annotations)) == 2


def test_a_photo_called_as_another_ones_second_object_keeps_its_own_file(
    project: Path, photos: Path, tmp_path: Path
) -> None:
    annotations = outlines(tmp_path / "o.json")
    (photos / "p1.png").rename(photos / "p0-2.png")
    annotations.write_text(annotations.read_text().replace('"p1.png"', '"p0-2.png"'))
    add(project, photos, annotations)
    kept = {photo.path.read_bytes() for photo in find_photos(project)}
    assert kept == {(photos / name).read_bytes() for name in ("p0.png", "p0-2.png")}
    assert len(find_photos(project)) == 4


def test_the_band_is_undecided_to_either_side() -> None:
    mask = np.zeros((200, 200), np.uint8)
    mask[50:150, 50:150] = 255
    row = banded(mask)[100]
    assert (row[:47] == 0).all()
    assert (row[53:147] == 255).all()
    assert set(np.unique(row[48:52])) == {128}
