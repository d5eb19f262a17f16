"""The registry, and the contract that every strategy of every family keeps."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, get_origin

import pytest

from fgbg_studio.core.base.declared import about, declared
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.base.strategy import Strategy, closest
from fgbg_studio.core.cutting.segmenters import Segmenter
from fgbg_studio.core.interfaces.blend import Blend
from fgbg_studio.core.interfaces.depth import Depth
from fgbg_studio.core.interfaces.encoding import Encoding
from fgbg_studio.core.interfaces.engine import Engine
from fgbg_studio.core.interfaces.export import Export
from fgbg_studio.core.interfaces.layout import Layout
from fgbg_studio.core.interfaces.placement import Placement
from fgbg_studio.core.interfaces.sizing import Sizing
from fgbg_studio.core.interfaces.writer import Writer

FAMILIES: list[type[Strategy]] = [Placement, Blend, Depth, Layout, Writer, Engine, Encoding, Sizing, Export, Segmenter]
MEMBERS = [(family, member) for family in FAMILIES for member in family.known().values()]
every_member = pytest.mark.parametrize(("family", "member"), MEMBERS, ids=[f"{m.family}-{m.name}" for _, m in MEMBERS])


def fields_of(member: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(member)


class Fruit(Strategy, family="fruit"):
    """A family of the tests' own."""


@dataclass(frozen=True)
class Apple(Fruit):
    name: ClassVar[str] = "apple"
    summary: ClassVar[str] = "red"
    weight: Annotated[float, about(ge=0.01, le=1)] = 0.1
    seeds: tuple[Annotated[int, about(ge=0)], ...] = (5,)
    price: Annotated[float, about("of one", "€", gt=0)] = 0.3


@every_member
class TestContract:
    def test_says_what_it_is(self, family: type[Strategy], member: type[Strategy]) -> None:
        assert member.name == member.name.lower().strip()
        assert " " not in member.name
        assert member.summary
        assert not member.summary.endswith(".")
        assert member.__doc__
        assert issubclass(member, family)
        assert family.get(member.name) is member

    def test_is_a_frozen_value(self, family: type[Strategy], member: type[Strategy]) -> None:
        assert member() == member()
        assert hash(member()) == hash(member())
        for setting in fields_of(member):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(member(), setting.name, 1)

    def test_goes_through_json_and_back(self, family: type[Strategy], member: type[Strategy]) -> None:
        data = json.loads(json.dumps(member().to_dict()))
        assert next(iter(data)) == "name"
        assert family.from_dict(data) == member()
        assert family.from_dict(member.name) == member()

    def test_every_setting_says_what_it_is_and_keeps_its_range(
        self, family: type[Strategy], member: type[Strategy]
    ) -> None:
        for name, setting in declared(member).items():
            assert setting.help, f"{name} has no help"
            many = get_origin(setting.kind) is tuple
            for bound, beyond in ((setting.least, -1), (setting.most, 1)):
                if bound is None:
                    continue
                value = bound + beyond
                with pytest.raises(UsageError, match=f"{name} cannot be {value}"):
                    family.from_dict({"name": member.name, name: [value] if many else value})

    def test_an_unknown_setting_is_refused_with_the_nearest(
        self, family: type[Strategy], member: type[Strategy]
    ) -> None:
        known = [setting.name for setting in fields_of(member)]
        wrong = f"{known[0]}x" if known else "colour"
        with pytest.raises(UsageError, match=f"no setting '{wrong}'") as caught:
            family.from_dict({"name": member.name, wrong: 1})
        if known:
            assert f"Did you mean {known[0]!r}?" in caught.value.way_out


class TestFamilies:
    @pytest.mark.parametrize("family", [Placement, Depth, Layout, Writer, Engine, Export, Segmenter])
    def test_a_strategy_is_one_file_and_no_other_edit(self, family: type[Strategy]) -> None:
        package = importlib.import_module(family.package)
        modules = {m.name for m in pkgutil.iter_modules(package.__path__)}
        homes = {member.__module__.rpartition(".")[2] for member in family.known().values()}
        assert homes <= modules
        # Those of earlier versions, which nobody is offered, may share a file.
        offered = [member.__module__ for member in family.known().values() if member.offered]
        assert len(set(offered)) == len(offered)

    def test_those_that_the_command_line_promises(self) -> None:
        placements = [name for name, member in Placement.known().items() if member.offered]
        assert placements == ["layers", "perspective", "uniform"]
        ways = [name for name, member in Depth.known().items() if member.offered]
        assert ways == ["aligned", "geometry", "inserted", "measured", "network", "none"]
        assert list(Writer.known()) == ["folders", "null", "sets", "tar", "zip"]
        layouts = [name for name, member in Layout.known().items() if member.offered]
        assert layouts == ["classroom", "course", "layers", "office", "street", "studio"]

    def test_a_new_one_is_known_at_once(self) -> None:
        assert Fruit.known() == {"apple": Apple}
        assert Fruit.from_dict({"name": "apple", "weight": 1}) == Apple(weight=1.0)
        assert "apple" not in Placement.known()


class TestRefusals:
    def test_an_unknown_name_lists_the_known(self) -> None:
        with pytest.raises(UsageError, match="no placement called 'unifrom'") as caught:
            Placement.from_dict("unifrom")
        assert caught.value.way_out == "Did you mean 'uniform'? Known are: layers, perspective, uniform"

    @pytest.mark.parametrize("data", [None, 5, 1.5, True, ["uniform"], [["name", "uniform"]], {}, {"name": None}, ""])
    def test_what_is_no_strategy_at_all(self, data: Any) -> None:
        with pytest.raises(UsageError, match=r"is not a placement|no placement called"):
            Placement.from_dict(data)

    @pytest.mark.parametrize("weight", ["heavy", None, [1], float("nan"), float("inf"), 0.001, 2, -1])
    def test_a_value_that_does_not_fit_names_its_setting(self, weight: Any) -> None:
        with pytest.raises(UsageError, match="fruit 'apple': weight"):
            Fruit.from_dict({"name": "apple", "weight": weight})

    def test_each_of_several_numbers_is_judged(self) -> None:
        with pytest.raises(UsageError, match="seeds cannot be -3"):
            Fruit.from_dict({"name": "apple", "seeds": [4, -3]})

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"seeds": [-3]}, "fruit 'apple': seeds cannot be -3. Give at least 0."),
            ({"weight": 0}, "fruit 'apple': weight cannot be 0. Give at least 0.01."),
            ({"weight": 7.5}, "fruit 'apple': weight cannot be 7.5. Give at most 1."),
            ({"price": 0}, "fruit 'apple': price cannot be 0. Give more than 0."),
        ],
    )
    def test_a_number_out_of_range_gets_the_bound(self, data: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UsageError) as caught:
            Fruit.from_dict({"name": "apple", **data})
        assert str(caught.value) == sentence

    @pytest.mark.parametrize(
        ("family", "data"),
        [
            (Placement, {"name": "layers", "sizes": []}),
            (Sizing, {"name": "longest-side", "low": 120, "high": 80}),
        ],
    )
    def test_settings_that_contradict_each_other(self, family: type[Strategy], data: dict[str, Any]) -> None:
        with pytest.raises(UsageError):
            family.from_dict(data)


def test_closest_without_a_near_word() -> None:
    assert closest("zzz", ["one", "two"]) == "Known are: one, two"
