"""Make a draft final: the owner asks, a worker renders."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import NotADraft, NotEligible, TooManyOfOwner
from dossiers.lifecycle import transitions
from dossiers.lifecycle.eligibility import require_eligible
from dossiers.models import Dossier
from dossiers.ownership import lock_dossier
from dossiers.tasks import send_rendering
from dossiers.turns import turn_of
from dossiers.vocabulary import DossierStatus
from inspections.models import Inspection

WINDOW: Final = timedelta(days=1)
TOO_MANY_DOSSIERS: Final = "TOO_MANY_DOSSIERS"


@transaction.atomic
def finalise(*, owner: User, dossier_id: UUID) -> Dossier:
    """Queue the rendering of a draft. Repeated calls give the same answer, whatever the rendering does meanwhile.

    Raises `NotFound`, `EmailUnverified`, `NotADraft` for a revoked one, `NotEligible`, or `TooManyOfOwner`.
    """
    dossier = lock_dossier(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    if dossier.status in (DossierStatus.RENDERING, DossierStatus.FINAL):
        return dossier
    if not dossier.is_draft:
        raise NotADraft
    inspections = list(
        Inspection.objects.owned_by(owner).filter(dossier_entries__dossier=dossier).select_related("result")
    )
    if not inspections or len(inspections) < dossier.entries.count():
        raise NotEligible("no_inspections" if not inspections else "inspection_gone")
    require_eligible(inspections)
    vessel_ids = {each.vessel_id for each in inspections}
    vessel_id = vessel_ids.pop()
    if vessel_ids or vessel_id is None:  # a reversed handover parted them
        raise NotEligible("inspection_gone")
    _refuse_beyond_limit(owner)
    transitions.start_rendering(dossier, vessel_id=vessel_id, turn=turn_of(Dossier, owner=owner))
    send_rendering()
    return dossier


def _refuse_beyond_limit(owner: User) -> None:
    since = timezone.now() - WINDOW
    recent = Dossier.objects.filter(owner=owner, dated_at__gt=since).order_by("dated_at")
    dates = list(recent.values_list("dated_at", flat=True)[: settings.DOSSIERS_PER_OWNER])
    if len(dates) >= settings.DOSSIERS_PER_OWNER:
        assert dates[0] is not None
        raise TooManyOfOwner(reason=TOO_MANY_DOSSIERS, retry_after=round((dates[0] - since).total_seconds()) + 1)
