"""Dossiers in each state a test starts from."""

import hashlib
from typing import Any

from django.utils import timezone

from accounts.models import User
from dossiers.models import Dossier, DossierInspection
from dossiers.verification.tokens import Claims, digest_of, sign
from dossiers.vocabulary import DossierStatus
from inspections.models import Inspection
from inspections.vocabulary import Mode
from maretech.common.storage import object_store
from testing.factories import InspectionFactory, deliver_result

PDF = b"%PDF-1.7 a dossier"
USABLE = {"points": 1, "photos_used": 3, "photos_rejected": 0}


def eligible_inspection(owner: User, **changes: Any) -> Inspection:
    """Return a completed inspection with a result that used photos."""
    inspection = InspectionFactory.create(**({"owner": owner, "mode": Mode.CORROSION, "completed": True} | changes))
    deliver_result(inspection, coverage=USABLE)
    return inspection


def draft_of(owner: User, *inspections: Inspection, **changes: Any) -> Dossier:
    """Return a draft that shows the inspections, or one of its own."""
    shown = inspections or (eligible_inspection(owner),)
    first = shown[0]
    dossier = Dossier.objects.create(**({"owner": owner, "vessel": first.vessel, "mode": first.mode} | changes))
    DossierInspection.objects.bulk_create(
        DossierInspection(dossier=dossier, inspection=each, position=position)
        for position, each in enumerate(shown, start=1)
    )
    return dossier


def final_of(owner: User, *inspections: Inspection, pdf: bytes = PDF, **changes: Any) -> Dossier:
    """Return a final dossier with its PDF in the store, and the token that would be printed on it."""
    draft, now = draft_of(owner, *inspections), timezone.now()
    vessel_name = draft.vessel.name if draft.vessel else ""
    uri = f"{draft.key_prefix}pdf/document.pdf"
    object_store().write(uri, pdf, content_type="application/pdf")
    digest = digest_of(vessel_name=vessel_name, photo_hashes=())
    document: dict[str, Any] = {
        "status": DossierStatus.FINAL,
        "dated_at": now,
        "final_at": now,
        "token": sign(Claims(dossier_id=draft.pk, dated_at=now, digest=digest)),
        "vessel_name": vessel_name,
        "disclaimer_version": "1",
        "model_versions": ["stub-1"],
        "pdf_uri": uri,
        "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        "pdf_bytes": len(pdf),
    }
    Dossier.objects.filter(pk=draft.pk).update(**document | changes)
    draft.refresh_from_db()
    return draft
