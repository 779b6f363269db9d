"""Ask for a clearer wording of a statement: a worker proposes it, and the owner decides."""

from uuid import UUID

from django.db import transaction

from accounts.identity.verification import require_verified
from accounts.models import User
from dossiers.errors import NoStatement
from dossiers.models import Dossier, Refinement
from dossiers.ownership import lock_draft
from dossiers.tasks import send_refinement
from dossiers.turns import turn_of
from dossiers.vocabulary import RefinementState


@transaction.atomic
def request_refinement(*, owner: User, dossier_id: UUID) -> Dossier:
    """Queue a proposal for the statement of a draft. One for the same statement that waits or is done is kept.

    Raises `NotFound`, `NotADraft`, `EmailUnverified` or `NoStatement`.
    """
    dossier = lock_draft(owner=owner, dossier_id=dossier_id)
    require_verified(owner)
    if not dossier.statement:
        raise NoStatement
    known = Refinement.objects.filter(dossier=dossier, source=dossier.statement)
    if not known.exclude(state=RefinementState.FAILED).exists():
        Refinement.objects.filter(dossier=dossier).delete()
        Refinement.objects.create(
            dossier=dossier, source=dossier.statement, turn=turn_of(Refinement, dossier__owner=owner)
        )
        send_refinement()
    return dossier
