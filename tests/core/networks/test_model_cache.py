"""The networks' files: the catalogue, the download from a server that misbehaves, files of the user's own."""

from __future__ import annotations

import dataclasses
import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.networks import model_cache
from fgbg_studio.core.networks.catalogue import CATALOGUE, CatalogueEntry
from fgbg_studio.core.networks.download import CHUNK, download

CONTENT = bytes(range(256)) * (CHUNK // 64) + b"the end"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(http.server.ThreadingHTTPServer):
    """Serves CONTENT at every path, as the next of ``moods`` says, or well when there is none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.moods: list[str] = []
        self.ranges: list[str | None] = []
        self.release = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/net.onnx"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        mood = self.server.moods.pop(0) if self.server.moods else ""
        wanted = self.headers["Range"]
        self.server.ranges.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and mood != "no ranges" else 0
        if mood == "silent":
            self.server.release.wait(10)
        elif mood.isdecimal():
            self.send_error(int(mood))
        elif start >= len(CONTENT):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(CONTENT)}")
            self.end_headers()
        else:
            self._send(CONTENT[start:], mood, start)

    def _send(self, data: bytes, mood: str, start: int) -> None:
        self.send_response(206 if start else 200)
        self.send_header("Content-Type", "text/html" if mood == "web page" else "application/octet-stream")
        if mood != "no length":
            self.send_header("Content-Length", str(len(data) + (1 if mood == "longer" else 0)))
        self.end_headers()
        if mood == "corrupt":
            data = b"\0" * len(data)
        if mood in {"truncate", "stall"}:
            data = data[: len(data) // 2]
        self.wfile.write(data)
        self.wfile.flush()
        if mood == "stall":
            self.server.release.wait(10)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.release.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(model_cache.CACHE_VARIABLE, str(tmp_path))
    return tmp_path / "networks"


@pytest.fixture
def entry(server: Server) -> CatalogueEntry:
    return dataclasses.replace(
        CATALOGUE["midas-v2.1-small"], name="net", address=server.address, bytes=len(CONTENT), sha256=SHA256
    )


def left(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


class TestDownload:
    def test_a_good_server(self, entry: CatalogueEntry, cache: Path) -> None:
        steps = list(download(entry))
        assert (cache / "net.onnx").read_bytes() == CONTENT
        assert left(cache) == ["net.onnx"]
        assert [step.done for step in steps] == sorted(step.done for step in steps)
        assert steps[-1].done == steps[-1].total == len(CONTENT)
        assert len(steps) > 3

    def test_what_is_there_is_not_fetched_again(self, entry: CatalogueEntry, server: Server) -> None:
        list(download(entry))
        assert [step.done for step in download(entry)] == [len(CONTENT)]
        assert len(server.ranges) == 1

    def test_goes_on_after_the_user_stopped_it(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        first = download(entry)
        next(first)
        first.close()
        assert left(cache) == ["net.onnx.part"]
        size = (cache / "net.onnx.part").stat().st_size
        assert 0 < size < len(CONTENT)
        list(download(entry))
        assert server.ranges == [None, f"bytes={size}-"]
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_truncated_answers_are_gone_on_with(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        server.moods = ["truncate"] * 5
        list(download(entry))
        assert len(server.ranges) == 6
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_truncated_without_a_length(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        server.moods = ["no length"]
        list(download(entry))
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_a_server_without_ranges_begins_anew(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        server.moods = ["truncate", "no ranges"]
        list(download(entry))
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_a_stalled_server_times_out(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        server.moods = ["stall", "silent", "silent", "silent"]
        with pytest.raises(NetworkError, match=r"could not be fetched \(the server stalled"):
            list(download(entry, timeout=0.2))
        assert left(cache) == ["net.onnx.part"]
        server.moods = ["stall"]
        list(download(entry, timeout=0.2))
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_a_corrupted_file_is_reported_and_kept_aside(
        self, entry: CatalogueEntry, cache: Path, server: Server
    ) -> None:
        server.moods = ["corrupt"]
        with pytest.raises(NetworkError) as caught:
            list(download(entry))
        assert SHA256 in str(caught.value)
        assert "net.onnx.refused" in str(caught.value)
        assert left(cache) == ["net.onnx.refused"]
        list(download(entry))
        assert left(cache) == ["net.onnx", "net.onnx.refused"]

    def test_another_size_is_reported_before_fetching(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        server.moods = ["longer"]
        with pytest.raises(NetworkError, match=f"{len(CONTENT) + 1:,} bytes where {len(CONTENT):,}"):
            list(download(entry))
        assert left(cache) == []

    def test_a_part_that_is_too_long_is_thrown_away(self, entry: CatalogueEntry, cache: Path) -> None:
        cache.mkdir()
        (cache / "net.onnx.part").write_bytes(CONTENT + b"more")
        list(download(entry))
        assert (cache / "net.onnx").read_bytes() == CONTENT

    def test_a_part_that_is_whole_is_taken(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        cache.mkdir()
        (cache / "net.onnx.part").write_bytes(CONTENT)
        list(download(dataclasses.replace(entry, bytes=None)))
        assert (cache / "net.onnx").read_bytes() == CONTENT
        assert server.ranges == [f"bytes={len(CONTENT)}-"]

    @pytest.mark.parametrize(("mood", "says"), [("404", "answers 404"), ("web page", "a web page")])
    def test_a_wrong_answer_says_what_to_do(
        self, entry: CatalogueEntry, cache: Path, server: Server, mood: str, says: str
    ) -> None:
        server.moods = [mood]
        with pytest.raises(NetworkError, match=says) as caught:
            list(download(entry))
        assert entry.address in caught.value.way_out
        assert str(cache / "net.onnx") in caught.value.way_out

    def test_no_network_says_which_file_goes_where(self, entry: CatalogueEntry, cache: Path, server: Server) -> None:
        closed = dataclasses.replace(entry, address="http://127.0.0.1:9/net.onnx")
        with pytest.raises(NetworkError, match="no connection") as caught:
            list(download(closed))
        assert closed.address in caught.value.way_out
        assert str(cache / "net.onnx") in caught.value.way_out

    def test_two_programs_do_not_write_one_file(self, entry: CatalogueEntry, cache: Path) -> None:
        cache.mkdir()
        with (
            FileLock(cache / "net.onnx.part.lock"),
            pytest.raises(NetworkError, match="another program is downloading net"),
        ):
            list(download(entry))

    def test_a_folder_that_cannot_be_written(self, entry: CatalogueEntry, cache: Path) -> None:
        cache.write_bytes(b"a file where the folder should be")
        with pytest.raises(NetworkError, match="cannot be written"):
            list(download(entry))

    def test_a_network_without_address_must_be_added(self) -> None:
        with pytest.raises(NetworkError, match="has no fixed address"):
            list(download("fastdepth"))


class TestAdd:
    @pytest.fixture(autouse=True)
    def known(self, entry: CatalogueEntry, monkeypatch: pytest.MonkeyPatch) -> None:
        nameless = dataclasses.replace(entry, name="unhashed", sha256=None, address="http://x/known.onnx")
        for one in (entry, nameless):
            monkeypatch.setitem(CATALOGUE, one.name, one)

    def test_by_hash(self, tmp_path: Path, cache: Path) -> None:
        file = tmp_path / "anything.bin"
        file.write_bytes(CONTENT)
        assert model_cache.add(file).name == "net"
        assert left(cache) == ["net.onnx"]
        assert model_cache.locate("net") == (cache / "net.onnx", CATALOGUE["net"])
        assert model_cache.add(cache / "net.onnx").name == "net"

    def test_by_name_and_size_where_no_hash_is_published(self, tmp_path: Path, cache: Path) -> None:
        file = tmp_path / "known.onnx"
        file.write_bytes(CONTENT[::-1])
        assert model_cache.add(file).name == "unhashed"
        assert (cache / "unhashed.onnx").read_bytes() == CONTENT[::-1]

    def test_another_file_is_refused(self, tmp_path: Path, cache: Path) -> None:
        file = tmp_path / "known.onnx"
        file.write_bytes(b"another")
        with pytest.raises(NetworkError, match="is not a network in the catalogue"):
            model_cache.add(file)
        with pytest.raises(NetworkError, match="has 7 bytes where"):
            model_cache.add(file, "unhashed")
        file.write_bytes(CONTENT[::-1])
        with pytest.raises(NetworkError, match=SHA256):
            model_cache.add(file, "net")
        assert not cache.exists()

    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(NetworkError, match="is not a file"):
            model_cache.add(tmp_path / "none.onnx")


class TestCatalogue:
    def test_entries_are_whole(self) -> None:
        files = [entry.file_name for entry in CATALOGUE.values()]
        assert len(set(files)) == len(files)
        for name, entry in CATALOGUE.items():
            assert name == entry.name
            assert entry.licence
            assert entry.note
            assert entry.sha256 is None or len(bytes.fromhex(entry.sha256)) == 32
            kind = entry.description.kind if entry.description else ""
            assert {"saliency": "matte", "clicks": ""}.get(entry.gives, kind or "described") == kind
            assert not entry.address or entry.address.startswith("https://")

    def test_a_file_that_was_never_fetched_says_how(self) -> None:
        with pytest.raises(NetworkError, match="Download the network densedepth-nyu"):
            model_cache.locate("densedepth-nyu")

    def test_an_unknown_name(self) -> None:
        with pytest.raises(NetworkError, match="densedepth-nyu"):
            model_cache.entry_of("densedepth-nyuu")
        with pytest.raises(NetworkError, match="does not exist"):
            model_cache.locate("densedepth-nyuu")

    def test_the_cache_is_the_users_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv(model_cache.CACHE_VARIABLE)
        assert "fgbg-studio" in model_cache.cache_folder().parts
