"""An S3 server on loopback that can be told to fail as such servers and the ways to them do."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

BUSY, CUT, LOST, SLOW = "busy", "cut", "lost", "slow"
"""It refuses for now; the connection ends; it has done what it was told, and its answer is lost; it is slow."""


class _Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """See werkzeug."""


class FaultyServer:
    """A moto server whose requests fail by ``fault``, which gets their numbers and methods.

    Attributes:
        address: of the server.
        requests: that there were.
        failed: of them.
    """

    def __init__(self) -> None:
        from moto.server import DomainDispatcherApplication, create_backend_app

        self._app = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self.requests = self.failed = 0
        self.fault: Callable[[int, str], str] = lambda number, method: ""
        self._counting = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ended, and its port free."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A request; see WSGI."""
        with self._counting:
            self.requests += 1
            kind = self.fault(self.requests, environ["REQUEST_METHOD"])
            self.failed += bool(kind)
        if kind == BUSY:
            start_response("503 Slow Down", [("Content-Type", "application/xml")])
            return [b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"]
        if kind == CUT:
            raise self._cut(environ)
        if kind == SLOW:
            time.sleep(0.3)
        answer = self._app(environ, start_response) if kind != LOST else self._app(environ, lambda *_: None)
        if kind == LOST:
            list(answer)
            raise self._cut(environ)
        return answer

    @staticmethod
    def _cut(environ: dict[str, Any]) -> ConnectionAbortedError:
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return ConnectionAbortedError()


@contextmanager
def faulty_server(bucket: str) -> Iterator[FaultyServer]:
    """A server with an empty bucket; what asks for it by the environment's settings finds it, and none of before."""
    import boto3
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()  # these keep the address at which they were first connected
    server = FaultyServer()
    try:
        boto3.client(
            "s3", endpoint_url=server.address, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",  # noqa: S106 - it believes everybody
        ).create_bucket(Bucket=bucket)  # fmt: skip
        yield server
    finally:
        server.close()
