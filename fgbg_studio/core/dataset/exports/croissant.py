"""Croissant 1.1: ``croissant.json`` says in JSON-LD what the files are, what they were made of, and their licence.

The specification is MLCommons', "Croissant Format Specification Version 1.1" (2026-01-29); provenance is W3C's
PROV-O, as its section "Provenance Representation" has it. What nobody knows is left out: who publishes it, and when.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from typing_extensions import override

import fgbg_studio
from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.files import content_hash, write_file
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.base.paths import writable
from fgbg_studio.core.dataset.export_folder import opening
from fgbg_studio.core.dataset.inspect.contents import Contents
from fgbg_studio.core.dataset.inspect.files import FileEntry, entries, kind_of
from fgbg_studio.core.dataset.licence import pictures_of
from fgbg_studio.core.dataset.record import CROISSANT, FILE, ROWS, disk_trouble
from fgbg_studio.core.imaging.finding import ending
from fgbg_studio.core.interfaces.export import Export, ExportProgress
from fgbg_studio.core.interfaces.layout import ALL_KINDS
from fgbg_studio.core.plan.licences import whole_licence

VERSION = "http://mlcommons.org/croissant/1.1"
_STEP = 5000
_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
_TITLES = {
    "bg": "backgrounds", "fg": "foregrounds", "fg_mask": "foreground masks", "fg_bg": "composites", "mask": "masks",
    "depth": "depth maps", "instances": "index maps",
}  # fmt: skip
_STEM = r"^([^.]*)\..*$"
_CELLS = {
    **dict.fromkeys(("mirrored", "k", "x", "y", "width", "height", "layer", "visible"), "sc:Integer"),
    **dict.fromkeys(("object_x", "object_y", "object_width", "object_height"), "sc:Integer"),
    **dict.fromkeys(("scale", "horizon", "focal_length", "camera_height"), "sc:Float"),
}
"""Types of the columns of ``samples.csv`` that are no text; `contact_depth` may be empty."""
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/", "dct": "http://purl.org/dc/terms/", "prov": "http://www.w3.org/ns/prov#",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"}, "name": {"@container": "@language"},
    "description": {"@container": "@language"}, "conformsTo": "dct:conformsTo",
    **{word: f"cr:{word}" for word in (
        "annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract",
        "field", "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath",
        "key", "md5", "parentField", "path", "recordSet", "references", "regex", "readLines", "repeated", "replace",
        "samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive", "value",
    )},
}  # fmt: skip
"""The context of the specification's appendix 1, with PROV-O and what mlcroissant's own has beside that.

schema.org's address is that of ``https``, which mlcroissant looks for; the appendix has ``http``.
"""


@dataclass(frozen=True)
class Croissant(Export):
    """``croissant.json`` beside the dataset's files, which stay where they are."""

    name: ClassVar[str] = "croissant"
    title: ClassVar[str] = "Croissant"
    summary: ClassVar[str] = "croissant.json in the dataset's folder: files, sources and licence for machines to read"
    takes_any: ClassVar[bool] = True
    in_place: ClassVar[bool] = True

    creator: Annotated[str, about("who made it")] = ""
    url: Annotated[str, about("where it is published")] = ""
    published: Annotated[str, about("day of its publication", tip="2026-11-29")] = ""
    cite: Annotated[str, about("how to cite it")] = ""

    @override
    def run(self, root: Path, out: Path | None = None) -> Iterator[ExportProgress]:
        contents = yield from opening(root)
        folder = root if root.is_dir() else root.parent
        if out is not None and out.resolve() != folder.resolve():
            problem = f"{CROISSANT} names files by where they are beside it, so it goes into {folder}"
            raise UsageError(problem, "Leave the folder out")
        page = folder / (CROISSANT if root.is_dir() else f"{root.stem}.{CROISSANT}")
        if page.exists() and b'"fgbg-studio"' not in read_file(page):
            raise UsageError(f"{page} is not of this program, and would be replaced", "Move it away")
        files = FoundFiles(folder, contents.path)
        yield from files.look()
        data = self._data(contents, files)
        with disk_trouble(folder):
            write_file(writable(folder, page.name), f"{json.dumps(data, indent=1, ensure_ascii=False)}\n".encode())
        yield ExportProgress("writing croissant.json", 1, 1, finished=True, files=(page,))

    def _data(self, contents: Contents, files: FoundFiles) -> dict[str, Any]:
        licences = _licences(contents)
        whole = whole_licence(words for (words, _), number in licences.items() for _ in range(number))
        said = {
            "creator": {"@type": "sc:Person", "name": self.creator} if self.creator else None,
            "url": self.url, "datePublished": self.published, "citeAs": self.cite,
            "license": whole.address or whole.said if whole.verdict != "unknown" else "",
            "usageInfo": "; ".join(whole.clauses),
        }  # fmt: skip
        return {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": VERSION,
            "name": contents.title,
            "description": _description(contents),
            "version": "1.0.0",
            "keywords": [
                "synthetic",
                "fgbg-studio",
                "segmentation",
                *(["depth estimation"] if contents.counts.get("depth") else []),
            ],
            **{key: value for key, value in said.items() if value},
            **_provenance(contents, licences),
            "distribution": files.distribution(),
            "recordSet": files.record_sets(contents),
        }


class FoundFiles:
    """The files of a dataset as Croissant has them: archives with their hashes, and sets of pictures of one kind."""

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder, self._path = folder, path
        self._archives: dict[str, Path] = {}
        self._sets: dict[str, dict[str, set[str]]] = {}  # kind → archive, or '' for the folder → patterns
        self._hashes: dict[str, str] = {}
        self._types: dict[str, set[str]] = {}

    def look(self) -> Iterator[ExportProgress]:
        """List the pictures, and hash the archives."""
        for number, entry in enumerate(entries(self._path, []), 1):
            if number % _STEP == 0:
                yield ExportProgress("listing pictures", number, 0)
            kind = self._sets.setdefault(entry.kind, {})
            name = entry.archive.path.name if entry.archive else ""
            if entry.archive:
                self._archives[name] = entry.archive.path
            elif entry.root != self._folder:
                problem = f"{entry.root} is elsewhere than {self._folder}: a Croissant names files beside itself"
                raise UsageError(problem, "Adopt the dataset in its own folder")
            kind.setdefault(name, set()).add(_pattern(entry))
            self._types.setdefault(entry.kind, set()).add(_TYPES.get(ending(entry.name), "image/*"))
        for number, (name, path) in enumerate(sorted(self._archives.items())):
            yield ExportProgress("hashing archives", number, len(self._archives))
            self._hashes[name] = content_hash(path)
        for name in (ROWS, FILE):
            if (self._folder / name).is_file():
                self._hashes[name] = content_hash(self._folder / name)

    @property
    def kinds(self) -> list[str]:
        """Those there are, in the program's order."""
        return [*(kind for kind in ALL_KINDS if kind in self._sets), *sorted(set(self._sets) - set(ALL_KINDS))]

    def distribution(self) -> list[dict[str, Any]]:
        """Files and sets of files."""
        found = [self._file(name, path, f"application/{'zip' if ending(name) == '.zip' else 'x-tar'}")
                 for name, path in sorted(self._archives.items())]  # fmt: skip
        for name, encoding in ((ROWS, "text/csv"), (FILE, "application/json")):
            if name in self._hashes:
                found.append(self._file(name, self._folder / name, encoding))
        for kind in self.kinds:
            within = self._sets[kind]
            inside = [{"@id": _id(name)} for name in sorted(within) if name]
            found.append({
                "@type": "cr:FileSet", "@id": f"{_id(kind)}-files", "name": f"{kind}-files",
                "description": f"the {_TITLES.get(kind, kind)}",
                **({"containedIn": inside} if inside else {}),
                "encodingFormat": sorted(self._types[kind]),
                "includes": sorted(set().union(*within.values())),
            })  # fmt: skip
        return found

    def record_sets(self, contents: Contents) -> list[dict[str, Any]]:
        """One for each kind of pictures, and one for the rows of samples."""
        found = [self._pictures(contents, kind) for kind in self.kinds]
        if ROWS in self._hashes and contents.path.is_dir():
            columns = read_file(self._folder / ROWS, 1 << 40)[:4096].split(b"\n")[0].decode().strip().split(",")
            found.append({
                "@type": "cr:RecordSet", "@id": "samples", "name": "samples",
                "description": "who stands where in each composite, how large, and at what depth",
                "key": {"@id": f"samples/{columns[0]}"},
                "field": [
                    {
                        "@type": "cr:Field", "@id": f"samples/{column}", "name": column,
                        "dataType": _CELLS.get(column, "sc:Text"),
                        "source": {"fileObject": {"@id": ROWS}, "extract": {"column": column}},
                    }
                    for column in columns
                ],
            })  # fmt: skip
        return found

    def _pictures(self, contents: Contents, kind: str) -> dict[str, Any]:
        title = _TITLES.get(kind, kind)
        about_depth = contents.reading.encoding.meaning if kind == "depth" and contents.reading.encoding else ""
        meaning = "255 where an object is solid, else 0" if kind == "mask" else about_depth
        said = f"the picture: {meaning}" if meaning else "the picture"
        picture = ["cr:SegmentationMask", "sc:ImageObject"] if kind in {"mask", "fg_mask"} else "sc:ImageObject"
        own = _id(kind)
        source = {"fileSet": {"@id": f"{own}-files"}}
        return {
            "@type": "cr:RecordSet", "@id": own, "name": kind, "description": f"the {title}, by their names",
            "key": {"@id": f"{own}/name"},
            "field": [
                {
                    "@type": "cr:Field", "@id": f"{own}/name", "name": "name",
                    "description": "of the file, without its suffix",
                    "dataType": "sc:Text",
                    "source": {**source, "extract": {"fileProperty": "filename"}, "transform": {"regex": _STEM}},
                },
                {
                    "@type": "cr:Field", "@id": f"{own}/path", "name": "path",
                    "description": "of the file: by it depth of 16 bits is read, which readers may give as 8",
                    "dataType": "sc:Text", "source": {**source, "extract": {"fileProperty": "fullpath"}},
                },
                {
                    "@type": "cr:Field", "@id": f"{own}/image", "name": "image", "description": said,
                    "dataType": picture, "source": {**source, "extract": {"fileProperty": "content"}},
                },
            ],
        }  # fmt: skip

    def _file(self, name: str, path: Path, encoding: str) -> dict[str, Any]:
        return {
            "@type": "cr:FileObject", "@id": _id(name), "name": name, "contentUrl": name, "encodingFormat": encoding,
            "contentSize": f"{path.stat().st_size} B", "sha256": self._hashes[name],
        }  # fmt: skip


def _id(name: str) -> str:
    """A name as an identifier, in which readers want no spaces."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"


def _pattern(entry: FileEntry) -> str:
    """The pattern of a picture's path: its folder by which its kind is known, and how its name ends."""
    folder, _, file = entry.name.rpartition("/")
    tail = f".{file.partition('.')[2]}" if f".{entry.kind}." in file else f".{file.rpartition('.')[2]}"
    parts = folder.split("/") if folder else []
    known = next((at for at, part in enumerate(parts) if kind_of(part) == entry.kind), None)
    return "/".join([*parts[: known + 1], f"*{tail}"]) if known is not None else f"*{tail}"


def _licences(contents: Contents) -> Counter[tuple[str, str]]:
    """How many pictures there are of each licence and origin."""
    if contents.dataset:
        return Counter((one.licence, one.origin) for one in pictures_of(contents.dataset.recipe))
    said = contents.adoption
    return Counter({(said.licence, said.origin): 1}) if said and (said.licence or said.origin) else Counter()


def _description(contents: Contents) -> str:
    counts = [f"{contents.counts[kind]:,} {_TITLES.get(kind, kind)}" for kind in contents.counts]
    made = "Composites of foregrounds on backgrounds" if contents.counts.get("fg_bg") else "Pictures"
    return f"{made}: {', '.join(counts)}."


def _provenance(contents: Contents, licences: Counter[tuple[str, str]]) -> dict[str, Any]:
    """From what the dataset was made, and by what; of hand-made ones what was completed."""
    program = {
        "@type": "prov:SoftwareAgent", "@id": "#fgbg-studio", "prov:label": f"FGBG Studio {fgbg_studio.__version__}",
    }  # fmt: skip
    sources = [_source(words, origin, number) for (words, origin), number in sorted(licences.items())]
    found: dict[str, Any] = {"prov:wasDerivedFrom": sources} if sources else {}
    if contents.dataset:
        recipe = contents.dataset.recipe
        program["prov:label"] = str(contents.dataset.record.get("program", program["prov:label"]))
        how = f"composites by the preset {recipe.preset} with the seed {recipe.seed}, by the recipe in {FILE}"
        network = contents.dataset.record.get("depth", {}).get("network", "")
        how += f"; depth with the network {network}" if network else ""
    elif contents.adoption and contents.adoption.completed:
        how = "; ".join(f"{kind} completed: {way}" for kind, way in contents.adoption.completed.items())
    else:
        return found
    used = {"prov:used": {"@id": FILE}} if contents.dataset and contents.path.is_dir() else {}
    activity = {"@type": "prov:Activity", "@id": "#made", "prov:label": how, **used, "prov:wasAssociatedWith": program}
    return {**found, "prov:wasGeneratedBy": activity}


def _source(words: str, origin: str, number: int) -> dict[str, Any]:
    """One sort of pictures as an entity of PROV-O; its address is where they are from, where that is one."""
    web = origin.startswith(("http://", "https://")) and " " not in origin
    known = whole_licence([words])
    digest = hashlib.sha256(f"{words}\n{origin}".encode()).hexdigest()[:12]
    label = f"{number:,} picture{'s' if number != 1 else ''}{f' from {origin}' if origin else ''}"
    return {
        "@type": "prov:Entity", "@id": origin if web else f"#source-{digest}", "prov:label": label,
        **({"license": known.address or words} if words else {}),
    }  # fmt: skip
