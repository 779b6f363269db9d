"""Dossiers of vessels: what `vessels` asks of this app. A dossier stays with its owner when a vessel moves.

Nothing holds a vessel that its owner deletes or renames: a document keeps the name that is printed on it.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.utils import timezone

from dossiers.models import Dossier, Share
from dossiers.vocabulary import DossierStatus
from vessels.models import Vessel
from vessels.uses import VesselUse

RENDERING: Final = "DOSSIER_RENDERING"


def _blocks_handover(vessel: Vessel) -> str | None:
    """Return why the vessel cannot change its owner now: one of its dossiers is being rendered."""
    is_rendered = Dossier.objects.filter(vessel=vessel, status=DossierStatus.RENDERING).exists()
    return RENDERING if is_rendered else None


def _move(vessel: Vessel, from_owner: UUID, _to_owner: UUID) -> Collection[UUID]:
    """End the former owner's shares, and unlink the dossiers from the vessel: it is another person's from now on."""
    kept = Dossier.objects.filter(vessel=vessel, owner=from_owner)
    ids = list(kept.order_by("pk").values_list("pk", flat=True))
    Share.objects.filter(dossier__in=ids, revoked_at=None).update(revoked_at=timezone.now())
    kept.update(vessel=None)
    return ids


def _move_back(vessel: Vessel, kept: Vessel, moved: Collection[UUID]) -> bool:
    """Give the seller's dossiers their vessel again; the buyer's let go of it."""
    _move(vessel, kept.owner_id, vessel.owner_id)
    Dossier.objects.filter(pk__in=moved, owner=vessel.owner_id).update(vessel=vessel)
    return False


VESSEL_USE: Final = VesselUse(app="dossiers", blocks_handover=_blocks_handover, move=_move, move_back=_move_back)
