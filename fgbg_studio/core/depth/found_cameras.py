"""The cameras of a project's backgrounds, found in their depth: measured where there is some, else a network's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import DepthMap
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.progress import Progress
from fgbg_studio.core.base.remedies import ChooseNetwork, DownloadNetwork
from fgbg_studio.core.compose.pictures import unchanged
from fgbg_studio.core.depth.network_record import open_model
from fgbg_studio.core.imaging.reading import read_rgb
from fgbg_studio.core.imaging.regions import Region
from fgbg_studio.core.networks.catalogue import CATALOGUE
from fgbg_studio.core.networks.model_cache import is_here
from fgbg_studio.core.networks.network import Network
from fgbg_studio.core.placement.ground import GroundPlane, Lens, find_ground
from fgbg_studio.core.placement.region_mask import CELLS, pack
from fgbg_studio.core.project.framing import HIGHEST, LOWEST, Frame, frame_of
from fgbg_studio.core.project.model import Background, Project
from fgbg_studio.core.project.settings import Settings
from fgbg_studio.core.project.stored_depth import read_stored

_OFFERED = "fastdepth"
"""The network of the catalogue that is offered where there is none: the smallest that gives metres."""
_CAMERA = ("horizon", "camera_height", "lens", "standing")


@dataclass(frozen=True)
class FoundCamera:
    """What was found in one background.

    Attributes:
        background: with its camera, and its floor as where objects may stand; as it was where no ground was found.
        ground: of what was looked at; None where no plane is seen that can be the ground.
        source: 'measured', or the network's name.
    """

    background: Background
    ground: GroundPlane | None
    source: str


def find_cameras(
    folder: Path, project: Project, backgrounds: Sequence[Background]
) -> Iterator[Progress | tuple[FoundCamera, ...]]:
    """Look for the ground in the depth of ``backgrounds``; nothing is changed.

    Yields:
        Progress after each, and at the end what was found, in their order.

    Raises:
        UsageError: some have no measured depth, and the project names no network that gives metres.
        PictureError: a picture or its depth is missing, damaged or changed.
        NetworkError: the network's file cannot be used.
    """
    network = None if all(one.depth for one in backgrounds) else _metric(project.settings)
    found: list[FoundCamera] = []
    for background in backgrounds:
        found.append(find_camera(folder, background, project.settings, network))
        yield Progress("looking for the ground", len(found), len(backgrounds))
    yield tuple(found)


def find_camera(folder: Path, background: Background, settings: Settings, network: Network | None) -> FoundCamera:
    """The camera of one background; ``network`` is asked where its depth was not measured. See `find_cameras`."""
    frame = frame_of(background, settings)
    if background.depth is not None:
        depth, part, source = read_stored(folder, background.depth), _whole(background), "measured"
    else:
        assert network is not None
        depth, source = _by_network(folder, background, frame, network), network.name
        part = frame  # a network sees what it was trained to see: pictures of about that shape
    lens = _lens(background, settings, frame)
    height, width = depth.shape
    ground = find_ground(depth, lens.cut(part[0], part[1]).scaled(width / part[2], height / part[3]))
    if ground is None:
        return FoundCamera(background, None, source)
    horizon = _horizon(ground, part, frame)
    if not HIGHEST <= horizon <= LOWEST:
        return FoundCamera(background, None, source)
    camera = {
        "horizon": round(horizon, 5),
        "camera_height": round(ground.height, 4),
        "lens": tuple(lens),
        "standing": pack(_cells(ground.floor, part, background)),
    }
    return FoundCamera(background.model_copy(update=camera), ground, source)


def with_cameras(project: Project, found: Sequence[FoundCamera]) -> Project:
    """The project with the cameras that were found; whatever else its backgrounds are by now, they stay."""
    known = {one.background.sha256: one.background for one in found if one.ground is not None}
    backgrounds = tuple(
        one.model_copy(update={name: getattr(known[one.sha256], name) for name in _CAMERA})
        if one.sha256 in known
        else one
        for one in project.backgrounds
    )
    return project.model_copy(update={"backgrounds": backgrounds})


def _metric(settings: Settings) -> Network:
    """The network of the settings, else one of the catalogue's that is on this computer."""
    chosen = settings.depth
    if not chosen.model:
        metric = [name for name, entry in CATALOGUE.items() if entry.description and entry.description.kind == "metric"]
        here = next((name for name in metric if is_here(name)), None)
        if here is None:
            raise UsageError(
                "The ground is found in depth, which not all of these backgrounds came with, and no network on this"
                " computer gives metres",
                DownloadNetwork(_OFFERED),
            )
        chosen = chosen.model_copy(update={"model": here, "network": None, "runtime": None})
    network = open_model(chosen, settings.size, threads=0)
    if network.kind != "metric":
        raise UsageError(
            f"{network.name} gives depth without a unit, in which no camera's height can be found", ChooseNetwork()
        )
    return network


def _by_network(folder: Path, background: Background, frame: Frame, network: Network) -> DepthMap:
    x, y, width, height = frame
    rgb = read_rgb(unchanged(folder, background.file, background.sha256))[y : y + height, x : x + width]
    depth: DepthMap = network(np.ascontiguousarray(rgb)[None])[0]
    return depth


def _whole(background: Background) -> Frame:
    return 0, 0, background.width, background.height


def _lens(background: Background, settings: Settings, frame: Frame) -> Lens:
    """Its own, or by the settings' field of view across the frame, its axis in the picture's middle; of the picture."""
    if background.lens is not None:
        return Lens(*background.lens)
    focal = Lens.of_view(frame[2], frame[3], settings.camera.field_of_view).fx
    return Lens(focal, focal * frame[3] / frame[2], (background.width - 1) / 2, (background.height - 1) / 2)


def _horizon(ground: GroundPlane, part: Frame, frame: Frame) -> float:
    """The horizon at the frame's middle, as a fraction of its height; ``part`` of the picture is the ground's map."""
    rows, columns = (int(side) for side in ground.floor.shape)
    middle = frame[0] + frame[2] / 2  # in the picture, pixels' edges being whole
    column = (middle - part[0]) * columns / part[2] - 0.5
    row = (ground.horizon(column) + 0.5) * part[3] / rows + part[1]
    return (row - frame[1]) / frame[3]


def _cells(floor: Region, part: Frame, background: Background) -> Region:
    """The raster's cells, (CELLS, CELLS), that are floor for more than half."""
    middles = (np.arange(CELLS) + 0.5) / CELLS
    rows, columns = floor.shape
    across = (middles * background.width - part[0]) * columns / part[2]
    down = (middles * background.height - part[1]) * rows / part[3]
    cell = (
        max(round(columns * background.width / part[2] / CELLS), 1),
        max(round(rows * background.height / part[3] / CELLS), 1),
    )
    share = cv2.blur(floor.astype(np.float32), cell, borderType=cv2.BORDER_CONSTANT)
    inside_x, inside_y = (across >= 0) & (across < columns), (down >= 0) & (down < rows)
    picked = share[np.ix_(np.clip(down, 0, rows - 1).astype(int), np.clip(across, 0, columns - 1).astype(int))]
    return np.asarray((picked > 0.5) & inside_x & inside_y[:, None], np.bool_)
