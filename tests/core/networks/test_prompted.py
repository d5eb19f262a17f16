"""Networks that are asked: every published export is read by its names, seen and asked in its own coordinates."""

from __future__ import annotations

import zipfile
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE, PROMPTED
from fgbg_studio.core.networks.prompted import encodings
from fgbg_studio.core.networks.prompted.encoder_decoder import EncoderDecoder
from fgbg_studio.core.networks.prompted.one_pass import ClickChannel, one_pass
from fgbg_studio.core.networks.prompted.opening import is_prompted, open_prompted
from fgbg_studio.core.networks.prompted.prompt import SURE, Frame, Prompt, Proposal
from fgbg_studio.core.networks.runtimes import Arrays, NetworkSession, Tensor
from tests.helpers import prompted_onnx, tiny_onnx

pytest.importorskip("onnxruntime")

WIDE, HIGH, DISC = 600, 400, (150.0, 100.0, 60.0)
TALL = (200, 500, (60.0, 380.0, 35.0))


@pytest.fixture(scope="module", params=prompted_onnx.EXPORTS)
def network(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return open_prompted(prompted_onnx.write(tmp_path_factory.mktemp("sam") / "files", request.param), here=True)


def best(proposals: list[Proposal]) -> NDArray[np.float32]:
    return max(proposals, key=lambda one: one.score).odds


def overlap(odds: NDArray[np.float32], width: int, height: int, truth: NDArray[np.bool_]) -> float:
    found = cv2.resize(odds, (width, height)) > 0
    return float((found & truth).sum() / (found | truth).sum())


def disc(width: int, height: int, x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.asarray(np.hypot(columns - x, rows - y) < radius)


class TestEncoderAndDecoder:
    @pytest.mark.parametrize(("width", "height", "shape"), [(WIDE, HIGH, DISC), TALL], ids=["wide", "tall"])
    def test_a_click_finds_what_lies_there(self, network: Any, width: int, height: int, shape: Any) -> None:
        """Other padding, scaling, normalisation or coordinates would find the ground or the other disc."""
        seen = network.encode(prompted_onnx.photo(width, height, shape))
        x, y, radius = shape
        for across, down in ((x, y), (width - x, height - y)):
            odds = best(network.ask(seen, (width, height), Prompt(points=((across, down, True),))))
            assert odds.shape[0] / odds.shape[1] == pytest.approx(height / width, rel=0.02) or odds.shape == (256, 256)
            assert overlap(odds, width, height, disc(width, height, across, down, radius)) > 0.75

    def test_a_click_on_the_background_takes_away(self, network: Any) -> None:
        seen = network.encode(prompted_onnx.photo(WIDE, HIGH, DISC))
        points = ((150.0, 100.0, True), (450.0, 300.0, True), (452.0, 305.0, False))
        odds = best(network.ask(seen, (WIDE, HIGH), Prompt(points=points)))
        assert overlap(odds, WIDE, HIGH, disc(WIDE, HIGH, *DISC)) > 0.75

    def test_a_box(self, network: Any) -> None:
        """As two points of the labels 2 and 3; an export that takes none is asked about its middle."""
        seen = network.encode(prompted_onnx.photo(WIDE, HIGH, DISC))
        odds = best(network.ask(seen, (WIDE, HIGH), Prompt(box=(90, 40, 210, 160))))
        if network._ends.by_labels:
            box = np.zeros((HIGH, WIDE), np.bool_)
            box[40:160, 90:210] = True
            assert overlap(odds, WIDE, HIGH, box) > 0.98
        else:
            assert overlap(odds, WIDE, HIGH, disc(WIDE, HIGH, *DISC)) > 0.75

    def test_it_goes_on_from_the_answer_before(self, network: Any) -> None:
        photo = prompted_onnx.photo(WIDE, HIGH, DISC)
        other = disc(WIDE, HIGH, WIDE - DISC[0], HIGH - DISC[1], DISC[2])
        before = np.where(cv2.resize(other.astype(np.uint8), (150, 100)) > 0, SURE, -SURE).astype(np.float32)
        prompt = Prompt(points=((150.0, 100.0, True),), before=before)
        odds = best(network.ask(network.encode(photo), (WIDE, HIGH), prompt))
        truth = disc(WIDE, HIGH, *DISC)
        assert overlap(odds, WIDE, HIGH, truth | other if network.remembers else truth) > 0.75
        assert network.remembers == ("mask_input" in {one.name for one in network._decoder.inputs})

    def test_what_is_asked_word_for_word(self, network: Any) -> None:
        """The padding point where there is no box, the labels of a box, the size of what was seen, the types."""
        frame = network._frame((WIDE, HIGH))
        sam1 = network._ends.by_labels and not network._stretches
        point = network._asked(frame, Prompt(points=((300.0, 200.0, True), (0.0, 0.0, False))))
        box = network._asked(frame, Prompt(box=(0, 0, WIDE, HIGH)))
        middle = [511.5, 511.5] if network._stretches else [511.5, 341.0]
        assert point["points"].reshape(-1, 2).tolist() == [middle, [-0.5, -0.5], *([[0, 0]] if sam1 else [])]
        assert point["labels"].reshape(-1).tolist() == [1, 0, *([-1] if sam1 else [])]
        assert box["labels"].reshape(-1).tolist() == ([2, 3] if network._ends.by_labels else [1])
        assert point["size"].tolist() == ([1024, 1024] if network._stretches else [683, 1024])
        assert (point["has_before"].tolist(), point["before"].shape) == ([0], (1, 1, 256, 256))

    def test_apart_it_answers_the_same(self, tmp_path: Path) -> None:
        folder = prompted_onnx.write(tmp_path / "files", "sam")
        photo, prompt = prompted_onnx.photo(WIDE, HIGH, DISC), Prompt(points=((150.0, 100.0, True),))
        answers = []
        for here in (True, False):
            network = open_prompted(folder, here=here)
            answers.append(best(network.ask(network.encode(photo), (WIDE, HIGH), prompt)))
        np.testing.assert_array_equal(*answers)


class TestOnePass:
    @pytest.mark.parametrize("apart", [False, True], ids=["fourth channel", "input of its own"])
    def test_points_and_the_answer_before(self, apart: bool, tmp_path: Path) -> None:
        file = prompted_onnx.write_points_and_mask(tmp_path / "ritm.onnx", apart=apart)
        network = open_prompted(file, here=True)
        seen = network.encode(prompted_onnx.photo(WIDE, HIGH, DISC))
        assert seen["picture"].shape == (288, 448, 3)
        before = np.full((100, 150), -SURE, np.float32)
        before[60:, 100:] = SURE
        odds = best(network.ask(seen, (WIDE, HIGH), Prompt(points=((150.0, 100.0, True),), before=before)))
        kept = np.zeros((HIGH, WIDE), np.bool_)
        kept[240:, 400:] = True
        assert overlap(odds, WIDE, HIGH, disc(WIDE, HIGH, *DISC) | kept) > 0.9

    def test_a_click_channel(self) -> None:
        """The shape and the values of magic-touch: the photo as 0..1, and the click as a spot of 1 in the fourth."""
        given: list[NDArray[Any]] = []

        def run(arrays: Arrays) -> Arrays:
            given.append(arrays["in"])
            return {"out": arrays["in"][..., 3:] * np.float32(0.9)}

        ends = (Tensor("in", (1, 512, 512, 4), np.dtype("f4")),), (Tensor("out", (1, 512, 512, 1), np.dtype("f4")),)
        network = one_pass("touch", "", NetworkSession(*ends, run))
        assert isinstance(network, ClickChannel)
        photo = prompted_onnx.photo(WIDE, HIGH, DISC)
        prompt = Prompt(points=((150.5, 100.5, True), (450.0, 300.0, False)))
        odds = best(network.ask(network.encode(photo), (WIDE, HIGH), prompt))
        assert np.argwhere(given[0][0, ..., 3] > 0).mean(axis=0).tolist() == pytest.approx([128, 128], abs=1)
        assert given[0][0, 128, 128, :3] == pytest.approx(np.array([200, 40, 40]) / 255, abs=0.03)
        assert odds.max() == pytest.approx(np.log(9), abs=1e-4)
        assert (odds > 0).sum() == 5


class TestFrame:
    @pytest.mark.parametrize("photo", [(600, 400), (300, 701), (1024, 1024), (40, 3000)])
    def test_there_and_back(self, photo: tuple[int, int]) -> None:
        """A map of the network's frame that marks a place of the photo, cut out again, marks the same place."""
        frame = Frame.padded(photo, 1024)
        assert max(frame.filled) == 1024
        x, y = frame.place(photo[0], photo[1])
        assert (x, y) == (frame.filled[0] - 0.5, frame.filled[1] - 0.5)
        ramp = np.tile((np.arange(256, dtype=np.float32) + 0.5) * 4, (256, 1))  # across in the picture
        out = frame.out_of(ramp)
        assert out[0, 0] == pytest.approx(frame.filled[0] / out.shape[1] / 2, abs=2.1)
        assert out[0, -1] == pytest.approx(frame.filled[0] * (1 - 0.5 / out.shape[1]), abs=2.1)
        again = frame.into(np.full((40, 40), SURE, np.float32), (256, 256))
        assert (again > 0).sum() == pytest.approx(256 * 256 * frame.filled[0] * frame.filled[1] / 1024**2, rel=0.5)


class TestFiles:
    def test_the_process_of_a_wrong_file_ends(self, tmp_path: Path) -> None:
        plain = tiny_onnx.write(tmp_path / "depth.onnx", np.ones(3, np.float32), (1, 3, 32, 32))
        before = set(active_children())
        with pytest.raises(NetworkError, match="does not answer") as caught:
            open_prompted(plain)
        assert set(active_children()) <= before, caught

    def test_wrong_files_are_a_sentence(self, tmp_path: Path) -> None:
        plain = tiny_onnx.write(tmp_path / "depth.onnx", np.ones(3, np.float32), (1, 3, 32, 32))
        with pytest.raises(NetworkError, match="does not answer to clicks"):
            open_prompted(plain, here=True)
        with pytest.raises(NetworkError, match="has not one file with 'encoder'"):
            open_prompted(tmp_path)
        with pytest.raises(NetworkError, match="does not exist"):
            open_prompted(tmp_path / "nothing.onnx")
        good = prompted_onnx.write(tmp_path / "good", "sam")
        for wrong, said in (("any.decoder.onnx", "none that answers to points"), ("any.encoder.onnx", "takes")):
            folder = prompted_onnx.write(tmp_path / wrong, "sam")
            (folder / wrong).write_bytes(
                plain.read_bytes() if "decoder" in wrong else (good / "any.decoder.onnx").read_bytes()
            )
            with pytest.raises(NetworkError, match=said):
                open_prompted(folder, here=True)
        other = prompted_onnx.write(tmp_path / "other", "transformers")
        (good / "any.decoder.onnx").write_bytes((other / "prompt_encoder_mask_decoder.onnx").read_bytes())
        with pytest.raises(NetworkError, match="takes image_positional_embeddings, which its encoder does not give"):
            open_prompted(good, here=True)
        (good / "any.decoder.onnx").write_bytes(b"no network")
        with pytest.raises(NetworkError, match="cannot be opened"):
            open_prompted(good, here=True)

    def test_two_files_in_one_archive(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """As MobileSAM is published; unpacked once, and nothing of an archive leads out of the cache."""
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
        folder, archive = prompted_onnx.write(tmp_path / "files", "sam-pixels"), tmp_path / "mobile.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for one in folder.iterdir():
                file.write(one, f"../../{one.name}")
            file.writestr("config.yaml", "type: segment_anything")
        assert isinstance(open_prompted(archive, here=True), EncoderDecoder)
        assert len(list(model_cache.converted(archive).iterdir())) == 2
        assert not list(tmp_path.glob("*.onnx"))
        archive.write_bytes(archive.read_bytes()[:300])
        with pytest.raises(NetworkError, match="is damaged"):
            open_prompted(archive)

    def test_the_catalogue(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
        parts = [part for entry in PROMPTED.values() for part in entry.parts]
        assert sorted(parts) == sorted(name for name, entry in CATALOGUE.items() if entry.gives == "clicks")
        assert all(CATALOGUE[part].sha256 and CATALOGUE[part].address for part in parts)
        assert PROMPTED["slimsam"].bytes == 13_785_975
        assert PROMPTED["sam2.1-tiny"].bytes is None
        assert is_prompted("slimsam")
        assert not is_prompted("u2netp")
        with pytest.raises(NetworkError, match="the network slimsam-encoder is not on this computer"):
            open_prompted("slimsam")


class TestEncodings:
    def test_a_photo_is_seen_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
        network = open_prompted(prompted_onnx.write(tmp_path / "files", "transformers"), here=True)
        seen: list[int] = []
        encode = EncoderDecoder.encode
        monkeypatch.setattr(EncoderDecoder, "encode", lambda self, rgb: seen.append(1) or encode(self, rgb))
        photo = prompted_onnx.photo(200, 100, (50, 40, 20))
        first, again = encodings.encoded(network, photo), encodings.encoded(network, photo)
        assert len(seen) == 1
        assert first.keys() == again.keys()
        for name, values in first.items():
            np.testing.assert_array_equal(values, again[name])
        other = photo.copy()
        other[50, 100] = 0
        encodings.encoded(network, other)
        assert len(seen) == 2
        for file in (tmp_path / "cache" / "encodings").iterdir():
            file.write_bytes(file.read_bytes()[:-5])
        encodings.encoded(network, photo)
        assert len(seen) == 3  # a damaged one is made anew

    def test_what_was_used_longest_ago_goes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path / "cache"))
        monkeypatch.setattr(encodings, "MOST_BYTES", 20 << 20)
        network = open_prompted(prompted_onnx.write(tmp_path / "files", "transformers"), here=True)
        for shade in range(4):
            encodings.encoded(network, np.full((20, 30, 3), shade, np.uint8))
        files = list((tmp_path / "cache" / "encodings").iterdir())
        assert len(files) == 2
        assert sum(file.stat().st_size for file in files) <= 20 << 20
