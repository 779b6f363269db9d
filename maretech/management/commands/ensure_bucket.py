"""Creates the bucket for photos if it is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from maretech.common.storage import object_store
from maretech.common.storage.s3 import S3Store


class Command(BaseCommand):
    help = "Create the bucket S3_BUCKET if it is missing. The embedded store needs none."

    def handle(self, *args: Any, **options: Any) -> None:
        store = object_store()
        if isinstance(store, S3Store):
            store.ensure_bucket()
