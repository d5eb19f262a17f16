"""What is wrong with a cutout before it is pasted thousands of times, and the mending of what can be mended.

The measures are shares of the object's own size, so that they mean the same for a thumbnail and for a photo.
They were set on cutouts made by hand in image editors, by looking at what each issue points at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import cv2
import numpy as np

from fgbg_studio.core.base.arrays import Pixels
from fgbg_studio.core.base.boxes import Box
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.issue import Issue
from fgbg_studio.core.imaging.matte import HALF, SOLID, nearest_colours
from fgbg_studio.core.imaging.regions import (
    Openings,
    Region,
    count_parts,
    extent,
    small_parts,
    straight_cut,
    with_rim,
)

_SOLID_MEDIAN = 200  # where half of the object's pixels have less alpha, the background shines through it
_FAINT = 60  # alpha up to here is haze where no object is near
_RIM = 0.02  # how far a soft edge may reach, as a share of the object's longer side
_AROUND = 0.15  # how far around an edge pixel its haze is measured, as a share of the same
_HAZE = 0.02  # haze under this share of the object's area goes unseen in the composite,
_ISLAND = 0.005  # a separate part under this share of the object's area is a speck, not a second object,
_VISIBLE = 16  # and one whose alpha stays under this goes unseen:
_BLOAT = 1.02  # both matter none the less where the trimmed box is this much longer for them
_GAP = 0.006  # an enclosed opening over this share is a gap between limbs, a handle, a wheel;
_DEEP = 0.25  # a smaller one too, unless it lies this deep inside (in roots of the object's area).
_PIN = 0.001  # But where openings under this share,
_PINS = 3  # so many of them,
_SHALLOW = 0.1  # lie this deep, a threshold or a colour key has eaten into the object
_CUT = 0.05  # the object is cut by an edge that it crosses over this share of its extent along it;
_CUT_BELOW = 0.35  # by the bottom edge over this one, since soles and bases are flat
_STRIP = 3  # pixels along an edge that are shown as the place where it cuts
_ASIDE = 0.15  # of the object's extent: as far from its middle, a piece lies at a side
_TINY = 400  # fewer solid pixels than a square of 20 × 20


def check_cutout(rgba: Pixels) -> list[Issue]:
    """Every issue of a cutout, (H, W, 4) uint8 with straight alpha; an empty list where there is none.

    Its code is ``empty``, ``full``, ``faint``, ``haze``, ``islands``, ``pieces``, ``holes``, ``cut-by-frame``
    or ``tiny``; an error where pasting the cutout makes no sense. `mend` takes the codes of those that are mendable.
    """
    return issues_of(MeasuredAlpha(rgba[..., 3]))


def issues_of(measured: MeasuredAlpha) -> list[Issue]:
    """The issues of a cutout with this alpha; see `check_cutout`."""
    alpha = measured.alpha
    if not alpha.any():
        return [Issue("error", "empty", "it is fully transparent")]
    if alpha.min() == 255:
        return [Issue("error", "full", "no pixel is transparent: it is not cut out")]
    if measured.size == 0:
        most = int(alpha.max())
        return [Issue("error", "haze", f"nothing in it is solid: alpha reaches only {most} of 255")]
    found = [look(measured) for look in (_haze, _faint, _islands, _in_pieces, _holes, _cut, _tiny)]
    return [issue for issue in found if issue]


def mend(rgba: Pixels, code: str, place: Box | None = None) -> Pixels:
    """A copy of the cutout (H, W, 4) without what `check_cutout` reports as ``code``.

    Only at ``place``, one of its places, if that is given; haze is one whole and goes all the same.

    ``haze`` and ``islands`` become transparent, and soft edges lose the haze that lies over them; ``holes``
    become solid, in the colours around them.

    Raises:
        UsageError: the code is none that can be mended.
    """
    if code not in _MENDERS:
        raise UsageError(f"{code!r} cannot be mended", f"These can be mended: {', '.join(_MENDERS)}")
    find, change = _MENDERS[code]
    mended = rgba.copy()
    # What is mended changes the object's size, and with it, rarely, what counts as small beside it.
    while (places := _parts_at(find(MeasuredAlpha(mended[..., 3])), None if code == "haze" else place)).any():
        change(mended, places)
    return mended


def _parts_at(found: Region, place: Box | None) -> Region:
    """Those separate parts of what was found that reach into a place."""
    if place is None:
        return found
    x, y, width, height = place
    count, labels = cv2.connectedComponents(found.astype(np.uint8), connectivity=8)
    there = np.zeros(count, np.bool_)
    there[labels[y : y + height, x : x + width]] = True
    there[0] = False
    return np.asarray(there[labels], np.bool_)


def _places(found: Region) -> tuple[Box, ...]:
    """The boxes of its separate parts, the largest first."""
    stats = cv2.connectedComponentsWithStats(found.astype(np.uint8), connectivity=8)[2][1:]
    order = np.argsort(-stats[:, cv2.CC_STAT_AREA], kind="stable")
    return tuple((int(x), int(y), int(width), int(height)) for x, y, width, height, _ in stats[order])


class MeasuredAlpha:
    """What is measured of a cutout's alpha (H, W) uint8, each thing once and only where somebody asks for it."""

    def __init__(self, alpha: Pixels) -> None:
        self.alpha = alpha

    @cached_property
    def inside(self) -> Region:
        """What is solid, (H, W)."""
        return np.asarray(self.alpha >= HALF, np.bool_)

    @cached_property
    def size(self) -> int:
        """How many pixels are solid."""
        return int(np.count_nonzero(self.inside))

    @cached_property
    def haze(self) -> Region:
        """Faint pixels farther from the object than a soft edge reaches; not those between spokes and meshes."""
        openings = Openings.of(self.inside)
        spoked = np.zeros(len(openings.areas), np.bool_)
        spoked[openings.labels[1:-1, 1:-1][self._far & (self.alpha > _FAINT)]] = True
        spoked[openings.outside] = False
        faint = self._far & (self.alpha > 0) & (self.alpha <= _FAINT)
        return np.asarray(faint & ~openings.where(spoked), np.bool_)

    @property
    def haze_share(self) -> float:
        """The area of the haze as a share of the object's own."""
        return int(np.count_nonzero(self.haze)) / max(self.size, 1)

    @cached_property
    def _far(self) -> Region:
        """Pixels farther from the object than a soft edge of its own reaches; none where nothing is solid."""
        reach = max(3.0, _RIM * max(extent(self.inside)[2:])) if self.size else np.inf
        away = cv2.distanceTransform((~self.inside).astype(np.uint8), cv2.DIST_L2, 5)
        return np.asarray(away > reach, np.bool_)

    @cached_property
    def unveiled(self) -> Pixels:
        """The alpha without its haze, and the object's edges without what the haze adds to them.

        An edge of alpha e over a haze h has alpha a = e + (1 − e)·h (the operator *over*), hence
        e = (a − h) / (1 − h); h is the mean of what lies around, apart from the object.
        """
        alpha, haze = self.alpha, self.haze
        if not haze.any():
            return alpha
        around = haze | (self._far & (alpha == 0))
        half = max(6, round(_AROUND * max(extent(self.inside)[2:])))
        sums = [
            cv2.boxFilter(part.astype(np.float32), -1, (2 * half + 1, 2 * half + 1), normalize=False)
            for part in (np.where(haze, alpha, np.uint8(0)), around)
        ]
        level = sums[0] / np.maximum(sums[1], 1)
        clear = (alpha - level) * (255 / (255 - level))
        return np.where(haze, 0, clear.round().clip(0, 255)).astype(np.uint8)

    @cached_property
    def islands(self) -> Region:
        """Specks, also those that only haze joins to the object."""
        inside = self.unveiled > 0
        return small_parts(inside, int(np.ceil(_ISLAND * np.count_nonzero(inside))))

    @cached_property
    def holes(self) -> Region:
        """Small openings that lie too deep in the object, or too many together, to be gaps between its limbs."""
        openings = Openings.of(self.inside)
        size = max(int(openings.areas[0]), 1)
        small = openings.small(_GAP * size)
        depths = openings.depths(small) / size**0.5
        holes = small & (depths >= _DEEP)
        pins = openings.small(max(_PIN * size, 1)) & (depths >= _SHALLOW)
        if np.count_nonzero(pins) >= _PINS:
            holes |= pins
        return with_rim(openings.where(holes), self.inside)

    @cached_property
    def pieces(self) -> list[tuple[float, Box]]:
        """The separate pieces that are no specks, the largest first.

        Of each its share, 0..1, of all that is solid in them, and its box (x, y, width, height).
        """
        solid = self.inside & ~self.islands
        _, _, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8), connectivity=8)
        parts = stats[1:][stats[1:, cv2.CC_STAT_AREA] >= _ISLAND * np.count_nonzero(solid)]
        parts = parts[np.argsort(-parts[:, cv2.CC_STAT_AREA], kind="stable")]
        areas = parts[:, cv2.CC_STAT_AREA]
        boxes = [(int(x), int(y), int(width), int(height)) for x, y, width, height, _ in parts]
        return list(zip((areas / max(areas.sum(), 1)).tolist(), boxes, strict=True))

    @cached_property
    def cuts(self) -> dict[str, int]:
        """Over how many pixels those of the picture's edges cut the object that do: top, bottom, left, right."""
        inside = self.inside
        turned = {"top": inside, "bottom": inside[::-1], "left": inside.T, "right": inside.T[::-1]}
        found = {edge: straight_cut(view, _CUT) for edge, view in turned.items()}
        if found["bottom"] < _CUT_BELOW * extent(inside)[2]:
            found["bottom"] = 0
        return {edge: length for edge, length in found.items() if length}


def _plateau(alpha: Pixels) -> int:
    """The alpha that the object has for the most part: the median of what is no haze."""
    return int(np.median(alpha[alpha > _FAINT]))


def _faint(measured: MeasuredAlpha) -> Issue | None:
    alpha = measured.alpha
    plateau, most = _plateau(alpha), int(alpha.max())
    if plateau >= _SOLID_MEDIAN and most >= SOLID:
        return None
    message = f"the background shines through the object: its alpha is {plateau} of 255 where it should be 255"
    return Issue("error", "faint", message)


def _haze(measured: MeasuredAlpha) -> Issue | None:
    haze, share = measured.haze, measured.haze_share
    bloat = _bloat(measured.alpha > 0, haze)
    if share < _HAZE and not bloat:
        return None
    message = f"grey haze around the cutout, over {_percent(share)} of the object's area{bloat}"
    return Issue("warning", "haze", message, box=extent(haze), mendable=True)


def _islands(measured: MeasuredAlpha) -> Issue | None:
    islands = measured.islands
    bloat = _bloat(measured.unveiled > 0, islands)
    if not bloat and measured.alpha[islands].max(initial=0) < _VISIBLE:
        return None
    count, pixels = _number(count_parts(islands), "speck"), _number(int(np.count_nonzero(islands)), "pixel")
    message = f"{count} beside the object, {pixels} in all{bloat}"
    return Issue("warning", "islands", message, box=extent(islands), mendable=True, places=_places(islands))


def _in_pieces(measured: MeasuredAlpha) -> Issue | None:
    found = measured.pieces
    if len(found) < 2:
        return None
    whole = extent(measured.inside)
    said = [f"{_percent(share)} of the object, {_side(box, whole)}" for share, box in found[1:4]]
    if len(found) == 2:
        message = f"a second piece, {said[0]}"
    else:
        said += [f"{len(found) - 4} smaller"] if len(found) > 4 else []
        message = f"{len(found)} separate pieces: beside the largest one {'; '.join(said)}"
    boxes = tuple(box for _, box in found[1:])
    return Issue("warning", "pieces", message, box=boxes[0], places=boxes)


def _side(box: Box, whole: Box) -> str:
    """Where in the ``whole`` a box lies, in words."""
    across, down = ((box[i] + box[i + 2] / 2 - whole[i] - whole[i + 2] / 2) / max(whole[i + 2], 1) for i in (0, 1))
    words = [
        ("top" if down < 0 else "bottom") if abs(down) > _ASIDE else "",
        ("left" if across < 0 else "right") if abs(across) > _ASIDE else "",
    ]
    return f"at the {' '.join(filter(None, words))}" if any(words) else "in the middle"


def _bloat(inside: Region, extra: Region) -> str:
    """What ``extra`` does to the box that the object is sized and placed by, in words; empty if next to nothing."""
    _, _, width, height = extent(inside)
    _, _, own_width, own_height = extent(inside & ~extra)
    if width < _BLOAT * own_width and height < _BLOAT * own_height:
        return ""
    return f": with it the cutout is {width} × {height} pixels instead of {own_width} × {own_height}"


def _holes(measured: MeasuredAlpha) -> Issue | None:
    open_ = measured.holes & ~measured.inside
    if not open_.any():
        return None
    count, pixels = count_parts(open_), int(np.count_nonzero(open_))
    message = f"{_number(count, 'small hole')} inside the object, {_number(pixels, 'pixel')} in all"
    return Issue("warning", "holes", message, box=extent(open_), mendable=True, places=_places(open_))


def _cut(measured: MeasuredAlpha) -> Issue | None:
    found = measured.cuts
    if not found:
        return None
    height, width = measured.alpha.shape
    strips = {"top": (0, 0, width, _STRIP), "bottom": (0, height - _STRIP, width, _STRIP)}
    strips |= {"left": (0, 0, _STRIP, height), "right": (width - _STRIP, 0, _STRIP, height)}
    boxes = tuple(_solid_in(measured.inside, strips[edge]) for edge in found)
    edges = f"{' and '.join(found)} edge{'s' if len(found) > 1 else ''}"
    message = f"the object is cut off at the picture's {edges}, over {_number(sum(found.values()), 'pixel')}"
    return Issue("warning", "cut-by-frame", message, box=boxes[0], places=boxes)


def _solid_in(inside: Region, strip: Box) -> Box:
    left, top = max(strip[0], 0), max(strip[1], 0)
    x, y, width, height = extent(inside[top : strip[1] + strip[3], left : strip[0] + strip[2]])
    return x + left, y + top, width, height


def _tiny(measured: MeasuredAlpha) -> Issue | None:
    size = measured.size
    if size >= _TINY:
        return None
    return Issue("warning", "tiny", f"the object has only {_number(size, 'pixel')}: enlarged, it will be coarse")


def _unveil(rgba: Pixels, haze: Region) -> None:
    rgba[..., 3] = np.where(haze, 0, MeasuredAlpha(rgba[..., 3]).unveiled)


def _clear(rgba: Pixels, islands: Region) -> None:
    rgba[islands, 3] = 0


def _fill(rgba: Pixels, holes: Region) -> None:
    """Make holes solid in the colours around them, not those of their own soft rims where there are others."""
    inside = rgba[..., 3] >= HALF
    known = inside & ~holes
    rgba[holes, :3] = nearest_colours(rgba, known if known.any() else inside, holes)
    rgba[holes, 3] = 255


_MENDERS: dict[str, tuple[Callable[[MeasuredAlpha], Region], Callable[[Pixels, Region], None]]] = {
    "haze": (lambda measured: measured.haze, _unveil),
    "islands": (lambda measured: measured.islands, _clear),
    "holes": (lambda measured: measured.holes, _fill),
}
MENDABLE = frozenset(_MENDERS)
"""The codes of all that `mend` can mend."""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "under 1 %"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
