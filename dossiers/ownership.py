"""The dossiers of one owner, read or locked. The owner's entitlement is locked before a dossier, as everywhere."""

from uuid import UUID

from accounts.models import Owner
from billing.entitlements import entitlements
from dossiers.errors import HandedOver, NotADraft, NotFinal
from dossiers.models import Dossier
from dossiers.vocabulary import DossierStatus
from maretech.common.http.errors import NotFound


def own_dossier(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's dossier. Raises `NotFound`."""
    return _or_not_found(Dossier.objects.owned_by(owner).filter(pk=dossier_id).first())


def lock_dossier(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's dossier, locked until the transaction ends. Raises `NotFound`."""
    own_dossier(owner=owner, dossier_id=dossier_id)  # before another owner could wait for a lock
    entitlements.lock(owner)
    return _or_not_found(Dossier.objects.owned_by(owner).select_for_update().filter(pk=dossier_id).first())


def lock_draft(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's draft, locked until the transaction ends. Raises `NotFound` or `NotADraft`."""
    dossier = lock_dossier(owner=owner, dossier_id=dossier_id)
    if not dossier.is_draft:
        raise NotADraft
    return dossier


def lock_final(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's final dossier, locked until the transaction ends. Raises `NotFound` or `NotFinal`."""
    dossier = lock_dossier(owner=owner, dossier_id=dossier_id)
    if dossier.status != DossierStatus.FINAL:
        raise NotFinal
    return dossier


def lock_shareable(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's final dossier, locked. Raises as `lock_final`, and `HandedOver` for another owner's vessel."""
    dossier = lock_final(owner=owner, dossier_id=dossier_id)
    if dossier.vessel_handed_over_at is not None:
        raise HandedOver
    return dossier


def own_shareable(*, owner: Owner, dossier_id: UUID) -> Dossier:
    """Return the owner's final dossier without a lock. Raises as `lock_shareable`."""
    dossier = own_dossier(owner=owner, dossier_id=dossier_id)
    if dossier.status != DossierStatus.FINAL:
        raise NotFinal
    if dossier.vessel_handed_over_at is not None:
        raise HandedOver
    return dossier


def _or_not_found(dossier: Dossier | None) -> Dossier:
    if dossier is None:
        raise NotFound
    return dossier
