"""`make_dossier_key`: a key that signs dossiers."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand

from dossiers.verification.keys import encoded, trusted_keys


class Command(BaseCommand):
    """Prints a new key and stores nothing. The one before must stay among the retired, or its dossiers are forged."""

    help = "Print a new private key for .env, and the public key of today's for DOSSIER_RETIRED_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("# The key that signs today is retired and stays trusted, so that its dossiers stay genuine:")
        self.stdout.write(f"DOSSIER_RETIRED_KEYS={','.join(encoded(key.raw) for key in trusted_keys())}")
        self.stdout.write(f"DOSSIER_SIGNING_KEY={encoded(Ed25519PrivateKey.generate().private_bytes_raw())}")
