"""Dossiers to render, and whether each became final exactly once."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from dossiers.content.gathering import facts_of, illustrated
from dossiers.lifecycle import rendering
from dossiers.lifecycle.finalising import finalise
from dossiers.models import Dossier
from dossiers.objects import garbage_collection
from dossiers.verification.answers import verification_url
from dossiers.vocabulary import DossierStatus
from drills.harness.sample_inspections import opened, owner_of
from inspections.capture import submission
from inspections.models import InferenceJob, Inspection
from inspections.vocabulary import Mode
from inspections.work.analysis import analyse
from maretech.common.storage import object_store
from notifications.models import Notification
from notifications.vocabulary import KindName
from testing.dossiers import draft_of

FOLDERS: Final = "maretech-dossier-*"
# The clock of the store cannot be changed. The age limit is changed instead: as if a day had passed.
_A_DAY_LATER: Final = {"ORPHAN_AGE_HOURS": -1}


def inspected_owner() -> tuple[User, Inspection]:
    """Return an owner with a proven address and a completed inspection of one photo."""
    owner = owner_of(Mode.CORROSION)
    User.objects.filter(pk=owner.pk).update(email_verified_at=timezone.now())
    owner.refresh_from_db()
    inspection = opened(owner, Mode.CORROSION)
    submission.submit_inspection(owner=owner, inspection_id=inspection.pk, accept_incomplete=True)
    analyse(InferenceJob.objects.get(inspection=inspection).pk, worker="drill", task_id="drill")
    return owner, Inspection.objects.get(pk=inspection.pk)


def finalised(owner: User, inspection: Inspection) -> Dossier:
    """Have a dossier made final; the message to the workers gets lost."""
    dossier = draft_of(owner, inspection, statement=f"Seen from the dinghy. {uuid4()}")
    with patch("dossiers.lifecycle.finalising.send_rendering"), override_settings(DOSSIERS_PER_OWNER=10**6):
        return finalise(owner=owner, dossier_id=dossier.pk)


def collect_old_garbage() -> int:
    """Sweep the store as if a day had passed. Returns how many objects went."""
    with override_settings(**_A_DAY_LATER):
        return len(garbage_collection.collect_garbage())


def fault_of(dossier: Dossier) -> str:
    """Return what is wrong with a dossier that should be final; nothing if all is well."""
    dossier.refresh_from_db()
    if dossier.status != DossierStatus.FINAL:
        return f"{dossier.status} {dossier.failure_reason}".strip()
    kept = list(object_store().list(f"{dossier.key_prefix}pdf/"))
    if kept != [dossier.pdf_uri]:
        return f"{len(kept)} objects"
    stored = object_store().read(dossier.pdf_uri, max_bytes=dossier.pdf_bytes or 0)
    hashes = {hashlib.sha256(pdf).hexdigest() for pdf in (stored, _undisturbed(dossier))}
    if hashes != {dossier.pdf_sha256}:
        return "other bytes"
    notified = Notification.objects.filter(kind=KindName.DOSSIER_READY, data__dossier_id=str(dossier.pk)).count()
    return "" if notified == 1 else f"notified {notified} times"


def left_folders(where: Path) -> list[Path]:
    return list(where.glob(FOLDERS))


def faults_of(dossiers: Iterable[Dossier]) -> Iterator[str]:
    yield from (fault for dossier in dossiers if (fault := fault_of(dossier)))


def _undisturbed(dossier: Dossier) -> bytes:
    """Render it once more, from the same rows, in this process and without a disturbance."""
    facts, keys = facts_of(dossier)
    content = illustrated(replace(facts, verification_url=verification_url(dossier.token)), keys)
    pdf: bytes = rendering.render_pdf(content)  # type: ignore[attr-defined] # the one in place
    return pdf
