"""Delete drafts and revoke documents."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.staff.audit import record_staff_action
from dossiers.deliveries.stopping import stop_letters
from dossiers.lifecycle import transitions
from dossiers.lifecycle.notices import withdraw_notices
from dossiers.models import Dossier
from dossiers.ownership import lock_dossier, lock_final
from dossiers.recordings.discarding import discard_recordings
from dossiers.tasks import send_purge
from dossiers.vocabulary import DeliveryFailure, DossierStatus, RenderingFailure, RevocationReason
from inspections.models import Inspection


@transaction.atomic
def delete_dossier(*, owner: User, dossier_id: UUID) -> None:
    """Delete a draft, or revoke a document: its PDF and the owner's words go, and its code says REVOKED.

    Raises `NotFound`.
    """
    dossier = lock_dossier(owner=owner, dossier_id=dossier_id)
    if dossier.status == DossierStatus.RENDERING:
        transitions.withdraw_rendering(dossier)
    if dossier.is_draft:
        discard_recordings(dossier, with_transcripts=True)
        Dossier.objects.filter(pk=dossier.pk).update(deleted_at=timezone.now())
        send_purge(dossier.pk)
        return
    if dossier.status == DossierStatus.FINAL:
        _revoke(dossier, RevocationReason.OWNER)
    Dossier.objects.filter(pk=dossier.pk).update(statement="")


def leave_out_deleted(inspection: Inspection) -> None:
    """React to the deletion of an inspection: its owner's documents are revoked, and drafts no longer show it.

    Called in the transaction of the deletion, under the lock of the owner. A dossier of an earlier owner of the vessel
    stays unchanged: it says what that owner saw.
    """
    shown = Dossier.objects.filter(owner=inspection.owner_id, entries__inspection=inspection)
    for dossier in shown.select_for_update(of=("self",)).order_by("pk"):
        if dossier.status == DossierStatus.FINAL:
            _revoke(dossier, RevocationReason.INSPECTION_DELETED)
        elif dossier.status == DossierStatus.RENDERING:
            transitions.return_to_draft(dossier, RenderingFailure.INSPECTION_DELETED)
        if dossier.is_draft:
            dossier.entries.filter(inspection=inspection).delete()


@transaction.atomic
def revoke_by_staff(*, staff: User, dossier: Dossier, reason: str) -> None:
    """Revoke a document for a reason, which is recorded. Raises `NotFinal` if it is not final any more."""
    locked = lock_final(owner=dossier.owner_id, dossier_id=dossier.pk)
    record_staff_action(staff=staff, action="revoke_dossier", subject=locked, reason=reason)
    _revoke(locked, RevocationReason.STAFF)


def _revoke(dossier: Dossier, reason: RevocationReason) -> None:
    transitions.revoke(dossier, reason)
    withdraw_notices(dossier)
    stop_letters(dossier, DeliveryFailure.DOSSIER_REVOKED)  # afterwards: the owner is notified of a refund
    send_purge(dossier.pk)
