"""Creates the bucket for photos if it is missing, and opens it to the pages of the web app."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from maretech.common.storage import object_store
from maretech.common.storage.s3 import S3Store


class Command(BaseCommand):
    help = (
        "Create the bucket S3_BUCKET if it is missing, and let the pages of PUBLIC_URL upload to it and read from it. "
        "The embedded store needs neither."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        store = object_store()
        if isinstance(store, S3Store):
            store.ensure_bucket()
            address = urlsplit(settings.PUBLIC_URL)
            store.allow_pages_of(f"{address.scheme}://{address.netloc}")
