"""Storage of photographs and pictures: an S3-compatible store, or the embedded one with the same behaviour."""

from functools import cache

from django.conf import settings

from maretech.common.storage.base import ObjectStore
from maretech.common.storage.local import LocalStore


@cache
def object_store() -> ObjectStore:
    """Return the process's only store, with its only client."""
    if not settings.S3_BUCKET:
        return LocalStore(settings.OBJECT_STORE_DIR)
    from maretech.common.storage.s3 import S3Store  # noqa: PLC0415 - its library is large, and not every server needs it

    return S3Store()
