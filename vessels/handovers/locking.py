"""The one order of locks of a handover: both owners in the order of their ids, then the vessel, then the handover."""

from typing import Final
from uuid import UUID

from django.db import transaction

from billing.entitlements import entitlements
from maretech.common.http.errors import NotFound, ServiceUnavailable
from vessels.models import Handover, Vessel

# An attempt fails only if the buyer is found or the vessel is deleted at this moment.
MAX_ATTEMPTS: Final = 4


class _Changed(Exception):
    """Between the look and the locks, another transaction changed whom and what there is to lock."""


def lock_handover(handover_id: UUID) -> Handover:
    """Return the handover, with its vessel, locked until the caller's transaction ends. Raises `NotFound`.

    Whatever the apps above keep of the vessel is locked after it.
    """
    for _ in range(MAX_ATTEMPTS):
        try:
            with transaction.atomic():  # an attempt that fails releases its locks
                return _lock(handover_id)
        except _Changed:
            continue
    raise ServiceUnavailable("The handover is changing at this moment. Try again shortly.", retry_after=1)


def _lock(handover_id: UUID) -> Handover:
    seen = Handover.objects.filter(pk=handover_id).first()
    if seen is None:
        raise NotFound
    entitlements.lock_all(*(pk for pk in (seen.seller_id, seen.buyer_id) if pk is not None))
    vessel = Vessel.objects.select_for_update().filter(pk=seen.vessel_id).first() if seen.vessel_id else None
    handover = Handover.objects.select_for_update().get(pk=handover_id)
    if (handover.buyer_id, handover.vessel_id) != (seen.buyer_id, vessel.pk if vessel else None):
        raise _Changed
    handover.vessel = vessel
    return handover
