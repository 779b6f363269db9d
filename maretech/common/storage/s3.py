"""An S3-compatible store with one client per process; links are signed here, without calling the store."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, BinaryIO
from urllib.parse import quote

from boto3.exceptions import S3UploadFailedError
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from maretech.common.observability.metrics import count_store_error
from maretech.common.storage.base import (
    ObjectChanged,
    ObjectInfo,
    ObjectMissing,
    ObjectStoreUnavailable,
    ObjectTooLarge,
    StoredObject,
    Upload,
    UploadTarget,
    signed_headers,
)
from maretech.common.storage.link_key import LinkKey

MISSING = {"404", "NoSuchKey", "NotFound"}
CHANGED = {"412", "PreconditionFailed"}
PARALLEL_CALLS = 8
DELETE_BATCH = 1000


class S3Store:
    """One instance per process, made after any fork. Its clients are safe to use from several threads."""

    def __init__(self) -> None:
        self.bucket = settings.S3_BUCKET
        self.client = _client(read_seconds=20, attempts=2)
        self.public_endpoint = (settings.S3_PUBLIC_ENDPOINT_URL or self.client.meta.endpoint_url).rstrip("/")
        self.link_key = LinkKey(self.client._request_signer._credentials)  # noqa: SLF001 - boto3 has no public name for it

    @cached_property
    def _impatient(self) -> Any:
        """Return a client with short timeouts, for availability checks and optional objects.

        To them a hanging store counts as unavailable.
        """
        return _client(read_seconds=3, attempts=1)

    def presign_upload(self, upload: Upload) -> UploadTarget:
        headers = signed_headers(upload if settings.S3_CHECKSUMS else replace(upload, sha256=None))
        url, expires_at = self._signed("PUT", upload.key, settings.UPLOAD_LINK_SECONDS, headers)
        return UploadTarget(method="PUT", url=url, headers=headers, expires_at=expires_at)

    def presign_view(self, key: str) -> str:
        url, _ = self._signed("GET", key, settings.VIEW_LINK_SECONDS, {})
        return url

    def _signed(self, method: str, key: str, seconds: int, headers: dict[str, str]) -> tuple[str, datetime]:
        """Return the link and when it expires: after `seconds`, or with the credentials that sign it."""
        credentials, seconds = self.link_key.current(seconds)
        # botocore's signer without its client signs a set of photos in a twentieth of the time.
        request = AWSRequest(
            method=method, url=f"{self.public_endpoint}/{self.bucket}/{quote(key)}", headers=dict(headers)
        )
        expires_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        S3SigV4QueryAuth(credentials, "s3", settings.S3_REGION, expires=seconds).add_auth(request)
        return str(request.url), expires_at

    def head(self, key: str) -> ObjectInfo | None:
        try:
            with _translated(key):
                found = self.client.head_object(Bucket=self.bucket, Key=key)
        except ObjectMissing:
            return None
        return ObjectInfo(found["ContentLength"], found.get("ContentType", ""), found["ETag"].strip('"'))

    def heads(self, keys: Iterable[str]) -> dict[str, ObjectInfo | None]:
        all_keys = list(keys)
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            return dict(zip(all_keys, pool.map(self.head, all_keys), strict=True))

    def read(self, key: str, *, max_bytes: int, if_match: str | None = None, is_optional: bool = False) -> bytes:
        client = self._impatient if is_optional else self.client
        condition = {"IfMatch": f'"{if_match}"'} if if_match else {}
        with _translated(key):
            found = client.get_object(Bucket=self.bucket, Key=key, **condition)
            if found["ContentLength"] > max_bytes:
                found["Body"].close()
                raise ObjectTooLarge(key)
            if if_match and found["ETag"].strip('"') != if_match:
                found["Body"].close()
                raise ObjectChanged(key)
            content: bytes = found["Body"].read()
        return content

    def write(self, key: str, content: bytes, *, content_type: str) -> None:
        with _translated(key):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def write_file(self, key: str, file: BinaryIO, *, content_type: str) -> None:
        with _translated(key):
            self.client.upload_fileobj(file, self.bucket, key, ExtraArgs={"ContentType": content_type})

    def delete(self, keys: Iterable[str]) -> None:
        if settings.S3_CHECKSUMS:
            self._delete_together(keys)
        else:
            self._delete_one_by_one(keys)

    def _delete_together(self, keys: Iterable[str]) -> None:
        doomed = [{"Key": key} for key in keys]
        for start in range(0, len(doomed), DELETE_BATCH):
            with _translated("delete"):
                batch = {"Objects": doomed[start : start + DELETE_BATCH], "Quiet": True}
                answer = self.client.delete_objects(Bucket=self.bucket, Delete=batch)
            if answer.get("Errors"):
                raise _unavailable("refused", "some objects could not be deleted")

    def _delete_one_by_one(self, keys: Iterable[str]) -> None:
        """Delete one object per call: the bulk delete is the one call for which S3 demands a checksum."""

        def delete(key: str) -> None:
            with suppress(ObjectMissing), _translated(key):
                self.client.delete_object(Bucket=self.bucket, Key=key)

        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            deque(pool.map(delete, keys), maxlen=0)

    def list(self, prefix: str) -> Iterator[str]:
        return (entry.key for entry in self.entries(prefix))

    def entries(self, prefix: str, *, after: str = "") -> Iterator[StoredObject]:
        paginator = self.client.get_paginator("list_objects_v2")
        pages = paginator.paginate(Bucket=self.bucket, Prefix=prefix, **({"StartAfter": after} if after else {}))
        with _translated(prefix):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield StoredObject(entry["Key"], entry["LastModified"], entry["Size"])

    def ensure_bucket(self) -> None:
        """Create the bucket if it is missing."""
        try:
            self.ping()
        except ObjectMissing:
            with _translated(self.bucket):
                self.client.create_bucket(Bucket=self.bucket)

    def allow_pages_of(self, origin: str) -> None:
        """Let pages of this origin, and of no other, follow our links from a browser. It replaces an earlier rule."""
        rule = {
            "AllowedOrigins": [origin],
            "AllowedMethods": ["PUT", "GET", "HEAD"],
            "AllowedHeaders": ["content-type", "x-amz-checksum-sha256"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 3600,
        }
        with _translated(self.bucket):
            self.client.put_bucket_cors(Bucket=self.bucket, CORSConfiguration={"CORSRules": [rule]})

    def ping(self) -> None:
        with _translated(self.bucket):
            self._impatient.head_bucket(Bucket=self.bucket)


def _client(*, read_seconds: int, attempts: int) -> Any:
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=3,
        read_timeout=read_seconds,
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=2 * PARALLEL_CALLS,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    storage = S3Storage(
        bucket_name=settings.S3_BUCKET,
        endpoint_url=settings.S3_ENDPOINT_URL or None,
        region_name=settings.S3_REGION,
        access_key=settings.S3_ACCESS_KEY_ID or None,
        secret_key=settings.S3_SECRET_ACCESS_KEY or None,
        client_config=config,
    )
    return storage.connection.meta.client


@contextmanager
def _translated(key: str) -> Iterator[None]:
    """Translate the store's errors into our own."""
    try:
        yield
    except ClientError as exc:
        code = exc.response["Error"]["Code"]
        if code in MISSING:
            raise ObjectMissing(key) from None
        if code in CHANGED:
            raise ObjectChanged(key) from None
        raise _unavailable("refused", code) from exc
    except (BotoCoreError, S3UploadFailedError) as exc:
        raise _unavailable("unreachable", type(exc).__name__) from exc


def _unavailable(kind: str, error: str) -> ObjectStoreUnavailable:
    count_store_error(kind)
    return ObjectStoreUnavailable(error)
