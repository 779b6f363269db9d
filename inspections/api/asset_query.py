"""The poll of one photo: one statement checks session and ownership and reads the verdict on the photo."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet

from accounts.identity.authentication import live_session, note_first_use, unused_generation
from accounts.identity.tokens import AccessClaims
from inspections.lifecycle.status_query import refusal_for
from inspections.models import MediaAsset
from inspections.vocabulary import AssetState, InspectionStatus
from maretech.common.database.prepared_query import PreparedQuery
from maretech.common.http.errors import TokenInvalid

_COLUMNS = (
    "slot_id",
    "slot__point_index",
    "angle",
    "state",
    "warnings",
    "retake_reasons",
    "view_uri",
    "framing",
    "slot__inspection__mode",
    "slot__inspection__status",
    "session_is_live",
    "unused_generation",
)
_CHECKED_WHILE = (InspectionStatus.PENDING, InspectionStatus.PROCESSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledAsset:
    """What the owner sees of a photo; `view_uri` is empty if there is no viewing copy.

    `framing` compares it with the last visit, and is None if nothing was measured.
    """

    asset_id: uuid.UUID
    slot_id: uuid.UUID
    point_index: int
    angle: str
    state: str
    warnings: list[str]
    retake_reasons: list[str]
    view_uri: str
    framing: dict[str, float] | None
    mode: str
    is_being_checked: bool


def asset_of(asset_id: uuid.UUID, *, claims: AccessClaims, admit: Callable[[], None]) -> PolledAsset:
    """Return the owner's photo unless another has replaced it. Raises `TokenInvalid` or `NotFound`.

    Calls `admit` as soon as it knows that the session is live.
    """
    row = _ASSET.first(asset_id=asset_id, owner_id=claims.user_id, session_id=claims.session_id)
    if row is None:
        raise refusal_for(claims, admit)
    *seen, framing, mode, status, live, unused = row
    slot_id, point_index, angle, state, warnings, retake_reasons, view_uri = seen
    if not live:
        raise TokenInvalid
    note_first_use(claims, unused)
    admit()
    return PolledAsset(
        asset_id=asset_id,
        slot_id=slot_id,
        point_index=point_index,
        angle=angle,
        state=state,
        warnings=warnings,
        retake_reasons=retake_reasons,
        view_uri=view_uri,
        framing=framing,
        mode=mode,
        is_being_checked=state == AssetState.UPLOADED and status in _CHECKED_WHILE,
    )


def _asset_query(asset_id: uuid.UUID, owner_id: uuid.UUID, session_id: uuid.UUID) -> QuerySet[Any, Any]:
    visible = MediaAsset.objects.filter(
        pk=asset_id,
        superseded_at=None,
        slot__inspection__owner_id=owner_id,
        slot__inspection__deleted_at=None,
    )
    owner = OuterRef("slot__inspection__owner_id")
    return visible.annotate(
        session_is_live=live_session(session_id, owner), unused_generation=unused_generation(session_id)
    ).values_list(*_COLUMNS)


_ASSET = PreparedQuery(_asset_query, "asset_id", "owner_id", "session_id")
