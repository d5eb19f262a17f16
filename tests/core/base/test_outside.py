"""Files of others: only regular ones of a sensible size are opened, and JSON has limits."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from fgbg_studio.core.base.files import append_to, file_hash, write_file
from fgbg_studio.core.base.outside import MOST_DEEP, MOST_LINE, UnfitFileError, lines_of, open_file, parsed, read_file
from fgbg_studio.core.base.store import LocalStore

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")


@pytest.fixture(params=["pipe", "device", "socket", "folder", "link to a device"])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "odd"
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "folder":
        path.mkdir()
    elif request.param == "socket":
        bound = socket.socket(socket.AF_UNIX)
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        bound.bind("odd")
        os.chdir(here)
        bound.close()  # its name stays
    else:
        path.symlink_to("/dev/zero")
    return path


def test_what_is_no_regular_file_is_not_opened(odd: Path) -> None:
    for read in (read_file, file_hash, open_file, lambda path: LocalStore(path.parent).read(path.name)):
        with pytest.raises(OSError, match=r"is no regular file|is a folder|is a link"):
            read(odd)


def test_a_sparse_file_of_any_size_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(100 << 30)
    with pytest.raises(UnfitFileError, match=r"107 GB, more than the 1\.0 GB"):
        read_file(path, 1_000_000_000)


class TestWriting:
    def test_no_pipe_is_waited_for_and_no_link_followed(self, tmp_path: Path) -> None:
        """Whoever made the folder knows the names under which the program writes until a file is whole."""
        from fgbg_studio.core.base.files import partial_of

        victim = tmp_path / "victim"
        victim.write_bytes(b"theirs")
        for name, trap in (("a", "link"), ("b", "pipe")):
            path = tmp_path / name
            for place in (path, partial_of(path)):
                place.symlink_to(victim) if trap == "link" else os.mkfifo(place)
            write_file(path, b"ours")
            assert path.read_bytes() == b"ours"
            assert not path.is_symlink()
        assert victim.read_bytes() == b"theirs"

    def test_nothing_is_appended_to_what_a_link_leads_to(self, tmp_path: Path) -> None:
        victim = tmp_path / "victim"
        victim.write_bytes(b"theirs")
        (tmp_path / "list").symlink_to(victim)
        with append_to(tmp_path / "list") as file:
            file.write(b"one")
        with append_to(tmp_path / "list") as file:
            file.write(b"two")
        assert (victim.read_bytes(), (tmp_path / "list").read_bytes()) == (b"theirs", b"onetwo")

    def test_no_file_of_two_names_is_written_into(self, tmp_path: Path) -> None:
        """A stranger's folder may hold a hard link to a file that is elsewhere, too."""
        victim = tmp_path / "victim"
        victim.write_bytes(b"theirs")
        (tmp_path / "out").mkdir()
        store = LocalStore(tmp_path / "out")
        for name in ("picture", "lock", "list", "note"):
            (tmp_path / "out" / name).hardlink_to(victim)
        store.write("picture", b"ours")
        store.put("note", b"ours")
        with store.lock("lock"):
            pass
        with append_to(tmp_path / "out" / "list") as file:
            file.write(b" and ours")
        assert victim.read_bytes() == b"theirs"
        assert (store.read("picture"), store.read("list")) == (b"ours", b"theirs and ours")


def test_a_line_without_end_comes_in_parts(tmp_path: Path) -> None:
    with (tmp_path / "rows.csv").open("wb") as file:
        file.write(b"one\r\n")
        file.truncate(100 << 30)
    lines = lines_of(tmp_path / "rows.csv")
    assert (next(lines), len(next(lines))) == ("one\r\n", MOST_LINE)
    lines.close()


class TestJson:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[" * 100_000, "deep"),
            ('{"a":' * 5_000 + "1" + "}" * 5_000, "deep"),
            ("[" * (MOST_DEEP + 1) + "]" * (MOST_DEEP + 1), "deep"),
            ("9" * 5_000, "more than 30 digits"),
            (f'{{"{"1" * 40}": -{"9" * 31}}}', "more than 30 digits"),
            ("[1e999]", "1e999 stands in it, which is more than a number can be"),
            (f"[-{'9' * 400}.5]", "more than a number can be"),
            ("[NaN]", "NaN"),
            ("[-Infinity]", "Infinity"),
            ('{"a": 1, "b": 2, "a": 3}', "'a' stands in it twice"),
            ("", "no JSON"),
            ('{"a": ', "no JSON"),
            ("\ufeff{}", "no JSON"),
            (r'{"name": "c\ud800at"}', "half a letter"),
            (r'{"\udc00": 1}', "half a letter"),
        ],
    )
    def test_what_is_beyond_the_limits_is_said(self, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            parsed(text)

    def test_the_one_key_of_many_that_stands_twice_is_found_at_once(self) -> None:
        keys = ", ".join(f'"{number}": 1' for number in [*range(100_000), 99_999])
        began = time.process_time()
        with pytest.raises(ValueError, match="'99999' stands in it twice"):
            parsed(f"{{{keys}}}")
        assert time.process_time() - began < 5  # it was over a minute

    @pytest.mark.parametrize("data", [b'{"\xff": 1}', b'"\xed\xa0\x80"'], ids=["no letter", "half of one"])
    def test_bytes_that_are_no_text(self, data: bytes) -> None:
        with pytest.raises(ValueError, match="no text"):
            parsed(data)

    def test_what_the_program_writes_is_read(self) -> None:
        assert parsed('{"a": [1.5, {"b": null}], "c": 12345678901234567890}') == {
            "a": [1.5, {"b": None}], "c": 12345678901234567890,
        }  # fmt: skip
        assert parsed(r'"\ud83d\ude00 \\ud800"') == "\N{GRINNING FACE} \\ud800"
        assert parsed(f'{{"{"1" * 64}": {"9" * 30}}}') == {"1" * 64: 10**30 - 1}
        deepest = "[" * MOST_DEEP + "]" * MOST_DEEP
        assert parsed(deepest)
