"""Uses of vessels by the apps above. Each app registers its own in `ready`."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vessels.models import Vessel


@dataclass(frozen=True, slots=True)
class Visits:
    """The inspections of a vessel: how many of each mode, and when the last completed one was opened."""

    counts: Mapping[str, int]
    last_inspected_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VesselUse:
    """How one app uses vessels.

    `visits` returns the app's inspections of a vessel. `release` removes its references to a vessel that its owner
    deletes, and returns False if the vessel is still in use. `follow_name` is called after a change of name, with the
    former key. Both run in the transaction of the change, which has locked the vessel. `forget_owner` removes every
    reference to the vessels of an owner who is erased.
    """

    visits: Callable[[Vessel], Visits]
    release: Callable[[Vessel], bool]
    follow_name: Callable[[Vessel, str], None]
    forget_owner: Callable[[UUID], None]


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
