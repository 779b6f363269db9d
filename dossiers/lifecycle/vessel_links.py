"""Dossiers of vessels: what `vessels` asks of this app. A dossier stays with its owner when a vessel moves."""

from typing import Final
from uuid import UUID

from django.utils import timezone

from dossiers.models import Dossier, Share
from dossiers.vocabulary import DossierStatus
from vessels.models import Vessel
from vessels.uses import VesselUse, Visits

RENDERING: Final = "dossier_rendering"


def blocks_handover(vessel: Vessel) -> str | None:
    """Return why the vessel cannot change its owner now: one of its dossiers is being rendered."""
    is_rendered = Dossier.objects.filter(vessel=vessel, status=DossierStatus.RENDERING).exists()
    return RENDERING if is_rendered else None


def end_shares(vessel: Vessel, from_owner: UUID) -> None:
    """End the shares of an owner who hands the vessel over. The dossiers stay with that owner."""
    open_shares = Share.objects.filter(dossier__vessel=vessel, dossier__owner=from_owner, revoked_at=None)
    open_shares.update(revoked_at=timezone.now())


def _visits(vessel: Vessel) -> Visits:
    return Visits({}, None)


def _release(vessel: Vessel) -> bool:
    """Let go of a vessel that its owner deletes: the reference ends with it, and documents keep the printed name."""
    return True


def _follow_name(vessel: Vessel, former_key: str) -> None:
    """Nothing: a document keeps the name that is printed on it, and a draft reads the vessel's."""


def _forget_owner(owner_id: UUID) -> None:
    """Nothing: the references end with the vessels."""


VESSEL_USE: Final = VesselUse(visits=_visits, release=_release, follow_name=_follow_name, forget_owner=_forget_owner)
