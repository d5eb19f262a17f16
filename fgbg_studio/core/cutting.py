"""Cutting one photo without a window: the file level of `core/cutout.py`."""

from __future__ import annotations

from pathlib import Path

from fgbg_studio.core.cutout import CutoutSession
from fgbg_studio.core.errors import UsageError
from fgbg_studio.core.images import Codec, encode, read_mask, read_rgb, write_file

Box = tuple[int, int, int, int]


def cut_photo(
    photo: Path, out: Path, *, rectangle: Box | None, trimap: Path | None, iterations: int | None, trim: bool
) -> float:
    """Cut by a rectangle or a trimap and write the RGBA cutout; the share of the photo that the object covers.

    Raises:
        UsageError: ``out`` is no PNG, or the rectangle or the trimap does not fit the photo.
        PictureError: a file cannot be read.
    """
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out} is not a PNG file", "Transparency needs one: --out CUT.png")
    session = CutoutSession(read_rgb(photo))
    if rectangle is not None:
        session.set_rectangle(rectangle)
    if trimap is not None:
        session.set_trimap(read_mask(trimap))
    session.run(iterations) if iterations else session.run()
    write_file(out, encode(session.cutout(trim=trim), Codec()))
    return float((session.mask > 0).mean())
