"""Worker side: propose a clearer wording of a statement."""

from dataclasses import asdict

import structlog

from accounts.identity.documents import STATEMENT_SENDING, has_agreed
from dossiers.document.fonts import named, undrawable
from dossiers.models import Refinement
from dossiers.statement import registry
from dossiers.statement.failures import Refused, Unavailable
from dossiers.turns import claim_next
from dossiers.vocabulary import RefinementState

log = structlog.get_logger(__name__)


def refine_next() -> bool:
    """Refine the next statement in turn. Returns whether there was one. Safe to be killed at any line."""
    refinement = claim_next(Refinement, give_up=_give_up)
    if refinement is None:
        return False
    try:
        _refine(refinement)
    except Unavailable as outage:
        log.warning("refiner unavailable", refinement=str(refinement.pk), error=str(outage))
        refinement.postpone()
    except Refused:
        log.exception("refiner refuses", refinement=str(refinement.pk))
        _fail(refinement)
    return True


def _refine(refinement: Refinement) -> None:
    """Refine by another service only if the owner agrees at this moment."""
    dossier = refinement.dossier
    refiner = registry.refiner(may_leave_server=has_agreed(dossier.owner, STATEMENT_SENDING))
    refined = refiner.refine(refinement.source, dossier.language)
    if added := set(undrawable(refined.text)) - set(refinement.source):  # the owner could not accept it
        log.warning("wording that cannot be printed", refinement=str(refinement.pk), characters=named(sorted(added)))
        _fail(refinement)
        return
    refinement.update_unless_changed(
        state=RefinementState.DONE,
        text=refined.text,
        changes=[asdict(change) for change in refined.changes],
        engine=refined.engine,
        consent_version=STATEMENT_SENDING.version if refiner.leaves_server else "",
    )


def _fail(refinement: Refinement) -> None:
    refinement.update_unless_changed(state=RefinementState.FAILED)


def _give_up(refinement: Refinement) -> None:
    log.error("refinement given up", refinement=str(refinement.pk), attempts=refinement.attempts)
    _fail(refinement)
