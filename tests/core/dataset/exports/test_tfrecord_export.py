"""The TFRecord export, read with `tf.data`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.core.base.errors import MissingPackageError
from fgbg_studio.core.dataset.exports.tfrecord import TfRecords, example
from tests.helpers.datasets import last, opened

tf = pytest.importorskip("tensorflow")


def exported(root: Path, out: Path, **settings: Any) -> Path:
    assert last(TfRecords(**settings).run(root, out)).finished
    return out


def rows(out: Path, name: str = "train", table: str = "samples") -> list[dict[str, Any]]:
    """The examples of a split, by what ``features.json`` says is in them."""
    said = json.loads((out / "features.json").read_text())[table]
    features = {
        key: tf.io.VarLenFeature(one["dtype"]) if one["list"] else tf.io.FixedLenFeature([], one["dtype"])
        for key, one in said.items()
    }
    files = sorted(map(str, out.glob(f"{name}-*.tfrecord")))
    return [tf.io.parse_single_example(record, features) for record in tf.data.TFRecordDataset(files)]


@pytest.mark.parametrize("writer", ["folders", "sets"])
def test_each_sample_is_there_with_the_bytes_of_its_files(
    writer: str, datasets: Callable[..., Path], tmp_path: Path
) -> None:
    root = datasets(writer=writer)
    found = {row["name"].numpy().decode(): row for row in rows(exported(root, tmp_path / "out"))}
    contents = opened(root)
    assert len(found) == contents.samples == 16
    assert contents.dataset
    for number in contents.numbers():
        about, placed = contents.triple(number), contents.dataset.plan()[number].first
        row = found[about.name]
        for kind in ("fg_bg", "mask", "depth"):
            assert row[kind].numpy() == contents.read(kind, number)
        assert row["background"].numpy().decode() == contents.backgrounds[about.background]
        assert row["objects/x"].values.numpy().tolist() == [placed.x]
        assert row["objects/layer"].values.numpy().tolist() == [-1]
        assert row["objects/foreground"].values.numpy()[0].decode() == contents.foregrounds[about.foreground]
    depth = tf.io.decode_png(row["depth"], dtype=tf.uint16).numpy()
    assert np.array_equal(depth[..., 0], contents.pixels("depth", number))


def test_sources_shards_and_order(datasets: Callable[..., Path], tmp_path: Path) -> None:
    out = exported(datasets(), tmp_path / "out", shuffle=False)
    contents = opened(datasets())
    assert [row["name"].numpy().decode() for row in rows(out)] == list(contents.names(contents.numbers()))
    assert len(rows(out, "backgrounds", "backgrounds")) == 2
    drawn = [row["name"].numpy() for row in rows(exported(datasets(), tmp_path / "drawn", seed=3))]
    assert drawn != sorted(drawn)


@given(st.dictionaries(st.text(min_size=1, max_size=9), st.text() | st.binary(max_size=300), max_size=5))
def test_an_example_is_that_of_tensorflow(cells: dict[str, Any]) -> None:
    row = {name: ("a.png", cell) if isinstance(cell, bytes) else cell for name, cell in cells.items()}
    numbers = [{"x": -5, "mirrored": True}, {"x": 2**31 - 1, "mirrored": False}]
    read = tf.train.Example.FromString(example({**row, "objects": numbers, "nothing": None})).features.feature
    assert {name: read[name].bytes_list.value[0] for name in cells if name not in {"objects", "nothing"}} == {
        name: cell if isinstance(cell, bytes) else cell.encode()
        for name, cell in cells.items()
        if name not in {"objects", "nothing"}
    }
    assert list(read["objects/x"].int64_list.value) == [-5, 2**31 - 1]
    assert list(read["objects/mirrored"].int64_list.value) == [1, 0]
    assert not read["nothing"].bytes_list.value


def test_the_missing_package_is_named(
    datasets: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "google_crc32c", None)
    with pytest.raises(MissingPackageError, match=r"TFRecord needs the package google-crc32c.*fgbg-studio\[export\]"):
        last(TfRecords().run(datasets(), tmp_path / "out"))
