"""Whether an inspection can be in a dossier: completed, recent, and with a photo that shows something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from dossiers.errors import NotEligible
from dossiers.vocabulary import Obstacle
from inspections.models import Inspection
from inspections.vocabulary import InspectionStatus


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`photograph_again_after` is when a completed inspection becomes too old; None for another."""

    obstacles: tuple[Obstacle, ...]
    photograph_again_after: datetime | None

    @property
    def is_eligible(self) -> bool:
        return not self.obstacles


def eligibility_of(inspection: Inspection) -> Eligibility:
    """Return whether the inspection, with its result if it has one, can be in a dossier now."""
    if inspection.status != InspectionStatus.COMPLETED:
        return Eligibility((Obstacle.NOT_COMPLETED,), None)
    ends_at = inspection.created_at + timedelta(days=settings.DOSSIER_MAX_AGE_DAYS)
    return Eligibility(tuple(_obstacles(inspection, ends_at)), ends_at)


def require_eligible(inspections: Iterable[Inspection]) -> None:
    """Raise `NotEligible` with the obstacles of all of these, each named once."""
    found = {obstacle for each in inspections for obstacle in eligibility_of(each).obstacles}
    if found:
        raise NotEligible(*(obstacle for obstacle in Obstacle if obstacle in found))


def _obstacles(inspection: Inspection, ends_at: datetime) -> Iterator[Obstacle]:
    result = getattr(inspection, "result", None)
    if result is None or not result.coverage.get("photos_used"):
        yield Obstacle.NO_USABLE_PHOTOS
    if ends_at <= timezone.now():
        yield Obstacle.TOO_OLD
