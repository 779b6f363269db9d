"""Database constraints on each mode's values in a result."""

from django.db.models import CheckConstraint, Q

from inspections.modes.corrosion import vocabulary as corrosion
from inspections.modes.osmosis import vocabulary as osmosis

MAX_GUIDANCE_TOKENS = 3


def _guidance_is_among(tokens: list[str]) -> Q:
    # Stated separately, because a CHECK accepts NULL results: `NULL IN (...)`.
    condition = (
        Q(guidance__0__isnull=False)
        & Q(guidance__0__in=tokens)
        & Q(**{f"guidance__{MAX_GUIDANCE_TOKENS}__isnull": True})
    )
    for position in range(1, MAX_GUIDANCE_TOKENS):
        place = f"guidance__{position}"
        condition &= Q(**{f"{place}__isnull": True}) | Q(**{f"{place}__in": tokens})
    return condition


def result_token_constraints(prefix: str = "") -> list[CheckConstraint]:
    """Constraints for one table; a constraint's name is unique in the database, so a second table prefixes it."""
    return [
        CheckConstraint(
            condition=Q(mode="corrosion") & _guidance_is_among(corrosion.Guidance.values())
            | Q(mode="osmosis") & _guidance_is_among(osmosis.Guidance.values()),
            name=f"{prefix}guidance_is_the_modes_own",
        ),
        CheckConstraint(
            condition=Q(mode="corrosion", worst_band__in=corrosion.CoverageBand.values())
            | Q(mode="osmosis", worst_band__in=osmosis.DensityBand.values()),
            name=f"{prefix}band_is_the_modes_own",
        ),
    ]
