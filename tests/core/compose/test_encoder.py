"""The encoder's short cuts give the same pixels as the long way, in every preset and encoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fgbg_studio.core.base.store import LocalStore
from fgbg_studio.core.compose.composer import Composer
from fgbg_studio.core.compose.encoder import SampleEncoder, StoredInsertion
from fgbg_studio.core.compose.pictures import Pictures
from fgbg_studio.core.imaging.codecs import Codec, decode, encode
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.plan.plan import Plan
from fgbg_studio.core.plan.recipe import make_recipe
from fgbg_studio.core.project import presets, storage
from tests.conftest import MakeProject


def opened(folder: Path, make_project: MakeProject, preset: str, *changes: str) -> tuple[Composer, Plan, Any]:
    project = make_project(folder, preset, 2, 2, changes)
    recipe = make_recipe(storage.load(project))
    composer = Composer(Pictures(recipe, None, project))
    return composer, Plan(recipe), Depth.get("geometry")().open(composer, LocalStore(folder))


@pytest.mark.parametrize("grayscale", ["false", "true"])
@pytest.mark.parametrize("preset", presets.names())
def test_every_file_decodes_to_what_was_made(
    tmp_path: Path, make_project: MakeProject, preset: str, grayscale: str
) -> None:
    composer, plan, maker = opened(tmp_path, make_project, preset, f"grayscale={grayscale}")
    encoder, codecs = SampleEncoder(composer, maker), composer.settings.codecs
    for sample in plan[:: len(plan) // 12]:
        composite = composer(sample)
        (depth,) = maker([sample], [composite])
        image = decode(encoder.composite(sample, composite), "image")
        assert np.array_equal(image, decode(encode(composite.image, codecs.fg_bg), "whole"))
        mask = decode(encoder.mask(composite), "mask")
        assert np.array_equal(mask, decode(encode(composite.mask, codecs.mask), "whole"))
        ((stored, data),) = encoder.depths([sample], [depth])
        pixels = stored if isinstance(stored, np.ndarray) else stored.pixels
        assert np.array_equal(pixels, encoder.stored_depth(depth.map))
        assert np.array_equal(decode(data, "depth"), decode(encode(pixels, codecs.depth), "whole"))
        assert pixels.shape == (composer.settings.depth_size,) * 2


@pytest.mark.parametrize("encoding", list(Encoding.known()))
@pytest.mark.parametrize("size", ["null", "100", "300"])
def test_depth_of_every_encoding_and_size(tmp_path: Path, make_project: MakeProject, encoding: str, size: str) -> None:
    composer, plan, maker = opened(
        tmp_path, make_project, "studio-256", f"depth.encoding={encoding}", f"depth.size={size}"
    )
    encoder, plain = SampleEncoder(composer, maker), composer.settings.depth.encoding
    for sample in plan[::40]:
        composite = composer(sample)
        (depth,) = maker([sample], [composite])
        ((stored, data),) = encoder.depths([sample], [depth])
        pixels = stored if isinstance(stored, np.ndarray) else stored.pixels
        assert np.array_equal(decode(data, "depth"), pixels)
        if size == "null":
            assert np.array_equal(pixels, plain.encode(depth.map))
        # Another size keeps the object's border crisp: no value that neither of both maps has. A stretch may
        # lose its ends with the rows that it leaves out.
        if plain.pointwise:
            assert set(np.unique(pixels)) <= set(np.unique(plain.encode(depth.map)))


def test_the_same_sample_has_the_same_bytes_whatever_was_made_before(tmp_path: Path, make_project: MakeProject) -> None:
    composer, plan, maker = opened(tmp_path, make_project, "studio-256")
    one, other = SampleEncoder(composer, maker), SampleEncoder(composer, maker)
    samples = plan[::30]
    for encoder, order in ((one, samples), (other, samples[::-1])):
        for sample in order:
            composite = composer(sample)
            encoder.composite(sample, composite)
    for sample in samples:
        composite = composer(sample)
        (depth,) = maker([sample], [composite])
        assert one.composite(sample, composite) == other.composite(sample, composite)
        assert one.mask(composite) == other.mask(composite)
        assert one.depths([sample], [depth])[0][1] == other.depths([sample], [depth])[0][1]


@pytest.mark.parametrize("encoding", ["uint16-millimetres", "uint8-linear"])
def test_depth_maps_made_together_are_those_made_alone(
    tmp_path: Path, make_project: MakeProject, encoding: str
) -> None:
    composer, plan, maker = opened(tmp_path, make_project, "studio-256", f"depth.encoding={encoding}")
    samples = plan[::7]
    depths = maker(samples, [composer(sample) for sample in samples])
    together = SampleEncoder(composer, maker).depths(samples, depths)
    alone = [SampleEncoder(composer, maker).depths([s], [d])[0][1] for s, d in zip(samples, depths, strict=True)]
    assert [data for _, data in together] == alone


def test_where_no_files_are_wanted_nothing_is_kept_to_join_them_to(tmp_path: Path, make_project: MakeProject) -> None:
    composer, plan, maker = opened(tmp_path, make_project, "studio-256")
    samples = plan[::30]
    depths = maker(samples, [composer(sample) for sample in samples])
    found = SampleEncoder(composer, maker, files=False).stored(samples, depths)
    usual = SampleEncoder(composer, maker).stored(samples, depths)
    for one, other in zip(found, usual, strict=True):
        assert isinstance(one, StoredInsertion)
        assert isinstance(other, StoredInsertion)
        assert one.base.png is None
        assert other.base.png is not None
        assert np.array_equal(one.pixels, other.pixels)


def test_without_splicing_the_file_is_opencvs_own(tmp_path: Path, make_project: MakeProject) -> None:
    composer, plan, maker = opened(tmp_path, make_project, "studio-256", "codecs.fg_bg.splice=false")
    composite = composer(plan[3])
    data = SampleEncoder(composer, maker).composite(plan[3], composite)
    assert data == encode(composite.image, Codec("jpeg", 95, splice=False))
