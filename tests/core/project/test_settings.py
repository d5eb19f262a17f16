"""Settings: what fits is taken, what does not is refused in one sentence that names the key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgbg_studio.cli.assignments import parsed
from fgbg_studio.core.base.errors import UsageError
from fgbg_studio.core.depth.encodings import LinearByte
from fgbg_studio.core.imaging.codecs import Codec
from fgbg_studio.core.placement.layers import Layers
from fgbg_studio.core.placement.perspective import Perspective
from fgbg_studio.core.placement.sizing import LongestSide
from fgbg_studio.core.project import presets
from fgbg_studio.core.project.settings import Camera, Settings, make_settings, replaced, with_changes

STUDIO = presets.get("studio-256").settings


def keys(data: Any, prefix: str = "") -> list[str]:
    found = []
    for key, value in data.items():
        found.append(prefix + key)
        if isinstance(value, dict):
            found += keys(value, f"{prefix}{key}.")
    return found


KEYS = sorted({key for name in presets.names() for key in keys(presets.get(name).settings.model_dump(mode="json"))})
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


class TestChanges:
    @pytest.mark.parametrize(
        ("change", "key", "value"),
        [
            ("placements=10", "placements", 10),
            (" placements = 10 ", "placements", 10),
            ("mirrored=false", "mirrored", False),
            ("grayscale=true", "grayscale", True),
            ("background.max_side=300", "background.max_side", 300),
            ("background.max_side=null", "background.max_side", None),
            ("background.resampling=box", "background.resampling", "box"),
            ("foreground.feather=1.5", "foreground.feather", 1.5),
            ("camera.horizon=-0.5", "camera.horizon", -0.5),
            ("depth.model=/a/net=work.tflite", "depth.model", "/a/net=work.tflite"),
            ("placement.smallest=0.3", "placement.smallest", 0.3),
            ("codecs.fg_bg.quality=80", "codecs.fg_bg.quality", 80),
            ("depth.size=240", "depth.size", 240),
        ],
    )
    def test_one_value(self, change: str, key: str, value: object) -> None:
        changed: Any = with_changes(STUDIO, parsed([change]))
        place: Any = changed
        for part in key.split("."):
            place = getattr(place, part)
        assert place == value
        before, after = STUDIO.model_dump(mode="json"), changed.model_dump(mode="json")
        for data in (before, after):
            spot = data
            for part in key.split(".")[:-1]:
                spot = spot[part]
            del spot[key.rpartition(".")[2]]
        assert before == after  # and nothing else

    def test_a_strategy_by_name_and_then_by_setting(self) -> None:
        changed = with_changes(STUDIO, {"placement": "layers", "placement.columns": 6, "placement.sizes": (90, 50)})
        assert changed.placement == Layers(columns=6, sizes=(90, 50))
        assert with_changes(changed, {"placement.name": "perspective"}).placement == Perspective()
        assert with_changes(changed, {"placement": "layers"}).placement == Layers()
        sizing = with_changes(
            STUDIO, {"foreground.sizing": "longest-side", "foreground.sizing.high": 90}
        ).foreground.sizing
        assert sizing == LongestSide(high=90)

    def test_a_strategy_as_a_whole(self) -> None:
        changed = with_changes(STUDIO, parsed(['placement={"name": "layers", "columns": 2}']))
        assert changed.placement == Layers(columns=2)

    def test_a_network_is_described_key_by_key(self) -> None:
        changed = with_changes(STUDIO, {"depth.network.meaning": "metres", "depth.network.width": 224})
        assert changed.depth.network == {"meaning": "metres", "width": 224}

    def test_nothing_asked_nothing_changed(self) -> None:
        assert with_changes(STUDIO, {}) == STUDIO

    def test_the_original_is_untouched(self) -> None:
        before = STUDIO.model_dump_json()
        with_changes(STUDIO, {"size": 64, "placement": "uniform"})
        assert STUDIO.model_dump_json() == before


class TestTyped:
    """What forms and guides set: values, not text."""

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            ("placement", Layers(columns=2, sizes=(90,))), ("foreground.sizing", LongestSide(high=90)),
            ("placement.smallest", 0.3), ("camera.horizon", -0.5), ("camera", Camera(height=2.5)),
            ("codecs.mask", Codec("jpeg", 80)), ("codecs.fg_bg.quality", 80), ("mirrored", False), ("placements", 10),
            ("background.max_side", None), ("background.max_side", 300), ("depth.model", "null"),
            ("depth.network", {"meaning": "metres"}),
        ],
    )  # fmt: skip
    def test_a_value_is_put_in_as_it_is(self, path: str, value: object) -> None:
        changed: Any = replaced(STUDIO, path, value)
        assert changed == make_settings(json.loads(changed.model_dump_json()))
        for name in path.split("."):
            changed = getattr(changed, name)
        assert changed == value

    def test_the_parts_beside_the_path_are_the_same_ones(self) -> None:
        changed = replaced(STUDIO, "depth.encoding", LinearByte())
        assert changed.camera is STUDIO.camera
        assert changed.depth.way is STUDIO.depth.way

    def test_what_was_put_in_is_nobody_elses(self) -> None:
        described: dict[str, object] = {"meaning": "metres"}
        first = replaced(STUDIO, "depth.network", described)
        replaced(first, "depth.network.meaning", "inverse")
        described.clear()
        assert first.depth.network == {"meaning": "metres"}

    @pytest.mark.parametrize(
        ("path", "value", "names"),
        [
            ("placement", Layers(columns=0), "placement 'layers': columns cannot be 0"),
            ("placement", LinearByte(), "no placement called 'uint8-linear'"),
            ("placement.sizes", (90,), "placement 'perspective' has no setting 'sizes'"),
            ("camera", Codec(), "camera"), ("camera.height", 0, "camera.height"), ("size", None, "size"),
            ("camera.heigth", 2, "there is no setting 'camera.heigth'.*camera.height"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, path: str, value: object, names: str) -> None:
        with pytest.raises(UsageError, match=names):
            replaced(STUDIO, path, value)


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "names"),
        [
            ("placments=10", "placments.*placements"),
            ("placement.colums=4", "perspective.*colums"),
            ("background.maxside=4", "background.maxside.*background.max_side"),
            ("colour=red", "colour"),
            ("camera=low.tilt", "camera"),
            ("size.x=3", "size.x"),
            ("depth.network.width.x=3", "depth.network.width.x"),
            ("placement=unifrom", "unifrom.*'uniform'"),
            ("depth.way=magic", "magic.*geometry"),
            ("=5", "''"),
            ("size", "'size' is not of the form key=value"),
            ("", "is not of the form key=value"),
        ],
    )
    def test_an_unknown_key_or_word_gets_the_nearest_known(self, change: str, names: str) -> None:
        with pytest.raises(UsageError, match=names):
            with_changes(STUDIO, parsed([change]))

    @pytest.mark.parametrize(
        "change",
        [
            "size=31", "size=1025", "size=big", "size=64.5", "size=null", "placements=0", "placements=10001",
            "mirrored=perhaps", "shard=0", "background.min_side=0", "background.fit=squeeze", "foreground.feather=17",
            "foreground.feather=NaN", "foreground.real_height=0", "foreground.real_height=Infinity",
            "camera.height=0", "camera.height=-1", "camera.horizon=NaN", "camera.horizon=3", "camera.wall=61",
            "camera.field_of_view=5", "appearance.grain=[0, 2]", "compositing.mask_threshold=0",
            "compositing.mask_threshold=256", "depth.size=8", "codecs.mask.format=gif", "codecs.mask.quality=0",
            "codecs.mask.quality=101", "codecs.mask=png", "placement.smallest=0", "placement.smallest=NaN",
            "placement.largest=1.5", "foreground.sizing.pixels=0", "foreground.sizing.pixels=-5",
        ],
    )  # fmt: skip
    def test_a_value_that_does_not_fit_names_its_key(self, change: str) -> None:
        with pytest.raises(UsageError) as caught:
            with_changes(STUDIO, parsed([change]))
        assert change.partition("=")[0].rpartition(".")[2] in caught.value.problem

    @pytest.mark.parametrize("value", ["5", "null", "[1]", "true", '{"columns": 3}', "1.5"])
    @pytest.mark.parametrize(
        "key", ["placement", "layout", "writer", "depth.way", "depth.encoding", "foreground.sizing"]
    )
    def test_what_is_no_strategy(self, key: str, value: str) -> None:
        with pytest.raises(UsageError):
            with_changes(STUDIO, parsed([f"{key}={value}"]))

    @pytest.mark.parametrize("encoding", ["uint16-millimetres", "uint16-relative"])
    def test_sixteen_bits_do_not_go_into_a_jpeg(self, encoding: str) -> None:
        """OpenCV cuts such a map off at 255 and says nothing: every metre over a quarter becomes white."""
        street = presets.get("street-224").settings
        with pytest.raises(UsageError, match="JPEG") as caught:
            with_changes(street, parsed([f"depth.encoding={encoding}"]))
        assert "codecs.depth.format=png" in caught.value.way_out
        both = with_changes(street, parsed([f"depth.encoding={encoding}", "codecs.depth.format=png"]))
        assert both.codecs.depth == Codec("png", 75)
        with pytest.raises(UsageError, match="JPEG"):
            with_changes(STUDIO, {"codecs.depth.format": "jpeg"})

    @given(st.text(max_size=20), st.text(max_size=20))
    def test_any_text_is_taken_or_refused(self, key: str, value: str) -> None:
        judge(f"{key}={value}")

    @given(st.sampled_from(KEYS), json_values)
    def test_any_value_of_any_key_is_taken_or_refused(self, key: str, value: Any) -> None:
        judge(f"{key}={json.dumps(value)}")

    @given(json_values)
    def test_any_data_is_taken_or_refused(self, data: Any) -> None:
        with pytest.raises(UsageError):
            make_settings(data)


def judge(change: str) -> None:
    """The change is made, or refused by a `UsageError`; anything else fails the test."""
    try:
        changed = with_changes(STUDIO, parsed([change]))
    except UsageError:
        return
    assert make_settings(json.loads(changed.model_dump_json())) == changed


@pytest.mark.parametrize("name", presets.names())
class TestRoundTrip:
    def test_through_json(self, name: str) -> None:
        settings = presets.get(name).settings
        assert make_settings(json.loads(settings.model_dump_json())) == settings

    def test_frozen(self, name: str) -> None:
        settings = presets.get(name).settings
        with pytest.raises(ValueError, match="frozen"):
            settings.size = 64  # type: ignore[misc]
        assert isinstance(settings, Settings)

    def test_unknown_keys_are_refused_at_every_depth(self, name: str) -> None:
        for place in ((), ("background",), ("camera",), ("codecs",), ("codecs", "mask"), ("depth",), ("placement",)):
            data = presets.get(name).settings.model_dump(mode="json")
            spot = data
            for part in place:
                spot = spot[part]
            spot["colour"] = 1
            with pytest.raises(UsageError, match="colour"):
                make_settings(data)

    def test_a_missing_part_is_named(self, name: str) -> None:
        data = presets.get(name).settings.model_dump(mode="json")
        del data["codecs"]["mask"]
        with pytest.raises(UsageError, match=r"codecs\.mask"):
            make_settings(data)
