"""Check after a restore that the object store holds exactly the objects that the rows claim.

Deleted and expired items are left out: their objects may be gone already.
"""

import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final

from accounts.models import EXPORTS
from accounts.privacy import export
from inspections.models import Inspection, MediaAsset
from inspections.objects.claims import Claim, claims_of, rows_with_claims
from maretech.common.storage import object_store
from maretech.common.storage.base import ObjectMissing, ObjectTooLarge

AT_ONCE: Final = 8
CHUNK: Final = 200
PREFIX: Final = "inspections/"
# Each attempt gives a frozen photo a name of its own.
KEY: Final = re.compile(
    r"inspections/([^/]+)/(?:(quarantine|evidence)/([^/]+?)(?:-[0-9a-f]{32})?|(view|overlay|shadow)/.+)"
)


def claims() -> Iterator[Claim]:
    for inspection in rows_with_claims().order_by("pk").iterator(chunk_size=CHUNK):
        yield from claims_of(inspection).needed.values()
    yield from (Claim(row.key, row.byte_size) for row in export.unexpired_exports().iterator())


def faults_of_objects(found: Iterable[Claim]) -> Iterator[str]:
    """Returns a sentence for each violated claim; reads every frozen photograph whole."""
    remaining = iter(found)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while chunk := list(islice(remaining, CHUNK)):
            yield from (
                f"{claim.key} {fault}" for claim, fault in zip(chunk, pool.map(_fault, chunk), strict=True) if fault
            )


def unknown_objects() -> Iterator[str]:
    """Returns keys without a row: photographs and exports, and any object outside of all inspections."""
    inspections = set(Inspection.objects.values_list("pk", flat=True).iterator())
    photos = set(MediaAsset.objects.values_list("pk", flat=True).iterator())
    for key in object_store().list(PREFIX):
        parts = KEY.fullmatch(key)
        if parts is None or _uuid(parts[1]) not in inspections or (parts[3] and _uuid(parts[3]) not in photos):
            yield key
    yield from sorted(set(object_store().list(EXPORTS)) - export.claimed_export_keys())


def _fault(claim: Claim) -> str:
    store = object_store()
    if not claim.sha256:
        info = store.head(claim.key)
        size = info.size if info else None
    else:
        try:
            content = store.read(claim.key, max_bytes=claim.size or 0)
        except ObjectMissing:
            return "is missing"
        except ObjectTooLarge:
            return "is larger than it was"
        if hashlib.sha256(content).hexdigest() != claim.sha256:
            return "holds other bytes"
        size = len(content)
    if size is None:
        return "is missing"
    return "" if claim.size in (None, size) else f"has {size} bytes instead of {claim.size}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
