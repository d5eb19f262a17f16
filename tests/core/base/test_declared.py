"""What a form can know of a setting from its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from fgbg_studio.core.base.declared import Declared, about, declared
from fgbg_studio.core.base.model import FrozenModel


class Part(FrozenModel):
    plain: int = 3
    length: Annotated[float, about("how far", "m", gt=0, le=9)] = 1.0
    maybe: Annotated[int, about(ge=16)] | None = None
    word: Annotated[Literal["a", "b"], Field(description="which")] = "a"
    sizes: Annotated[tuple[Annotated[int, about(ge=1)], ...], about("sides", "px")] = (1,)
    corner: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Member:
    name: ClassVar[str] = "member"
    plain: int = 3
    length: Annotated[float, about("how far", "m", gt=0, le=9)] = 1.0
    maybe: Annotated[int, about(ge=16)] | None = None
    word: Annotated[Literal["a", "b"], Field(description="which")] = "a"
    sizes: Annotated[tuple[Annotated[int, about(ge=1)], ...], about("sides", "px")] = (1,)
    corner: tuple[float, float] = (0.0, 0.0)


@pytest.mark.parametrize("owner", [Part, Member])
def test_parts_and_strategies_are_read_alike(owner: type) -> None:
    assert declared(owner) == {
        "plain": Declared(int),
        "length": Declared(float, "how far", "m", above=0, most=9),
        "maybe": Declared(int | None, least=16),
        "word": Declared(Literal["a", "b"], "which"),
        "sizes": Declared(tuple[int, ...], "sides", "px", least=1),
        "corner": Declared(tuple[float, float]),
    }
