"""The status poll: one statement checks session and ownership, and returns the state of the inspection."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import OuterRef, QuerySet

from accounts.identity.authentication import live_session, note_first_use, require_live_session, unused_generation
from accounts.identity.tokens import AccessClaims
from billing.entitlements.entitlements import osmosis_pass_standing
from inspections.lifecycle.waiting import Waiting, waiting
from inspections.models import Inspection
from maretech.common.database.prepared_query import PreparedQuery
from maretech.common.http.errors import NotFound, TokenInvalid

POLL_SECONDS = 2
_COLUMNS = (
    "status",
    "access",
    "created_at",
    "pass_standing",
    "job__id",
    "job__state",
    "job__attempt",
    "job__queued_at",
    "job__progress_done",
    "job__progress_total",
    "session_is_live",
    "unused_generation",
)


def visible_inspections(
    inspection_id: uuid.UUID, owner_id: uuid.UUID, session_id: uuid.UUID
) -> QuerySet[Inspection, Inspection]:
    """Returns the owner's inspection, with the fields that a claims-only request still has to check."""
    return Inspection.objects.filter(pk=inspection_id, owner_id=owner_id, deleted_at=None).annotate(
        session_is_live=live_session(session_id, OuterRef("owner_id")),
        unused_generation=unused_generation(session_id),
        pass_standing=osmosis_pass_standing(OuterRef("owner_id")),
    )


def _status_query(inspection_id: uuid.UUID, owner_id: uuid.UUID, session_id: uuid.UUID) -> QuerySet[Any, Any]:
    return visible_inspections(inspection_id, owner_id, session_id).values_list(*_COLUMNS)


_STATUS = PreparedQuery(_status_query, "inspection_id", "owner_id", "session_id")


def status_of(inspection_id: uuid.UUID, *, claims: AccessClaims, admit: Callable[[], None]) -> dict[str, Any]:
    """Returns the body of the poll. Raises `TokenInvalid` or `NotFound`; calls `admit` once the session is valid."""
    row = _STATUS.first(inspection_id=inspection_id, owner_id=claims.user_id, session_id=claims.session_id)
    if row is None:
        raise refusal_for(claims, admit)
    status, access, created_at, pass_standing, job_id, job_state, attempt, queued_at, done, total, live, unused = row
    if not live:
        raise TokenInvalid
    note_first_use(claims, unused)
    admit()
    wait = waiting(
        status=status,
        access=access,
        pass_standing=pass_standing,
        created_at=created_at,
        job_state=job_state,
        attempt=attempt,
        queued_at=queued_at,
    )
    return {
        "inspection_id": inspection_id,
        "status": status,
        "job_id": job_id,
        "state": job_state,
        "progress": {"done": done or 0, "total": total or 0},
        "waiting_for": wait.reason,
        "waiting_since": wait.since,
    }


def inspection_of(inspection_id: uuid.UUID, *, claims: AccessClaims, admit: Callable[[], None]) -> Inspection:
    """Returns the inspection with its policy, job and result in one statement. Raises as `status_of`."""
    visible = visible_inspections(inspection_id, claims.user_id, claims.session_id)
    inspection = visible.select_related("policy", "job", "result").first()
    if inspection is None:
        raise refusal_for(claims, admit)
    if not inspection.session_is_live:  # type: ignore[attr-defined]
        raise TokenInvalid
    note_first_use(claims, inspection.unused_generation)  # type: ignore[attr-defined]
    admit()
    return inspection


def refusal_for(claims: AccessClaims, admit: Callable[[], None]) -> NotFound:
    """Returns the refusal for an inspection that is not visible; raises if the session has ended."""
    require_live_session(claims)
    admit()
    return NotFound()


def waiting_of(inspection: Inspection) -> Waiting:
    """Return what an inspection that is loaded with its job waits for."""
    job = getattr(inspection, "job", None)
    return waiting(
        status=inspection.status,
        access=inspection.access,
        pass_standing=getattr(inspection, "pass_standing", True),
        created_at=inspection.created_at,
        job_state=job.state if job else None,
        attempt=job.attempt if job else None,
        queued_at=job.queued_at if job else None,
    )
