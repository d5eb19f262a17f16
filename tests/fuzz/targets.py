"""What reads bytes of strangers, as functions of bytes: each ends, with a `FgbgError` or without an error.

Where the program seals or counts what it writes, the bytes are sealed here: strangers can do that too.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.seal import sealed
from fgbg_studio.core.cutting import step_file
from fgbg_studio.core.cutting.seeds import Stroke, packed
from fgbg_studio.core.cutting.work import SavedWork, Work, beside, load, save_work
from fgbg_studio.core.dataset.finalize import summary
from fgbg_studio.core.dataset.inspect.archives import Archive
from fgbg_studio.core.dataset.inspect.open_contents import open_contents
from fgbg_studio.core.dataset.inspect.verify import verify_tables
from fgbg_studio.core.dataset.joined import FILE as JOINED
from fgbg_studio.core.dataset.manifest import manifest_lines, read_manifest
from fgbg_studio.core.dataset.prepared import FILE as PREPARED
from fgbg_studio.core.dataset.record import FILE, ROWS, Dataset, done_shards, marker_name, open_dataset
from fgbg_studio.core.dataset.run import Options, generate
from fgbg_studio.core.dataset.sources import SOURCES
from fgbg_studio.core.depth.inserted import stored_map
from fgbg_studio.core.imaging.annotations import AnnotatedPhoto
from fgbg_studio.core.imaging.annotations.reading import read_annotations
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.formats import FORMATS
from fgbg_studio.core.imaging.masks import read_mask
from fgbg_studio.core.imaging.reading import read_rgba, read_trimap, upright_size
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.placement.region_mask import pack, unpack
from fgbg_studio.core.project import storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.core.project.recovery import open_project
from fgbg_studio.core.project.unpacking import unpack_pictures
from tests.conftest import draw_background, draw_cutout, write_picture
from tests.helpers import annotations

Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Target:
    """Something that reads bytes of strangers.

    Attributes:
        name: of it.
        make: gives, with a folder of its own, what reads; all errors but `FgbgError` are faults.
        seeds: whole files to begin with, likewise.
    """

    name: str
    make: Callable[[Path], Read]
    seeds: Callable[[Path], list[bytes]]


def judged(read: Read) -> Read:
    """``read``, whose refusals are an end like another."""

    def call(data: bytes) -> None:
        with contextlib.suppress(FgbgError):
            read(data)

    return call


def a_project(folder: Path) -> Path:
    """A project with two pictures of each kind."""
    project = folder / "project"
    if not project.exists():
        storage.create(project, "studio-256", {"size": 32, "depth.size": 32, "placements": 2, "background.min_side": 8})
        backgrounds = [write_picture(folder / "bg" / f"{i}.png", draw_background(i, 24, 20)) for i in range(2)]
        cutouts = [write_picture(folder / "fg" / f"{i}.png", draw_cutout(i, 12, 20, 2)) for i in range(2)]
        for verdict in (*add_backgrounds(project, backgrounds), *add_foregrounds(project, cutouts)):
            assert verdict.picture, verdict.reason
    return project


def a_dataset(folder: Path, writer: str = "zip") -> Path:
    """A finished dataset of sixteen samples in two shards."""
    out = folder / f"dataset-{writer}"
    if not out.exists():
        project = a_project(folder)
        storage.save(project, storage.changed(storage.load(project), {"writer": writer, "shard": 8}))
        for _ in generate(project, out, Options(workers=1, engine="inline")):
            pass
    return out


# The project


def project_reader(folder: Path) -> Read:
    project = a_project(folder)

    def read(data: bytes) -> None:
        (project / "project.json").write_bytes(data)
        with contextlib.suppress(FgbgError):
            storage.load(project)
        open_project(project)

    return read


def project_seeds(folder: Path) -> list[bytes]:
    data = (a_project(folder) / "project.json").read_bytes()
    old = json.loads(data)
    return [data, json.dumps(old).encode(), json.dumps({**old, "format": 1}).encode(), b"{}"]


# The dataset


def whole(contents: Iterator[object]) -> None:
    for _ in contents:
        pass


def record_reader(folder: Path) -> Read:
    out = a_dataset(folder)

    def read(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        (out / FILE).write_bytes(sealed(text) if text[:1] == "{" and len(text) > 2 else data)
        dataset = open_dataset(out)
        dataset.some(3)
        list(itertools.islice(dataset.numbers(), 2))
        done_shards(dataset)
        whole(open_contents(out))
        for number in dataset.some(2):
            dataset.plan().table_of(np.array([number])).samples()

    return read


def plain(path: Path) -> str:
    """The text of a sealed file, without its seal."""
    found = json.loads(path.read_bytes())
    found.pop("sha256")
    return json.dumps(found)


def record_seeds(folder: Path) -> list[bytes]:
    text = plain(a_dataset(folder) / FILE)
    return [text.encode(), json.dumps({**json.loads(text), "format": 1}).encode()]


NOTES = (marker_name(0), SOURCES, PREPARED, JOINED, ".fgbg/manifest.sha256")


def notes_reader(folder: Path) -> Read:
    """The first byte says which of the dataset's notes the others are."""
    out = a_dataset(folder)
    kept = {name: (out / name).read_bytes() for name in NOTES if (out / name).exists()}

    def read(data: bytes) -> None:
        name = NOTES[data[0] % len(NOTES)] if data else NOTES[0]
        text = data[1:].decode("utf-8", "replace")
        (out / name).write_bytes(data[1:] if name.endswith("sha256") or len(text) < 2 else sealed(text))
        try:
            dataset = open_dataset(out)
            for look in LOOKS:
                with contextlib.suppress(FgbgError):
                    look(dataset)
            whole(open_contents(out))
        finally:
            for known, whole_data in kept.items():
                (out / known).write_bytes(whole_data)

    return read


def _lines(dataset: Dataset) -> None:
    with contextlib.suppress(OSError, ValueError):  # as it says
        whole(manifest_lines(dataset))


LOOKS: tuple[Callable[[Dataset], object], ...] = (
    summary, done_shards, _lines, read_manifest, lambda dataset: dataset.prepared.hashes,
    lambda dataset: whole(verify_tables(dataset, {})),
)  # fmt: skip


def notes_seeds(folder: Path) -> list[bytes]:
    out = a_dataset(folder)
    found = []
    for number, name in enumerate(NOTES):
        if (out / name).exists():
            text = (out / name).read_text() if name.endswith("sha256") else plain(out / name)
            found.append(bytes([number]) + text.encode())
    return found


def rows_reader(folder: Path) -> Read:
    dataset = open_dataset(a_dataset(folder))

    def read(data: bytes) -> None:
        (dataset.root / ROWS).write_bytes(data)
        whole(verify_tables(dataset, {}))

    return read


def rows_seeds(folder: Path) -> list[bytes]:
    return [(a_dataset(folder) / ROWS).read_bytes()]


def exports_reader(folder: Path) -> Read:
    """The first byte says which export, the second which file of the dataset the others are."""
    out, written = a_dataset(folder, "folders"), folder / "written"
    kept = {name: (out / name).read_bytes() for name in _exported(out)}
    exports = list(Export.known().values())
    beside = {one.name for one in folder.iterdir()} | {written.name}

    def read(data: bytes) -> None:
        export, name = exports[data[0] % len(exports)], list(kept)[data[1] % len(kept)]
        text = data[2:].decode("utf-8", "replace")
        sealed_one = name in {FILE, marker_name(0)} and text[:1] == "{" and len(text) > 2
        (out / name).write_bytes(sealed(text) if sealed_one else data[2:])
        try:
            whole(export().run(out, written))
        finally:
            shutil.rmtree(written, ignore_errors=True)
            for known, whole_data in kept.items():
                (out / known).write_bytes(whole_data)
            assert {one.name for one in folder.iterdir()} <= beside

    return lambda data: read(data) if len(data) > 1 else None


def _exported(out: Path) -> list[str]:
    """Files of each sort that an export reads."""
    pictures = [next((out / kind).rglob("*.*")).relative_to(out).as_posix() for kind in ("fg_bg", "mask", "depth")]
    return [FILE, marker_name(0), ROWS, *pictures]


def exports_seeds(folder: Path) -> list[bytes]:
    out, found = a_dataset(folder, "folders"), []
    for export in range(len(Export.known())):
        for number, name in enumerate(_exported(out)):
            data = plain(out / name).encode() if name.endswith("json") else (out / name).read_bytes()
            found.append(bytes([export, number]) + data)
    return found


# Cutting


def a_photo(folder: Path) -> tuple[Path, SavedWork]:
    photo = folder / "photo.png"
    if not photo.exists():
        write_picture(photo, draw_background(1, 24, 20))
    alpha = draw_background(2, 24, 20)[..., 0]
    seeds = (Stroke(points=((1, 2), (3.5, 4)), radius=3, object=True),)
    return photo, save_work(photo, Work(seeds=seeds), alpha, alpha)


def strokes_reader(folder: Path) -> Read:
    photo, _ = a_photo(folder)

    def read(data: bytes) -> None:
        beside(photo, ".strokes.json").write_bytes(data)
        loaded = load(photo, (20, 24))
        step_file.steps_of(photo, loaded.saved, (20, 24))
        for seed in loaded.saved.seeds:
            seed.as_trimap((20, 24))
            seed.draw(np.zeros((20, 24), np.uint8))

    return read


def strokes_seeds(folder: Path) -> list[bytes]:
    photo, saved = a_photo(folder)
    data = beside(photo, ".strokes.json").read_bytes()
    kinds = json.loads(data)
    kinds["seeds"] = [
        {"kind": "rectangle", "box": [1, 1, 5, 6]}, {"kind": "lasso", "points": [[1, 1], [2, 9], [8, 3]]},
        {"kind": "eraser", "points": [[1, 1]], "radius": 2},
        {"kind": "guess", "trimap": packed(draw_background(3, 8, 8)[..., 0])},
        *json.loads(saved.model_dump_json())["seeds"],
    ]  # fmt: skip
    return [data, json.dumps(kinds).encode()]


def steps_reader(folder: Path) -> Read:
    """The bytes are a record of the file of steps, whose sum is made right, and then the file."""
    photo, saved = a_photo(folder)
    path, word = beside(photo, step_file.HISTORY), "word"
    saved = replace_history(saved, word)

    def read(data: bytes) -> None:
        sizes = step_file._SIZES.pack(len(data), step_file._sum(word, data))
        path.write_bytes(step_file._MAGIC + sizes + data)
        for step in step_file.steps_of(photo, saved, (20, 24))[0]:
            for place in step.places:
                with contextlib.suppress(OSError, ValueError):
                    place.read()

    return read


def replace_history(saved: SavedWork, word: str) -> SavedWork:
    """The work as if it had three steps in the file of that word."""
    return saved.model_copy(update={"history": word, "step": 3, "newest": 4})


def steps_seeds(_: Path) -> list[bytes]:
    head = {
        "step": 3, "parent": 0, "text": "stroke", "common": 0, "before": [], "after": [], "finish": [{}, {}],
        "planes": [{"plane": "alpha", "box": [0, 0, 4, 4], "size": 5, "crc": 0}],
    }  # fmt: skip
    text = json.dumps(head).encode()
    return [step_file._LENGTH.pack(len(text)) + text + b"12345"]


def packed_reader(_: Path) -> Read:
    return lambda data: _value(lambda: unpack(data.decode("utf-8", "replace")))


def _value(read: Callable[[], object]) -> None:
    with contextlib.suppress(ValueError):  # within a model of pydantic
        read()


def packed_seeds(_: Path) -> list[bytes]:
    cells = np.zeros((64, 64), np.bool_)
    cells[10:30, 20:40] = True
    return [pack(cells).encode(), b""]


# Outlines of other programs

OUTLINES = ("a.json", "a.txt", "data.yaml")


def outlines_reader(folder: Path) -> Read:
    """The first byte says which of the files the others are; beside a file of classes there is one of outlines."""
    (folder / "a.txt").write_text(OUTLINE)

    def read(data: bytes) -> None:
        name = OUTLINES[data[0] % len(OUTLINES)] if data else OUTLINES[0]
        (folder / name).write_bytes(data[1:])
        for photo in read_annotations(folder / ("a.txt" if name == "data.yaml" else name)):
            for one in photo.objects if isinstance(photo, AnnotatedPhoto) else ():
                with contextlib.suppress(FgbgError):
                    one.drawn(annotations.SIZE)

    return read


OUTLINE = "1 0.1 0.1 0.4 0.1 0.4 0.6\n0 0.5 0.5 0.2 0.2\n"


def outlines_seeds(_: Path) -> list[bytes]:
    ring = {"label": "o", "points": [[30, 20], [40, 20]], "shape_type": "circle"}
    mask = {"label": "m", "points": [[10, 5], [29, 24]], "shape_type": "mask"}
    mask["mask"] = annotations.text(annotations.square())
    runs = {"counts": "W>7o04M2", "size": [40, 70]}
    whole: list[dict[str, Any]] = [
        annotations.coco(
            {"segmentation": [annotations.FLAT]}, {"segmentation": runs}, {"segmentation": {"counts": [9]}}
        ),
        annotations.labelme({"label": "cat", "points": annotations.SQUARE, "group_id": 1}, mask, ring),
        annotations.isat({"category": "cat", "group": 1, "segmentation": annotations.SQUARE, "layer": 1.0}),
    ]
    names = [b"names: [cat, dog]\n", b"names:\n  0: cat\n  1: dog\n"]
    return [
        *(b"\0" + json.dumps(one).encode() for one in whole), b"\1" + OUTLINE.encode(), *(b"\2" + one for one in names)
    ]  # fmt: skip


# Archives


def zip_reader(folder: Path) -> Read:
    path, into = folder / "a.zip", folder / "unpacked"
    into.mkdir()

    def read(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(FgbgError):
            _read_all(Archive(path))
        try:
            whole(unpack_pictures(path, into))
        finally:
            assert {one.name for one in folder.iterdir()} <= {path.name, into.name}
            for one in into.iterdir():
                one.unlink()

    return read


def _read_all(archive: Archive) -> None:
    for number in range(min(len(archive.names), 50)):
        with contextlib.suppress(FgbgError):
            archive.read(number)


def tar_reader(folder: Path) -> Read:
    path = folder / "a.tar"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        _read_all(Archive(path))

    return read


MEMBERS = {"a.png": b"\x89PNG", "b/c.jpg": b"x" * 300, "../d.png": b"", "n\u00e4me.gif": b"GIF8"}


def zip_seeds(_: Path) -> list[bytes]:
    found = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in MEMBERS.items():
                archive.writestr(name, data)
            with archive.open(zipfile.ZipInfo("long.png"), "w", force_zip64=True) as file:
                file.write(b"long")
            archive.comment = b"a comment"
        found.append(buffer.getvalue())
    return found


def tar_seeds(_: Path) -> list[bytes]:
    found = []
    for kind in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=kind) as archive:
            for name, data in MEMBERS.items():
                about = tarfile.TarInfo(name if kind == tarfile.USTAR_FORMAT else name * 30)
                about.size = len(data)
                if kind == tarfile.PAX_FORMAT:
                    about.pax_headers = {"size": str(len(data)), "GNU.sparse.map": "0,1"}
                archive.addfile(about, io.BytesIO(data))
            for link in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                about = tarfile.TarInfo(f"link{link.decode()}")
                about.type, about.linkname = link, "a.png"
                archive.addfile(about)
        found.append(buffer.getvalue())
    return found


# Pictures


def picture_reader(folder: Path) -> Read:
    path = folder / "a.bin"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        for one in (read_rgba, read_mask, read_trimap, upright_size):
            with contextlib.suppress(FgbgError):
                one(path)
        decode(data, "a.bin")

    return read


def picture_seeds(_: Path) -> list[bytes]:
    found = []
    rgba = Image.fromarray(draw_cutout(1, 12, 20, 2))
    exif = Image.Exif()
    exif[0x0112] = 6
    kinds = ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "PPM", "TGA", "JPEG2000", "QOI", "AVIF"]
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16", "F"):
        image = rgba.convert(mode) if mode != "I;16" else rgba.convert("I").convert("I;16")
        for kind in (kind for kind in kinds if kind in FORMATS):
            buffer = io.BytesIO()
            with contextlib.suppress(OSError, ValueError, KeyError):  # a format has not every mode
                image.save(buffer, kind, **({"exif": exif} if kind in {"JPEG", "PNG", "WEBP"} else {}))
                found.append(buffer.getvalue())
    return found


def depth_reader(_: Path) -> Read:
    return lambda data: stored_map(data, "the map")


def depth_seeds(_: Path) -> list[bytes]:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((3, 4), np.float32))
    return [buffer.getvalue()]


TARGETS = {
    target.name: replace(target, make=lambda folder, make=target.make: judged(make(folder)))
    for target in (
        Target("project", project_reader, project_seeds),
        Target("record", record_reader, record_seeds),
        Target("notes", notes_reader, notes_seeds),
        Target("rows", rows_reader, rows_seeds),
        Target("exports", exports_reader, exports_seeds),
        Target("strokes", strokes_reader, strokes_seeds),
        Target("steps", steps_reader, steps_seeds),
        Target("regions", packed_reader, packed_seeds),
        Target("outlines", outlines_reader, outlines_seeds),
        Target("zip", zip_reader, zip_seeds),
        Target("tar", tar_reader, tar_seeds),
        Target("pictures", picture_reader, picture_seeds),
        Target("depths", depth_reader, depth_seeds),
    )
}


def prepared(target: Target, folder: Path) -> tuple[Read, list[bytes]]:
    """What reads, and its seeds; both make what they need in ``folder``."""
    folder.mkdir(parents=True)
    seeds = target.seeds(folder)
    return target.make(folder), seeds
