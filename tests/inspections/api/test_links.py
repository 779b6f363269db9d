"""Test the embedded store's signed links: each accepts or shows exactly what it was signed for."""

import base64
import io
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.utils import timezone

from inspections.models import MediaAsset
from maretech.common.storage import object_store
from maretech.common.storage.base import CHECKSUM_HEADER
from maretech.common.storage.local import SALT, Link
from testing.phone import caller, jpeg
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(phone) -> dict:
    """A link of the creation: bound to its type only."""
    return phone.open()["uploads"][0]


@pytest.fixture
def exact(phone, target) -> dict:
    """A link of a declared photo: bound to type, length and checksum."""
    return phone.declare(target["slot_id"], "wide", jpeg(1)).json()["upload"]


def path(upload: dict) -> str:
    return upload["url"].removeprefix("http://testserver")


def put(upload: dict, content: bytes, content_type: str = "image/jpeg", **extra: object):
    """Upload as any holder of the link can: without a token."""
    checksum = upload.get("headers", {}).get(CHECKSUM_HEADER)
    signed = {"HTTP_X_AMZ_CHECKSUM_SHA256": checksum} if checksum else {}
    return caller().generic("PUT", path(upload), content, content_type=content_type, **signed | extra)


def nothing_stored() -> bool:
    return not list(object_store().list(""))


def test_a_link_needs_no_token(target):
    answer = put(target, jpeg(1))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["ETag"].strip('"')


def test_a_link_of_the_opening_can_be_used_until_submission(target):
    assert [put(target, jpeg(seed)).status_code for seed in (1, 2)] == [200, 200]


@pytest.mark.parametrize(
    "content_type",
    ["image/png", "text/html", "application/octet-stream", "", "Image/JPEG", "image/jpeg; charset=utf-8"],
)
def test_another_type_than_signed_is_refused(target, exact, content_type: str):
    for upload in (target, exact):
        refused(put(upload, jpeg(1), content_type), 403, "FORBIDDEN")
    assert nothing_stored()


def test_an_upload_without_its_checksum_header_is_refused(exact):
    assert exact["headers"][CHECKSUM_HEADER]
    refused(put({"url": exact["url"]}, jpeg(1)), 403, "FORBIDDEN")
    other = base64.b64encode(bytes(32)).decode()
    refused(put(exact, jpeg(1), HTTP_X_AMZ_CHECKSUM_SHA256=other), 403, "FORBIDDEN")
    assert nothing_stored()


@pytest.mark.parametrize("name", ["HTTP_X_AMZ_CHECKSUM_SHA256", "HTTP_X_AMZ_ACL", "HTTP_X_AMZ_META_A"])
def test_an_unsigned_header_of_the_store_is_refused(target, name: str):
    refused(put(target, jpeg(1), **{name: "x"}), 403, "FORBIDDEN")
    assert nothing_stored()


@pytest.mark.parametrize("content", [b"", jpeg(1)[:-1], jpeg(1) + b"x"], ids=["empty", "shorter", "longer"])
def test_another_length_than_declared_is_refused(exact, content: bytes):
    refused(put(exact, content), 403, "FORBIDDEN")
    assert nothing_stored()


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "many", "9" * 5000])
def test_an_invalid_length_is_refused(target, exact, length: str):
    refused(put(target, jpeg(1), CONTENT_LENGTH=length), 400, "VALIDATION_ERROR")
    assert put(exact, jpeg(1), CONTENT_LENGTH=length).status_code in (400, 403)
    assert nothing_stored()


def chunked(stream: io.BytesIO, *, is_decoded: bool = True) -> dict[str, object]:
    """Send a body without a length, as the web server passes it on."""
    return {
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": stream,
        "wsgi.input_terminated": is_decoded,
    }


def test_a_chunked_body_is_accepted_where_no_length_was_signed(target, exact):
    assert put(target, jpeg(1), **chunked(io.BytesIO(jpeg(1)))).status_code == 200
    key = MediaAsset.objects.get(pk=target["asset_id"]).uri
    assert object_store().read(key, max_bytes=10**6) == jpeg(1)
    refused(put(exact, jpeg(1), **chunked(io.BytesIO(jpeg(1)))), 403, "FORBIDDEN")


def test_undecoded_chunks_are_refused(target):
    refused(put(target, jpeg(1), **chunked(io.BytesIO(jpeg(1)), is_decoded=False)), 400, "VALIDATION_ERROR")
    assert nothing_stored()


def test_a_chunked_body_is_read_up_to_the_limit_of_the_policy(target):
    class Endless(io.BytesIO):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.given += min(size, 65536)
            return bytes(min(size, 65536))

    body = Endless()
    refused(put(target, b"", **chunked(body)), 413, "PAYLOAD_TOO_LARGE")
    assert body.given == 25 * 1024 * 1024 + 1
    assert nothing_stored()


def test_a_body_in_small_pieces_is_read_completely(target):
    class Trickling(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            return super().read(min(size, 7))

    assert put(target, b"", **chunked(Trickling(jpeg(1)))).status_code == 200
    key = MediaAsset.objects.get(pk=target["asset_id"]).uri
    assert object_store().read(key, max_bytes=10**6) == jpeg(1)


def test_a_body_shorter_than_its_length_is_refused(exact):
    cut = io.BytesIO(jpeg(1)[:100])
    refused(put(exact, jpeg(1), **{"wsgi.input": cut}), 400, "VALIDATION_ERROR")
    assert nothing_stored()


def test_other_bytes_of_the_same_length_are_refused(exact):
    changed = jpeg(1)[:-3] + b"\x00\xff\xd9"
    refused(put(exact, changed), 400, "VALIDATION_ERROR")
    assert nothing_stored()


def test_a_body_over_the_limit_is_refused_before_it_is_read(target):
    class Untouched(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

    length = str(25 * 1024 * 1024 + 1)
    answer = put(target, b"", CONTENT_LENGTH=length, **{"wsgi.input": Untouched()})
    refused(answer, 413, "PAYLOAD_TOO_LARGE")


def test_an_expired_link_is_refused(target, settings):
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.UPLOAD_LINK_SECONDS + 1)):
        refused(put(target, jpeg(1)), 403, "FORBIDDEN")
    assert nothing_stored()


def test_a_link_is_valid_until_its_expiry(target, settings):
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.UPLOAD_LINK_SECONDS - 2)):
        assert put(target, jpeg(1)).status_code == 200


def tampered(token: str) -> list[str]:
    payload, stamp, signature = token.split(":")
    forged = signing.b64_encode(b'["PUT","../../etc/passwd",9999999999,"image/jpeg",null,null,99]').decode()
    return [
        f"{forged}:{stamp}:{signature}",
        f"{payload}:{stamp}:{signature[:-1]}",
        f"{payload}:{stamp}x:{signature}",
        f"{payload[:-2]}:{stamp}:{signature}",
        f"{payload}:{stamp}:",
        payload,
        "x",
        "é",
        ":::",
        signing.dumps(["PUT", "a", 9999999999, "image/jpeg", None, None, 99], salt="another.salt"),
        signing.dumps(["PUT", "a", 9999999999, "image/jpeg", None, None, 99], key="another", salt=SALT),
    ]


def test_a_tampered_link_is_refused(target):
    for token in tampered(path(target).rpartition("/")[2]):
        upload = {"url": f"/v1/storage/{token}"}
        refused(put(upload, jpeg(1)), 403, "FORBIDDEN")
        refused(caller().get(upload["url"]), 403, "FORBIDDEN")
    assert nothing_stored()


def test_an_upload_link_cannot_read_and_a_view_link_cannot_write(phone, target):
    assert put(target, jpeg(1)).status_code == 200
    refused(caller().get(path(target)), 403, "FORBIDDEN")
    key = MediaAsset.objects.get(pk=target["asset_id"]).uri
    view = {"url": object_store().presign_view(key)}
    refused(put(view, jpeg(2)), 403, "FORBIDDEN")
    assert caller().get(view["url"]).content == jpeg(1)


def test_a_link_outside_the_store_is_not_found():
    for key in ("../outside", "/etc/passwd", "a/../../b"):
        link = Link("GET", key, 9_999_999_999).signed()
        refused(caller().get(link), 404, "NOT_FOUND")


@pytest.mark.parametrize("offered", ["{0}", "W/{0}", '"other", W/{0}', "*"])
def test_a_known_picture_is_answered_with_304(target, offered: str):
    assert put(target, jpeg(1)).status_code == 200
    view = object_store().presign_view(MediaAsset.objects.get(pk=target["asset_id"]).uri)
    tag = caller().get(view)["ETag"]
    again = caller().get(view, HTTP_IF_NONE_MATCH=offered.format(tag))
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert caller().get(view, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_a_view_link_refuses_head(target):
    assert put(target, jpeg(1)).status_code == 200
    view = object_store().presign_view(MediaAsset.objects.get(pk=target["asset_id"]).uri)
    assert caller().head(view).status_code == 403


def test_a_view_link_expires(phone, settings):
    result = phone.get(f"/inspections/{phone.complete()}/result").json()
    overlay = result["corrosion"]["points"][0]["overlay_url"]
    answer = caller().get(overlay)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    with time_machine.travel(timezone.now() + timedelta(seconds=settings.VIEW_LINK_SECONDS + 2)):
        refused(caller().get(overlay), 403, "FORBIDDEN")


def test_a_stored_html_file_is_not_shown_as_a_page(target):
    html = b"<html><script>alert(1)</script></html>"
    assert put(target, html).status_code == 200
    key = MediaAsset.objects.get(pk=target["asset_id"]).uri
    answer = caller().get(object_store().presign_view(key))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_links_are_limited_per_address_and_not_per_owner(target, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"uploads": "1/min"}
    assert put(target, jpeg(1)).status_code == 200
    refused(put(target, jpeg(1)), 429, "RATE_LIMITED")
    assert put(target, jpeg(1), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_the_access_log_shows_the_route_and_not_the_link(target, caplog):
    caplog.set_level("INFO")
    put(target, jpeg(1))
    logged = " ".join(str(record.msg) for record in caplog.records)
    assert "v1/storage/<str:token>" in logged
    assert path(target).rpartition("/")[2] not in logged
