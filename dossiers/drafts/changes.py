"""Change a draft."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from dossiers.models import Dossier, Refinement
from dossiers.ownership import lock_draft
from dossiers.vocabulary import RecordingState, RefinementState


@transaction.atomic
def change_draft(*, owner: User, dossier_id: UUID, changes: Mapping[str, Any]) -> Dossier:
    """Change statement, language or paper of a draft. Raises `NotFound` or `NotADraft`.

    Another statement makes the proposal for the earlier one void, whether it was accepted or not.
    """
    dossier = lock_draft(owner=owner, dossier_id=dossier_id)
    is_reworded = changes.get("statement", dossier.statement) != dossier.statement
    for name, value in changes.items():
        setattr(dossier, name, value)
    if is_reworded:
        _note_engines(dossier)
    dossier.save(update_fields=[*changes, "transcriber", "refiner"])
    if is_reworded:
        Refinement.objects.filter(dossier=dossier).delete()
    return dossier


def _note_engines(dossier: Dossier) -> None:
    """Note the programs that wrote the new statement, for the document. The owner's own edits keep them."""
    if not dossier.statement:
        dossier.transcriber = dossier.refiner = ""
    refinement = Refinement.objects.filter(dossier=dossier, state=RefinementState.DONE, text=dossier.statement).first()
    if refinement is not None:
        dossier.refiner = refinement.engine
    spoken = dossier.recordings.filter(superseded_at=None, state=RecordingState.TRANSCRIBED).first()
    if spoken is not None and dossier.statement and spoken.transcript == dossier.statement:
        dossier.transcriber, dossier.refiner = spoken.transcriber, ""
