"""The link of a share: its id, signed. The database holds no secret with which a page could be opened."""

import base64
import binascii
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from dossiers.models import Share

_SALT: Final = "dossiers.share"


def share_url(share: Share) -> str:
    """Return the link, the same each time."""
    name = base64.urlsafe_b64encode(share.pk.bytes).decode().rstrip("=")
    return f"{settings.PUBLIC_URL}/share/{_signer().sign(name)}"


def share_id_of(token: str) -> UUID | None:
    """Return the share of the link's token; None for a forged or cut one."""
    try:
        name = _signer().unsign(token)
        return UUID(bytes=base64.urlsafe_b64decode(f"{name}=="))
    except (BadSignature, ValueError, binascii.Error):
        return None


def _signer() -> Signer:
    return Signer(salt=_SALT, sep=".", algorithm="sha256")
