"""A network's first guess of a photo on which nothing was done yet, cut and ready to be put beside it.

Nothing is changed until `FirstGuess.put`: a person may have begun on the photo meanwhile, and goes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from fgbg_studio.core.base.errors import cannot_write
from fgbg_studio.core.base.files import partial_of
from fgbg_studio.core.base.outside import read_file
from fgbg_studio.core.cutting.refine import Refinement
from fgbg_studio.core.cutting.seeds import Guess
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.cutting.step_file import PlaneChange, StepHead, new_word
from fgbg_studio.core.cutting.work import ALPHA, STROKES, SavedWork, beside, save_work
from fgbg_studio.core.imaging.pixel_history import History
from fgbg_studio.core.project.photos import open_photo
from fgbg_studio.core.project.redo import Files, OwnStep, put_files

if TYPE_CHECKING:  # opening networks is loaded where one is asked
    from fgbg_studio.core.networks.network import Network


@dataclass(frozen=True)
class FirstGuess:
    """What a network saw in a photo.

    Attributes:
        path: of the photo.
        seed: what it saw.
        files: what is to lie beside the photo, the cut by it too.
        step: of the photo's own undo, which takes it away.
    """

    path: Path
    seed: Guess
    files: Files = field(repr=False)
    step: OwnStep = field(repr=False)

    def put(self) -> bool:
        """Put it beside the photo, unless something was done there meanwhile; whether it lies there.

        Raises:
            ProjectError: the disk is full or refuses.
        """
        if not self.path.exists() or is_touched(self.path):
            return False
        self.step.write()
        put_files(self.files, tuple((path, None) for path, _ in self.files))
        alpha = beside(self.path, ALPHA)
        if partial_of(alpha).exists():  # as in `save_work`: ended before this, it is done when the photo is opened
            try:
                partial_of(alpha).replace(alpha)
            except OSError as error:
                raise cannot_write(error, alpha) from error
        return True


def is_touched(photo: Path) -> bool:
    """Whether anything was ever done to a photo, undone again or not."""
    return beside(photo, STROKES).exists()


def first_guess(path: Path, network: Network, text: str) -> FirstGuess | None:
    """What ``network`` sees in the photo at ``path``; None where something was done to that, or it is a cutout.

    Args:
        path: of the photo.
        network: that gives a saliency map.
        text: what undo calls it.

    Raises:
        FgbgError: the photo is damaged, or too large, or the network fails.
    """
    from fgbg_studio.core.cutting.saliency import guess_with

    opened = open_photo(path)
    if is_touched(path) or opened.planes is not None:
        return None
    rgb = np.ascontiguousarray(opened.pixels[..., :3])
    seed = guess_with(network, rgb)
    alpha = Segmenter.default().prepare(rgb).cut((seed,))
    nothing, history = np.zeros_like(alpha), History()
    delta, word, finish = history.record(nothing, alpha), new_word(), Refinement()
    changes = [(delta.box, history.data(delta))] if delta else []
    planes = tuple(PlaneChange(plane="alpha", box=box, size=len(data), crc=crc32(data)) for box, data in changes)
    head = StepHead(
        step=1, parent=0, text=text, common=0, before=(), after=(seed,), finish=(finish, finish), planes=planes
    )
    work = SavedWork(seeds=(seed,), history=word, step=1, newest=1)
    with TemporaryDirectory() as place:
        copy = Path(place) / path.name
        save_work(copy, work, alpha, nothing)
        pairs = [(partial_of(beside(path, ALPHA)), beside(copy, ALPHA)), (beside(path, STROKES), beside(copy, STROKES))]
        files = tuple((path, read_file(there)) for path, there in pairs if there.exists())
    return FirstGuess(path, seed, files, OwnStep(path, word, head, tuple(data for _, data in changes)))
