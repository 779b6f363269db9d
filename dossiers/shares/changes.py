"""Share a final dossier, and end shares."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import TooManyShares
from dossiers.models import Dossier, Share
from dossiers.ownership import lock_shareable
from maretech.common.http.errors import NotFound

MAX_DAYS: Final = 90
# The answer of a dossier lists them all.
MAX_OPEN: Final = 50


@transaction.atomic
def share_dossier(*, owner: User, dossier_id: UUID, expires_in_days: int) -> Share:
    """Open a share of a final dossier.

    Raises `NotFound`, `NotFinal`, `HandedOver`, `EmailUnverified` or `TooManyShares`.
    """
    dossier = lock_shareable(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    return open_share(dossier, days=expires_in_days)


def open_share(dossier: Dossier, *, days: int) -> Share:
    """Open a share. The caller has locked the dossier. Raises `TooManyShares`."""
    if dossier.shares.open().count() >= MAX_OPEN:
        raise TooManyShares
    now = timezone.now()
    return Share.objects.create(dossier=dossier, created_at=now, expires_at=now + timedelta(days=days))


def own_share(*, owner: User, share_id: UUID) -> Share:
    """Return a share of the owner's dossiers. Raises `NotFound`."""
    share = Share.objects.owned_by(owner).filter(pk=share_id).first()
    if share is None:
        raise NotFound
    return share


def revoke_share(*, owner: User, share_id: UUID) -> None:
    """End a share at once. Ending it again changes nothing. Raises `NotFound`."""
    own_share(owner=owner, share_id=share_id)
    Share.objects.owned_by(owner).filter(pk=share_id, revoked_at=None).update(revoked_at=timezone.now())
