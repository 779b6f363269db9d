"""Test that the same requests get the same answers from the embedded store and from S3.

An app that works on the one works on the other. Elsewhere a client added a charset to `Content-Type`, and S3 refused
the signed request (dart-lang/http 459, aws/aws-sdk-js 557). Both servers are the real ones: the web server that
production uses before the embedded store, and SeaweedFS.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as declared
from django.utils import timezone

from maretech.common.storage.local import LocalStore
from maretech.processes import LOOPBACK, embedded, free_port
from testing.s3 import STARTUP_SECONDS
from tests.maretech.storage.same_requests import (
    CONTENT,
    LENGTH,
    LOOKS,
    MAX_BYTES,
    PUTS,
    QUERIES,
    TYPE,
    chunks,
    send,
    upload_of,
)

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def web(tmp_path_factory, migrated_database) -> Iterator[tuple[str, Path]]:
    """A web server with the embedded store, and the folder of its objects."""
    folder = tmp_path_factory.mktemp("embedded")
    address = f"http://{LOOPBACK}:{(port := free_port())}"
    env = embedded(folder) | {"SECRET_KEY": declared.SECRET_KEY, "RATE_LIMIT_UPLOADS": "100000/min"}
    shutil.copyfile(migrated_database, folder / migrated_database.name)
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port)]
    server = subprocess.Popen([*command, "--log-level", "error", "maretech.wsgi:application"], env=env)
    deadline = time.monotonic() + STARTUP_SECONDS
    try:
        while not _answers(address):
            assert server.poll() is None, "the web server ended"
            assert time.monotonic() < deadline, "the web server does not answer"
        yield address, folder / "objects"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _answers(address: str) -> bool:
    try:
        return send(f"{address}/health", "GET", [])[0] == 200
    except OSError:
        time.sleep(0.1)
        return False


@pytest.fixture
def local(web) -> tuple[LocalStore, str]:
    address, objects = web
    return LocalStore(objects), address


def put(store, address: str, name: str) -> tuple[int, bytes | None]:
    """Send the request; return the answer, and what the store holds afterwards."""
    request, key = PUTS[name], f"q/{name}"
    target = store.presign_upload(upload_of(key, announced=request.announced))
    status, _ = send(address + target.url, "PUT", request.headers, request.body)
    return status, store.read(key, max_bytes=MAX_BYTES) if store.head(key) else None


@pytest.mark.parametrize("name", PUTS)
def test_both_stores_answer_an_upload_alike(name: str, local, s3):
    ours, theirs = put(*local, name), put(s3, "", name)
    assert ours == theirs
    assert ours[1] == PUTS[name].keeps


@pytest.mark.parametrize("name", LOOKS)
def test_both_stores_answer_a_view_alike(name: str, local, s3):
    method, headers = LOOKS[name]
    statuses = []
    for store, address in (local, (s3, "")):
        store.write("v/photo", CONTENT, content_type="image/jpeg")
        url = address + store.presign_view("v/photo")
        etag = send(url, "GET", [])[1]["etag"]
        offered = [(header, value.format(etag=etag)) for header, value in headers]
        statuses.append(send(url, method, offered, CONTENT if method == "PUT" else b"")[0])
    assert statuses[0] == statuses[1]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_both_stores_answer_additional_query_parameters_alike(query: str, local, s3):
    statuses = []
    for store, address in (local, (s3, "")):
        store.write("v/queried", CONTENT, content_type="image/jpeg")
        view, target = store.presign_view("v/queried"), store.presign_upload(upload_of("q/queried", announced=False))
        requests = [(view, "GET", [], b""), (target.url, "PUT", PUTS["as signed"].headers, CONTENT)]
        statuses.append([send(behind(address + url, query), *request)[0] for url, *request in requests])
    assert statuses[0] == statuses[1] == ([403, 403] if query else [200, 200])


def behind(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_upload_link_cannot_read(method: str, local, s3):
    for store, address in (local, (s3, "")):
        store.write("v/quarantined", CONTENT, content_type="image/jpeg")
        target = store.presign_upload(upload_of("v/quarantined", announced=False))
        assert send(address + target.url, method, [TYPE])[0] == 403


def test_an_expired_link_is_403_and_a_link_to_a_missing_object_404(local, s3, settings):
    for store, address in (local, (s3, "")):
        with time_machine.travel(timezone.now() - timedelta(seconds=settings.UPLOAD_LINK_SECONDS + 5), tick=False):
            upload, view = store.presign_upload(upload_of("v/late", announced=False)).url, store.presign_view("v/late")
        assert send(address + upload, "PUT", PUTS["as signed"].headers, CONTENT)[0] == 403
        assert send(address + view, "GET", [])[0] == 403
        assert send(address + store.presign_view("v/none"), "GET", [])[0] == 404


@pytest.mark.parametrize("second", [TYPE, ("content-type", "image/png")])
def test_the_embedded_store_sees_the_first_of_two_content_types(second, local, s3):
    """The one case in which the embedded store is laxer: its web server hides the second; S3 refuses both."""
    statuses = []
    for store, address in (local, (s3, "")):
        target = store.presign_upload(upload_of("q/twice", announced=False))
        statuses.append(send(address + target.url, "PUT", [TYPE, second, LENGTH], CONTENT)[0])
    assert statuses == [200, 403]


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 64 * 1024 * 1024])
def test_chunks_are_read_up_to_the_limit_of_the_link(local, size: int):
    """The one case in which the embedded store is stricter: S3 has no maximum to sign."""
    store, address = local
    target = store.presign_upload(upload_of("q/endless", announced=False))
    headers = PUTS["in chunks"].headers
    try:
        status = send(address + target.url, "PUT", headers, chunks(bytes(size), 1024 * 1024))[0]
    except (ConnectionError, IndexError):  # the server closed the connection while we still sent
        status = 413
    assert status == 413
    assert store.head("q/endless") is None
