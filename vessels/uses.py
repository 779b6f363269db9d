"""Uses of vessels by the apps above. Each app registers its own in `ready`."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vessels.models import Vessel


@dataclass(frozen=True, slots=True)
class Visits:
    """The inspections of a vessel: how many of each mode, and when the last completed one was opened."""

    counts: Mapping[str, int]
    last_inspected_at: datetime | None


def _no_visits(_: Vessel) -> Visits:
    return Visits({}, None)


def _released(_: Vessel) -> bool:
    return True


def _nothing_to_do(*_: object) -> None:
    return None


def _moves_nothing(_vessel: Vessel, _from: UUID, _to: UUID) -> Collection[UUID]:
    return ()


def _leaves_nothing(_vessel: Vessel, _kept: Vessel, _moved: Collection[UUID]) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class VesselUse:
    """How one app uses vessels.

    `visits` returns the app's inspections of a vessel. `release` removes its references to a vessel that its owner
    deletes, and returns False if the vessel is still in use. `follow_name` is called after a change of name, with the
    former key. Both run in the transaction of the change, which has locked the vessel. `forget_owner` removes every
    reference to the vessels of an owner who is erased.

    The others belong to a handover. They run in its transaction, which has locked both owners, the vessel and the
    handover; the apps are called in the order of their dependencies, the lowest first.
    `blocks_handover` returns the API's `reason` why the vessel cannot be handed over now, or None.
    `move(vessel, from_owner, to_owner)` gives what the app keeps of the vessel to the new owner, ends what must not
    move, and returns the ids of what moved. The vessel has its new owner and name already.
    `move_back(vessel, kept, moved)` reverses that: of what the app keeps of the vessel, the ids that had moved return
    to its owner, who is the seller again. The rest stays with the buyer, at `kept`, another row of the same boat.
    It returns whether there is a rest.
    """

    app: str
    visits: Callable[[Vessel], Visits] = _no_visits
    release: Callable[[Vessel], bool] = _released
    follow_name: Callable[[Vessel, str], None] = _nothing_to_do
    forget_owner: Callable[[UUID], None] = _nothing_to_do
    blocks_handover: Callable[[Vessel], str | None] = _nothing_to_do
    move: Callable[[Vessel, UUID, UUID], Collection[UUID]] = _moves_nothing
    move_back: Callable[[Vessel, Vessel, Collection[UUID]], bool] = _leaves_nothing


_uses: list[VesselUse] = []


def register_use(use: VesselUse) -> None:
    """Register how an app uses vessels. The app calls this in `ready`."""
    _uses.append(use)


def uses() -> tuple[VesselUse, ...]:
    return tuple(_uses)


def visits_of(vessel: Vessel) -> Visits:
    """Return the inspections of the vessel, over all apps."""
    found = [use.visits(vessel) for use in uses()]
    counts: Counter[str] = Counter()
    for each in found:
        counts.update(each.counts)
    return Visits(counts, max((each.last_inspected_at for each in found if each.last_inspected_at), default=None))
