"""Provide a real object store for the length of a drill: SeaweedFS, one of the test requirements."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from maretech.common import storage
from maretech.common.storage.s3 import S3Store
from testing.s3 import ACCESS_KEY, BUCKET, SECRET_KEY, seaweed, wait_for_bucket


@contextmanager
def real_store() -> Iterator[S3Store]:
    """Make a real store this process's only one until the block ends; reuse the current one if it is real."""
    if settings.S3_BUCKET:
        there = storage.object_store()
        assert isinstance(there, S3Store)
        yield there
        return
    with (
        tempfile.TemporaryDirectory(prefix="maretech-drill-s3-") as folder,
        seaweed(Path(folder)) as endpoint,
        store_at(endpoint) as store,
    ):
        yield store


@contextmanager
def store_at(endpoint: str) -> Iterator[S3Store]:
    """Make the server at this address this process's only store until the block ends."""
    switched = {"S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": endpoint, "S3_PUBLIC_ENDPOINT_URL": endpoint}
    keys = {"S3_REGION": "us-east-1", "S3_ACCESS_KEY_ID": ACCESS_KEY, "S3_SECRET_ACCESS_KEY": SECRET_KEY}
    with override_settings(**switched, **keys):
        storage.object_store.cache_clear()
        store = storage.object_store()
        assert isinstance(store, S3Store)
        wait_for_bucket(store)
        try:
            yield store
        finally:
            storage.object_store.cache_clear()
