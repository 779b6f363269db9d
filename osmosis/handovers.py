"""What becomes of the lift-out of a vessel that changes its owner: it ends, because it was one owner's plan."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from osmosis.models import LiftOut
from vessels.models import Vessel
from vessels.uses import VesselUse


def _move(vessel: Vessel, _from_owner: UUID, _to_owner: UUID) -> Collection[UUID]:
    LiftOut.objects.filter(vessel=vessel).delete()
    return ()


def _move_back(vessel: Vessel, _kept: Vessel, _moved: Collection[UUID]) -> bool:
    LiftOut.objects.filter(vessel=vessel).delete()
    return False


VESSEL_USE: Final = VesselUse(app="osmosis", move=_move, move_back=_move_back)
