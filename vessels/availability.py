"""Whether a vessel is free: in no handover, and in no use that a handover must not interrupt."""

from vessels.errors import HandoverRefused, VesselInHandover
from vessels.models import UNDER_WAY, Handover, Vessel
from vessels.uses import uses
from vessels.vocabulary import HandoverStatus


def refuse_in_handover(vessel: Vessel) -> None:
    """Raise `VesselInHandover` while the vessel is offered or its handover is disputed. The caller has locked it."""
    under_way = Handover.objects.filter(vessel=vessel, status__in=UNDER_WAY)
    if any(handover.is_open or handover.status == HandoverStatus.DISPUTED for handover in under_way):
        raise VesselInHandover


def refuse_in_use(vessel: Vessel) -> None:
    """Raise `HandoverRefused` while an app above needs the vessel to keep its owner. The caller has locked it."""
    for use in uses():
        reason = use.blocks_handover(vessel)
        if reason is not None:
            raise HandoverRefused(reason, "Something of this vessel is unfinished: it can be handed over after that.")
