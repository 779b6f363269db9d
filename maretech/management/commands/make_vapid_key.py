"""`make_vapid_key`: a key pair for pushes to browsers."""

from typing import Any

from django.core.management.base import BaseCommand

from notifications.channels.vapid import make_vapid_key


class Command(BaseCommand):
    """Prints a new pair and stores nothing. With another key every browser has to subscribe again."""

    help = "Print a new VAPID key for .env, and the public key with which browsers subscribe."

    def handle(self, *args: Any, **options: Any) -> None:
        private_key, public_key = make_vapid_key()
        self.stdout.write(f"# Browsers subscribe with the applicationServerKey {public_key}")
        self.stdout.write(f"VAPID_PRIVATE_KEY={private_key}")
