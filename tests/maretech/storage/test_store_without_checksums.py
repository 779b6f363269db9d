"""Test a store that refuses `x-amz-checksum-sha256`: a setting omits the header, and the photo check compares.

Backblaze B2 refuses the header as unsupported (io7m-com/exfilac 35); Cloudflare R2 does not know all checksum headers
(cloudflare/cloudflare-docs 13132).
"""

import hashlib
import io
from urllib.parse import parse_qs, urlsplit

import pytest

from inspections.models import MediaAsset
from inspections.tasks import check_photo
from testing.phone import Phone, jpeg
from tests.inspections.work.test_photo_check import shown
from tests.maretech.storage.same_requests import send

pytestmark = [pytest.mark.services, pytest.mark.django_db]
CHECKSUMS = ("x-amz-checksum", "x-amz-sdk-checksum", "x-amz-trailer", "content-md5")


@pytest.fixture
def plain(s3, settings):
    settings.S3_CHECKSUMS = False
    return s3


def declared(phone: Phone, content: bytes) -> dict:
    slot = phone.open()["uploads"][0]["slot_id"]
    return phone.declare(slot, "wide", content).json()


def put(target: dict, content: bytes) -> int:
    upload = target["upload"]
    return send(upload["url"], "PUT", list(upload["headers"].items()), content)[0]


def judged(phone: Phone, target: dict) -> dict:
    assert phone.post(f"/assets/{target['asset_id']}/uploaded").status_code == 202
    check_photo(target["asset_id"])
    return shown(phone, target)


def test_the_link_signs_no_checksum_and_accepts_the_photo(phone, plain):
    target = declared(phone, jpeg(1))
    assert target["upload"]["headers"] == {"Content-Type": "image/jpeg", "Content-Length": str(len(jpeg(1)))}
    signed = parse_qs(urlsplit(target["upload"]["url"]).query)["X-Amz-SignedHeaders"]
    assert signed == ["content-length;content-type;host"]
    assert put(target, jpeg(1)) == 200
    assert judged(phone, target)["state"] == "ready"


def test_the_photo_check_rejects_other_bytes_that_the_store_accepted(phone, plain):
    target = declared(phone, jpeg(1))
    other = jpeg(1)[:-1] + b"!"
    assert put(target, other) == 200
    assert judged(phone, target)["retake_reasons"] == ["checksum_mismatch"]
    assert MediaAsset.objects.get(pk=target["asset_id"]).sha256 == hashlib.sha256(jpeg(1)).hexdigest()


def sent_by(store) -> list[dict[str, str]]:
    """Collect the headers of every request the store's client sends from now on."""
    sent: list[dict[str, str]] = []

    def note(request, **_: object) -> None:
        sent.append({name.lower(): str(value) for name, value in request.headers.items()})

    store.client.meta.events.register("before-send.s3", note)
    return sent


def use(store) -> None:
    store.write("c/a", b"a", content_type="text/plain")
    store.write_file("c/large", io.BytesIO(bytes(9_000_000)), content_type="application/zip")
    store.read("c/a", max_bytes=10)
    store.head("c/a")
    assert list(store.list("c/")) == ["c/a", "c/large"]
    store.delete(["c/a", "c/large", "c/none"])
    assert list(store.list("c/")) == []


def checksums(sent: list[dict[str, str]]) -> set[str]:
    return {name for headers in sent for name in headers if name.startswith(CHECKSUMS)}


def test_no_request_of_the_server_carries_a_checksum(plain):
    sent = sent_by(plain)
    use(plain)
    assert len(sent) >= 9
    assert checksums(sent) == set()


def test_requests_carry_checksums_without_the_setting(s3):
    """The control: S3 demands one there."""
    sent = sent_by(s3)
    use(s3)
    assert checksums(sent)
