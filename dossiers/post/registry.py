"""The letter service that the settings name. The only module of this room that reads them."""

from django.conf import settings

from dossiers.post.lob import LobService
from dossiers.post.ports import LetterService


def letter_service() -> LetterService | None:
    """Return the service; None where letters are off.

    `fake` is Lob's client as well: `LOB_API_BASE` is then a server on this machine that behaves like Lob.
    """
    if settings.LETTERS == "off":
        return None
    return LobService(
        key=settings.LOB_API_KEY,
        webhook_secret=settings.LOB_WEBHOOK_SECRET,
        sender=settings.LOB_SENDER,
        base_url=settings.LOB_API_BASE,
        timeout_seconds=settings.LOB_TIMEOUT_SECONDS,
    )
