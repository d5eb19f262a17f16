"""Odd and hostile pictures through every door: each is taken or refused in words, the good ones among them come in."""

from __future__ import annotations

import contextlib
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from fgbg_studio.core.base.errors import FgbgError
from fgbg_studio.core.base.words import is_shown
from fgbg_studio.core.cutting.quality import QualityStore
from fgbg_studio.core.imaging.codecs import decode
from fgbg_studio.core.imaging.reading import read_rgba
from fgbg_studio.core.imaging.thumbnails import ThumbnailStore
from fgbg_studio.core.project.unpacking import unpack_pictures
from tests.cli.conftest import Fgbg, Result
from tests.conftest import draw_background, draw_cutout, longer, write_picture
from tests.helpers.strange_pictures import NAMES, POSTSCRIPT, corpus, interlaced, tiled

SEED = int(os.environ.get("FGBG_SEED", "1"))
DAMAGED = longer(20, int(os.environ.get("FGBG_TRIALS", "600")))
GOOD = 3
RULES = ("background.min_side=8", "size=32", "depth.size=32", "placements=1")


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("strange") / "in"
    folder.mkdir()
    for name, data in corpus(SEED, DAMAGED):
        (folder / name).write_bytes(data)
    for number, name in enumerate(NAMES):
        try:
            write_picture(folder / name, draw_background(100 + number, 50, 40))
        except OSError:
            continue  # this disk knows no such name
    (folder / "loop").symlink_to(folder)
    (folder / "nowhere.png").symlink_to("/nowhere")
    (folder / "device.png").symlink_to("/dev/zero")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.jpg")
    with (folder / "sparse.png").open("wb") as file:
        file.truncate(100 << 30)
    return folder


def sound(done: Result) -> Result:
    """What a command left, once it is seen that it ended by itself and gave the terminal nothing but letters."""
    assert done.code in {0, 1, 2}
    for text in (done.out, done.err):
        assert "Traceback" not in text
        assert all(is_shown(letter) or letter == "\n" for letter in text)
    return done


@pytest.mark.parametrize("kind", ["backgrounds", "foregrounds", "masks"])
def test_adding_a_folder(fgbg: Fgbg, tmp_path: Path, strange: Path, kind: str) -> None:
    good, project = tmp_path / "good", tmp_path / "p"
    for number in range(GOOD):
        pixels = draw_cutout(number, 30, 50) if kind == "foregrounds" else draw_background(number, 60, 50)
        write_picture(good / f"zz-good{number}.png", pixels)
    options = []
    if kind == "masks":  # the corpus is its own masks, and those of the good ones
        masks = shutil.copytree(
            strange, tmp_path / "masks", symlinks=True, ignore=lambda *_: ["pipe.jpg", "sparse.png"]
        )
        for number in range(GOOD):
            alpha = draw_cutout(number, 60, 50)[..., 3]
            write_picture(Path(masks) / f"zz-good{number}.png", alpha)
        options = ["--masks", masks]
    fgbg("new", project)
    fgbg("set", project, *RULES)
    command = "add-backgrounds" if kind == "backgrounds" else "add-foregrounds"
    done = sound(fgbg(command, project, strange, good, *options, "--json")).json()
    added, rejected = {Path(one).name for one in done["added"]}, done["rejected"]
    assert sum("zz-good" in name for name in added) == GOOD
    assert all(one["reason"] for one in rejected)
    assert len(rejected) > 20
    assert {path.name for path in tmp_path.iterdir()} <= {"good", "p", "masks"}
    for after in ("check", "plan"):
        sound(fgbg(after, project))


def test_in_tiles_and_in_passes_they_are_what_they_are(tmp_path: Path) -> None:
    pixels = draw_background(1, 50, 37)
    for name, data in (("t.tiff", tiled(pixels)), ("p.png", interlaced(pixels))):
        (tmp_path / name).write_bytes(data)
        assert np.array_equal(read_rgba(tmp_path / name)[..., :3], pixels)
    assert np.array_equal(decode(interlaced(pixels), "p.png"), pixels)


def test_thumbnails_qualities_and_archives(tmp_path: Path) -> None:
    """What the window does with them at once: a ZIP of all is unpacked, and of each its small picture is made."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, data in list(corpus(SEED + 3, DAMAGED))[:: longer(4, 1)]:
            archive.writestr(name, data)
    (tmp_path / "out").mkdir()
    list(unpack_pictures(tmp_path / "a.zip", tmp_path / "out"))
    found = sorted((tmp_path / "out").iterdir())
    assert len(found) > 20
    made = []
    for number, path in enumerate(found):
        with contextlib.suppress(FgbgError):
            made.append(ThumbnailStore(tmp_path / "out").get(path.name, f"{number:064x}")[0].shape)
        with contextlib.suppress(FgbgError):
            QualityStore(tmp_path / "out").get(path.name, f"{number:064x}")
    assert len(made) > 10
    assert {path.name for path in tmp_path.iterdir()} <= {"a.zip", "out"}


def test_a_projects_own_files_replaced(fgbg: Fgbg, project: Path, tmp_path: Path, strange: Path) -> None:
    for name, data in list(corpus(SEED + 1, 0))[:: longer(40, 1)]:
        copy = shutil.copytree(project, tmp_path / "copy")
        for path in (next((copy / "backgrounds").iterdir()), next((copy / "foregrounds").iterdir())):
            path.write_bytes(data)
        for command in (
            ["check"],
            ["preview", "--out", tmp_path / "sheet.png"],
            ["generate", "--out", tmp_path / "out", "--workers", "1"],
        ):
            sound(fgbg(command[0], copy, *command[1:]))
        shutil.rmtree(copy)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        assert {path.name for path in tmp_path.iterdir()} <= {"sheet.png"}, name


def test_a_datasets_own_files_replaced(fgbg: Fgbg, dataset: Path, tmp_path: Path) -> None:
    for name, data in list(corpus(SEED + 2, 0))[:: longer(40, 1)]:
        copy = shutil.copytree(dataset, tmp_path / "copy")
        for path in [next(copy.glob("fg_bg/**/*.jpg")), next(copy.glob("mask/**/*.png")), next(copy.glob("bg/*"))]:
            path.write_bytes(data)
        assert sound(fgbg("verify", "--quick", copy)).code == 1, name
        for command in ("verify", "stats"):
            sound(fgbg(command, copy))
        shutil.rmtree(copy)


def test_ghostscript_is_not_started(fgbg: Fgbg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program called gs lies in wait and leaves a trace, as it does where Pillow alone opens the same file."""
    if os.name == "nt":
        pytest.skip("programs of Windows are no scripts")
    trace, script = tmp_path / "trace", tmp_path / "bin" / "gs"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho started >> "{trace}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(EpsImagePlugin, "gs_binary", None)
    (tmp_path / "in").mkdir()
    for name in ("a.jpg", "b.png", "c.eps"):
        (tmp_path / "in" / name).write_bytes(POSTSCRIPT)
    fgbg("new", tmp_path / "p")
    for path in [tmp_path / "in", *(tmp_path / "in").iterdir()]:
        sound(fgbg("add-backgrounds", tmp_path / "p", path))
    assert not trace.exists()
    with pytest.raises(OSError), Image.open(tmp_path / "in" / "a.jpg") as image:
        image.load()
    assert trace.exists()
