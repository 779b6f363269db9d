"""Dossiers of vessels: what `vessels` asks of this app. A dossier stays with its owner when a vessel moves.

Nothing holds a vessel that its owner deletes or renames: a document keeps the name that is printed on it.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dossiers.deliveries.stopping import stop_letters
from dossiers.lifecycle import transitions
from dossiers.models import Dossier, Share
from dossiers.vocabulary import DeliveryFailure, DossierStatus
from vessels.models import Vessel
from vessels.uses import VesselUse

RENDERING: Final = "DOSSIER_RENDERING"


def _blocks_handover(vessel: Vessel) -> str | None:
    """Return why the vessel cannot change its owner now: one of its dossiers is being rendered."""
    is_rendered = Dossier.objects.filter(vessel=vessel, status=DossierStatus.RENDERING).exists()
    return RENDERING if is_rendered else None


def _move(vessel: Vessel, from_owner: UUID, to_owner: UUID) -> Collection[UUID]:
    """End what the former owner shares and posts. The dossiers let go of the vessel: it is another person's now.

    A new owner who had the vessel before gets it back with the dossiers of then.
    """
    kept = _let_go(Dossier.objects.filter(vessel=vessel, owner=from_owner))
    _take_back(vessel, Dossier.objects.filter(owner=to_owner, entries__inspection__vessel=vessel))
    return kept


def _move_back(vessel: Vessel, kept: Vessel, moved: Collection[UUID]) -> bool:
    """Give the seller's dossiers their vessel again. Of the buyer's, those about what stays with the buyer go along."""
    for dossier in Dossier.unfinished().select_for_update(of=("self",)).filter(vessel=vessel, owner=kept.owner_id):
        transitions.withdraw_rendering(dossier)
    own = Dossier.objects.filter(vessel=vessel, owner=kept.owner_id)
    staying = own.exclude(entries__inspection__vessel=vessel).filter(entries__inspection__vessel=kept)
    ids = list(staying.values_list("pk", flat=True))
    Dossier.objects.filter(pk__in=ids).update(vessel=kept)
    _let_go(own)
    _take_back(vessel, Dossier.objects.filter(pk__in=moved, owner=vessel.owner_id))
    return False


def _let_go(dossiers: QuerySet[Dossier]) -> list[UUID]:
    ids = list(dossiers.order_by("pk").values_list("pk", flat=True))
    now = timezone.now()
    Share.objects.filter(dossier__in=ids, revoked_at=None).update(revoked_at=now)
    for dossier in Dossier.objects.filter(pk__in=ids, status=DossierStatus.FINAL).order_by("pk"):
        stop_letters(dossier, DeliveryFailure.HANDED_OVER)
    Dossier.objects.filter(pk__in=ids).update(vessel=None, vessel_handed_over_at=now)
    return ids


def _take_back(vessel: Vessel, dossiers: QuerySet[Dossier]) -> None:
    ids = list(dossiers.filter(vessel_handed_over_at__isnull=False).values_list("pk", flat=True))
    Dossier.objects.filter(pk__in=ids).update(vessel=vessel, vessel_handed_over_at=None)


VESSEL_USE: Final = VesselUse(app="dossiers", blocks_handover=_blocks_handover, move=_move, move_back=_move_back)
