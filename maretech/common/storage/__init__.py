"""Storage of photographs and pictures: an S3-compatible store, or the embedded one with the same behaviour."""

from functools import cache

from django.conf import settings

from maretech.common.storage.base import ObjectStore
from maretech.common.storage.local import LocalStore
from maretech.common.storage.s3 import S3Store


@cache
def object_store() -> ObjectStore:
    """Return the process's only store, with its only client."""
    return S3Store() if settings.S3_BUCKET else LocalStore(settings.OBJECT_STORE_DIR)
