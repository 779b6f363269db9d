"""Change a draft."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from dossiers.models import Dossier, Refinement
from dossiers.ownership import lock_draft


@transaction.atomic
def change_draft(*, owner: User, dossier_id: UUID, changes: Mapping[str, Any]) -> Dossier:
    """Change statement, language or paper of a draft. Raises `NotFound` or `NotADraft`.

    Another statement makes the proposal for the earlier one void, whether it was accepted or not.
    """
    dossier = lock_draft(owner=owner, dossier_id=dossier_id)
    is_reworded = changes.get("statement", dossier.statement) != dossier.statement
    for name, value in changes.items():
        setattr(dossier, name, value)
    if changes:
        dossier.save(update_fields=list(changes))
    if is_reworded:
        Refinement.objects.filter(dossier=dossier).delete()
    return dossier
