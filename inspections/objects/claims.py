"""The objects that the rows of an inspection claim: those that must exist, and those that may."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from inspections.models import Inspection, MediaAsset
from inspections.modes.registry import rules_of
from inspections.vocabulary import AssetState, FailureReason, InspectionStatus
from maretech.common.storage.base import StoredObject

UNDER_WAY = (InspectionStatus.PENDING, InspectionStatus.PROCESSING)
ABANDONED = (FailureReason.EXPIRED, FailureReason.DELETED)


@dataclass(frozen=True, slots=True)
class Claim:
    """An object that must exist under the key; with this size and content if known."""

    key: str
    size: int | None = None
    sha256: str = ""


@dataclass(slots=True)
class Claims:
    """The claims of one inspection; without any, nothing may exist.

    `needed` objects must exist, by key; `awaited` ones may. `unpinned` are uploads that a link may write and no check
    is about to read.
    """

    needed: dict[str, Claim] = field(default_factory=dict)
    awaited: set[str] = field(default_factory=set)
    may_get_derivatives: bool = False  # a check or an analysis is about to claim its output
    unpinned: set[str] = field(default_factory=set)
    max_bytes: int = 0

    def is_claimed(self, key: str) -> bool:
        comes = self.may_get_derivatives and "/quarantine/" not in key
        return comes or key in self.needed or key in self.awaited

    def is_too_large(self, entry: StoredObject) -> bool:
        """Return whether it is larger than any photo may be: an S3 link does not limit an undeclared length."""
        return entry.key in self.unpinned and entry.size > self.max_bytes

    def require(self, claim: Claim) -> None:
        self.needed[claim.key] = claim


def rows_with_claims() -> QuerySet[Inspection]:
    """Return inspections with all that `claims_of` reads."""
    return Inspection.objects.select_related("result", "policy").prefetch_related("slots__assets", "shadow_results")


def claims_of(inspection: Inspection) -> Claims:
    claims = Claims(max_bytes=inspection.policy.max_bytes)
    if inspection.deleted_at is not None or inspection.failure_reason in ABANDONED:
        return claims
    assets = [asset for slot in inspection.slots.all() for asset in slot.assets.all()]
    current = [asset for asset in assets if asset.superseded_at is None]
    claims.unpinned = {
        asset.uri
        for asset in assets
        if not asset.pinned_etag and asset.state != AssetState.UPLOADED  # its check tests the length
    }
    for asset in current:
        _claim_photo(claims, asset, inspection)
    being_checked = any(asset.state == AssetState.UPLOADED for asset in current)
    claims.may_get_derivatives = inspection.status == InspectionStatus.PROCESSING or being_checked
    for uri in _overlays(inspection):
        claims.require(Claim(uri))
    return claims


def _claim_photo(claims: Claims, asset: MediaAsset, inspection: Inspection) -> None:
    if asset.evidence_uri:
        claims.require(Claim(asset.evidence_uri, asset.pinned_size, asset.evidence_sha256))
    if asset.view_uri:
        claims.require(Claim(asset.view_uri))
    if inspection.status in UNDER_WAY and not asset.evidence_uri:
        claims.awaited.add(asset.uri)
    elif inspection.status == InspectionStatus.FAILED and asset.pinned_etag and not asset.evidence_uri:
        claims.awaited.add(asset.uri)  # staff may have it analysed again
    is_pinned = asset.pinned_etag and asset.state != AssetState.REJECTED
    if asset.uri in claims.awaited and (is_pinned or asset.state in (AssetState.UPLOADED, AssetState.READY)):
        claims.require(Claim(asset.uri, asset.pinned_size or asset.byte_size))


def _overlays(inspection: Inspection) -> Iterator[str]:
    findings = [*inspection.shadow_results.all(), *([inspection.result] if hasattr(inspection, "result") else [])]
    for found in findings:
        entries = getattr(found, found.mode)[rules_of(found.mode).block_items]
        yield from (entry["overlay_uri"] for entry in entries if entry.get("overlay_uri"))
