"""Up to what stored depth is the scene's own, and which training losses can use it.

Four degrees, each of which gives all that the next one does:

- metric: metres.
- scale-invariant: metres but for one factor a picture (Eigen, Puhrsch and Fergus, 'Depth map prediction from a
  single image using a multi-scale deep network', NIPS 2014, section 3.2).
- affine-invariant: but for one factor and one shift a picture (Ranftl et al., 'Towards robust monocular depth
  estimation', TPAMI 2020, section 5, of inverse depth; Ke et al., Marigold, CVPR 2024, of depth).
- ordinal: which of two pixels is nearer (Chen et al., 'Single-image depth perception in the wild', NIPS 2016).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from fgbg_studio.core.depth.network_record import described_output
from fgbg_studio.core.interfaces.depth import Meaning
from fgbg_studio.core.project.settings import Settings

_METRIC = "absolute errors (L1, L2, log depth, BerHu), scale-invariant log, scale and shift invariant, and ranking"
_AFFINE = "losses invariant to scale and shift (MiDaS, SSIMAE), gradients after such a fit, and ranking"
_ORDINAL = "ranking losses only"


Degree = Literal["metric", "scale-invariant", "affine-invariant", "ordinal"]


class Invariance(NamedTuple):
    """The degree, the reason for it as a clause, and which losses can be used."""

    degree: Degree
    why: str
    losses: str

    def said(self) -> str:
        """All of it in two sentences."""
        return f"The stored depth is {self.degree}: {self.why}. It is for {self.losses}."


def invariance(meaning: Meaning, settings: Settings) -> Invariance | None:
    """Of the depth that ``settings`` store; None where there is none."""
    if meaning.kind == "none":
        return None
    by_network = bool(meaning.network) and not settings.depth.way.gives_metres
    found = _exact(meaning, stretched=not settings.depth.encoding.pointwise, by_network=by_network)
    if settings.codecs.depth.lossless:
        return found
    return found._replace(why=f"{found.why}; JPEG mixes depths at borders, so leave out what is next to them")


def _exact(meaning: Meaning, *, stretched: bool, by_network: bool) -> Invariance:
    relative = meaning.kind == "relative"
    inverse = relative and meaning.network_output == "inverse"
    degree: Degree = "affine-invariant" if stretched or relative else "metric"
    losses = _AFFINE if stretched or relative else _METRIC
    if relative and not meaning.network_output:
        degree, losses, why = "ordinal", _ORDINAL, "how the network's output grows with the distance is not recorded"
    elif stretched and inverse:
        degree, losses = "ordinal", _ORDINAL
        why = "the network's inverse depth lacks a shift, and each picture is stretched for itself"
    elif stretched:
        why = "each picture is stretched for itself, so a factor and a shift of its own are lost"
    elif inverse:
        losses = f"{_AFFINE}, the former two on 1 / value"
        why = (
            "1 / value is the scene's inverse depth but for a factor and a shift of each picture; the value itself"
            " keeps the order only"
        )
    elif relative:
        why = "the network's output, taken as linear in depth, but for a factor and a shift of each picture"
    elif by_network:
        why = "metres as the network estimates them"
    else:
        why = "metres, as true as the cameras' heights and the field of view, which both scale them"
    return Invariance(degree, why, losses)


def expected_invariance(settings: Settings) -> Invariance | None:
    """Before anything was made: None where there will be no depth, or where nobody has described the network."""
    way = settings.depth.way
    if not way.makes_depth:
        return None
    if way.gives_metres or not way.needs_network:
        return invariance(Meaning("metric", ""), settings)
    output = described_output(settings.depth)
    kind: Literal["metric", "relative"] = "relative" if output in {"relative", "inverse"} else "metric"
    return invariance(Meaning(kind, "", settings.depth.model or "", "", output), settings) if output else None
