"""Upload photos that carry a position in every possible way, then search everything reachable for it.

No output may contain the position. The photos carry it in EXIF, XMP, IPTC and a maker's note, in JPEG, PNG and HEIC,
and in WebP, which is refused. Searched: the API's answers to an owner, the target of every link in them, each owner's
export (except for the owner's own originals), the staff page of each inspection with its pictures and their lists,
every row of every table, and the log.

Control: the original is shown.
"""

import hashlib
import html
import re
import struct
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from io import BytesIO
from typing import Any, Final
from unittest.mock import patch

import pillow_heif
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from accounts.models import User
from accounts.privacy.export import write_archive
from drills.harness.api_client import Caller, call, side_by_side
from drills.harness.personal_traces import tables
from drills.harness.runner import DrillContext, Result, main
from drills.harness.sample_inspections import opened, owner_of, signed_in, wait_until
from inspections.engines.base import Rgb
from inspections.engines.imaging.quality import PhotoCheck, PhotoConstraints, check_photo
from inspections.models import InferenceJob, Inspection, MediaAsset
from inspections.vocabulary import AssetState, InspectionStatus, Mode
from inspections.work.analysis import analyse
from inspections.work.photo_check import check_uploaded_photo
from maretech.common.storage import object_store
from testing.s3 import BUCKET
from testing.samples.hostile_files import FAST, chunk, picture, saved, segment, with_chunks, with_segments

LATITUDE: Final = "54.321987"
NUMBERS: Final = (54, 19, 191532)
MAKER: Final = f"SecretMarina {LATITUDE}"
SERVER: Final = {"LOG_LEVEL": "DEBUG"}
# What would reveal the position, as text or as the containers that hold it.
TRACES: Final = (
    LATITUDE.encode(),
    b"SecretMarina",
    struct.pack(">II", NUMBERS[2], 10_000),
    b"GPSLatitude",
    b"Exif\0\0",
    b"eXIf",
    b"http://ns.adobe.com/xap",
    b"Photoshop 3.0",
)
POINTS: Final = 3
READ: Final = (
    "/inspections/{0}",
    "/inspections/{0}/status",
    "/inspections/{0}/result",
    "/inspections?mode=corrosion",
    "/auth/me",
)


def disable_guard() -> AbstractContextManager[object]:
    originals: dict[str, bytes] = {}

    def check_and_keep(content: bytes, *, constraints: PhotoConstraints) -> PhotoCheck:
        originals[hashlib.sha256(content).hexdigest()] = content
        return check_photo(content, constraints=constraints)

    def store_original(_: Rgb, sha256: str, inspection: Inspection) -> str:
        uri = f"{inspection.key_prefix}view/{sha256}.jpg"
        object_store().write(uri, originals[sha256], content_type="image/jpeg")
        return uri

    stack = ExitStack()
    stack.enter_context(patch("inspections.work.photo_quality.check_photo", check_and_keep))
    stack.enter_context(patch("inspections.work.photo_quality._store_view", store_original))
    return stack


def drill(context: DrillContext) -> Result:
    count = 9 if context.small or context.control else 200
    assert all(any(trace in make() for trace in TRACES) for make in WAYS.values())
    walks = side_by_side(lambda number: _walk(context, number), range((count + 2) // 3), by=2)
    ids = [inspection_id for _, inspection_id in walks]
    _wait_until_processed(context, ids)
    found: list[str] = []
    looked_at = 0
    for name, content in _everything_reachable(context, walks):
        looked_at += 1
        found += [f"{name}: {trace!r}" for trace in TRACES if trace in content]
    shown = MediaAsset.objects.filter(slot__inspection__in=ids).exclude(view_uri="").count()
    first = f" ({found[0]})" if found else ""
    figure = (
        f"{len(found)} traces{first} in {looked_at} answers, pictures, pages, tables and logs; {shown} photos shown"
    )
    enough = shown >= len(ids) * POINTS * 2 // 3
    return Result(f"{len(ids) * POINTS} photos with a position", figure, "0 traces", enough and not found)


# --- Where a photo can carry it ------------------------------------------------------------------------------------


def _exif() -> bytes:
    found = Image.Exif()
    found[0x010F] = "SecretMarina Cameras"
    degrees = (float(NUMBERS[0]), float(NUMBERS[1]), NUMBERS[2] / 10_000)
    found.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: degrees})
    found.get_ifd(0x8769)[0x927C] = MAKER.encode()
    return found.tobytes()


def _xmp() -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>{LATITUDE}</exif:GPSLatitude></x:xmpmeta>'.encode()


def _iptc() -> bytes:
    text = LATITUDE.encode()
    dataset = struct.pack(">BBBH", 0x1C, 2, 92, len(text)) + text
    return b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(dataset)) + dataset


def _jpeg(**options: Any) -> bytes:
    return saved(picture(), "JPEG", quality=90, **options)


def _heic(**options: Any) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(picture()).save(out, quality=60, enc_params=FAST, **options)
    return out.getvalue()


def _png_text() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", _xmp().decode())
    text.add_text("Comment", LATITUDE)
    return saved(picture(), "PNG", pnginfo=text)


WAYS: Final[dict[str, Callable[[], bytes]]] = {
    "image/jpeg EXIF": cache(lambda: _jpeg(exif=_exif())),
    "image/jpeg XMP": cache(lambda: with_segments(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _xmp()))),
    "image/jpeg IPTC": cache(lambda: with_segments(segment(0xED, _iptc()))),
    "image/jpeg comment": cache(lambda: with_segments(segment(0xFE, MAKER.encode()))),
    "image/jpeg trailer": cache(lambda: _jpeg() + MAKER.encode()),
    "image/png eXIf": cache(lambda: with_chunks(chunk(b"eXIf", _exif()[6:] + MAKER.encode()))),
    "image/png text": cache(_png_text),
    "image/heic EXIF": cache(lambda: _heic(exif=_exif())),
    "image/heic XMP": cache(lambda: _heic(xmp=_xmp())),
    "image/webp EXIF": cache(lambda: saved(picture(), "WEBP", exif=_exif())),
}


# --- What owners and staff do --------------------------------------------------------------------------------------


def _walk(context: DrillContext, number: int) -> tuple[Caller, Any]:
    """Inspect as one owner: three photos, each of another kind, reported one by one and submitted."""
    owner = owner_of(Mode.CORROSION)
    who = signed_in(owner, context.base_url)
    inspection = opened(owner, Mode.CORROSION)
    for position, asset in enumerate(MediaAsset.objects.filter(slot__inspection=inspection)):
        way = list(WAYS)[(POINTS * number + position) % len(WAYS)]
        object_store().write(asset.uri, WAYS[way](), content_type=way.split(" ", maxsplit=1)[0])
        who.post(f"/assets/{asset.pk}/uploaded")
    return who, inspection.pk


def _wait_until_processed(context: DrillContext, ids: list[Any]) -> None:
    photos = MediaAsset.objects.filter(slot__inspection__in=ids)
    if context.server is None:
        for asset in photos:
            check_uploaded_photo(asset.pk)
    wait_until(lambda: not photos.filter(state=AssetState.UPLOADED).exists(), seconds=120)
    for inspection in Inspection.objects.filter(pk__in=ids).select_related("owner"):
        path = f"/inspections/{inspection.pk}/submit"
        signed_in(inspection.owner, context.base_url).post(path, {"accept_incomplete": True})
    if context.server is None:
        for job in InferenceJob.objects.filter(inspection__in=ids):
            analyse(job.pk, worker="drill", task_id="drill")
    ended = Inspection.objects.filter(pk__in=ids, status=InspectionStatus.COMPLETED)
    wait_until(lambda: ended.count() == len(ids), seconds=180)


def _everything_reachable(context: DrillContext, walks: list[tuple[Caller, Any]]) -> Iterator[tuple[str, bytes]]:
    staff = _staff()
    for who, inspection_id in walks:
        yield from (("export", content) for content in _exported(User.objects.get(email=who.email)))
        for path in READ:
            answer = call(context.base_url, "GET", path.format(inspection_id), token=who.token)
            assert answer.status == 200, (path, answer)
            body = repr(answer.body)
            yield path, body.encode()
            yield from ((f"link of {path}", _behind(link)) for link in _links(body))
        page = staff.get(f"/admin/inspections/inspection/{inspection_id}/change/", HTTP_HOST="localhost")
        assert page.status_code == 200
        yield "staff page", page.content
        yield from (("picture for staff", _behind(link)) for link in _links(page.content.decode(), context.base_url))
    for model in admin.site._registry:  # noqa: SLF001 - there is no other way to list all of them
        page = staff.get(
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"), HTTP_HOST="localhost"
        )
        assert page.status_code == 200
        yield "staff list", page.content
    yield from (("table", repr(table).encode()) for table in tables())
    if context.server is not None:
        yield "log", context.server.log.read_bytes()


def _exported(owner: User) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_archive(owner, file)
        with zipfile.ZipFile(file) as archive:
            # The originals are the owner's own files, returned as they were sent (ADR 0006).
            yield from (archive.read(name) for name in archive.namelist() if "/originals/" not in name)


def _staff() -> Client:
    client = Client()
    rights: dict[str, Any] = {"is_staff": True, "is_superuser": True, "email_verified_at": timezone.now()}
    client.force_login(User.objects.create_user("staff@example.org", **rights))
    return client


def _links(text: str, base_url: str = "") -> set[str]:
    """Return links to pictures. A page made in this process names another host than the server's, except on S3."""
    found = set(re.findall(rf"""https?://[^\s"'<>]+/(?:v1/storage|{BUCKET})/[^\s"'<>]+""", html.unescape(text)))
    return {re.sub(r"^https?://[^/]+(?=/v1/)", base_url, link) for link in found} if base_url else found


def _behind(link: str) -> bytes:
    with urllib.request.urlopen(link, timeout=30) as answer:  # noqa: S310 - our own server's
        content: bytes = answer.read()
        return content


if __name__ == "__main__":
    main(drill, disable_guard, env=SERVER, on_s3=True)
