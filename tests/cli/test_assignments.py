"""What a person types as key=value, and what the engine gets."""

from __future__ import annotations

import pytest

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.errors import UsageError


def test_values_are_json_or_plain_words() -> None:
    said = ["placements=10", " a = 1.5 ", "b=true", "c=null", "d=[90, 50]", 'e={"name": "layers"}', "f=box", "g="]
    values = {"a": 1.5, "b": True, "c": None, "d": [90, 50], "e": {"name": "layers"}, "f": "box", "g": ""}
    assert parsed(said) == {"placements": 10, **values}


def test_only_the_first_equals_sign_parts() -> None:
    assert parsed(["depth.model=/a/net=work.tflite"]) == {"depth.model": "/a/net=work.tflite"}


def test_what_is_the_projects_own_stays_text() -> None:
    said = ["name=2024", "seed=7", "goal.backgrounds=3"]
    assert parsed(said) == {"name": "2024", "seed": "7", "goal.backgrounds": "3"}


def test_the_last_of_a_key_counts_at_its_place() -> None:
    said = ["placement.columns=6", "placement=layers", "placement.columns=3"]
    assert list(parsed(said).items()) == [("placement", "layers"), ("placement.columns", 3)]


@pytest.mark.parametrize("word", ["size", "", "name", "--seed"])
def test_what_has_no_equals_sign(word: str) -> None:
    with pytest.raises(UsageError, match="is not of the form key=value") as caught:
        parsed(["size=64", word])
    assert caught.value.way_out == "Write for example placements=10"
