"""One sample of a dataset made again from its recipe."""

from __future__ import annotations

from pathlib import Path

from fgbg_studio.core.dataset import Dataset, depth_folder, open_dataset
from fgbg_studio.core.encoder import SampleEncoder
from fgbg_studio.core.errors import UsageError
from fgbg_studio.core.images import write_file
from fgbg_studio.core.layouts import stem
from fgbg_studio.core.plan import Sample

_STEP = 4000


def remake(root: Path, name: str, out: Path) -> list[Path]:
    """Write composite, mask and depth of the sample called ``name`` into the folder ``out``.

    The files are byte for byte those of the dataset. ``name`` is that of the composite, the mask or the depth
    map, with or without folders and suffix.

    Raises:
        UsageError: the dataset has no such sample.
        DatasetError: it is none of this program.
    """
    dataset = open_dataset(root)
    sample = find(dataset, name)
    plan, composer = dataset.plan(), dataset.composer()
    maker = composer.settings.depth.way.open(composer, depth_folder(root))
    encoder, paths = SampleEncoder(composer, maker), plan.paths(sample)
    composite = composer(sample)
    files = [(paths.fg_bg, encoder.composite(sample, composite)), (paths.mask, encoder.mask(sample, composite))]
    if maker is not None:
        files.append((paths.depth, encoder.depths([sample], maker([sample], [composite]))[0][1]))
    made = []
    for path, data in files:
        # The layouts give the pictures of a sample the same name in several folders: the folders are kept.
        write_file(out / path, data)
        made.append(out / path)
    return made


def find(dataset: Dataset, name: str) -> Sample:
    """The sample whose composite, mask or depth map is called ``name``.

    Raises:
        UsageError: there is none.
    """
    wanted, plan = stem(name), dataset.plan()
    for start in range(0, dataset.samples, _STEP):
        for sample in plan.table(start, min(start + _STEP, dataset.samples)).samples():
            if wanted in {stem(path) for path in plan.paths(sample)}:
                return sample
    raise UsageError(f"{dataset.root} has no sample called {name!r}", "Names are in samples.csv")
