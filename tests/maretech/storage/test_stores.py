"""Test that both stores enforce the same limits: a link accepts only what it was signed for."""

import base64
import hashlib
import http.client
import io
import urllib.error
import urllib.request
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectChanged, ObjectMissing, ObjectTooLarge, Upload

CONTENT = b"\xff\xd8\xff" + b"photo" * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = CONTENT[:-1] + b"!"


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.services)])
def store(request):
    if request.param == "s3":
        request.getfixturevalue("s3")
    return object_store()


def _upload(key: str, **bounds: object) -> Upload:
    fields = {"content_type": "image/jpeg", "byte_size": len(CONTENT), "sha256": SHA256, "max_bytes": 10_000}
    return Upload(key=key, **(fields | bounds))


def _send(method: str, url: str, content: bytes | None, headers: dict[str, str]) -> int:
    """Send over real HTTP to the S3 server, through Django to the embedded store."""
    if url.startswith("/"):
        client = APIClient(raise_request_exception=False)
        if method == "GET":
            return client.get(url).status_code
        environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        content_type = environ.pop("HTTP_CONTENT_TYPE", "")
        return client.generic(method, url, content or b"", content_type=content_type, **environ).status_code
    request = urllib.request.Request(url, content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code


def _put(target, content=CONTENT, **headers: str) -> int:
    return _send(target.method, target.url, content, target.headers | headers)


def _send_chunked(target) -> int:
    if target.url.startswith("/"):
        client = APIClient(raise_request_exception=False)
        return client.generic(
            "PUT", target.url, CONTENT, content_type="image/jpeg", CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked"
        ).status_code
    address = urlsplit(target.url)
    connection = http.client.HTTPConnection(address.netloc, timeout=10)
    headers = {name: value for name, value in target.headers.items() if name != "Content-Length"}
    connection.request("PUT", f"{address.path}?{address.query}", iter([CONTENT]), headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.django_db
class TestLinks:
    def test_the_declared_photo_is_accepted(self, store):
        target = store.presign_upload(_upload("q/good"))
        assert _put(target) == 200
        assert store.read("q/good", max_bytes=10_000) == CONTENT

    def test_another_length_is_refused(self, store):
        target = store.presign_upload(_upload("q/length"))
        assert _put(target, CONTENT + b"x", **{"Content-Length": str(len(CONTENT) + 1)}) in (400, 403)
        assert store.head("q/length") is None

    def test_other_bytes_of_the_same_length_are_refused(self, store):
        target = store.presign_upload(_upload("q/bytes"))
        assert _put(target, OTHER) in (400, 403)
        assert store.head("q/bytes") is None

    def test_another_content_type_is_refused(self, store):
        target = store.presign_upload(_upload("q/type"))
        assert _put(target, **{"Content-Type": "text/html"}) in (400, 403)

    def test_a_tampered_link_is_refused(self, store):
        target = store.presign_upload(_upload("q/tampered"))
        url = target.url[:-2] + ("00" if target.url[-2:] != "00" else "11")
        assert _send("PUT", url, CONTENT, target.headers) == 403

    def test_an_expired_link_is_refused(self, store, settings, time_machine_at_signing):
        settings.UPLOAD_LINK_SECONDS = 60
        with time_machine_at_signing(seconds_ago=3600):
            target = store.presign_upload(_upload("q/expired"))
        assert _put(target) == 403

    def test_a_view_link_cannot_write(self, store):
        store.write("q/view", CONTENT, content_type="image/jpeg")
        assert _send("PUT", store.presign_view("q/view"), OTHER, {"Content-Type": "image/jpeg"}) == 403
        assert _send("GET", store.presign_view("q/view"), None, {}) == 200

    def test_a_view_link_expires(self, store, settings, time_machine_at_signing):
        store.write("q/seen", CONTENT, content_type="image/jpeg")
        settings.VIEW_LINK_SECONDS = 60
        with time_machine_at_signing(seconds_ago=3600):
            url = store.presign_view("q/seen")
        assert _send("GET", url, None, {}) == 403

    def test_an_upload_without_a_length_is_refused(self, store):
        target = store.presign_upload(_upload("q/unknown"))
        assert _send_chunked(target) in (400, 403, 411, 501)
        assert store.head("q/unknown") is None

    def test_a_request_without_a_signature_is_refused(self, store):
        store.write("q/secret", CONTENT, content_type="image/jpeg")
        assert _send("GET", store.presign_view("q/secret").split("?")[0][:-3] + "abc", None, {}) in (403, 404)


@pytest.mark.django_db
class TestObjects:
    def test_a_pinned_object_that_changed_is_not_read(self, store):
        store.write("o/pinned", CONTENT, content_type="image/jpeg")
        pinned = store.head("o/pinned")
        store.write("o/pinned", OTHER, content_type="image/jpeg")
        with pytest.raises(ObjectChanged):
            store.read("o/pinned", max_bytes=10_000, if_match=pinned.etag)

    def test_a_head_has_size_type_and_etag(self, store):
        store.write("o/head", CONTENT, content_type="image/jpeg")
        found = store.head("o/head")
        assert (found.size, found.content_type) == (len(CONTENT), "image/jpeg")
        store.write("o/head", CONTENT, content_type="image/jpeg")
        assert store.head("o/head").etag == found.etag
        assert store.heads(["o/head", "o/none"])["o/none"] is None

    def test_a_read_stops_at_its_limit(self, store):
        store.write("o/large", CONTENT, content_type="image/jpeg")
        with pytest.raises(ObjectTooLarge):
            store.read("o/large", max_bytes=10)

    def test_a_missing_object_is_reported_as_missing(self, store):
        with pytest.raises(ObjectMissing):
            store.read("o/missing", max_bytes=10)

    def test_an_optional_object_is_read_like_any_other(self, store):
        store.write("o/optional", CONTENT, content_type="image/jpeg")
        assert store.read("o/optional", max_bytes=10_000, is_optional=True) == CONTENT
        with pytest.raises(ObjectMissing):
            store.read("o/missing", max_bytes=10, is_optional=True)

    def test_entries_are_listed_in_key_order_after_any_key(self, store):
        keys = ["e/1/a", "e/1/b/c", "e/2/a", "e/3/a"]
        for key in reversed(keys):
            store.write(key, CONTENT, content_type="image/jpeg")
        assert [entry.key for entry in store.entries("e/")] == keys
        assert [entry.key for entry in store.entries("e/", after="e/1/a")] == keys[1:]
        assert [entry.key for entry in store.entries("e/", after="e/10")] == keys[2:]
        ages = [(datetime.now(UTC) - entry.modified_at).total_seconds() for entry in store.entries("e/")]
        assert all(-5 < age < 60 for age in ages)

    def test_all_objects_below_a_prefix_can_be_listed_and_deleted(self, store):
        for name in ("p/1", "p/deep/2", "pp/3"):
            store.write(name, CONTENT, content_type="image/jpeg")
        assert sorted(store.list("p/")) == ["p/1", "p/deep/2"]
        store.delete(store.list("p/"))
        store.delete(["p/1"])
        assert list(store.list("p/")) == []
        assert store.head("pp/3") is not None


def test_a_checksum_is_sent_in_the_format_of_s3(s3):
    target = s3.presign_upload(_upload("q/x"))
    assert base64.b64decode(target.headers["x-amz-checksum-sha256"]).hex() == SHA256


@pytest.mark.parametrize("size", [0, 10, 9_000_000], ids=["nothing", "a little", "in several parts"])
def test_a_file_is_stored_with_its_bytes(store, size):
    content = bytes(size)
    store.write_file("exports/a.zip", io.BytesIO(content), content_type="application/zip")
    assert store.read("exports/a.zip", max_bytes=10_000_000) == content


@pytest.mark.django_db
def test_an_object_too_large_for_memory_is_streamed(monkeypatch):
    monkeypatch.setattr("maretech.common.http.stored_objects.MAX_IN_MEMORY_BYTES", 100)
    store = object_store()
    store.write_file("exports/a.zip", io.BytesIO(b"PK" + bytes(200)), content_type="application/zip")
    answer = APIClient().get(store.presign_view("exports/a.zip"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert b"".join(answer.streaming_content) == b"PK" + bytes(200)
