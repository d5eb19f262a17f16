"""What all tests share: pictures drawn by numpy, projects made of them, and the folder of real input."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar
from unittest import mock

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base import files
from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.imaging.codecs import Codec, encode
from fgbg_studio.core.plan.recipe import BackgroundSource, ForegroundSource, Recipe
from fgbg_studio.core.project import presets, storage
from fgbg_studio.core.project.importing import add_backgrounds, add_foregrounds
from fgbg_studio.core.project.settings import with_changes

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

T = TypeVar("T")
SOAK = bool(os.environ.get("FGBG_SOAK"))


def longer(short: T, long: T) -> T:
    """``long`` in ``make soak``; else ``short``, which has one case of each kind and runs at every change."""
    return long if SOAK else short


# Machines of tests are slow and shared: how long an example takes says nothing. A change is judged by examples that are
# the same each time; new ones are looked for by ``make soak``.
settings.register_profile(
    "studio", deadline=None, max_examples=longer(25, 300), derandomize=not SOAK, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("studio")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT / ".." / "shared"


def pytest_configure() -> None:
    """One thread of OpenCV's, as the program itself has; tests run in processes beside each other."""
    import cv2

    cv2.setNumThreads(1)


def draw_background(seed: int, width: int = 160, height: int = 140) -> Pixels:
    """(height, width, 3) RGB: a wall over a floor with a few boxes of colour, different for each seed."""
    rng = np.random.default_rng([1, seed])
    rows, columns = np.mgrid[0:height, 0:width]
    horizon = height * rng.uniform(0.3, 0.5)
    wall, floor = rng.uniform(60, 220, (2, 3))
    shade = 0.7 + 0.3 * np.abs(rows - horizon) / height + 0.1 * columns / width
    picture = np.where((rows < horizon)[..., None], wall, floor) * shade[..., None]
    for _ in range(6):
        x, y = rng.integers(0, max(width - 20, 1)), rng.integers(0, max(height - 20, 1))
        wide, high = rng.integers(10, 40, 2)
        picture[y : y + high, x : x + wide] = rng.uniform(0, 255, 3)
    return np.asarray(np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255), np.uint8)


def draw_cutout(seed: int, width: int = 60, height: int = 100, margin: int = 5) -> Pixels:
    """(height, width, 4) RGBA: a body and a head with an edge one or two pixels soft.

    ``margin`` transparent pixels surround it; what is transparent has a loud colour that must never show.
    """
    rng = np.random.default_rng([2, seed])
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float64)
    across, down = (width - 1) / 2, height - 1
    inner = width / 2 - margin
    head = inner * 0.5 - np.hypot(columns - across, rows - margin - inner * 0.5)
    lean = rng.uniform(-0.15, 0.15) * inner
    body = np.minimum.reduce(
        [
            inner * 0.7 - np.abs(columns - across - lean),
            rows - margin - inner * 0.9,
            down - margin + 0.5 - rows,
        ]
    )
    alpha = np.clip(np.maximum(head, body) * 0.8 + 0.5, 0, 1)
    picture = np.empty((height, width, 4), np.uint8)
    picture[..., :3] = (255, 0, 255)
    texture = rng.uniform(20, 235, 3) + 15 * np.sin(rows / 5)[..., None] + rng.normal(0, 4, (height, width, 3))
    visible = alpha > 0
    picture[visible, :3] = np.clip(texture, 0, 255)[visible].astype(np.uint8)
    picture[..., 3] = np.rint(alpha * 255)
    return picture


def write_picture(path: Path, pixels: Pixels, codec: Codec | None = None) -> Path:
    """``pixels`` as a picture file, PNG unless ``codec`` says otherwise; returns ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(pixels, codec or Codec()))
    return path


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without root's right to read everything; the real system answers."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no permissions to take away")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def full_disk(path: Path) -> None:
    """From now on the disk is full when ``path`` is written: what is opened for it is a device that is always full."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    path.parent.mkdir(parents=True, exist_ok=True)
    free = files.created

    def created(wanted: Path, flags: int = 0) -> int:
        return os.open("/dev/full", os.O_WRONLY) if wanted == partial_of(path) else free(wanted, flags)

    mock.patch.object(files, "created", created).start()


@pytest.fixture(autouse=True)
def _disks_have_room_again() -> Iterator[None]:
    yield
    mock.patch.stopall()


def write_oddly_named(path: Path, pixels: Pixels) -> Path:
    """`write_picture`, where the disk knows such names; elsewhere the test is skipped."""
    try:
        return write_picture(path, pixels)
    except OSError:
        pytest.skip("this disk knows no such names")


class MakeProject(Protocol):
    """Makes ``folder / "project"`` with drawn pictures and returns its path."""

    def __call__(
        self,
        folder: Path,
        preset: str = "studio-256",
        n_bg: int = 2,
        n_fg: int = 2,
        changes: Sequence[str] = (),
        name: str = "project",
    ) -> Path: ...


@pytest.fixture(scope="session")
def make_project() -> MakeProject:
    """See `MakeProject`; background i is ``draw_background(i)``, with the settings' horizon for its own.

    Foreground i is ``draw_cutout(i)``.
    """

    def make(
        folder: Path,
        preset: str = "studio-256",
        n_bg: int = 2,
        n_fg: int = 2,
        changes: Sequence[str] = (),
        name: str = "project",
    ) -> Path:
        project = folder / name
        storage.create(project, preset, parsed(changes))
        drawn = folder / f"{name}-pictures"
        bg = [write_picture(drawn / "bg" / f"bg_{i}.png", draw_background(i)) for i in range(n_bg)]
        fg = [write_picture(drawn / "fg" / f"fg_{i}.png", draw_cutout(i, 56 + 4 * (i % 4))) for i in range(n_fg)]
        verdicts = [*add_backgrounds(project, bg), *add_foregrounds(project, fg)]
        assert [verdict.reason for verdict in verdicts] == [""] * (n_bg + n_fg)
        made = storage.load(project)
        own = tuple(one.model_copy(update={"horizon": made.settings.camera.horizon}) for one in made.backgrounds)
        storage.save(project, made.model_copy(update={"backgrounds": own}))
        return project

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pictures and networks, which a user's clone has not."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with real pictures and networks is not here")
    return SHARED


def drawn_recipe(
    preset: str = "studio-256", n_bg: int = 100, n_fg: int = 100, changes: Sequence[str] = (), seed: int = 0
) -> Recipe:
    """A recipe of pictures that are nowhere but in it: enough for plans and names, quick to make.

    Cutouts have sizes as people cut them out: 50 to 62 px wide, 100 to 106 px tall.
    """
    settings = with_changes(presets.get(preset).settings, parsed(changes))
    camera = settings.camera
    return Recipe(
        project="drawn",
        preset=preset,
        seed=seed,
        settings=settings,
        backgrounds=tuple(
            BackgroundSource(
                file=f"backgrounds/{i}.png",
                sha256=content_hash("background", i),
                crop=None,
                horizon=camera.horizon,
                camera_height=camera.height,
            )
            for i in range(n_bg)
        ),
        foregrounds=tuple(
            ForegroundSource(
                file=f"foregrounds/{i}.png",
                sha256=content_hash("foreground", i),
                box=(3, 4, 50 + i % 13, 100 + i % 7),
                real_height=settings.foreground.real_height,
            )
            for i in range(n_fg)
        ),
    )


def content_hash(kind: str, number: int) -> str:
    """A SHA-256 as hex, as if of a picture's contents."""
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()
