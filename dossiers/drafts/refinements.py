"""Ask for a clearer wording of a statement: a worker proposes it, and the owner decides."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import NoStatement, TooManyOfOwner
from dossiers.models import Dossier, Refinement
from dossiers.ownership import lock_draft
from dossiers.tasks import send_refinement
from dossiers.turns import turn_of
from dossiers.vocabulary import RefinementState
from maretech.common.http.rate_counter import count_one

_DAY_SECONDS: Final = 86_400
TOO_MANY_REFINEMENTS: Final = "TOO_MANY_REFINEMENTS"


@transaction.atomic
def request_refinement(*, owner: User, dossier_id: UUID) -> Dossier:
    """Queue a proposal for the statement of a draft. One for the same statement that waits or is done is kept.

    Raises `NotFound`, `NotADraft`, `EmailUnverified`, `NoStatement`, or `TooManyOfOwner` beyond a day's number.
    """
    dossier = lock_draft(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    if not dossier.statement:
        raise NoStatement
    known = Refinement.objects.filter(dossier=dossier, source=dossier.statement)
    if not known.exclude(state=RefinementState.FAILED).exists():
        _count(owner)
        Refinement.objects.filter(dossier=dossier).delete()
        Refinement.objects.create(
            dossier=dossier, source=dossier.statement, turn=turn_of(Refinement, dossier__owner=owner)
        )
        send_refinement()
    return dossier


def _count(owner: User) -> None:
    """Count a proposal, because each may cost money at a service. Proposals of deleted drafts count too."""
    counted = count_one(f"refinement:{owner.pk}", window_seconds=_DAY_SECONDS)
    if counted.count > settings.REFINEMENTS_PER_DAY:
        raise TooManyOfOwner(reason=TOO_MANY_REFINEMENTS, retry_after=round(counted.remaining_seconds) + 1)
