"""Croissant: what the specification asks for is in it; mlcroissant, where it is installed, reads every record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.dataset.adopting.adopt import AdoptionWords, adopt
from fgbg_studio.core.dataset.exports.croissant import Croissant
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.project import storage
from tests.helpers.datasets import find, last, make, small, tree
from tests.helpers.foreign import zipped
from tests.helpers.handmade import TEAMS, hand_made


def written(root: Path, **options: Any) -> dict[str, Any]:
    (page,) = last(Croissant(**options).run(root)).files
    data: dict[str, Any] = json.loads(page.read_text("utf-8"))
    return data


def ids(data: Any) -> Iterator[str]:
    """Every @id that is defined, not only pointed at."""
    if isinstance(data, dict):
        if "@id" in data and len(data) > 1 and "@type" in data:
            yield data["@id"]
        for key, value in data.items():
            yield from ids(value) if key != "@context" else ()
    elif isinstance(data, list):
        for value in data:
            yield from ids(value)


@pytest.mark.parametrize("writer", ["folders", "zip", "tar"])
def test_what_the_specification_asks_for(make_project: Callable[..., Path], tmp_path: Path, writer: str) -> None:
    project = make_project(tmp_path, changes=small("studio-256"))
    known = storage.load(project)
    said = {"licence": "CC BY 4.0", "origin": "https://example.org/rooms"}
    backgrounds = tuple(one.model_copy(update=said) for one in known.backgrounds)
    storage.save(project, known.model_copy(update={"backgrounds": backgrounds}))
    root = tmp_path / "set"
    make(project, root, writer=writer)
    before = tree(root)
    data = written(root, creator="A. Person", url="https://example.org/set", published="2026-11-29", cite="A. Person")
    assert data["@type"] == "sc:Dataset"
    assert data["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    required = ("@context", "name", "description", "url", "creator", "datePublished", "distribution")
    assert [key for key in required if not data.get(key)] == []
    assert "license" not in data, "a part's licence is not stated"
    known_ids = list(ids(data))
    assert len(known_ids) == len(set(known_ids))
    for one in data["distribution"]:
        if one["@type"] == "cr:FileObject":
            assert one["sha256"] == hashlib.sha256((root / one["contentUrl"]).read_bytes()).hexdigest()
    sources = {source["@id"]: source for source in data["prov:wasDerivedFrom"]}
    assert sources["https://example.org/rooms"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "2 pictures" in sources["https://example.org/rooms"]["prov:label"]
    assert data["prov:wasGeneratedBy"]["prov:used"] == {"@id": "dataset.json"}
    assert "studio-256" in data["prov:wasGeneratedBy"]["prov:label"]
    assert {one["@id"] for one in data["recordSet"]} >= {"fg_bg", "mask", "depth", "samples"}
    assert written(root, url="x") == written(root, url="x")
    assert set(tree(root)) - set(before) == {"croissant.json"}
    report = find(root)
    assert report.clean
    assert not any("croissant" in warning for warning in report.warnings)


def test_licence_and_what_was_completed_of_a_hand_made_one(tmp_path: Path) -> None:
    root = hand_made(tmp_path / "set", "course-200", 1, 1).root
    last(adopt(root, words=AdoptionWords(licence="CC BY-NC 4.0", origin="friends")))
    data = written(root)
    assert data["license"] == "https://creativecommons.org/licenses/by-nc/4.0/"
    assert "non-commercial" in data["usageInfo"]
    assert [source["prov:label"] for source in data["prov:wasDerivedFrom"]] == ["1 picture from friends"]
    assert "prov:wasGeneratedBy" not in data


def test_it_goes_beside_the_files_and_replaces_nothing(datasets: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names files by where they are"):
        last(Croissant().run(datasets(), tmp_path / "out"))
    root = hand_made(tmp_path / "set", "course-200", 1, 1).root
    (root / "croissant.json").write_text("{}")
    with pytest.raises(UsageError, match="would be replaced"):
        last(Croissant().run(root))


class TestReader:
    @pytest.fixture
    def library(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
        """mlcroissant, which needs a package that comes as source alone, and is in no lock."""
        read = pytest.importorskip("mlcroissant")
        extract = pytest.importorskip("mlcroissant._src.operation_graph.operations.extract")
        # By default it knows an archive by its name alone: that of another dataset would be read.
        monkeypatch.setattr(extract, "EXTRACT_PATH", type(extract.EXTRACT_PATH)(tmp_path / "extracted"))
        return read

    @pytest.mark.filterwarnings("ignore")
    @pytest.mark.parametrize("packed", [False, True])
    @pytest.mark.parametrize("preset", ["studio-256", *TEAMS])
    def test_every_record_is_read(
        self, library: Any, datasets: Callable[..., Path], tmp_path: Path, preset: str, packed: bool
    ) -> None:
        if preset == "studio-256":
            root = datasets("studio-256", "zip") if packed else datasets()
        else:
            root = hand_made(tmp_path / "set", preset, 2, 1).root
            inner = root / "Dataset150" if preset == "layers-150" else root
            root = zipped(inner, tmp_path / "zips", flat=True, deflated=True) if packed else root
            last(adopt(root))
        counts = {}
        (page,) = last(Export.from_dict("croissant").run(root)).files
        read = library.Dataset(jsonld=str(page))
        assert not read.metadata.ctx.issues.errors
        for one in read.metadata.record_sets:
            records = list(read.records(one.uuid))
            counts[one.uuid] = len(records)
            if one.uuid != "samples":
                assert np.asarray(records[0][f"{one.uuid}/image"]).ndim in {2, 3}
                assert len({record[f"{one.uuid}/name"] for record in records}) == len(records)
        page.unlink()
        assert counts["fg_bg"] == counts["mask"] == counts["depth"] == (16 if preset == "studio-256" else 8)
