"""Open a draft of a dossier."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from accounts.identity.verification import require_verified
from accounts.models import User
from billing.entitlements import entitlements
from dossiers.document.content import Language, Paper
from dossiers.lifecycle.eligibility import require_eligible
from dossiers.models import Dossier, DossierInspection
from inspections.lifecycle.vessel_links import ensure_vessel
from inspections.models import Inspection
from maretech.common.http.errors import Invalid, NotFound
from notifications.recipients.preferences import contact_of


@transaction.atomic
def open_dossier(
    *,
    owner: User,
    inspection_ids: Sequence[UUID],
    statement: str = "",
    language: str | None = None,
    paper: str = Paper.A4,
) -> Dossier:
    """Open a draft that shows these inspections in this order. Its language is the owner's unless one is given.

    Raises `NotFound`, `EmailUnverified`, `Invalid` for inspections of different modes or vessels, or `NotEligible`.
    """
    found = Inspection.objects.owned_by(owner).select_related("result").in_bulk(inspection_ids)
    if len(found) < len(inspection_ids):
        raise NotFound
    require_verified(owner)
    entitlements.lock(owner)
    # Read again under the lock, in case one is being deleted.
    found = Inspection.objects.owned_by(owner).select_related("result").in_bulk(inspection_ids)
    if len(found) < len(inspection_ids):
        raise NotFound
    inspections = [found[each] for each in inspection_ids]
    _require_one_subject(inspections)
    require_eligible(inspections)
    dossier = Dossier.objects.create(
        owner=owner,
        vessel_id=inspections[0].vessel_id,
        mode=inspections[0].mode,
        statement=statement,
        language=language or Language(contact_of(owner).locale),
        paper=paper,
    )
    DossierInspection.objects.bulk_create(
        DossierInspection(dossier=dossier, inspection=each, position=position)
        for position, each in enumerate(inspections, start=1)
    )
    return dossier


def _require_one_subject(inspections: Sequence[Inspection]) -> None:
    if len({each.mode for each in inspections}) > 1:
        raise Invalid(inspection_ids="All inspections of a dossier have one mode.")
    for each in inspections:
        ensure_vessel(each)
    if len({each.vessel_id for each in inspections}) > 1:
        raise Invalid(inspection_ids="All inspections of a dossier are of one vessel.")
