"""The settings by which a foreground is made to look as if it were of its background."""

from __future__ import annotations

from typing import Annotated

from fgbg_studio.core.base.declared import about
from fgbg_studio.core.base.model import FrozenModel

Share = Annotated[float, about(ge=0, le=1)]
_Stops = Annotated[float, about(ge=-2, le=2)]
_Warmth = Annotated[float, about(ge=-1, le=1)]
Direction = Annotated[float, about(ge=-180, le=180)]
Elevation = Annotated[float, about(ge=10, le=80)]
_Shares = tuple[Share, Share]

_TAKEN = "0 leaves it as it was cut, 1 takes it all the way; drawn for each object from this to that"
_BRIGHTER = "brighter or darker by so much, drawn for each object from this to that"
_REDDER = "below 0 bluer, above it redder; drawn for each object from this to that"
_DARK = "0 is none, 1 is black; drawn for each sample from this to that"
_FROM = "from where light falls: 0 from behind the camera, 90 from the right; drawn for each background"
_HIGH = "how high the light stands; drawn for each background from this to that"
_SOFT = "0 as by the sun, 1 as by an overcast sky; drawn for each background from this to that"

LIGHT = ("light", "elevation", "softness")
"""What light has: where it comes from and how high it stands, in degrees, and how soft its shadows are."""


class Appearance(FrozenModel):
    """How colour, light, sharpness and grain of a foreground follow its background, and which shadows it has.

    Each is a range, its ends in either order, from which a number is drawn: by the identity of the sample, or of the
    background for its light, where that has none of its own. By itself nothing is changed. Shadows change the composite
    alone, and only where the mask is black.
    """

    colour: Annotated[_Shares, about("colours of the surroundings", tip=_TAKEN)] = (0.0, 0.0)
    exposure: Annotated[tuple[_Stops, _Stops], about("exposure", "stops", _BRIGHTER)] = (0.0, 0.0)
    warmth: Annotated[tuple[_Warmth, _Warmth], about("warmth", tip=_REDDER)] = (0.0, 0.0)
    sharpness: Annotated[_Shares, about("softness of the background", tip=_TAKEN)] = (0.0, 0.0)
    grain: Annotated[_Shares, about("grain of the background", tip=_TAKEN)] = (0.0, 0.0)
    contact_shadow: Annotated[_Shares, about("shadow at the feet", tip=_DARK)] = (0.0, 0.0)
    cast_shadow: Annotated[_Shares, about("cast shadow", tip=_DARK)] = (0.0, 0.0)
    light: Annotated[tuple[Direction, Direction], about("direction of the light", "°", _FROM)] = (-180.0, 180.0)
    elevation: Annotated[tuple[Elevation, Elevation], about("height of the light", "°", _HIGH)] = (30.0, 65.0)
    softness: Annotated[_Shares, about("softness of shadows", tip=_SOFT)] = (0.3, 0.8)

    @property
    def colours(self) -> bool:
        """Whether colours of foregrounds are changed."""
        return any((*self.colour, *self.exposure, *self.warmth))

    @property
    def textures(self) -> bool:
        """Whether their sharpness or their grain is."""
        return any((*self.sharpness, *self.grain))

    @property
    def shadows(self) -> bool:
        """Whether they have any."""
        return any((*self.contact_shadow, *self.cast_shadow))

    @property
    def said(self) -> str:
        """What is done, as a list with its ranges; empty where nothing is."""
        ranges = {name: values for name, values in self if name not in LIGHT and any(values)}
        if self.shadows:
            ranges |= {name: getattr(self, name) for name in LIGHT}
        return ", ".join(f"{name.replace('_', ' ')} {low:g} to {high:g}" for name, (low, high) in ranges.items())

    @property
    def is_plain(self) -> bool:
        """Whether foregrounds are laid down as they were cut."""
        return not (self.colours or self.textures or self.shadows)
