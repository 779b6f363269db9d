"""What the link of a share shows."""

from django.db.models import F
from django.utils import timezone

from dossiers.models import Share
from dossiers.shares.links import share_id_of


def shared(token: str) -> Share | None:
    """Return the share with its dossier if the link shows it now; None for one that is forged, expired or ended."""
    share_id = share_id_of(token)
    return Share.objects.open().select_related("dossier").filter(pk=share_id).first() if share_id else None


def count_view(share: Share) -> None:
    """Count one view of the page."""
    rows = Share.objects.filter(pk=share.pk)
    rows.update(views=F("views") + 1, last_viewed_at=timezone.now())
