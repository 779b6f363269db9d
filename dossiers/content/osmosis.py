"""What a dossier prints of an osmosis visit: density bands, and the hours since the lift-out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from dossiers.content.visits import ModeFacts
from dossiers.document.content import Language, Timeline
from vessels.models import Vessel


def _hours(block: Mapping[str, Any]) -> float | None:
    hours = block.get("hours_since_lift_out")
    return None if hours is None else float(hours)


def _no_timeline(vessel: Vessel, inspection_ids: Sequence[UUID], language: Language) -> Timeline | None:
    """Return None: osmosis has no history."""
    return None


FACTS: Final = ModeFacts(items="areas", band="density_band", hours_ashore=_hours, timeline=_no_timeline)
