"""Outlines of objects that other programs drew: each format as it is published, and what is none of them."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import PictureError
from fgbg_studio.core.imaging.annotations import AnnotatedPhoto, Plane, Polygons
from fgbg_studio.core.imaging.annotations.coco import RunLengths
from fgbg_studio.core.imaging.annotations.reading import read_annotations
from tests.conftest import longer
from tests.helpers.annotations import FLAT, SIZE, SQUARE, coco, isat, labelme, png, square, text


def read(tmp_path: Path, value: object, name: str = "a.json") -> list[AnnotatedPhoto | PictureError]:
    path = tmp_path / name
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return list(read_annotations(path))


def only(found: list[AnnotatedPhoto | PictureError]) -> AnnotatedPhoto:
    (photo,) = found
    assert isinstance(photo, AnnotatedPhoto)
    return photo


def peak(call: Callable[[], object]) -> int:
    """The most bytes that Python and numpy held at a time."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


class TestPolygons:
    def test_what_lies_inside_is_filled_to_the_pixel(self) -> None:
        assert np.array_equal(Polygons((SQUARE,), SIZE).drawn(SIZE), square())

    def test_its_area_is_that_of_the_polygon(self) -> None:
        corners = [(10.0, 5.0), (40.5, 7.0), (52.0, 30.2), (12.0, 33.0)]
        assert np.count_nonzero(Polygons((corners,), SIZE).drawn(SIZE)) == pytest.approx(905.1, rel=0.02)

    def test_a_photo_of_another_size_is_drawn_on_in_its_own(self) -> None:
        twice = Polygons((SQUARE,), SIZE).drawn((140, 80))
        assert np.array_equal(twice, square().repeat(2, 0).repeat(2, 1))

    def test_one_over_a_whole_large_photo_is_drawn_in_little_room(self) -> None:
        """Four times finer is sixteen times the photo at once."""
        corners = [(0.0, 0.0), (800.0, 450.0), (1600.0, 0.0), (1600.0, 1600.0), (350.0, 1250.5), (0.0, 1600.0)]
        size = (1600, 1600)
        assert peak(lambda: Polygons((corners,), size).drawn(size)) < 10 * 1600 * 1600
        lower = [(x, y - 655.0) for x, y in corners]  # where strips meet otherwise
        both = Polygons((corners,), size).drawn(size)[655:], Polygons((lower,), size).drawn(size)[:945]
        assert np.count_nonzero(both[0] != both[1]) < 10  # of 1,500 on its edges

    def test_what_reaches_out_of_the_photo_is_cut(self) -> None:
        mask = Polygons(([(-50.0, -50.0), (1e5, -50.0), (1e5, 20.0), (-50.0, 20.0)],), SIZE).drawn(SIZE)
        assert (mask[:20] == 255).all()
        assert not mask[20:].any()


class TestCoco:
    def test_polygons_with_class_and_crowd(self, tmp_path: Path) -> None:
        photo = only(read(tmp_path, coco({"segmentation": [FLAT], "iscrowd": 0}, {"segmentation": [], "iscrowd": 0})))
        assert (photo.name, photo.size, photo.boxes) == ("val/p.jpg", SIZE, 1)
        (one,) = photo.objects
        assert (one.category, one.crowd) == ("cat", False)
        assert np.array_equal(one.drawn(SIZE), square())

    def test_runs_as_numbers_and_as_text_are_what_the_api_wrote(self, tmp_path: Path) -> None:
        rows, columns = np.mgrid[0:40, 0:70]
        wanted = ((columns - 30) ** 2 / 400 + (rows - 18) ** 2 / 150 < 1).astype(np.uint8)
        wanted[5:9, 60:66] = 1
        text = "W>7o04M2N2N2O0O2O0O2O000O2O0000000O2O000000000001N100000001N10001N101N101N2N2N3LX<MmC000000000k4"
        flat = wanted.T.reshape(-1)
        edges = np.flatnonzero(np.diff(flat, prepend=0, append=0))
        counts = [int(edges[0]), *np.diff(edges).tolist()]
        counts.append(flat.size - sum(counts))
        for runs in (text, counts):
            photo = only(read(tmp_path, coco({"segmentation": {"counts": runs, "size": [40, 70]}, "iscrowd": 1})))
            assert photo.objects[0].crowd
            assert np.array_equal(photo.objects[0].drawn(SIZE), wanted * 255)

    @pytest.mark.parametrize(
        "runs", ["", "W>7o04M2N", "\x00\x01", "oooooooooooooooooooo", (5, 2), (-1, 2801), (2800, 2800)]
    )
    def test_damaged_runs_are_refused(self, runs: str | tuple[int, ...]) -> None:
        with pytest.raises(PictureError, match="runs of a mask"):
            RunLengths(runs, (40, 70)).drawn(SIZE)


class TestLabelme:
    def test_shapes_of_a_group_are_one_object_and_boxes_none(self, tmp_path: Path) -> None:
        left = {"label": "cat", "points": [*SQUARE[:1], (20, 5), (20, 25), SQUARE[3]], "group_id": 1}
        right = {"label": "cat", "points": [(20, 5), *SQUARE[1:3], (20, 25)], "group_id": 1, "shape_type": "polygon"}
        box = {"label": "dog", "points": [[1, 1], [9, 9]], "shape_type": "rectangle"}
        photo = only(read(tmp_path, labelme(left, right, box)))
        assert (photo.name, photo.boxes, len(photo.objects)) == ("../photos/p.jpg", 1, 1)
        assert np.array_equal(photo.objects[0].drawn(SIZE), square())

    def test_a_circle_is_its_ring(self, tmp_path: Path) -> None:
        photo = only(read(tmp_path, labelme({"label": "o", "points": [[30, 20], [40, 20]], "shape_type": "circle"})))
        assert np.count_nonzero(photo.objects[0].drawn(SIZE)) == pytest.approx(np.pi * 100, rel=0.03)

    def test_a_mask_lies_where_its_first_point_does(self, tmp_path: Path) -> None:
        small = np.ones((20, 20), np.uint8)
        shape = {"label": "m", "points": [[10, 5], [29, 24]], "shape_type": "mask", "mask": text(small)}
        assert np.array_equal(only(read(tmp_path, labelme(shape))).objects[0].drawn(SIZE), square())

    def test_a_mask_of_a_photo_that_was_larger_is_drawn_in_its_size(self) -> None:
        mask = np.full((200, 200), 255, np.uint8)
        drawn = Plane(png(mask), 100, 50, (700, 400)).drawn(SIZE)
        assert np.array_equal(drawn, square())

    def test_what_a_file_says_of_its_size_takes_no_room(self) -> None:
        drawn = Plane(png(np.full((20, 20), 255, np.uint8)), 10, 5, (1_000_000, 1_000_000)).drawn((40, 40))
        assert drawn.shape == (40, 40)

    def test_a_very_long_one_is_drawn_or_refused(self) -> None:
        """OpenCV 4 draws nothing that has over 32,767 pixels in a row."""
        mask = np.full((2, 40_000), 255, np.uint8)
        with contextlib.suppress(PictureError):
            assert np.array_equal(Plane(png(mask), 0, 0, (40_000, 2)).drawn((40_000, 2)), mask)

    def test_what_lies_outside_of_the_photo_is_cut(self) -> None:
        drawn = Plane(png(np.full((20, 20), 255, np.uint8)), -10, 30, SIZE).drawn(SIZE)
        assert np.count_nonzero(drawn) == 10 * 10
        assert np.count_nonzero(Plane(png(np.full((9, 9), 255, np.uint8)), 500, 500, SIZE).drawn(SIZE)) == 0

    def test_a_mask_that_is_no_picture_is_refused(self, tmp_path: Path) -> None:
        shape = {"label": "m", "points": [[10, 5], [29, 24]], "shape_type": "mask", "mask": "bm8="}
        with pytest.raises(PictureError, match="a mask"):
            only(read(tmp_path, labelme(shape))).objects[0].drawn(SIZE)

    def test_masks_take_their_room_one_at_a_time(self, tmp_path: Path) -> None:
        """Twenty of 4 megapixels, of 4 kB each: a file may have thousands of them, of a hundred."""
        shape = {"label": "m", "points": [], "shape_type": "mask", "mask": text(np.zeros((2000, 2000), np.uint8))}
        path = tmp_path / "a.json"
        path.write_text(json.dumps(labelme(*[shape] * 20)))
        most = peak(lambda: list(read_annotations(path)))
        assert most < 2_000_000


class TestIsat:
    def test_what_is_higher_covers_what_is_lower(self, tmp_path: Path) -> None:
        low = {"category": "cat", "group": 1, "segmentation": SQUARE, "layer": 1, "iscrowd": False}
        high = {
            **low,
            "category": "dog",
            "group": 2,
            "segmentation": [(20, 0), (70, 0), (70, 40), (20, 40)],
            "layer": 2,
        }
        hole = {**low, "category": "__background__", "group": 0, "layer": 3,
                "segmentation": [(10, 5), (15, 5), (15, 25), (10, 25)]}  # fmt: skip
        cat, dog = only(read(tmp_path, isat(high, hole, low))).objects
        assert (cat.category, dog.category) == ("cat", "dog")
        wanted = square()
        wanted[:, 20:] = wanted[:, :15] = 0
        assert np.array_equal(cat.drawn(SIZE), wanted)
        assert np.count_nonzero(dog.drawn(SIZE)) == 50 * 40

    def test_thousands_of_layers_are_held_once(self, tmp_path: Path) -> None:
        objects = [{"category": "c", "group": n, "segmentation": SQUARE, "layer": n} for n in range(2_000)]
        path = tmp_path / "a.json"
        path.write_text(json.dumps(isat(*objects)))
        assert peak(lambda: list(read_annotations(path))) < 30_000_000

    def test_parts_of_a_group_are_one(self, tmp_path: Path) -> None:
        parts = [{"category": "cat", "group": 4, "layer": n, "segmentation": s}
                 for n, s in enumerate([SQUARE, [(50, 5), (60, 5), (60, 15), (50, 15)]])]  # fmt: skip
        (one,) = only(read(tmp_path, isat(*parts))).objects
        assert np.count_nonzero(one.drawn(SIZE)) == 400 + 100


def within(form: str) -> str:
    """YAML in which each of eleven holds the one before it nine times."""
    return "".join(
        f"{b}: &{b} {form.format(', '.join([f'*{a}'] * 9))}\n" for a, b in itertools.pairwise("abcdefghijkl")
    )


class TestYolo:
    LINE = "1 " + " ".join(f"{x / 70:.8f} {y / 40:.8f}" for x, y in SQUARE)

    @pytest.mark.parametrize(
        ("file", "text"),
        [("data.yaml", "names:\n  0: dog\n  1: cat\n"), ("d.yml", "names: [dog, cat]"), ("classes.txt", "dog\ncat\n")],
    )
    def test_classes_have_their_names(self, tmp_path: Path, file: str, text: str) -> None:
        (tmp_path / "labels" / "train").mkdir(parents=True)
        (tmp_path / file).write_text(text)
        photo = only(read(tmp_path / "labels" / "train", f"{self.LINE}\n0 0.5 0.5 0.1 0.1\n", "p.txt"))
        assert (photo.name, photo.size, photo.boxes) == ("p", None, 1)
        assert [one.category for one in photo.objects] == ["cat"]
        assert np.array_equal(photo.objects[0].drawn(SIZE), square())

    @pytest.mark.parametrize(
        "names",
        [
            "names: {0: !!int '', 1: cat}", "names: {0: !!timestamp x}", "names: {0: !!bool x}",
            "names: {0: " + ":".join("9" * 400) + ".0}",
            "a: &a [x]\n" + within("[{}]") + "names: {0: *l}", "a: &a {x: 1}\n" + within("{{<<: [{}]}}") + "names: *l",
        ],
        ids=["empty number", "no time", "no truth", "sixties", "lists of lists", "merged"],
    )  # fmt: skip
    def test_names_from_a_stranger_are_texts_or_none(self, tmp_path: Path, names: str) -> None:
        """YAML's own ways to say numbers and times end in errors of every kind, and lists in lists grow without end."""
        (tmp_path / "data.yaml").write_text(names)
        photo = only(read(tmp_path, self.LINE, "p.txt"))
        assert photo.objects[0].category in {"1", "cat"}

    @pytest.mark.parametrize("text", ["not numbers", "0 nan 0 1 0 1 1", "0 5 5 6 6 7 7", "0 0 0 1 0 1 1 0.5"])
    def test_a_text_that_is_none_is_named(self, tmp_path: Path, text: str) -> None:
        (error,) = read(tmp_path, text, "p.txt")
        assert isinstance(error, PictureError)
        assert "p.txt" in error.problem


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "{", '{"images": [], "annotations": 3}', '{"shapes": [{}], "imagePath": "a"}',
             '{"info": {}, "objects": []}', '{"images": [{"id": 1}], "annotations": []}', "[" * 100_000],
)  # fmt: skip
def test_what_is_no_annotation_is_named_and_ends_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "a.json").write_text(text)
    (tmp_path / "all" / "b.json").write_text(json.dumps(isat({"category": "c", "segmentation": SQUARE})))
    error, photo = read_annotations(tmp_path / "all")
    assert isinstance(error, PictureError)
    assert "a.json" in error.problem
    assert isinstance(photo, AnnotatedPhoto)


def test_a_photo_of_another_shape_is_refused(tmp_path: Path) -> None:
    photo = only(read(tmp_path, isat({"category": "c", "segmentation": SQUARE})))
    photo.check((140, 80))
    photo.check((35, 20))
    with pytest.raises(PictureError, match="40 × 70 pixels"):
        photo.check((40, 70))


ODD: list[Any] = [
    None, True, 0, -1, 1.5, 1e308, 10**30, "", "\ud800", "x" * 5_000, "..\\..\\x\n\x1b[2J", [], {}, [[]], [[[0, 0]]],
    [1] * 99,
    {"counts": "o" * 99, "size": [1_000_000, 1_000_000]}, {"counts": [1 << 39] * 9, "size": [40, 70]},
]  # fmt: skip


def damaged_copies(seed: int, many: int) -> list[bytes]:
    """Files of each format with something else, huge or nested in one place, cut short, or with other bits."""
    rng = random.Random(seed)
    mask = {"label": "m", "points": [[10, 5], [29, 24]], "shape_type": "mask", "mask": text(square())}
    ring = {"label": "o", "points": [[30, 20], [40, 20]], "shape_type": "circle"}
    whole = [
        coco({"segmentation": [FLAT]}, {"segmentation": {"counts": "W>7o04M2", "size": [40, 70]}}),
        labelme({"label": "cat", "points": SQUARE, "group_id": 1}, mask, ring),
        isat({"category": "cat", "group": 1, "segmentation": SQUARE, "layer": 1.0, "iscrowd": False}),
    ]
    made = []
    for number in range(many):
        value = json.loads(json.dumps(rng.choice(whole)))
        if number % 3:
            spots: list[tuple[Any, Any]] = []
            _spots(value, spots)
            place, key = rng.choice(spots)
            place[key] = rng.choice(ODD)
        data = bytearray(json.dumps(value).encode())
        if number % 3 == 0:
            at = rng.randrange(len(data))
            data[at:] = rng.choice([b"", bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :], b"[" * 100_000])
        made.append(bytes(data))
    return made


def _spots(value: Any, found: list[tuple[Any, Any]]) -> None:
    for key in value if isinstance(value, dict) else range(len(value)):
        found.append((value, key))
        if isinstance(value[key], dict | list):
            _spots(value[key], found)


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    """Whatever stands in a file: each photo is said or refused, and each of its objects drawn or refused, in words."""
    drawn = refused = 0
    for data in damaged_copies(int(os.environ.get("FGBG_SEED", "1")), longer(300, 20_000)):
        (tmp_path / "a.json").write_bytes(data)
        for found in read_annotations(tmp_path / "a.json"):
            if isinstance(found, PictureError):
                refused += 1
                continue
            for one in found.objects:
                with contextlib.suppress(PictureError):
                    drawn += one.drawn(SIZE).shape == (40, 70)
    assert drawn > 50
    assert refused > 50
